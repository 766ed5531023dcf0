"""One signature without network, and a child process that makes it on a file and reports time and memory."""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from meeting_app.domain.signature import Field, Place, SigningOrder
from meeting_app.signing import fields
from meeting_app.signing.cms import CmsMaker, sign_bytes
from meeting_app.signing.embedding import fill, open_gap
from meeting_app.signing.keys import UnlockedKey, unlock
from meeting_app.signing.writing import AppendingWriter


def sign_baseline(paper: BinaryIO, order: SigningOrder, maker: CmsMaker, key: UnlockedKey) -> None:
    """In place, without timestamp or proofs (B-B): what the engine does, less the network."""
    writer = AppendingWriter(paper)
    fields.create_missing(writer, order)
    gap = open_gap(writer, order, maker.room(0), datetime.now(UTC))
    to_sign = maker.to_sign(gap.digest)
    fill(paper, (gap.start, gap.end), maker.assembled(to_sign, sign_bytes(key, to_sign), None))


def order_for(field: Field, appearance: bytes, place: Place, *later: Field) -> SigningOrder:
    return SigningOrder(
        field=field,
        place=place,
        appearance=appearance,
        reason="Ký ban hành giấy mời",
        location="Hải Phòng",
        next_fields=tuple((each, place) for each in later),
    )


def main() -> None:
    """`PAPER KEY_FILE PIN APPEARANCE`: sign that file in place; print {"ms", "rss_mb"}."""
    path, key_file, pin, appearance = sys.argv[1:]
    key = unlock(Path(key_file).read_bytes(), pin)
    maker = CmsMaker([key.certificate])
    order = order_for(Field.LEADER, Path(appearance).read_bytes(), Place(0, 300, 100, 150, 60))
    began = time.perf_counter()
    with Path(path).open("r+b") as paper:
        sign_baseline(paper, order, maker, key)
    spent = time.perf_counter() - began
    sys.stdout.write(json.dumps({"ms": spent * 1000, "rss_mb": _peak_mb()}))


def _peak_mb() -> float:
    """Of this program alone: what getrusage tells also counts the one it was started from."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
