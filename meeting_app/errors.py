"""What a person may be told went wrong: one class per broken rule, its message a translatable sentence."""

from typing import ClassVar

from meeting_app.i18n import N_, _


class MeetingError(Exception):
    """A rule was broken by what somebody asked for; nothing was changed.

    `str(error)` is the sentence for the screen, in the current language, its {places} filled with
    the keyword values given at raise.
    """

    message: ClassVar[str] = N_("Something went wrong. Nothing was changed; please try again.")

    def __init__(self, **values: object) -> None:
        super().__init__()
        self.values = values

    def __str__(self) -> str:
        return _(self.message, **self.values)


class NotFound(MeetingError):
    """Also the answer to whoever may not know that the thing exists."""

    message = N_("This does not exist, or it is not open to you.")


class NotAllowed(MeetingError):
    """For somebody who may see the thing but not do this to it."""

    message = N_("You are not allowed to do this in this meeting.")


class StorageFull(MeetingError):
    message = N_("There is no room left to store this. Nothing was changed; please tell your administrator.")
