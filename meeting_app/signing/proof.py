"""Whether a signature value is the key's own: a place that holds keys is not taken at its word."""

from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from meeting_app.domain.key import WrongSignature
from meeting_app.signing.pss import SALT


def ensure_signed(certificate: bytes, digests: Sequence[bytes], values: Sequence[bytes]) -> None:
    """One value over each SHA-256, in their order, RSASSA-PSS or ECDSA; raises WrongSignature."""
    digest = utils.Prehashed(hashes.SHA256())
    try:
        public = x509.load_der_x509_certificate(certificate).public_key()
        for signed, value in zip(digests, values, strict=True):
            if isinstance(public, rsa.RSAPublicKey):
                scheme = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=SALT)
                public.verify(value, signed, scheme, digest)
            elif isinstance(public, ec.EllipticCurvePublicKey):
                public.verify(value, signed, ec.ECDSA(digest))
            else:
                raise WrongSignature
    except (InvalidSignature, UnsupportedAlgorithm, ValueError) as error:
        raise WrongSignature from error
