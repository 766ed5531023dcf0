"""What following and leading the reading say in the room."""

from meeting_app.i18n import N_

FOLLOWING_TEXTS = {
    "follow": N_("Follow the presenter"),
    "presenter_at": N_("{name} is on page {page}"),
    "presenter_leads": N_("{name} leads the reading"),
    "lead": N_("Lead the reading of all"),
    "lead_stop": N_("Stop leading the reading"),
    "leading": N_("You lead the reading"),
    "point": N_("Point at the page"),
    "act_hand": N_("Let lead the reading"),
    "done_hand": N_("{name} leads the reading"),
}
