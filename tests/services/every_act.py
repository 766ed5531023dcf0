"""A meeting in full swing, in which every command of the room has something to be said about."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from meeting_app.domain.access import Actor
from meeting_app.ports import Ports
from meeting_app.services import attendance_delegation as delegations
from meeting_app.services import command as commands
from meeting_app.services import hall_screen as screens
from meeting_app.services import snapshot
from tests.cast import Cast
from tests.conftest import hand_out
from tests.voting import approved, come, elector, opened

Arguments = dict[str, Any]
NOW = "2026-01-01T08:00:00+07:00"


@dataclass(frozen=True)
class FullSwing:
    """What stands in the meeting belongs to Hoà, who speaks, and to the desk; Vinh is here for Dũng."""

    ports: Ports
    meeting_id: int
    acts: dict[str, Arguments]  # as the desk could say them, about others

    @contextmanager
    def untouched(self) -> Iterator[Ports]:
        """The ports for something that is taken back afterwards, done or not."""
        with suppress(_TakenBack), self.ports.database.together() as database:
            yield replace(self.ports, database=database)
            raise _TakenBack


class _TakenBack(Exception):
    pass


def in_full_swing(ports: Ports, cast: Cast, meeting_id: int, agenda: list[int]) -> FullSwing:
    hung, lan, hoa, minh, quang, dung, vinh = (
        cast.actors[name] for name in ("hung", "lan", "hoa", "minh", "quang", "dung", "vinh")
    )
    numbers = iter(range(1000))

    def do(who: Actor, act: str, **arguments: Any) -> None:
        commands.perform(ports, who, meeting_id, f"before-{next(numbers)}", act, arguments)

    def state() -> dict[str, Any]:
        return snapshot.take(ports, lan, meeting_id)[1]

    def person(who: Actor) -> int:
        return int(next(each["id"] for each in state()["attendees"] if each["name"] == who.full_name))

    delegations.choose(ports, dung, meeting_id, vinh.account_id, reason="Đi công tác", with_vote=True)
    come(ports, meeting_id, hung, lan, hoa, minh, quang, vinh)
    do(lan, "seats.arrange")
    do(lan, "item.start", item_id=agenda[1])  # which Hoà presents
    document = hand_out(ports, lan, meeting_id, for_guests=False)
    do(lan, "motion.draft", title="Chưa duyệt")
    drafted = state()["motions"][-1]["id"]
    listed = approved(ports, lan, meeting_id, title="Đã duyệt")
    do(lan, "motion.draft", title="Bỏ")
    do(lan, "motion.remove", motion_id=state()["motions"][-1]["id"])
    removed = state()["motions"][-1]["id"] + 1
    closed = opened(ports, lan, meeting_id, title="Đã biểu quyết")
    do(lan, "motion.close", motion_id=closed)
    voting = opened(ports, lan, meeting_id, title="Đang biểu quyết", seconds=600, proxies=True)
    do(hoa, "floor.raise", kind="speech", subject="Ngân sách")
    do(lan, "floor.next")
    do(hoa, "floor.raise", kind="question", subject="Tiến độ", addressee_id=person(hung))
    do(hoa, "floor.raise", kind="order")
    speaking, *_ = (each["id"] for each in state()["floor"] if each["state"] == "speaking")
    order, question = (each["id"] for each in state()["floor"] if each["state"] == "waiting")
    do(hoa, "floor.withdraw", request_id=order)
    do(hoa, "help.call", text="Không nghe rõ")
    do(lan, "message.send", text="Mời đồng chí", attendee_id=person(hoa))
    do(lan, "conclusion.record", text="Thống nhất")
    do(lan, "present.take")
    shown = screens.look(ports, None, "10.0.0.9")
    do(lan, "screen.pair", code=shown.code)
    waiting = screens.look(ports, None, "10.0.0.10")
    now = state()
    hers, motion = {"attendee_id": person(hoa)}, {"motion_id": listed}
    rules: Arguments = {
        "title": "Mới",
        "text": "",
        "kind": "choice",
        "options": "Một\nHai\nBa",
        "secret": True,
        "proxies": False,
        "max_choices": 2,
        "winners": 1,
        "base": "all",
        "numerator": 2,
        "denominator": 3,
        "strict": False,
        "tie": "fails",
        "seconds": 60,
        "item_id": agenda[1],
    }
    acts: dict[str, Arguments] = {
        **{name: {} for name in ("meeting.open", "meeting.pause", "meeting.resume", "meeting.close")},
        "meeting.quorum": {"numerator": 1, "denominator": 2},
        "item.start": {"item_id": agenda[0]},
        "item.finish": {"item_id": agenda[1]},
        "item.skip": {"item_id": agenda[0]},
        "item.undo": {"item_id": agenda[1]},
        "item.insert": {"title": "Mới", "presenter": "", "minutes": 5, "position": 1},
        "item.move": {"item_id": agenda[1], "position": 1},
        "item.extend": {"item_id": agenda[1], "minutes": 5},
        "attendee.check_in": {"attendee_id": person(dung), "place": "online", "at": NOW},
        "attendee.check_out": hers,
        "attendee.place": hers | {"place": "online"},
        "attendee.leave": hers | {"at": NOW},
        "attendee.return": hers,
        "attendee.absence": hers | {"reason": "Ốm"},
        "attendee.delegate": {"attendee_id": person(dung), "account_id": cast.actors["thu"].account_id}
        | {"with_vote": True, "reason": "Đi công tác"},
        "attendee.withdraw_delegate": {"attendee_id": person(dung)},
        "attendee.seat": hers | {"seat_id": now["seats"][-1]["id"]},
        "attendee.voting": hers | {"votes": False},
        "seats.arrange": {},
        "present.take": {},
        "present.hand": hers,
        "present.stop": {},
        "present.turn": {"document_id": document, "page": 1},
        "conclusion.record": {"text": "Giao", "item_id": agenda[0]},
        "conclusion.remove": {"conclusion_id": now["conclusions"][0]["id"]},
        "message.send": hers | {"text": "Mời"},
        "message.recall": {"message_id": now["messages"][0]["id"]},
        "help.call": {"text": "Cần hỗ trợ"},
        "help.withdraw": {},
        "help.answer": {"help_id": now["help"][0]["id"]},
        "help.reopen": {"help_id": now["help"][0]["id"]},
        "floor.raise": hers
        | {"kind": "question", "subject": "Vì sao", "item_id": agenda[0]}
        | {"addressee_id": person(minh)},
        "floor.restore": {"request_id": order},
        "floor.move": {"request_id": question, "position": 1},
        "floor.rules": {"order": "rank", "seconds": 60, "question_seconds": 60}
        | {"speeches": "paused", "questions": "ended"},
        "floor.next": {"kind": "question", "instead_of": speaking},
        "floor.grant": {"request_id": question, "instead_of": speaking},
        "floor.extend": {"request_id": speaking, "seconds": 60},
        **{f"floor.{name}": {"request_id": speaking} for name in ("pause", "resume", "end", "undo")},
        "floor.withdraw": {"request_id": question},
        "motion.draft": rules,
        "motion.change": rules | {"motion_id": drafted},
        "motion.remove": motion,
        "motion.restore": {"motion_id": removed},
        "motion.move": motion | {"position": 1},
        "motion.approve": {"motion_id": drafted},
        "motion.unapprove": motion,
        "motion.open": motion | {"overrule": "Việc gấp"},
        **{f"motion.{name}": motion for name in ("call", "uncall", "ready", "unready")},
        **{f"motion.{name}": {"motion_id": voting} for name in ("cancel", "close")},
        **{f"motion.{name}": {"motion_id": voting, "seconds": 60} for name in ("extend", "shorten")},
        "motion.repeat": {"motion_id": closed},
        "ballot.cast": {"motion_id": voting, "elector_id": elector(ports, voting, hoa), "choice": "other"}
        | {"options": [], "comment": "Cần xem lại", "receipt": ""},
        "screen.pair": {"code": waiting.code},
        "screen.part": {"screen_id": now["screens"][0]["id"]},
        "screen.rename": {"screen_id": now["screens"][0]["id"], "name": "Tường bên trái"},
    }
    return FullSwing(ports, meeting_id, acts)
