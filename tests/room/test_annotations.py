"""What is shared reaches the tablets of those it is for at once, and names nothing to anybody else."""

import asyncio
import json
from uuid import uuid4

import pytest

from meeting_app.services import annotation
from meeting_app.services.annotation import Act, Change
from tests.conftest import hand_out
from tests.laying import version_of

pytestmark = pytest.mark.anyio
NOTE = {"page": 0, "kind": "note", "colour": "blue", "body": {"x": 5, "y": 5, "text": "Điều bí mật"}}


class Listening:
    """The events a tablet hears, as they come over the wire."""

    def __init__(self, tablet) -> None:
        self.heard: list[dict] = []
        take = tablet._take

        async def noting(message: dict) -> None:
            self.heard.append(message)
            await take(message)

        tablet._take = noting

    @property
    def news(self) -> list[dict]:
        return [message["b"] for message in self.heard if message.get("k") == "annotations"]


@pytest.mark.parametrize("poll_seconds", [3600])
async def test_a_shared_note_wakes_those_it_is_for_alone(enter, waking_ports, lan, minh, hoa, dung, running_meeting):
    report = hand_out(waking_ports, lan, running_meeting, for_guests=False)
    version, note = version_of(waking_ports, report), str(uuid4())

    def keep(act: Act, **values) -> None:
        annotation.keep(waking_ports, minh, report, version, [Change(act, note, values)])

    async with enter(hoa, running_meeting) as chosen, enter(dung, running_meeting) as other:
        hears = [Listening(tablet) for tablet in (chosen, other)]
        state = await chosen.entered()
        before = state["version"]
        await other.entered()
        attendee = next(each["id"] for each in state["attendees"] if each["name"] == "Phạm Thị Hoa")
        await asyncio.to_thread(keep, Act.WRITE, **NOTE)
        await asyncio.to_thread(keep, Act.SHARE, people=[attendee])
        for tablet in (chosen, other):
            await asyncio.wait_for(tablet.reaches(before + 1), 30)
        assert [each.news for each in hears] == [[{"document_id": report}], []]
        await asyncio.to_thread(keep, Act.SHARE, everyone=True)
        for tablet in (chosen, other):
            await asyncio.wait_for(tablet.reaches(before + 2), 30)
        assert [len(each.news) for each in hears] == [2, 1]
        await asyncio.to_thread(keep, Act.SHARE)
        for tablet in (chosen, other):
            await asyncio.wait_for(tablet.reaches(before + 3), 30)
        assert [len(each.news) for each in hears] == [3, 2]
        everything = json.dumps([each.heard for each in hears], ensure_ascii=False)
        assert "bí mật" not in everything
        assert note not in everything
