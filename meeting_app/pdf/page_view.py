"""A page as readers see it, turned and cropped, against the coordinates in which its file draws."""

from dataclasses import dataclass

from pypdf import PageObject

from meeting_app.domain.annotation import WHOLE

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PageView:
    """The visible box in the page's own coordinates, and how it is turned clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turned: int  # 0, 90, 180 or 270

    @classmethod
    def of(cls, page: PageObject) -> "PageView":
        """What viewers show: the crop box as far as it lies within the media box (ISO 32000-2, 14.11.2)."""
        media, crop = page.mediabox, page.cropbox
        left, right = _inside(crop.left, crop.right, media.left, media.right)
        bottom, top = _inside(crop.bottom, crop.top, media.bottom, media.top)
        return cls(left, bottom, right, top, (page.rotation or 0) % 360)

    @property
    def width(self) -> float:
        """As it is seen, in points."""
        return self.top - self.bottom if self.turned in (90, 270) else self.right - self.left

    def at(self, x: float, y: float) -> Point:
        """The page's own coordinates of a place in ten-thousandths of what is seen, from its upper left."""
        across, down = x / WHOLE, y / WHOLE
        width, height = self.right - self.left, self.top - self.bottom
        match self.turned:
            case 90:
                return self.left + down * width, self.bottom + across * height
            case 180:
                return self.right - across * width, self.bottom + down * height
            case 270:
                return self.right - down * width, self.top - across * height
        return self.left + across * width, self.top - down * height


def _inside(low: float, high: float, least: float, most: float) -> tuple[float, float]:
    """An interval cut to another; a box that lies outside counts for nothing."""
    low, high = sorted((float(low), float(high)))
    least, most = sorted((float(least), float(most)))
    cut = max(low, least), min(high, most)
    return cut if cut[1] > cut[0] else (least, most)
