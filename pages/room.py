"""Phòng họp: the live room of ?meeting= over the whole screen."""

from meeting_app import running
from meeting_app.errors import MeetingError
from meeting_app.i18n import _
from meeting_app.services import event as events
from meeting_app.settings import Settings
from meeting_app.ui import notices, session
from meeting_app.ui.links import Page, asked_number, go, way
from meeting_app.ui.room import room

ports, actor = running.ports(), session.actor()
asked = asked_number("meeting")
if asked is None:
    go(Page.MEETING)
try:
    events.enter(ports, actor, asked)
except MeetingError as error:
    notices.refused(error)
    way(Page.TODAY, _("Today"), icon=":material/arrow_back:")
else:
    settings = Settings()
    room(asked, account_id=actor.account_id, room_port=settings.room_port, room_address=settings.room_address)
