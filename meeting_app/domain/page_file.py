"""Files that are made of a PDF and lie beside it (`FileStore.derived_path`); pages count from 0."""

PAGE_WIDTHS = (800, 1200, 2000)  # pixels: read on a phone, on a tablet, and zoomed
THUMBNAIL_WIDTH = 200  # pixels


def page_name(page: int, width: int) -> str:
    """The picture of a page, JPEG."""
    return f"page-{page:04d}-{width}.jpg"


def text_name(page: int) -> str:
    """The words of a page and their places: {"width", "height" (points), "lines": [[[x, y, w, h, word], …], …]}.

    x and y name the upper left corner; all four are parts (0 to 1) of the page as it is shown.
    """
    return f"text-{page:04d}.json"


def outline_name() -> str:
    """The table of contents: [{"title", "page", "children": […]}, …]."""
    return "outline.json"


def signatures_name() -> str:
    """The verdict on the signatures that a file brought along (`FileVerdict.to_json`); {} when nobody could tell."""
    return "signatures.json"


def names_of_page(page: int) -> list[str]:
    """All that is made of one page."""
    return [text_name(page), *(page_name(page, width) for width in (*PAGE_WIDTHS, THUMBNAIL_WIDTH))]
