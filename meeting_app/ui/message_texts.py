"""What messages of the desk and calls for help say in the room."""

from meeting_app.i18n import N_

MESSAGE_TEXTS = {
    "messages": N_("Messages and help"),
    "no_messages": N_("No message yet. What the secretary says to all or to you will stand here."),
    "message_read": N_("I have read it"),
    "message_whom": N_("Who is to read it"),
    "message_to_all": N_("Everybody in the room"),
    "message_words": N_("The message"),
    "message_send": N_("Send"),
    "message_sent": N_("The message was sent."),
    "message_recall": N_("Recall"),
    "message_recalled": N_("The message was recalled."),
    "message_about_all": N_("{hour} · {sender} to everybody"),
    "message_about_you": N_("{hour} · {sender} to you"),
    "message_about_one": N_("{hour} · {sender} to {name}"),
    "quick_come": N_("Please come into the meeting room."),
    "quick_break": N_("We take a break of 15 minutes."),
    "quick_return": N_("The break is over; the meeting goes on."),
    "quick_vote": N_("Please get ready to vote."),
    # help
    "help_call": N_("I need help"),
    "help_text": N_("What for (not required)"),
    "help_told": N_("The secretary was told at {hour}"),
    "help_withdraw": N_("No longer needed"),
    "help_open": N_("Need help"),
    "help_seat": N_("seat {seat}"),
    "help_since": N_("since {hour}"),
    "help_done": N_("It was solved"),
    "help_label_done": N_("{name} was helped"),
    "help_answered": N_("{name} was helped."),
}
