"""What an evaluation could see: by its own snapshot, on either database."""

from datetime import timedelta

import pytest

from cleangov_plugin.desk.backtested.sight import Past, known_then, sight
from cleangov_plugin.store.knowledge import event_key
from tests.store.samples import NOON, record


def past(row: int, xid: int | None = None, **changes: object) -> Past:
    return Past(record(row, **changes), row, xid)


@pytest.mark.parametrize(("row", "is_seen"), [(1, True), (7, True), (8, False)])
def test_on_sqlite_rows_up_to_the_last_one_were_seen(row: int, is_seen: bool) -> None:
    assert sight("id:7").sees(past(row), None) is is_seen


@pytest.mark.parametrize(
    ("xid", "is_seen"),
    [
        (99, True),  # ended before
        (100, False),  # open
        (101, True),  # ended, though an older one was open
        (102, False),  # open
        (103, False),  # the judging transaction's own number is told apart below
        (104, False),  # begun later
    ],
)
def test_on_postgresql_transactions_that_had_ended_were_seen(xid: int, is_seen: bool) -> None:
    assert sight("100:103:100,102").sees(past(1, xid), 999) is is_seen


@pytest.mark.parametrize(("xid", "is_seen"), [(99, True), (100, False), (101, False)])
def test_where_nothing_was_open_one_number_says_it(xid: int, is_seen: bool) -> None:
    assert sight("100").sees(past(1, xid), None) is is_seen


def test_a_transaction_sees_what_it_wrote_itself() -> None:
    assert sight("100:103:100,102").sees(past(1, 102), 102)


@pytest.mark.parametrize("snapshot", ["", "id:", "id:x", "1:2", "a:b:c", "1000:1000:x"])
def test_a_snapshot_that_cannot_be_read_hides_nothing(snapshot: str) -> None:
    assert sight(snapshot).sees(past(10**6, 10**6), None)


def test_what_was_corrected_before_is_not_known_and_what_was_corrected_later_is() -> None:
    wrong = past(1)
    right = past(2, supersedes=wrong.record.event_id)
    now = record(9)
    seen = [
        r.event_id for r in known_then([wrong, right], now, sight("id:9"), None, has_waited=False)
    ]
    assert seen == ["E2"]
    seen = [
        r.event_id for r in known_then([wrong, right], now, sight("id:1"), None, has_waited=False)
    ]
    assert seen == ["E1"]


def test_what_an_event_corrects_itself_is_not_known_to_it() -> None:
    wrong = past(1)
    now = record(9, supersedes=wrong.record.event_id)
    assert event_key(now.source, now.supersedes or "") == event_key("yunting", "E1")
    assert known_then([wrong], now, sight("id:9"), None, has_waited=False) == ()


def test_an_event_that_waited_knows_nothing_recorded_after_it() -> None:
    later = past(2, recorded_at=NOON + timedelta(days=1))
    now = record(3)
    assert known_then([later], now, sight("id:9"), None, has_waited=True) == ()
    assert known_then([later], now, sight("id:9"), None, has_waited=False) == (later.record,)
