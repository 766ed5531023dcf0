"""What a ballot, its receipt and a result say in the room."""

from meeting_app.i18n import N_

VOTE_TEXTS = {
    "vote_now": N_("Vote now"),
    "vote_goes": N_("How the vote goes"),
    "vote_more": N_("Details"),
    "vote_called": N_("About to be voted on: {title}"),
    "vote_mine_cast": N_("✓ You have voted · {done}/{all} votes are in · {title}"),
    "vote_not_mine": N_(
        "Being voted on: {title} · {done}/{all} votes are in. Who votes was settled when the vote opened."
    ),
    "vote_result": N_("{verdict} · {title}"),
    "ready_explained": N_("The vote opens soon. Say that you are ready."),
    "ready_say": N_("I am ready"),
    "ready_said": N_("You are ready"),
    "ballot_text": N_("Read the full text"),
    "ballot_one": N_("Choose one answer, then send"),
    "ballot_most": N_("Choose at most {most}, then send"),
    "ballot_for": N_("Vote on behalf of {name}"),
    "ballot_comment": N_("Your opinion, published with the result"),
    "ballot_comment_secret": N_("Your opinion, published without your name"),
    "ballot_too_late": N_("“{title}”: your vote arrived after the closing and was not counted."),
    "ballot_choose": N_("Touch an answer first"),
    "ballot_send": N_("Send the vote: {choice}"),
    "ballot_under_way": N_("Sending…"),
    "ballot_sending": N_("Sending… it is kept on this device until it is counted."),
    "ballot_kept": N_("No connection: the vote is kept on this device and sent when the connection is back."),
    "choice_agree": N_("Agree"),
    "choice_disagree": N_("Disagree"),
    "choice_other": N_("Another opinion"),
    "choice_silent": N_("Did not vote"),
    "choice_none": N_("No option"),
    "result": N_("Result of the vote"),
    "result_need": N_("Agreed {agree}/{base} · at least {need} needed · {cast} of {electors} voted"),
    "result_need_each": N_("At least {need} votes needed · {cast} of {electors} voted"),
    "result_votes": N_("{count} votes"),
    "result_tie": N_("{verdict} (a tie)"),
    "result_overruled": N_("Opened without a quorum ({present} of {all}, {need} needed) by the chair: {reason}"),
    "receipt": N_("The number of your ballot"),
    "receipt_check": N_("Check my ballot"),
    "receipt_found": N_("✓ Found in the published list: your ballot was counted as “{choice}”."),
    "receipt_missing": N_("✕ This number is not in the published list. Tell the secretary."),
    "receipt_explained": N_(
        "Only you see this number, on this device, until you sign out. Write it down to check your ballot "
        "elsewhere; whoever knows it can see how you voted."
    ),
    "receipt_proves": N_(
        "The published list shows each ballot under its number and names nobody. Finding yours proves "
        "that it was counted as you cast it; it does not prove who cast the others."
    ),
    "ballots_open": N_("Who voted what"),
    "ballots_secret": N_("The published ballots"),
    "ballots_hide": N_("Hide the list"),
    "ballots_mine": N_("{receipt} (mine)"),
    "ballots_unreachable": N_("The list could not be fetched. Please try again."),
}
