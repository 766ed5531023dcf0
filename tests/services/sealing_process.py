"""A process of its own that seals the documents of a meeting, to be killed; arguments and PIN come as JSON."""

import json
import sys
from pathlib import Path

from meeting_app.domain.access import Actor
from meeting_app.domain.account import Right
from meeting_app.domain.key import KeyPlace
from meeting_app.ports import Ports
from meeting_app.services import sealing
from meeting_app.signing.certification import LocalCertification
from meeting_app.signing.file_keys import FileKeys
from meeting_app.signing.key_places import KeyPlaces
from meeting_app.signing.signatures import PyHankoSignatures
from meeting_app.signing.trust import read_roots
from meeting_app.storage.clock import Argon2Passwords, SystemClock, new_token
from meeting_app.storage.database import SqlDatabase
from meeting_app.storage.files import DiskFiles
from meeting_app.storage.text_index import SqlTextIndex
from meeting_app.storage.wake_ups import NoWakeUps


def main() -> None:
    told = json.load(sys.stdin)
    ports = Ports(
        clock=SystemClock(),
        database=SqlDatabase(told["database"]),
        files=DiskFiles(Path(told["files"])),
        texts=SqlTextIndex(),
        signatures=PyHankoSignatures([told["timestamps"]], read_roots([Path(told["trust"])])),
        keys=KeyPlaces({KeyPlace.FILE: FileKeys()}),
        certification=LocalCertification(),
        wake_ups=NoWakeUps(),
        passwords=Argon2Passwords(),
        new_token=new_token,
    )
    clerk = Actor(told["account"], told["name"], told["unit"], frozenset({Right.SEAL}))
    begun = sealing.start(ports, clerk, told["meeting"], pin=told["pin"])
    begun.act.chunk = told["chunk"]
    sealing.finish(begun)


main()
