"""The CMS object of a PAdES baseline signature, written as DER without detours (EN 319 142-1, RFC 5652).

pyHanko's own signer parses the key at each signature and signs twice, once to learn the size. Here
everything that depends on the key alone is made once.
"""

import hashlib
from collections.abc import Iterable, Sequence

from asn1crypto import algos, cms, core, keys, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from meeting_app.signing.der import element, octets, retagged, sequence, set_of
from meeting_app.signing.keys import UnlockedKey

DIGEST = "sha256"
_SALT = 32  # bytes: as long as the digest (RFC 8017, 9.1; EN 119 312)
_FRAME = 1024  # bytes for everything in the object besides certificates, signature and timestamp

# pyHanko's own default is PKCS#1 v1.5; the law wants RSASSA-PSS (L12).
_PSS = algos.SignedDigestAlgorithm(
    {
        "algorithm": "rsassa_pss",
        "parameters": algos.RSASSAPSSParams(
            {
                "hash_algorithm": {"algorithm": DIGEST},
                "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": DIGEST}},
                "salt_length": _SALT,
            }
        ),
    }
).dump()
_ECDSA = algos.SignedDigestAlgorithm({"algorithm": f"{DIGEST}_ecdsa"}).dump()

_VERSION = b"\x02\x01\x01"


def _oid(dotted: str) -> bytes:
    return bytes(core.ObjectIdentifier(dotted).dump())


_DATA = _oid("1.2.840.113549.1.7.1")
_SIGNED_DATA = _oid("1.2.840.113549.1.7.2")
_CONTENT_TYPE = _oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = _oid("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE = _oid("1.2.840.113549.1.9.16.2.47")  # version 2, RFC 5035
_ALGORITHM_PROTECTION = _oid("1.2.840.113549.1.9.52")  # RFC 6211
_TIMESTAMP = _oid("1.2.840.113549.1.9.16.2.14")
_SHA256 = sequence(_oid("2.16.840.1.101.3.4.2.1"))  # without parameters, RFC 5754


class CmsMaker:
    """Makes signature objects under one certificate; carries its issuing authorities, but not the root."""

    def __init__(self, certificates: Sequence[x509.Certificate]) -> None:
        """`certificates`: the signer's first."""
        signer = certificates[0]
        issuing = (entry for entry in certificates[1:] if entry.self_signed == "no")
        self._certificates = [entry.dump() for entry in (signer, *issuing)]
        self._public = signer.public_key
        self._signer = _named(signer)
        self._scheme = _PSS if self._public.algorithm == "rsa" else _ECDSA
        # The certificate's digest is in the signed part, so that nobody can swap the certificate.
        named = sequence(sequence(sequence(octets(signer.sha256))))
        self._fixed = (
            _attribute(_CONTENT_TYPE, _DATA),
            _attribute(_SIGNING_CERTIFICATE, named),
            _attribute(_ALGORITHM_PROTECTION, sequence(_SHA256, retagged(0xA1, self._scheme))),
        )

    def room(self, token_size: int) -> int:
        """Bytes to reserve; timestamps vary a little from one to the next."""
        certificates = sum(len(entry) for entry in self._certificates)
        return certificates + _signature_size(self._public) + token_size * 5 // 4 + _FRAME

    def to_sign(self, digest: bytes) -> bytes:
        """What the key signs for a document of that SHA-256: the signed attributes, a DER SET."""
        return set_of((*self._fixed, _attribute(_MESSAGE_DIGEST, octets(digest))))

    def assembled(self, attributes: bytes, value: bytes, token: bytes | None) -> bytes:
        """The whole object; `token`: a timestamp (ContentInfo, DER) over the signature's value."""
        return _assembled(self._certificates, self._signer, self._scheme, (attributes, value), token)


def is_written_like_ours(raw: bytes) -> bool:
    """Whether a signature object, parsed and written anew, is the same to the byte.

    The outer parts of a CMS object are not signed: any other spelling is room to hide something in.
    """
    content = cms.ContentInfo.load(raw, strict=True)["content"]
    (signer_info,) = content["signer_infos"]
    certificates = [entry.chosen for entry in content["certificates"]]
    attributes = retagged(0x31, signer_info["signed_attrs"].dump())
    tokens = [value.dump() for attribute in signer_info["unsigned_attrs"] or () for value in attribute["values"]]
    if len(tokens) > 1:
        return False
    wanted = signer_info["sid"].chosen.dump()
    (signer,) = (entry for entry in map(_named, certificates) if entry == wanted)
    scheme = {_PSS, _ECDSA} & {signer_info["signature_algorithm"].dump()}
    return bool(scheme) and raw == _assembled(
        [entry.dump() for entry in certificates],
        signer,
        scheme.pop(),
        (attributes, signer_info["signature"].native),
        tokens[0] if tokens else None,
    )


def _assembled(
    certificates: Iterable[bytes], signer: bytes, scheme: bytes, signed: tuple[bytes, bytes], token: bytes | None
) -> bytes:
    attributes, value = signed
    unsigned = b""
    if token is not None:
        unsigned = retagged(0xA1, set_of((_attribute(_TIMESTAMP, token),)))
    signer_info = sequence(
        _VERSION,
        signer,
        _SHA256,
        retagged(0xA0, attributes),
        scheme,
        octets(value),
        unsigned,
    )
    signed_data = sequence(
        _VERSION,
        set_of((_SHA256,)),
        sequence(_DATA),
        element(0xA0, b"".join(sorted(set(certificates)))),
        set_of((signer_info,)),
    )
    return sequence(_SIGNED_DATA, element(0xA0, signed_data))


def _named(certificate: x509.Certificate) -> bytes:
    """Issuer and serial number."""
    content = certificate["tbs_certificate"]
    return sequence(content["issuer"].dump(), content["serial_number"].dump())


def sign_bytes(key: UnlockedKey, content: bytes) -> bytes:
    """RSASSA-PSS or ECDSA over the SHA-256 of the content."""
    return sign_with(key.private, content)


def sign_with(private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, content: bytes) -> bytes:
    """As `sign_bytes`, with a key whose certificate is kept elsewhere."""
    if isinstance(private, ec.EllipticCurvePrivateKey):
        return private.sign(content, ec.ECDSA(hashes.SHA256()))
    scheme = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=_SALT)
    return private.sign(content, scheme, hashes.SHA256())


def imprint(value: bytes) -> bytes:
    """What a timestamp of that signature value is made over (RFC 3161, appendix A)."""
    return hashlib.sha256(value).digest()


def _attribute(kind: bytes, value: bytes) -> bytes:
    return sequence(kind, set_of((value,)))


def _signature_size(public: keys.PublicKeyInfo) -> int:
    """At most, in bytes."""
    size = (int(public.bit_size) + 7) // 8
    # An ECDSA signature is two integers in a sequence.
    return size if public.algorithm == "rsa" else 2 * (size + 1) + 16
