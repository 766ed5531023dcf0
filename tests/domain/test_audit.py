"""The chain breaks wherever somebody lays hands on it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from meeting_app.domain.audit import FIRST_HASH, AuditEntry, AuditHead, first_break, hash_of

EIGHT = datetime(2026, 11, 23, 1, tzinfo=UTC)

_words = st.text(max_size=12)
_details = st.dictionaries(_words, st.one_of(_words, st.integers(), st.booleans(), st.none()), max_size=3)
trails = st.lists(
    st.tuples(_words, st.one_of(st.none(), st.integers(1, 99)), _details, st.integers(0, 10**9)), min_size=1, max_size=8
)

ALTERATIONS: dict[str, Any] = {
    "at": lambda entry: entry.at + timedelta(microseconds=1),
    "actor_id": lambda entry: (entry.actor_id or 0) + 1,
    "actor_name": lambda entry: entry.actor_name + "x",
    "address": lambda entry: entry.address + "x",
    "act": lambda entry: entry.act + "x",
    "meeting_id": lambda entry: (entry.meeting_id or 0) + 1,
    "detail": lambda entry: {**entry.detail, "thêm": 1},
    "previous_hash": lambda entry: entry.previous_hash[::-1] + "0",
    "hash": lambda entry: entry.hash[1:] + "g",
}


def chain(trail: list[tuple[str, int | None, dict[str, Any], int]]) -> tuple[list[AuditEntry], AuditHead]:
    entries: list[AuditEntry] = []
    head = AuditHead()
    for act, actor_id, detail, microseconds in trail:
        entry = AuditEntry(
            sequence=head.sequence + 1,
            at=EIGHT + timedelta(microseconds=microseconds),
            actor_id=actor_id,
            act=act,
            detail=detail,
            previous_hash=head.hash,
            hash="",
        )
        entry.hash = hash_of(entry)
        head.sequence, head.hash = entry.sequence, entry.hash
        entries.append(entry)
    return entries, head


@settings(max_examples=40)
@given(trails)
def test_an_untouched_chain_is_whole(trail):
    assert first_break(*chain(trail)) is None


def test_no_entries_and_an_untouched_head_are_whole():
    assert first_break([], AuditHead()) is None
    assert FIRST_HASH == "0" * 64


@settings(max_examples=40)
@given(trails, st.data())
def test_an_altered_entry_is_named(trail, data):
    entries, head = chain(trail)
    place = data.draw(st.integers(0, len(entries) - 1))
    field = data.draw(st.sampled_from(sorted(ALTERATIONS)))
    setattr(entries[place], field, ALTERATIONS[field](entries[place]))
    assert first_break(entries, head) == place + 1


@settings(max_examples=40)
@given(trails, st.data())
def test_an_altered_entry_hashed_anew_breaks_at_the_next(trail, data):
    entries, head = chain(trail)
    place = data.draw(st.integers(0, len(entries) - 1))
    entries[place].act += "x"
    entries[place].hash = hash_of(entries[place])
    assert first_break(entries, head) == place + 2


@settings(max_examples=40)
@given(trails, st.data())
def test_a_missing_entry_is_noticed_also_at_the_end(trail, data):
    entries, head = chain(trail)
    place = data.draw(st.integers(0, len(entries) - 1))
    del entries[place]
    assert first_break(entries, head) == place + 1


@settings(max_examples=40)
@given(trails)
def test_an_entry_added_at_the_end_is_noticed(trail):
    entries, head = chain(trail)
    longer, _ = chain([*trail, ("account.sign_in", 1, {}, 0)])
    assert first_break(longer, head) == len(entries) + 1


@settings(max_examples=40)
@given(trails, st.data())
def test_two_entries_in_the_wrong_order_are_noticed(trail, data):
    entries, head = chain([*trail, ("a", 1, {}, 0)])
    place = data.draw(st.integers(0, len(entries) - 2))
    entries[place], entries[place + 1] = entries[place + 1], entries[place]
    assert first_break(entries, head) == place + 1


def test_the_hash_does_not_depend_on_the_time_zone_it_is_read_in():
    entry, other = chain([("a", 1, {}, 7)])[0][0], chain([("a", 1, {}, 7)])[0][0]
    other.at = other.at.astimezone(tz=datetime.strptime("+0700", "%z").tzinfo)
    assert hash_of(entry) == hash_of(other)
