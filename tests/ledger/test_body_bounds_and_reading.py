"""Body v1: how long it may be, how an instant is written, and what is refused as no body."""

import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.ledger.body import Place, decode_record, encode_body
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.instants import instant, stamp
from cleangov_plugin.ledger.leaf import LONGEST, NO_PREDECESSOR
from tests.ledger.sample_bodies import BARE, GOLDEN_BARE, ONE, bare

# ---- Bounds


def padded(size: int) -> bytes:
    empty = len(encode_body(BARE, Place(0, 1), ONE, pairs=[("a.x", "text", "")]))
    return encode_body(BARE, Place(0, 1), ONE, pairs=[("a.x", "text", "x" * (size - empty))])


def test_the_longest_body_has_65535_bytes() -> None:
    assert len(padded(LONGEST)) == LONGEST == 65_535
    with pytest.raises(ProfileError, match="65536"):
        padded(LONGEST + 1)


def test_bytes_are_counted_and_not_characters() -> None:
    with pytest.raises(ProfileError, match="65535"):
        encode_body(BARE, Place(0, 1), ONE, pairs=[("a.x", "text", "面" * 22_000)])


@pytest.mark.parametrize("changes", [{"case_id": "\ud800"}, {"step": "a\udfff"}])
def test_a_text_that_is_no_utf_8_has_no_body(changes: dict[str, str]) -> None:
    with pytest.raises(ProfileError):
        bare(**changes)


@pytest.mark.parametrize("number", [2**53, -(2**53)])
def test_a_number_that_not_every_reader_keeps_has_no_body(number: int) -> None:
    with pytest.raises(ProfileError):
        encode_body(BARE, Place(0, number), ONE)


# ---- Instants


def here(minutes: int, *when: int) -> datetime:
    return datetime(*when, tzinfo=timezone(timedelta(minutes=minutes)))  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (here(480, 2026, 3, 10, 10), "2026-03-10T02:00:00.000000Z"),
        (here(0, 2024, 2, 29, 23, 59, 59, 999_999), "2024-02-29T23:59:59.999999Z"),
        (here(0, 987, 1, 2), "0987-01-02T00:00:00.000000Z"),
        (here(345, 2026, 1, 1, 0, 15), "2025-12-31T18:30:00.000000Z"),
    ],
)
def test_an_instant_is_fixed_width_text_in_utc(moment: datetime, text: str) -> None:
    assert stamp(moment) == text
    assert len(text) == 27
    assert instant(text) == moment


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001 - the zone is drawn
    st.integers(-14 * 60, 14 * 60),
)
def test_text_sorts_as_time_does(naive: datetime, offset: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=offset)))
    later = moment + timedelta(microseconds=1)
    assert stamp(moment) < stamp(later)
    assert instant(stamp(moment)) == moment


# ---- Reading what is no body


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b"{}",
        b'{"v":1}',
        b"\xff",
        b"[" * 100_000,
        GOLDEN_BARE.replace(b'"attrs":[[', b'"attrs":[["e.source"],['),
        GOLDEN_BARE.replace(b'"e.source"', b"1"),
        GOLDEN_BARE.replace(b'"enforcement"', b'"nonsense"'),
        GOLDEN_BARE.replace(b"2026-03-10T02:00:00.000000Z", b"yesterday"),
        GOLDEN_BARE.replace(b'"attrs":[', b'"attrs":[["e.offset","integer","x"],'),
        GOLDEN_BARE.replace(b'"attrs":[', b'"attrs":[["e.party.x","pseudonym","x"],'),
        GOLDEN_BARE.replace(b'"attrs":[', b'"attrs":[["e.amount","money","80000"],'),
        GOLDEN_BARE.replace(b'"attrs":[', b'"attrs":[["a.x","date","2026-02-29"],'),
        GOLDEN_BARE.replace(b'"attrs":[', b'"attrs":[["a.x","list","{"],'),
    ],
    ids=lambda data: repr(data[:30]),
)
def test_what_is_no_body_is_refused_by_one_error(data: bytes) -> None:
    with pytest.raises(ProfileError, match="no body"):
        decode_record(data)


@pytest.mark.parametrize("version", [b"0", b"2", b'"1"', b"null", b"1.5"])
def test_a_body_of_another_version_is_not_guessed_at(version: bytes) -> None:
    with pytest.raises(ProfileError, match="version"):
        decode_record(GOLDEN_BARE.replace(b'"v":1', b'"v":' + version))


def test_the_first_entry_of_a_lane_names_nothing() -> None:
    assert json.loads(bare())["prev"] == NO_PREDECESSOR.hex()
