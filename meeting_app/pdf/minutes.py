"""The minutes (biên bản, form 1.9) as a PDF ready for its first signature."""

from meeting_app.domain.paper import MinutesPaper, printed
from meeting_app.domain.signature import Paper, RouteStep
from meeting_app.pdf.route import written_route
from meeting_app.pdf.typesetting import typeset


def render_minutes(paper: MinutesPaper, route: tuple[RouteStep, ...]) -> Paper:
    """Places: the secretary's field left, the chair's right, the seal over the left third of the chair's (L9).

    Raises PaperTooLong.
    """
    pdf, places = typeset("minutes.typ", printed(paper) | {"route": written_route("minutes", route)})
    return Paper(pdf=pdf, places=places)
