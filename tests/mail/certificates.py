"""An authority of the tests' own, for mail servers and for keys that the demo's authorities do not issue."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

YEAR = timedelta(days=365)


class Authority:
    """Its root lies in `root.pem` of the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root_file = folder / "root.pem"
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Root của bài kiểm tra")
        root = self._builder(self._name, self._key.public_key())
        root = root.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.root = root.sign(self._key, hashes.SHA256())
        self.root_file.write_bytes(self.root.public_bytes(Encoding.PEM))

    def server_context(self, *names: str) -> ssl.SSLContext:
        """For a server of these names."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._issue(names[0], key, x509.SubjectAlternativeName([_general(name) for name in names]))
        path = self.folder / f"{names[0]}.pem"
        path.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            + certificate.public_bytes(Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def key_file(self, name: str, password: str, *mailboxes: str) -> Path:
        """A PKCS#12 with the certificate of a mailbox."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.RFC822Name(mailbox) for mailbox in mailboxes])
        certificate = self._issue(name, key, names)
        path = self.folder / "mail.p12"
        path.write_bytes(
            pkcs12.serialize_key_and_certificates(
                name.encode(), key, certificate, [self.root], BestAvailableEncryption(password.encode())
            )
        )
        return path

    def _issue(
        self, name: str, key: ec.EllipticCurvePrivateKey, names: x509.SubjectAlternativeName
    ) -> x509.Certificate:
        builder = self._builder(_name(name), key.public_key())
        if list(names):
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self._key, hashes.SHA256())

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + YEAR)
        )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _general(name: str) -> x509.GeneralName:
    return x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
