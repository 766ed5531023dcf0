"""Signatures as other software would make them: pyHanko's own signer, over our test keys."""

from asn1crypto.keys import PrivateKeyInfo
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore


def library_signer(key):
    raw = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    registry = SimpleCertificateStore()
    registry.register_multiple(key.chain)
    return SimpleSigner(
        signing_cert=key.certificate,
        signing_key=PrivateKeyInfo.load(raw),
        cert_registry=registry,
        prefer_pss=True,
    )
