"""From rows to events: ids, order of knowledge, derived events, people; XES and CSV are equal."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cleangov_hooks import Actor, ActorKind, Clock, Event, Money, Origin, Precision
from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.intake import event_logs
from cleangov_plugin.intake.event_logs import EventLog, Translated
from cleangov_plugin.intake.mapping import find_mapping
from tests.intake.log_building import (
    csv_document,
    csv_log,
    event,
    mapping,
    trace,
    translated,
    xes_log,
)
from tests.support.shared_data import mapping_of, shared_log

HEADING = "案号,环节,时间,经办人,金额,备注,结束\n"


def lines(*rows: str) -> str:
    return HEADING + "".join(f"{row}\n" for row in rows)


def refused(path: Path, small: Any) -> tuple[list[Translated], IntakeError]:
    found: list[Translated] = []
    with pytest.raises(IntakeError) as problem:
        found.extend(EventLog(path, small).translated())
    return found, problem.value


@pytest.mark.long
@pytest.mark.parametrize(
    ("log", "cases", "events", "derived", "kinds"),
    [("receipt", 1434, 8577, 1329, 28), ("fines", 2993, 11003, 0, 11)],
)
def test_xes_and_csv_of_one_log_are_equal_event_by_event(
    log: str, cases: int, events: int, derived: int, kinds: int
) -> None:
    read = {}
    for format_ in ("xes", "csv"):
        opened = EventLog(shared_log(f"{log}.{format_}"), find_mapping(mapping_of(log)))
        read[format_] = list(opened.translated())
        assert len(opened.cases) == cases
        assert (opened.events, opened.derived, opened.dropped) == (events, derived, 0)
        assert len(opened.kinds) == kinds
    assert len(read["xes"]) == events + derived
    for one, other in zip(read["xes"], read["csv"], strict=True):
        assert one == other


@pytest.mark.long
def test_permits_are_equal_but_for_the_municipality_before_the_case() -> None:
    xes = translated(shared_log("bpic2015.xes"), find_mapping("bpic2015"))
    csv = translated(shared_log("bpic2015.csv"), find_mapping("bpic2015"))
    assert len(xes) == 44354
    for one, other in zip(xes, csv, strict=True):
        case, id_ = f"M2-{one.event.case_id}", f"M2-{one.event.id}"
        assert replace(one, event=replace(one.event, case_id=case, id=id_)) == other
    kept = {each.event.kind for each in xes if each.event.kind.startswith("bpic2015.")}
    assert len(kept) == 406  # every other activity is kept, under a kind of its own
    events = [each.event for each in xes]
    assert all(e.attributes["recorded"] == e.recorded_at for e in events)
    assert sum("due" in e.attributes for e in events) == 398


@pytest.mark.long
def test_the_fines_are_read_as_their_publishers_say() -> None:
    found = translated(shared_log("fines.xes"), find_mapping("road-traffic-fines"))
    events = [each.event for each in found]
    assert {e.precision for e in events} == {Precision.DAY}
    assert {e.origin for e in events} == {Origin.HISTORIC}
    assert {e.clock for e in events} == {Clock.IMPORT}
    acted = Counter(e.kind for e in events if e.actor is not None)
    assert acted == {"enf.decision.made": 2993}  # on an appeal to a judge it is a dummy
    first, second = events[:2]
    assert (first.id, first.kind, first.amount) == (
        "A10109#1", "enf.decision.made", Money(minor=3600, currency="EUR"),
    )  # fmt: skip
    assert (second.kind, second.amount) == ("enf.notice.sent", Money(minor=1300, currency="EUR"))
    assert first.attributes["paid_so_far"] == Money(minor=0, currency="EUR")
    assert first.occurred_at.isoformat() == "2007-03-06T00:00:00+01:00"
    sums = Counter(e.kind for e in events if e.amount is not None)
    assert sums == {
        "enf.decision.made": 2993,
        "enf.notice.sent": 2015,
        "enf.fine.collected": 1584,
        "enf.penalty.added": 1544,
    }


def first_of(found: list[Translated]) -> Event:
    return next(each.event for each in found if each.event.case_id == "case-10017")


def test_the_end_of_a_receipt_is_an_event_of_its_own_and_never_known_before() -> None:
    found = translated(shared_log("receipt.xes"), find_mapping("receipt"))
    derived = [each for each in found if each.is_derived]
    assert {each.event.kind for each in derived} == {"prm.decided"}
    assert all(each.event.actor is None for each in derived)
    assert derived[0].event.id == "case-10017#prm.decided"
    assert derived[0].event.occurred_at.isoformat() == "2011-10-18T13:56:55.943000+02:00"
    assert derived[0].event.attributes == {"deadline": first_of(found).attributes["deadline"]}
    # at a case's first event its end is the future: nothing of it stands there
    first = first_of(found)
    assert "deadline" in first.attributes
    assert datetime(2011, 10, 18, 11, 56, 55, 943000, UTC) not in first.attributes.values()
    assert {each.event.actor.unit for each in found if each.event.actor} >= {None, "Group 1"}


def test_a_derived_event_has_the_attributes_its_mapping_names_and_no_other(tmp_path: Path) -> None:
    row = "A1,罚款,2026-03-10T10:00:00+08:00,,5,备注一,2026-03-20T10:00:00+08:00"
    derived = {"kind": "enf.case.closed", "step": "结束", "at": {"name": "ended"}}
    for attributes, told in ([], {}), (["note"], {"note": "备注一"}):
        made = mapping(tmp_path, derived=[{**derived, "attributes": attributes}])
        _, end = translated(csv_log(tmp_path, lines(row)), made)
        assert end.event.attributes == told
    blank = row.replace("备注一", "")
    _, end = translated(csv_log(tmp_path, lines(blank)), made)
    assert end.event.attributes == {}


def test_ids_come_from_case_and_ordinal_so_twins_stay_two(tmp_path: Path) -> None:
    row = "A1,罚款,2026-03-10T10:00:00+08:00,chen,800,,"
    path = csv_log(tmp_path, lines(row, "B2,罚款,2026-03-10T10:00:00+08:00,chen,800,,", row))
    events = [each.event for each in translated(path, mapping(tmp_path))]
    assert [e.id for e in events] == ["A1#1", "B2#1", "A1#2"]
    assert replace(events[0], id="A1#2") == events[2]


def test_events_are_fed_when_they_can_have_been_known(tmp_path: Path) -> None:
    times = ("10:00", "09:00", "11:00")
    rows = [f"A1,x,2026-03-10T{at}:00+08:00,,,," for at in times]
    rows.insert(1, "B2,x,2026-03-10T08:00:00+08:00,,,,")
    found = translated(csv_log(tmp_path, lines(*rows)), mapping(tmp_path))
    hours = [datetime.fromtimestamp(each.feed_key / 1e6, UTC).hour + 8 for each in found]
    # the second row of A1 stands below one of 10 o'clock: it was not known before that
    assert hours == [10, 8, 10, 11]


def test_the_time_of_recording_decides_when_an_event_was_known(tmp_path: Path) -> None:
    told = csv_document(
        {"names": {"case": "案号", "step": "环节", "at": "时间", "sum": "金额", "written": "结束"}},
        recorded_at={"name": "written", "zone": "Asia/Shanghai"},
        attributes={},
        derived=[],
        actor={"name": "step"},
    )
    path = csv_log(tmp_path, lines("A1,x,2026-03-10T10:00:00+08:00,,,,2026-03-12 08:00:00"))
    (found,) = translated(path, mapping(tmp_path, **told))
    assert found.event.occurred_at.isoformat() == "2026-03-10T10:00:00+08:00"
    assert found.event.recorded_at.isoformat() == "2026-03-12T08:00:00+08:00"
    assert found.feed_key == int(datetime(2026, 3, 12, tzinfo=UTC).timestamp()) * 1_000_000


def test_steps_that_are_not_named_are_kept_dropped_or_refused(tmp_path: Path) -> None:
    row = "A1,现场 检查-T1,2026-03-10T10:00:00+08:00,,,,"
    path = csv_log(tmp_path, lines(row, "A1,罚款,2026-03-10T11:00:00+08:00,,5,,"))
    kept = translated(path, mapping(tmp_path))
    assert [each.event.kind for each in kept] == ["small.现场_检查_t1", "enf.decision.made"]
    assert kept[0].event.step == "现场 检查-T1"
    log = EventLog(path, mapping(tmp_path, otherwise="drop"))
    # what is dropped is counted on, so that the ids of the others do not hang on it
    assert [each.event.id for each in log.translated()] == ["A1#2"]
    assert (log.dropped, log.events) == (1, 1)
    _, problem = refused(path, mapping(tmp_path, otherwise="refuse"))
    assert problem.what == "the mapping does not know the step '现场 检查-T1'."
    assert problem.where == "log.csv:2"


def test_an_actor_is_a_person_a_machine_or_nobody(tmp_path: Path) -> None:
    at = "2026-03-10T10:00:00+08:00"
    rows = [f"A1,x,{at},{who},,," for who in ("chen", "robot", "-", "", " ")]
    path = csv_log(tmp_path, lines(*rows))
    actors = [each.event.actor for each in translated(path, mapping(tmp_path))]
    assert actors == [
        Actor(id="chen"), Actor(id="robot", kind=ActorKind.SYSTEM), None, None, None,
    ]  # fmt: skip


def test_what_the_case_says_stands_with_its_first_event_and_is_derived_once(
    tmp_path: Path,
) -> None:
    end = "2026-03-20T10:00:00+08:00"
    body = trace("A1", event(), event(), more=f'<date key="ended" value="{end}"/>')
    log = EventLog(xes_log(tmp_path, body), mapping(tmp_path))
    assert [each.event.id for each in log.translated()] == ["A1#1", "A1#enf.case.closed", "A1#2"]
    assert (log.events, log.derived) == (2, 1)
    row = f"A1,罚款,2026-03-10T10:00:00+08:00,,5,,{end}"
    log = EventLog(csv_log(tmp_path, lines(row, row)), mapping(tmp_path))
    assert [each.event.id for each in log.translated()] == ["A1#1", "A1#enf.case.closed", "A1#2"]


AT = "2026-03-10T10:00:00+08:00"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (f",罚款,{AT},,5,,", "there is no case."),
        (f"A2,,{AT},,5,,", "there is no step."),
        ("A2,罚款,,,5,,", "there is no occurred_at."),
        ("A2,罚款,2026-03-10 10:00:00,,5,,", "at: '2026-03-10 10:00:00' tells no offset"),
        (f"A2,罚款,{AT},,NaN,,", "sum: 'NaN' is no sum."),
        (f"A2,罚款,{AT},,-5,,", "sum: '-5' is negative, which this kind of event forbids."),
        (f"A2\u0007,罚款,{AT},,5,,", "case: "),
        (f"{'A' * 181},罚款,{AT},,5,,", "case: "),
        (f"A2,罚款,{AT},{'o' * 181},5,,", "actor: "),
        (f"A2,罚款,{AT},,5,{'n' * 20_001},", "note: a text of 20,001 characters"),
        (f"A2,罚款,{AT},,5,,tomorrow", "ended: 'tomorrow' is no time"),
    ],
)
def test_a_fault_names_the_line_says_what_to_do_and_keeps_what_came_before(
    tmp_path: Path, row: str, what: str
) -> None:
    path = csv_log(tmp_path, lines(f"A1,罚款,{AT},,5,,", row, f"A3,罚款,{AT},,5,,"))
    found, problem = refused(path, mapping(tmp_path))
    assert [each.event.id for each in found] == ["A1#1"]
    assert problem.what.startswith(what)
    assert problem.where == "log.csv:3"
    assert problem.remedy


def test_a_fault_in_xes_names_trace_case_and_event(tmp_path: Path) -> None:
    bad = '<float key="amount" value="NaN"/>'
    path = xes_log(tmp_path, trace("A1", event()) + trace("B2", event(), event(more=bad)))
    found, problem = refused(path, mapping(tmp_path))
    assert [each.event.id for each in found] == ["A1#1", "B2#1"]
    assert problem.where == "log.xes, trace 2 ('B2'), event 2"
    path = xes_log(tmp_path, trace("A1", event()) + trace(None, event()))
    found, problem = refused(path, mapping(tmp_path))
    assert len(found) == 1
    assert (problem.what, problem.where) == ("there is no case.", "log.xes, trace 2, event 1")


def test_a_column_of_free_text_is_no_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_logs, "MOST_KINDS", 5)
    rows = [f"A1,free text {n},{AT},,,," for n in range(6)]
    found, problem = refused(csv_log(tmp_path, lines(*rows)), mapping(tmp_path))
    assert len(found) == 4  # with the one that is named
    assert problem.what == "more than 5 different steps."


@pytest.mark.parametrize("name", ["log.xlsx", "log", "log.gz", "csv"])
def test_a_format_that_is_not_described_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(IntakeError) as problem:
        EventLog(tmp_path / name, mapping(tmp_path))
    assert problem.value.remedy == "It reads .csv, .csv.gz, .xes, .xes.gz."


def test_a_gb18030_export_with_local_times_and_chinese_headings_is_read(tmp_path: Path) -> None:
    told = csv_document(
        {"encoding": "gb18030", "delimiter": ";", "decimal_mark": ",", "group_mark": "."},
        occurred_at={
            "name": "at",
            "format": "%Y年%m月%d日 %H:%M",
            "zone": "Asia/Shanghai",
            "precision": "minute",
        },
    )
    text = lines("A1,罚款,2026年03月10日 10:05,陈,1.234,50,补充说明㐀,").replace(",", ";")
    text = text.replace("1.234;50", "1.234,50")
    path = csv_log(tmp_path, text, "gb18030", "log.csv.gz")
    (found,) = translated(path, mapping(tmp_path, **told))
    assert found.event.amount == Money(minor=123450)
    assert found.event.occurred_at.isoformat() == "2026-03-10T10:05:00+08:00"
    assert found.event.precision is Precision.MINUTE
    assert found.event.attributes == {"note": "补充说明㐀"}
    assert found.event.actor == Actor(id="陈")
