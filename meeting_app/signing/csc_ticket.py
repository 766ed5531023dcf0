"""What is needed to collect signatures later, in any process: no secret, so it may be stored."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from meeting_app.signing.csc_credential import MOST_AT_ONCE, decoded

_FORMAT = 1
MOST_REQUESTS: Final = 20  # nobody confirms more often than that for one thing
_SHA256_BYTES = 32


class Asked(StrEnum):
    """Under which of the API's two names the holder's answer is fetched."""

    RESPONSE = "response"  # signatures/signPolling
    HANDLE = "handle"  # credentials/authorizeCheck; the signatures are made once it is confirmed


@dataclass(frozen=True, slots=True)
class Request:
    """One question on the phone: for so many of the digests, in their order."""

    asked: Asked
    identifier: str
    count: int


@dataclass(frozen=True, slots=True)
class Ticket:
    reference: str  # of the key: "service name/credential id"
    certificate_sha256: str  # hex: whose signatures were promised
    digests: tuple[bytes, ...]  # SHA-256
    requests: tuple[Request, ...]
    expires_at: datetime

    def to_json(self) -> str:
        return json.dumps(
            {
                "format": _FORMAT,
                "key": self.reference,
                "certificate_sha256": self.certificate_sha256,
                "digests": [base64.b64encode(digest).decode() for digest in self.digests],
                "requests": [[request.asked, request.identifier, request.count] for request in self.requests],
                "expires_at": self.expires_at.isoformat(),
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The ticket that `to_json` wrote; raises ValueError for anything else."""
        try:
            raw = json.loads(text)
            requests = tuple(Request(Asked(asked), str(name), int(count)) for asked, name, count in raw["requests"])
            digests = tuple(decoded(entry) for entry in raw["digests"])
            ticket = cls(
                reference=str(raw["key"]),
                certificate_sha256=str(raw["certificate_sha256"]),
                digests=digests,
                requests=requests,
                expires_at=datetime.fromisoformat(raw["expires_at"]),
            )
            known = raw["format"] == _FORMAT and ticket.expires_at.tzinfo is not None
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError("not a ticket") from error
        sound = all(request.count > 0 for request in requests) and all(len(each) == _SHA256_BYTES for each in digests)
        small = 0 < len(requests) <= MOST_REQUESTS and len(digests) <= MOST_REQUESTS * MOST_AT_ONCE
        if not (known and sound and small) or sum(request.count for request in requests) != len(digests):
            raise ValueError("not a ticket of this format")
        return ticket
