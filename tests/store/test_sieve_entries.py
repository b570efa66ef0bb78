"""What is cut out of bodies before cases are sifted: moments, days, order, what was seen."""

import json
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cleangov_plugin.calendar import civil_day
from cleangov_plugin.ledger import canonical
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.store.judged_entries import JudgedEntry
from cleangov_plugin.store.sieve_entries import MOST_ENTRIES, Days, plain_events, texts_after
from cleangov_plugin.store.sieve_fields import Events, Fields, numbered

SHANGHAI, KATHMANDU = ZoneInfo("Asia/Shanghai"), ZoneInfo("Asia/Kathmandu")
NOON = "2026-03-10T04:00:00.000000Z"


def entry(row: int, at: str = NOON, **more: Any) -> JudgedEntry:
    attrs = more.pop("attrs", [])
    snapshot, xid = more.pop("snapshot", ""), more.pop("xid", None)
    document = {"at": at, "attrs": attrs, "id": f"E{row}", "kind": "enf.case.filed", "v": 1, **more}
    return JudgedEntry(
        "c", row, f"k{row}", canonical.encode(document).decode(), snapshot, xid, None
    )


def only(case: JudgedEntry, days: Days) -> tuple[int, str]:
    """Answer the day and the moment of a plain case's one event."""
    (event,) = plain_events([case], days) or [(0, "", 0, "", "")]
    return event[:2]


def rows(*entries: JudgedEntry, zone: ZoneInfo = SHANGHAI) -> list[int] | None:
    """Answer the rows of a case in the order of time; None where it is not plain."""
    events = plain_events(entries, Days(zone))
    return None if events is None else [entries[event[2]].row for event in events]


@pytest.mark.parametrize("zone", [SHANGHAI, KATHMANDU, ZoneInfo("America/Asuncion")])
def test_a_day_is_the_civil_day_of_its_moment_whichever_was_asked_before(zone: ZoneInfo) -> None:
    days = Days(zone)
    for minute in (
        *range(1_080, 1_110),
        *range(950, 980),
        *range(170, 250),
        *range(1_095, 1_080, -1),
    ):
        at = f"2026-03-10T{minute // 60:02}:{minute % 60:02}:59.999999Z"
        assert only(entry(1, at), days) == (civil_day(instant(at), zone).toordinal(), at)


def test_events_stand_in_the_order_of_time_and_those_known_to_the_day_in_that_of_rows() -> None:
    late, early = entry(1, "2026-03-10T04:00:01.000000Z"), entry(2)
    assert rows(late, early) == [2, 1]
    by_day = [["e.precision", "choice", "day"]]
    assert rows(entry(1, "2026-03-10T04:00:01.000000Z", attrs=by_day), entry(2, attrs=by_day)) == [
        1,
        2,
    ]
    assert rows(late, entry(2, attrs=by_day)) is None


def test_a_moment_is_found_behind_the_digests_of_erasable_fields() -> None:
    hidden = entry(1, "2026-03-10T17:00:00.000000Z", _sd=["at", "b"])
    assert hidden.body.startswith('{"_sd":["at","b"],"at":')
    the_next_day = civil_day(instant("2026-03-10T17:00:00Z"), SHANGHAI).toordinal()
    assert only(hidden, Days(SHANGHAI)) == (the_next_day, "2026-03-10T17:00:00.000000Z")


@pytest.mark.parametrize(
    "odd",
    [
        entry(2, "2026-02-30T04:00:00.000000Z"),
        entry(2, "2026-03-10T04:00:00Z"),
        entry(2, "２０２６-03-10T04:00:00.000000Z"),
        entry(2, attrs=[["e.supersedes", "text", "E1"]]),
        entry(2, kind='a"b'),
        entry(2, kind=""),
        entry(2, v=2),
        entry(2)._replace(body="{}"),
        entry(2)._replace(body=json.dumps(json.loads(entry(2).body))),
        entry(2, snapshot="id:0"),
        entry(2, snapshot="id:many"),
    ],
)
def test_a_case_with_something_unusual_is_not_plain(odd: JudgedEntry) -> None:
    assert rows(entry(1), odd) is None
    assert rows(entry(1), entry(2)) == [1, 2]


def test_an_event_that_waited_or_a_long_case_is_not_plain() -> None:
    assert rows(entry(1), entry(2, snapshot="id:1;waited")) is None
    assert rows(entry(1, xid=7), entry(2, xid=8, snapshot="8;waited")) is None
    assert rows(*map(entry, range(1, 201))) == [*range(1, 201)]
    assert rows(*map(entry, range(1, 202))) is None


@pytest.mark.parametrize(
    ("snapshot", "is_plain"),
    [("12", True), ("11:15:", True), ("10:15:", False), ("8:9:", False), ("", True), ("x", False)],
)
def test_a_case_is_plain_where_every_writer_before_had_ended(snapshot: str, is_plain: bool) -> None:
    case = [entry(1, xid=9), entry(2, xid=10), entry(3, xid=11, snapshot=snapshot)]
    assert (rows(*case) is not None) is is_plain
    assert rows(entry(1, xid=7, snapshot="7:7:"), entry(2, xid=7, snapshot="7:7:")) == [1, 2]


def test_of_two_types_of_a_field_the_first_that_is_there_is_cut_out() -> None:
    heads = ('["a.area","text","', '["a.area","choice","')
    texts = [[["a.area", "choice", "north"]], [["a.area", "text", ""]], [["a.b", "text", "x"]]]
    bodies = [entry(1, attrs=attrs).body for attrs in texts]
    assert texts_after(heads, bodies) == ["north", "", None]


def test_duckdb_takes_in_where_an_event_stands_and_its_texts_as_they_are() -> None:
    duckdb = pytest.importorskip("duckdb")
    last, ends = MOST_ENTRIES - 1, (date.min.toordinal(), date.max.toordinal())
    stands = [(0, 0, 0, ends[0]), (3, 1, 2, 739_000), (239_999, last, 0, ends[1]), (0, 0, last, 1)]
    steps, fields, events = ["云汀/a:b'\x7f", 'a"\\', "", None], Fields(), Events()
    fields.own("step")
    for stand, step in zip(stands, steps, strict=True):
        attrs = [] if step is None else [["e.step", "text", step]]
        events.add(numbered(*stand), "enf.案件", entry(1, attrs=attrs).body)
    query = f"SELECT c, r - c * 256, pos, d, kind, step, is_odd FROM ({fields.select()})"
    found = duckdb.connect().execute(query, fields.columns_of(events)).fetchall()
    assert [row[:4] for row in found] == stands
    assert {row[4] for row in found} == {"enf.案件"}
    assert [row[5:] for row in found] == [
        (steps[0], False),
        ("a\\", True),
        ("", False),
        (None, True),
    ]
