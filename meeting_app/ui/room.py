"""The Streamlit side of the live room: mounts the component once; from there on the room speaks for itself."""

from typing import Any

from meeting_app.domain.attendee import ROLE_LABEL
from meeting_app.domain.document import PAGE_WIDTHS
from meeting_app.domain.minutes import STATE_LABEL as MINUTES_LABEL
from meeting_app.i18n import N_, current_language
from meeting_app.ui import component
from meeting_app.ui.desk_texts import DESK_TEXTS
from meeting_app.ui.floor_texts import FLOOR_TEXTS
from meeting_app.ui.following import FOLLOWING_TEXTS
from meeting_app.ui.message_texts import MESSAGE_TEXTS
from meeting_app.ui.minutes_texts import MINUTES_TEXTS
from meeting_app.ui.people_texts import PEOPLE_TEXTS
from meeting_app.ui.reading import READING_TEXTS
from meeting_app.ui.screens_texts import SCREENS_TEXTS
from meeting_app.ui.vote_texts import VOTE_TEXTS

TEXTS = {
    # the frame
    "home": N_("Today"),
    "bar": N_("What I can do in the room"),
    "entering": N_("Entering the meeting room…"),
    "close": N_("Close"),
    "save": N_("Save"),
    "remove": N_("Remove"),
    "undo": N_("Undo"),
    "not_sent": N_("This could not be sent. Please try again."),
    "connection_live": N_("Live"),
    "connection_reconnecting": N_("Reconnecting…"),
    "connection_offline": N_("Offline"),
    "notice_offline": N_(
        "Offline: documents already loaded can be read, and what you do is sent when the connection is back."
    ),
    "connection_signed_out": N_("Signed out"),
    "connection_wrong_origin": N_("This address cannot enter the room"),
    "connection_not_found": N_("This meeting is not open to you"),
    "sign_in": N_("Sign in"),
    # times
    "hour": N_("{hour}:{minute}"),
    "minutes": N_("{minutes} minutes"),
    "left": N_("{minutes} minutes left"),
    "under_a_minute": N_("less than a minute left"),
    "over": N_("{minutes} minutes over"),
    "just_over": N_("time is up"),
    "time_left": N_("time left"),
    "time_over": N_("over time"),
    # now
    "now": N_("Now"),
    "current_item": N_("Now · item {number} of {all}"),
    "next_item": N_("Next · item {number}"),
    "running": N_("In session"),
    "all_items_done": N_("All items have been discussed"),
    "paused_since": N_("Paused since {hour}"),
    "closed_at": N_("Closed at {hour}"),
    "not_open": N_("The meeting has not been opened"),
    "starts_at": N_("Starts at {hour}"),
    "presented_by": N_("Presented by {name}"),
    "act_open": N_("Open the meeting"),
    "act_pause": N_("Pause"),
    "act_resume": N_("Continue"),
    "act_close": N_("Close the meeting"),
    "act_start": N_("Start this item"),
    "act_finish": N_("Finish this item"),
    "act_skip": N_("Skip"),
    "act_extend": N_("5 minutes more"),
    "act_conclude": N_("Write a conclusion"),
    "act_write_minutes": N_("Write the minutes"),
    "act_open_minutes": N_("Open the minutes"),
    "act_read_minutes": N_("Read the minutes"),
    "done_pause": N_("The meeting is paused."),
    "done_resume": N_("The meeting goes on."),
    "done_start": N_("Started: {title}"),
    "done_finish": N_("Finished: {title}"),
    "done_skip": N_("Skipped: {title}"),
    "done_extend": N_("5 minutes were added."),
    "close_meeting": N_("Close the meeting?"),
    "close_meeting_explained": N_(
        "A running item ends with the meeting. Conclusions can still be written later; the agenda no longer changes."
    ),
    "go_on": N_("Not yet, go on"),
    # agenda
    "agenda": N_("Agenda"),
    "items_done": N_("{done} of {all} done"),
    "state_current": N_("Being discussed · {left}"),
    "state_finished": N_("Done"),
    "state_skipped": N_("Skipped"),
    "reorder": N_("Reorder"),
    "reorder_end": N_("Done reordering"),
    "grip": N_("Drag “{title}”, or move it with the arrow keys"),
    "move_up": N_("Move up"),
    "move_down": N_("Move down"),
    "done_move": N_("Moved: {title}"),
    "insert_item": N_("Add an item"),
    "insert_explained": N_("The new item comes right after what has been discussed. It can be moved later."),
    "act_insert": N_("Add to the agenda"),
    "field_title": N_("Title of the item"),
    "field_presenter": N_("Presenter"),
    "field_minutes": N_("Minutes"),
    # documents
    "documents": N_("Documents"),
    "documents_count": N_("Documents ({count})"),
    "no_documents": N_(
        "No document has been added to this meeting yet. The secretary adds them on the meeting's page."
    ),
    "item_without_documents": N_("This item has no documents."),
    "nothing_on_the_table": N_("The documents of the item under discussion will lie here."),
    "read_again": N_("Touch an item of the agenda to read its documents again."),
    "back_to_current": N_("Back to what is being discussed: {title}"),
    "now_discussed": N_("Now: {title}"),
    "whole_meeting": N_("The whole meeting"),
    "pages": N_("{pages} pages"),
    "version": N_("version {version}"),
    "new_version": N_("“{title}” has a new version ({version})."),
    "what_changed": N_("What changed"),
    "original": N_("The original file"),
    "pages_preparing": N_("The pages are being prepared: {prepared} of {pages}."),
    "pages_failed": N_("The pages of this document cannot be shown. The original file can be opened."),
    # people
    "people": N_("Attendees"),
    "people_count": N_("Attendees {here}/{all}"),
    "search_people": N_("Find by name, post or unit"),
    "check_in": N_("Check in"),
    "checked_in": N_("You are present"),
    "present_since": N_("Present since {hour}"),
    "not_here": N_("Not here yet"),
    "absent_because": N_("Absent: {reason}"),
    "act_check_in": N_("Mark present"),
    "act_check_out": N_("Mark absent"),
    "done_check_in": N_("Marked present: {name}"),
    "done_check_out": N_("Marked absent: {name}"),
    "field_reason": N_("Why this person is absent"),
    # conclusions
    "conclusions": N_("Conclusions"),
    "no_conclusions": N_("No conclusion has been written yet."),
    "act_record": N_("Record"),
    "done_record": N_("The conclusion was recorded."),
    "done_remove": N_("The conclusion was removed."),
    "field_about": N_("About which item"),
    "field_conclusion": N_("The chair's conclusion"),
}
TEXTS |= FLOOR_TEXTS | MESSAGE_TEXTS | PEOPLE_TEXTS | SCREENS_TEXTS | READING_TEXTS | FOLLOWING_TEXTS
TEXTS |= DESK_TEXTS | VOTE_TEXTS | MINUTES_TEXTS
TEXTS |= {f"role_{role.value}": label for role, label in ROLE_LABEL.items()}
TEXTS |= {f"minutes_{state.value}": label for state, label in MINUTES_LABEL.items()}

_component = component.load("live_room", "components/room/room.js")


def room_data(meeting_id: int, *, account_id: int = 0, room_port: int, room_address: str) -> dict[str, Any]:
    """What the component starts from; everything about the meeting comes over its own socket."""
    return {
        "meeting": meeting_id,
        "port": room_port,
        "address": room_address,
        "home": "/",
        "minutes": f"/minutes?meeting={meeting_id}",
        "language": current_language(),
        "widths": PAGE_WIDTHS,
        "account": account_id,
        "texts": component.texts(TEXTS),
    }


def room(meeting_id: int, *, account_id: int, room_port: int, room_address: str) -> None:
    """Fill the screen with the live room of a meeting.

    `room_address` is the public ws:// or wss:// address, empty when the room listens at `room_port` of
    the page's own host.
    """
    _component(
        key=f"live_room_{meeting_id}",
        data=room_data(meeting_id, account_id=account_id, room_port=room_port, room_address=room_address),
    )
