"""What is seen of a page, and where its upper right corner is (ISO 32000-2, 7.7.3.3 and 14.11.2)."""

from dataclasses import dataclass

from meeting_app.domain.signature import Place


@dataclass(frozen=True, slots=True)
class PageArea:
    """The part of a page that is shown, in the page's own coordinates, and how it is turned for the reader."""

    left: float
    bottom: float
    right: float
    top: float
    turned: int = 0  # degrees clockwise: 0, 90, 180 or 270
    unit: float = 1.0  # points for each unit of the coordinates

    @property
    def lies_on_its_side(self) -> bool:
        return self.turned in (90, 270)

    def upper_right(self, width: float, height: float, margin: float) -> Place:
        """The box of that size (points, as the reader sees it) in the first page's upper right corner.

        Smaller in proportion where the page is too small for it.
        """
        across, down = self.right - self.left, self.top - self.bottom
        if self.lies_on_its_side:
            across, down = down, across
        gap = min(margin / self.unit, across / 10, down / 10)
        scale = min(1 / self.unit, (across - 2 * gap) / width, (down - 2 * gap) / height)
        wide, high = width * scale, height * scale
        match self.turned:
            case 90:  # what is read as up points to the left
                return Place(0, self.left + gap, self.top - gap - wide, high, wide)
            case 180:
                return Place(0, self.left + gap, self.bottom + gap, wide, high)
            case 270:
                return Place(0, self.right - gap - high, self.bottom + gap, high, wide)
        return Place(0, self.right - gap - wide, self.top - gap - high, wide, high)


@dataclass(frozen=True, slots=True)
class ForeignPaper:
    """What a paper of any origin offers to a seal."""

    first_page: PageArea
    signed: bool  # it bears signatures, which must stay what they are
