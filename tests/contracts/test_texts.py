"""The search of texts: one contract for SQLite's FTS5 and PostgreSQL's tsvector (every test runs on both)."""

import time
import unicodedata
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy import text as text_of
from sqlmodel import select

from meeting_app.domain.access import Actor
from meeting_app.domain.document import Audience, Document, DocumentState, Release
from meeting_app.domain.search import PageText, Question, ask, fold, passage
from meeting_app.domain.version import Approval, Version
from meeting_app.ports import PageHit, Ports
from meeting_app.services import search
from meeting_app.services.unit_of_work import changing, key
from tests.laying import lay

EVERY = select(Version.id)
SENTENCES = (
    "Báo cáo tình hình thực hiện dự toán ngân sách năm 2026",
    "Tờ trình về việc đấu thầu mua sắm tập trung",
    "Kế hoạch đào tạo, bồi dưỡng cán bộ, công chức",
    "Cân bộ phận kỹ thuật trước khi can bo ra về",
)


@pytest.fixture
def laid(ports: Ports, lan: Actor, running_meeting: int) -> list[int]:
    """A version for each sentence."""
    with changing(ports, lan) as work:
        versions = [key(lay(work, running_meeting)[1].id) for _ in SENTENCES]
        for version_id, sentence in zip(versions, SENTENCES, strict=True):
            ports.texts.put(work.session, version_id, {0: sentence, 1: "Trang hai không có gì đặc biệt"})
    return versions


def found(ports: Ports, words: str, allowed=EVERY, limit: int = 50) -> list[PageHit]:
    with ports.database.reading() as session:
        return ports.texts.find(session, ask(words), allowed, limit)


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("ngân sách", [0]),
        ("ngan sach", [0]),
        ("NGÂN SÁCH", [0]),
        ("đấu thầu", [1]),
        ("dau thau", [1]),
        ("ĐẤU", [1]),
        ("dự toán 2026", [0]),
        ("ngân sách đấu thầu", []),
        ("ngan", [0]),
        ("nga", []),
        ("cán bộ", [2, 3]),
        ("can bo", [3, 2]),
        ("   ", []),
        ("!!!", []),
        ("", []),
    ],
)
def test_words_are_found_with_and_without_their_marks(ports: Ports, laid: list[int], words: str, places: list[int]):
    assert [each.version_id for each in found(ports, words)] == [laid[place] for place in places]


def test_the_page_is_told_and_each_version_once(ports: Ports, laid: list[int]):
    hits = found(ports, "trang hai")
    assert sorted(each.version_id for each in hits) == laid
    assert {each.page for each in hits} == {1}
    assert hits[0].text.startswith("Trang hai")


def test_letters_that_are_put_together_of_parts_are_the_same(ports: Ports, laid: list[int]):
    assert [each.version_id for each in found(ports, unicodedata.normalize("NFD", "ngân sách"))] == [laid[0]]


def test_put_again_the_old_words_are_forgotten(ports: Ports, laid: list[int]):
    with ports.database.writing() as session:
        ports.texts.put(session, laid[0], {0: "Nội dung hoàn toàn khác"})
    assert found(ports, "ngân sách") == []
    assert [each.version_id for each in found(ports, "hoàn toàn khác")] == [laid[0]]


def test_rights_are_asked_before_the_limit(ports: Ports, laid: list[int]):
    allowed = select(Version.id).where(Version.id == laid[2])
    assert [each.version_id for each in found(ports, "can bo", allowed, limit=1)] == [laid[2]]
    assert found(ports, "can bo", select(Version.id).where(Version.id == 0)) == []


NASTY = (
    '"', "'", "*", ":", "NEAR(", "ngân AND", "OR", "NOT x", "a & b", "a | !b", "<->", "words : x", "^x", "\\", "%", "_",
    "\x00", "(((", "-x", "x:*A", "{words}", "'; drop table document; --", "x" * 5000, "đ " * 500,
)  # fmt: skip


@pytest.mark.parametrize("words", NASTY)
def test_nothing_in_a_question_is_syntax(ports: Ports, laid: list[int], words: str):
    found(ports, words)
    assert [each.version_id for each in found(ports, "dau thau")] == [laid[1]]


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_any_text_can_be_asked_and_kept(ports: Ports, lan: Actor, running_meeting: int, text: str):
    text = text.encode("utf-8", "ignore").decode()
    with changing(ports, lan) as work:
        version_id = key(lay(work, running_meeting)[1].id)
        ports.texts.put(work.session, version_id, {0: f"mốc {text}"})
    question = ask(f"mốc {text}")
    with ports.database.reading() as session:
        hits = ports.texts.find(session, question, EVERY, 1000)
    if text.isascii() or not question.words[1:]:
        assert version_id in {each.version_id for each in hits}


MANY = 10_000
FILLED = {
    "sqlite": "insert into page_search (page_search) values ('rebuild')",
    "postgresql": "update page_text set search = setweight(to_tsvector('simple', words), 'A') ||"
    " setweight(to_tsvector('simple', folded), 'D')",
}


def test_ten_thousand_documents_answer_within_a_second(ports: Ports, lan: Actor, minh: Actor, running_meeting: int):
    """Of each the rights are asked; a member may read them all."""
    chance = Random(7)
    words = [word.lower() for sentence in SENTENCES[:3] for word in sentence.split()] + [f"mục{n}" for n in range(60)]
    at = {"uploaded_by": lan.account_id, "uploaded_at": ports.clock.now()}
    document = {"meeting_id": running_meeting, "audience": Audience.MEMBERS, "release": Release.ON_ISSUE, **at}
    version = {"number": 1, "file_name": "a.pdf", "sha256": "0" * 64, "size": 1, "pages": 1, "reason": "", **at}
    version |= {"state": DocumentState.READY, "prepared_pages": 1, "approval": Approval.APPROVED}
    rights = {"may_download": True, "may_print": True}
    with ports.database.writing() as session:
        numbers = range(1, MANY + 1)
        session.execute(insert(Document), [document | rights | {"id": n, "title": f"Tài liệu {n}"} for n in numbers])
        session.execute(insert(Version), [version | {"id": n, "document_id": n} for n in numbers])
        texts = [" ".join([*chance.choices(words, k=80), f"riêng{n}"]) for n in numbers]
        page = [
            {"id": n, "version_id": n, "page": 0, "text": text, "words": text, "folded": fold(text), "search": ""}
            for n, text in zip(numbers, texts, strict=True)
        ]
        session.execute(insert(PageText), page)
        session.execute(text_of(FILLED[session.get_bind().dialect.name]))
    for question, least in (("ngan sach", 50), ("riêng777", 1), ("báo cáo dự toán ngân sách năm", 20), ("mục1", 50)):
        began = time.perf_counter()
        hits = search.find(ports, minh, question)
        seconds = time.perf_counter() - began
        assert len(hits) >= least, question
        assert seconds < 1, question


def test_a_passage_marks_the_hits_and_leaves_all_else_as_it_is():
    text = "Mở đầu. " * 30 + "Dự toán <b>ngân sách</b> năm nay. " + "Kết thúc. " * 30
    pieces = passage(text, ask("ngan sach"))
    assert [each.text for each in pieces if each.hit] == ["ngân", "sách"]
    assert pieces[0].text.startswith("… ")
    assert "<b>" in "".join(each.text for each in pieces)
    assert passage("", ask("x")) == ()


@pytest.mark.parametrize(("text", "folded"), [("Đấu thầu", "dau thau"), ("ƯỚC", "uoc"), ("ế", "e")])
def test_folding_takes_the_marks_away(text: str, folded: str):
    assert fold(text) == folded


def test_a_question_keeps_few_words():
    assert isinstance(ask("a " * 100), Question)
    assert len(ask("a " * 100).words) == 12
