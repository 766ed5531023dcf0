"""Places with keys, one after the other put to the one contract of `ports.KeyProvider`.

To add a place: write a context manager that makes it, with the keys of HOLDERS enrolled, and enter it in RINGS.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from meeting_app.domain.key import Confirmation, KeyHandle, KeyPlace, Secret
from meeting_app.ports import KeyProvider
from meeting_app.signing.demo_pki import DemoPki
from meeting_app.signing.file_keys import FileKeys
from meeting_app.signing.token_keys import TokenKeys
from tests import csc_rings, softhsm
from tests.csc_vault import Decision
from tests.pki import PIN

# By algorithm: RSA-2048, P-256, P-384; labels of the cast in tests/pki.py.
HOLDERS = {"rsa": "an", "ec": "binh", "ec384": "mai"}
TOKEN = "Thẻ của Uỷ ban"


def _never(_key: KeyHandle, _asked: Confirmation) -> None:
    raise AssertionError("this place asks nobody elsewhere")


@dataclass(frozen=True)
class KeyRing:
    provider: KeyProvider
    handles: Mapping[str, KeyHandle]  # by algorithm
    certificates: Mapping[str, bytes]  # by algorithm, DER
    unknown: KeyHandle  # no such key is there, whatever the secret
    right: Callable[[KeyHandle], Secret]  # good for one request; asked anew for each
    wrong: Callable[[KeyHandle], Secret]  # the place must give the contract some twenty tries
    proves_secret: bool = True  # without signing: `certificates` refuses a wrong one already
    # What the holder does elsewhere, where `sign` answers by a Confirmation.
    confirm: Callable[[KeyHandle, Confirmation], None] = _never
    refuse: Callable[[KeyHandle, Confirmation], None] = _never


@contextmanager
def file_ring(_folder: Path, pki: DemoPki) -> Iterator[KeyRing]:
    yield KeyRing(
        provider=FileKeys(),
        handles={name: KeyHandle(KeyPlace.FILE, key_file=pki.pkcs12(holder)) for name, holder in HOLDERS.items()},
        certificates=_certificates(pki),
        unknown=KeyHandle(KeyPlace.FILE, key_file=b"no key"),
        right=lambda _key: Secret(pin=PIN),
        wrong=lambda _key: Secret(pin="864209753"),
    )


@contextmanager
def token_ring(folder: Path, pki: DemoPki) -> Iterator[KeyRing]:
    reader = softhsm.Reader(folder)
    keys = [softhsm.Entry(holder, f"0{number}") for number, holder in enumerate(HOLDERS.values())]
    reader.plug_in(TOKEN, pki, [*softhsm.AUTHORITIES, *keys])
    provider = TokenKeys(softhsm.MODULE, environment=reader.environment)
    try:
        yield KeyRing(
            provider=provider,
            handles={name: KeyHandle(KeyPlace.TOKEN, f"{TOKEN}/{holder}") for name, holder in HOLDERS.items()},
            certificates=_certificates(pki),
            unknown=KeyHandle(KeyPlace.TOKEN, f"{TOKEN}/nobody"),
            right=lambda _key: Secret(pin=softhsm.PIN),
            wrong=lambda _key: Secret(pin="864209753"),
        )
    finally:
        provider.close()


_CSC_LABELS = {"rsa": "rsa", "ec": "p256", "ec384": "p384"}  # as the signing service names them


def _csc_ring(name: str) -> Callable[[Path, DemoPki], AbstractContextManager[KeyRing]]:
    @contextmanager
    def opened(_folder: Path, pki: DemoPki) -> Iterator[KeyRing]:
        with csc_rings.running_rings(pki) as rings:
            ring = next(each for each in rings if each.name == name)
            yield KeyRing(
                provider=ring.keys,
                handles={algorithm: ring.handle(label) for algorithm, label in _CSC_LABELS.items()},
                certificates={algorithm: pki.certificate(f"csc_{label}") for algorithm, label in _CSC_LABELS.items()},
                unknown=ring.unknown,
                right=lambda _key: ring.right,
                wrong=lambda _key: ring.wrong,
                proves_secret=False,
                confirm=lambda _key, asked: ring.confirm(asked.ticket),
                refuse=lambda _key, asked: ring.confirm(asked.ticket, Decision.REFUSE),
            )

    return opened


RINGS: dict[str, Callable[[Path, DemoPki], AbstractContextManager[KeyRing]]] = {
    "file": file_ring,
    "token": token_ring,
    **{name: _csc_ring(name) for name in csc_rings.NAMES},
}


def _certificates(pki: DemoPki) -> dict[str, bytes]:
    return {name: pki.certificate(holder) for name, holder in HOLDERS.items()}
