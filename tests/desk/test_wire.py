"""An event written for later comes back equal, whatever it holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from cleangov_hooks import Actor, Event, Money, Party, Stream
from cleangov_plugin.desk.checkpoint.attributes import digest_of
from cleangov_plugin.desk.checkpoint.checked import check_event
from cleangov_plugin.desk.people import People
from cleangov_plugin.desk.wire import from_text, to_text
from cleangov_plugin.domain.errors import InvalidEvent

EVENT = Event(
    id="e-1",
    source="yunting",
    agency_id="yunting",
    stream=Stream.ENFORCEMENT,
    case_id="YT-CF-2026-0417",
    kind="enf.decision.made",
    step="decide",
    actor=Actor(id="chen.jing", roles=("officer",), unit="team-3"),
    occurred_at=datetime(2026, 3, 10, 10, 0, tzinfo=timezone(timedelta(hours=8))),
    recorded_at=datetime(2026, 3, 10, 2, 0, 1, tzinfo=UTC),
    amount=Money(minor=80_000),
    parties=(Party(id="wang.xiulan", role="owner"),),
    attributes={
        "band_min": Money(minor=50_000),
        "served_on": date(2026, 3, 2),
        "is_first": True,
        "count": 3,
        "items": ("a", "b"),
        "note": "教训一下他",
        "nothing": None,
    },
)


def test_an_event_comes_back_equal() -> None:
    assert from_text(to_text(EVENT)) == EVENT


def test_the_original_offset_is_kept() -> None:
    assert from_text(to_text(EVENT)).occurred_at.utcoffset() == timedelta(hours=8)


def test_text_is_ascii_so_that_every_database_takes_it() -> None:
    odd = replace(EVENT, attributes={"note": "\x00\ud800面"})
    assert to_text(odd).isascii()
    assert "\x00" not in to_text(odd)


def test_a_field_of_a_million_characters_is_cut_and_marked() -> None:
    text = to_text(replace(EVENT, step="x" * 1_000_000))
    assert len(text) < 30_000
    assert "[1000000]" in text


@pytest.mark.thorough
def test_however_many_attributes_an_event_has_what_waits_is_small_and_is_the_same_event() -> None:
    many = {f"code-{n}": "x" * 100_000 for n in range(2_000)}
    event = replace(EVENT, attributes={f"z{n}": "y" * 20_000 for n in range(150)} | many)
    text = to_text(event)
    assert len(text) < 100_000
    back = from_text(text)
    assert len(back.attributes) == 201
    people = People(b"k" * 32)
    then, now = check_event(event, {}, people), check_event(back, {}, people)
    assert (then.digest, then.kept.pairs) == (now.digest, now.kept.pairs)
    other = replace(event, attributes={**event.attributes, "zzz": "another"})
    assert check_event(other, {}, people).digest != then.digest


def test_an_attribute_of_a_million_characters_is_carried_as_digest_and_size() -> None:
    text = to_text(replace(EVENT, attributes={"note": "x" * 1_000_000}))
    assert len(text) < 3_000
    digest = from_text(text).attributes["note"]
    assert digest_of(digest) == digest_of("x" * 1_000_000)
    assert digest_of(digest).endswith(":1000000")


@pytest.mark.parametrize("thing", [None, 7, "text", {"id": 1}, object(), [EVENT]])
def test_what_is_no_event_can_be_written_but_not_read(thing: object) -> None:
    with pytest.raises(InvalidEvent):
        from_text(to_text(thing))


@pytest.mark.parametrize("text", ["", "[]", "null", '{"id": "1"}', "{", "7"])
def test_a_damaged_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidEvent):
        from_text(text)
