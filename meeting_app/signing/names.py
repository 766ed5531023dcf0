"""Who a certificate speaks of, as shown to people (L15)."""

from asn1crypto import x509 as asn1_x509


def common_name(certificate: asn1_x509.Certificate) -> str:
    return subject_part(certificate, "common_name") or str(certificate.subject.human_friendly)


def issuer_name(certificate: asn1_x509.Certificate) -> str:
    return _part(certificate.issuer, "common_name") or str(certificate.issuer.human_friendly)


def managing_unit(certificate: asn1_x509.Certificate) -> str:
    """Unit and organisation of the subject, the smaller first."""
    parts = (subject_part(certificate, name) for name in ("organizational_unit_name", "organization_name"))
    return ", ".join(part for part in parts if part)


def subject_part(certificate: asn1_x509.Certificate, part: str) -> str:
    """One attribute of the subject's name, the last when there are several; empty if there is none."""
    return _part(certificate.subject, part)


def _part(name: asn1_x509.Name, part: str) -> str:
    value = name.native.get(part, "")
    return str(value[-1]) if isinstance(value, list) else str(value)
