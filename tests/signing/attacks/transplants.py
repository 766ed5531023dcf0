"""True signatures in papers they were not made for, and papers cut back to what they once were."""

from meeting_app.domain.signature import Field, Verdict
from meeting_app.signing import judgement, verify
from tests.signing.attacks.surgery import appended, body_of, gap, number_of, updated_by_hand
from tests.signing.attacks.table import Shows, attack
from tests.signing.attacks.wrapping import SEAL
from tests.signing.conftest import INVITATION


def contents_of(pdf, index=-1):
    start, end = gap(pdf, index)
    return pdf[start:end]


def filled(pdf, held, index=-1):
    """The paper with the contents of another signature in the place of its own."""
    start, end = gap(pdf, index)
    digits = held[1:-1].rstrip(b"0")
    digits += b"0" * (len(digits) % 2)
    return pdf[: start + 1] + digits.ljust(end - start - 2, b"0") + pdf[end - 1 :]


@attack(Verdict.INVALID, judgement.ALTERED, shows=Shows.SIGNATURE, papers=("sealed",))
def the_seal_of_the_minutes_is_put_on_the_invitation(pdf, means):
    return filled(pdf, contents_of(means.papers["minutes"]))


@attack(Verdict.INVALID, judgement.ALTERED, shows=Shows.SIGNATURE, papers=("sealed",))
def the_seal_of_another_invitation_is_put_on_this(pdf, means):
    return filled(pdf, contents_of(means.papers["other"], 1))


@attack(Verdict.INVALID, judgement.ALTERED, shows=Shows.SIGNATURE, papers=("minutes",))
def the_chair_is_made_to_sign_twice(pdf, means):
    return filled(pdf, contents_of(pdf, 1), 0)


@attack(Verdict.INVALID, verify.WRONG_PERSON, shows=Shows.SIGNATURE, papers=("sealed",))
def the_first_signature_of_another_invitation_is_put_on_this(pdf, means):
    return filled(pdf, contents_of(means.papers["other"], 0), 0)


@attack(Verdict.INVALID, judgement.NOT_COVERED, shows=Shows.OBJECTS, papers=("led",))
def the_seal_of_another_invitation_is_appended(pdf, means):
    """With its range and all: as if the agency had sealed this one."""
    other = means.papers["sealed"]
    seal = body_of(other, number_of(other, SEAL))
    field = number_of(pdf, ("/AcroForm", "/Fields", -1))
    new = max(number_of(other, SEAL), number_of(pdf, ("/AcroForm", "/Fields", 0, "/V"))) + 40
    return updated_by_hand(pdf, {field: body_of(pdf, field)[:-2] + b"/V %d 0 R>>" % new, new: seal})


def narrowed(pdf):
    """The last page made narrower, in as many bytes."""
    place = pdf.rindex(b"/MediaBox[0 0 595.2756")
    return pdf[: place + 14] + b"3" + pdf[place + 15 :]


@attack(Verdict.INVALID, judgement.ALTERED, shows=Shows.PAGE)
def the_signed_updates_are_put_behind_another_paper(pdf, means):
    """Both updates, byte by byte, behind an invitation of the same length that shows something else."""
    first = means.papers["blank"]
    assert pdf.startswith(first)
    return narrowed(first) + pdf[len(first) :]


@attack(Verdict.INVALID, judgement.ALTERED, shows=Shows.PAGE, papers=("minutes",))
def a_page_is_made_narrower_in_place(pdf, means):
    return narrowed(pdf)


@attack(Verdict.UNCONFIRMED, verify.MISSING[Field.SEAL], shows=Shows.OBJECTS, papers=("sealed",))
def the_invitation_is_rolled_back_before_the_seal(pdf, means):
    """A true state of the paper, in which it was not issued yet."""
    return pdf[: len(means.papers["led"])]


@attack(
    Verdict.UNCONFIRMED,
    verify.MISSING[Field.CHAIR],
    verify.MISSING[Field.SEAL],
    shows=Shows.OBJECTS,
    papers=("minutes",),
)
def the_minutes_are_rolled_back_before_the_chair(pdf, means):
    _, end = gap(pdf, 0)
    return pdf[: pdf.index(b"%%EOF", end) + 6]


@attack(Verdict.UNCONFIRMED, verify.NO_SIGNATURE, shows=Shows.OBJECTS, papers=("sealed",))
def the_invitation_is_rolled_back_before_anybody_signed(pdf, means):
    return pdf[: len(means.papers["blank"])]


@attack(Verdict.INVALID, judgement.CHANGED, shows=Shows.OBJECTS, papers=("sealed",))
def the_invitation_is_rolled_back_and_sealed_by_somebody_else(pdf, means):
    """With another text in between, and the agency's true seal over it: the first signer never saw that."""

    def change(writer):
        writer.root["/StructTreeRoot"].pop("/RoleMap", None)
        writer.update_container(writer.root["/StructTreeRoot"])

    led = appended(means.papers["led"], change)
    return means.desk.force(led, means.desk.order(INVITATION, Field.SEAL), means.desk.keys["seal"])


@attack(Verdict.INVALID, verify.WRONG_PERSON, shows=Shows.OBJECTS, papers=("sealed",))
def the_invitation_is_rolled_back_and_sealed_by_a_colleague(pdf, means):
    return means.desk.force(means.papers["led"], means.desk.order(INVITATION, Field.SEAL), means.desk.keys["hung"])


@attack(Verdict.INVALID, verify.WRONG_PERSON, shows=Shows.OBJECTS, papers=("sealed",))
def the_invitation_is_signed_anew_by_a_colleague(pdf, means):
    desk = means.desk
    led = desk.force(means.papers["blank"], desk.order(INVITATION, Field.LEADER), desk.keys["hung"])
    return desk.force(led, desk.order(INVITATION, Field.SEAL), desk.keys["seal"])
