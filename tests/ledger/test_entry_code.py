"""Codes of entries: their bytes, worked out by hand, and what is refused."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta, timezone

import pytest

from cleangov_plugin.ledger.entry_code import (
    CODE_BYTES,
    LATEST,
    CodeKey,
    Coder,
    entry_code,
    epoch_in,
    epoch_of,
    next_key,
    read_key,
    start_of,
    write_key,
)
from cleangov_plugin.ledger.strict import Refused

KEY = bytes(range(32))
LEAF = b"\x07" * 32
FIRST = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
BEGUN = CodeKey(log_id="城", epoch=20_522, first=FIRST, key=KEY)


def test_the_bytes_are_those_that_the_page_says() -> None:
    day = (20_522).to_bytes(4, "big")
    message = b"cleangov entry code\0" + day + "城".encode() + b"\0" + LEAF
    code = day + hmac.new(KEY, message, hashlib.sha256).digest()[:16]
    assert entry_code(KEY, 20_522, "城", LEAF) == Coder(BEGUN).code(LEAF) == code
    assert (len(code), epoch_in(code)) == (CODE_BYTES, 20_522)


def test_the_next_key_is_a_hash_and_days_follow_each_other() -> None:
    assert next_key(KEY) == hashlib.sha256(b"cleangov entry code key\0" + KEY).digest()
    assert BEGUN.on(20_524).key == next_key(next_key(KEY))
    assert BEGUN.on(20_522) == BEGUN


@pytest.mark.parametrize("epoch", [20_521, LATEST + 1, -1, 2**40])
def test_no_key_is_turned_back_or_beyond_all_days(epoch: int) -> None:
    with pytest.raises(Refused, match=r"code\.epoch"):
        BEGUN.on(epoch)


@pytest.mark.parametrize("code", [b"", bytes(19), bytes(21), b"\xff" * 20, bytes(2_000)])
def test_what_is_no_code_is_refused(code: bytes) -> None:
    with pytest.raises(Refused, match="code"):
        epoch_in(code)


def test_every_part_of_it_counts() -> None:
    code = entry_code(KEY, 20_522, "城", LEAF)
    others = {
        entry_code(next_key(KEY), 20_522, "城", LEAF),
        entry_code(KEY, 20_523, "城", LEAF),
        entry_code(KEY, 20_522, "市", LEAF),
        entry_code(KEY, 20_522, "城", bytes(32)),
    }
    assert len(others | {code}) == 5


def test_a_day_begins_at_midnight_of_utc_wherever_the_clock_is() -> None:
    assert epoch_of(start_of(20_522)) == 20_522
    assert epoch_of(start_of(20_522) - timedelta(microseconds=1)) == 20_521
    east = datetime(2026, 3, 10, 7, 59, tzinfo=timezone(timedelta(hours=8)))
    assert epoch_of(east) == 20_521


def test_a_key_comes_back_from_its_file() -> None:
    assert read_key(write_key(BEGUN)) == BEGUN
    later = BEGUN.on(20_600)
    assert read_key(write_key(later)) == later


@pytest.mark.parametrize(
    "change",
    [
        (b'"v":1', b'"v":2'),
        (b'"v":1', b'"v":true'),
        (b"20522", b"-1"),
        (b"20522", b"20522.0"),
        (b"20522", b"99999999999999999999"),
        (b'"key":"00', b'"key":"'),
        (b'"key":"00', b'"key":"zz'),
        (b'"epoch"', b'"day"'),
        (b'"first":"2026', b'"first":"2026-'),
        (b'"first":"2026', b'"first":"1969'),
        (b'"first":"2026', b'"first":"2999'),
        (b"Z", b""),
        (b"}", b',"x":1}'),
        (b"\n", b"\n\n"),
        (b"{", b"{ "),
        ("城".encode(), b"\xff"),
    ],
)
def test_a_file_that_is_something_else_is_refused(change: tuple[bytes, bytes]) -> None:
    with pytest.raises(Refused, match=r"code\.key"):
        read_key(write_key(BEGUN).replace(*change))


@pytest.mark.parametrize("data", [b"", b"null", b"[]", bytes(200), b'{"v":1}\n', b"[" * 9_000])
def test_what_is_no_key_at_all_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match=r"code\.key"):
        read_key(data)
