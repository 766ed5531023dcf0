"""The padding we make ourselves, against an independent verifier."""

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from meeting_app.signing import pss


# The padded number is a byte shorter than the modulus where that has 8n + 1 bits.
@pytest.mark.parametrize(("first", "second", "bits"), [(2048, 2048, 2048), (2048, 2050, 2049), (2050, 2050, 2050)])
def test_what_is_padded_and_raised_to_the_private_power_verifies(first: int, second: int, bits: int):
    p, q = (
        rsa.generate_private_key(public_exponent=65537, key_size=size).private_numbers().p for size in (first, second)
    )
    assert (p * q).bit_length() == bits
    private = pow(65537, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(65537, p * q).public_key()
    for turn in range(20):  # the mask is chance: a number that is too large shows half the time
        content = b"%d" % turn
        padded = pss.padded(hashlib.sha256(content).digest(), bits)
        value = pow(int.from_bytes(padded, "big"), private, p * q).to_bytes(len(padded), "big")
        public.verify(value, content, padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32), hashes.SHA256())


def test_the_same_is_never_padded_the_same():
    assert pss.padded(bytes(32), 2048) != pss.padded(bytes(32), 2048)
