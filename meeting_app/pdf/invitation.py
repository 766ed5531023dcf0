"""The invitation (giấy mời, form 1.7) as a PDF ready for its first signature."""

from meeting_app.domain.paper import InvitationPaper, printed
from meeting_app.domain.signature import Paper, RouteStep
from meeting_app.pdf.route import written_route
from meeting_app.pdf.typesetting import typeset


def render_invitation(paper: InvitationPaper, route: tuple[RouteStep, ...]) -> Paper:
    """Places: the leader's field between post and name, the seal over the left third of it (L9).

    Raises PaperTooLong.
    """
    pdf, places = typeset("invitation.typ", printed(paper) | {"route": written_route("invitation", route)})
    return Paper(pdf=pdf, places=places)
