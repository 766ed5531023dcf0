"""More than 300 broken, hostile and odd files, the same in every run."""

from collections.abc import Callable

from tests.pdf.bad import damage, drawings, structures
from tests.pdf.hostile import HOSTILE

BAD: dict[str, Callable[[], bytes]] = {
    **dict(damage.cases()),
    **dict(drawings.cases()),
    **dict(structures.cases()),
    **{f"hostile {number}": make for number, make in enumerate(HOSTILE)},
}
