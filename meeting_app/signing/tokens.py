"""The one spelling in which a timestamp (RFC 3161) stands in our own papers.

What an authority signs is only a part of its answer (RFC 5652, 5.4). Names of algorithms, further
certificates, the order of things and unsigned attributes are open to anybody, and in the newest
timestamp of a file nothing else covers them. So they are written in one way, and any other is refused.
"""

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from pyhanko.sign.general import extract_certificate_info, find_cms_attribute_iter

from meeting_app.signing.der import element, octets, retagged, sequence, set_of

_CURVES = {curve.name: curve for curve in (ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1())}
_NULL = b"\x05\x00"


def plain(token: cms.SignedData) -> cms.SignedData:
    """The same timestamp in our spelling; raises what a broken one makes asn1crypto and pyHanko raise.

    Of the certificates only the authority's own remains: the others stand in the security store.
    """
    (signer_info,) = token["signer_infos"]
    certificate = extract_certificate_info(token).signer_cert
    digest, scheme = _algorithms(signer_info)
    content = token["encap_content_info"]
    named = certificate["tbs_certificate"]
    signer = sequence(
        core.Integer(1).dump(),  # because the certificate is named by its issuer (5.3)
        sequence(named["issuer"].dump(), named["serial_number"].dump()),
        digest,
        retagged(0xA0, set_of(entry.dump() for entry in signer_info["signed_attrs"])),
        scheme,
        octets(_value(signer_info, certificate)),
    )
    spelled = sequence(
        core.Integer(3).dump(),  # because the content is not "data" (5.1)
        set_of((digest,)),
        sequence(content["content_type"].dump(), element(0xA0, octets(bytes(content["content"])))),
        element(0xA0, certificate.dump()),
        set_of((signer,)),
    )
    return cms.SignedData.load(spelled)


def spelled(token: cms.SignedData) -> bytes:
    """The whole object (ContentInfo, DER) as it stands in our papers."""
    return sequence(cms.ContentType("signed_data").dump(), element(0xA0, plain(token).dump()))


def _algorithms(signer_info: cms.SignerInfo) -> tuple[bytes, bytes]:
    """Digest and scheme: as the authority signed them (RFC 6211), else as RFC 5754 and RFC 4055 spell them."""
    for protected in find_cms_attribute_iter(signer_info["signed_attrs"], "cms_algorithm_protection"):
        return protected["digest_algorithm"].dump(), retagged(0x30, protected["signature_algorithm"].dump())
    digest = signer_info["digest_algorithm"]["algorithm"]
    return sequence(digest.dump()), _scheme(signer_info["signature_algorithm"], digest.native)


def _scheme(scheme: algos.SignedDigestAlgorithm, digest: str) -> bytes:
    kind = scheme.signature_algo
    if kind == "rsassa_pss":
        hashing, salt = scheme.hash_algo, scheme["parameters"]["salt_length"].native
        parameters = {
            "hash_algorithm": {"algorithm": hashing},
            "mask_gen_algorithm": {
                "algorithm": "mgf1",
                "parameters": {
                    "algorithm": scheme["parameters"]["mask_gen_algorithm"]["parameters"]["algorithm"].native
                },
            },
            "salt_length": salt,
        }
        return bytes(
            algos.SignedDigestAlgorithm({"algorithm": kind, "parameters": algos.RSASSAPSSParams(parameters)}).dump()
        )
    if kind == "rsassa_pkcs1v15":
        return sequence(algos.SignedDigestAlgorithmId(f"{digest}_rsa").dump(), _NULL)
    return sequence(scheme["algorithm"].dump())


def _value(signer_info: cms.SignerInfo, certificate: asn1_x509.Certificate) -> bytes:
    """Of the two values that make an ECDSA signature, (r, s) and (r, -s), the one with the smaller s."""
    value: bytes = signer_info["signature"].native
    public = certificate.public_key
    curve = _CURVES.get(str(public.curve[1])) if public.algorithm == "ec" else None
    if curve is None:
        return value
    first, second = decode_dss_signature(value)
    return encode_dss_signature(first, min(second, curve.group_order - second))
