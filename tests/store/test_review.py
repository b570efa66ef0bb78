"""How far somebody may see is part of every query: nothing of another unit is ever answered."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_plugin.domain.our_kinds import NAME_VIEWED
from cleangov_plugin.domain.terms import AttemptState, Fate, FindingState, Mark
from cleangov_plugin.ledger.body import Versions, encode_body
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store import (
    attempts,
    entries,
    findings,
    knowledge,
    prompts,
    review,
    review_cases,
    review_findings,
    run_counts,
    tables,
)
from cleangov_plugin.store.replay_runs import RunState, open_run
from cleangov_plugin.store.review import EntryQuery, Reach
from cleangov_plugin.store.review_findings import FindingQuery
from cleangov_plugin.store.run import run
from tests.store.samples import NOON, RETENTION, digest, record, request

LOG = "CN-330105"
UNITS = ("U1", "U2", None)
ALL, ONE = Reach(sees_hidden=True), Reach(unit="U1")


def write(connection: sa.Connection, number: int, marks: int = 0, **changes: Any) -> None:
    event = record(number, **changes)
    found = knowledge.read(connection, request(event))
    assert found.place is not None
    body = encode_body(event, found.place, Versions(ruleset=1, calendar=1, contract=1))
    draft = entries.draft(
        event,
        found.place,
        body,
        digest=digest(event),
        now=NOON,
        seen=entries.Seen(snapshot=found.snapshot, marks=marks),
        retention=RETENTION,
    )
    assert isinstance(entries.append(connection, draft), entries.Appended)


def lead(number: int, **changes: Any) -> findings.FindingDraft:
    is_signal = changes.get("state") == "signal"
    values: dict[str, Any] = {
        "log_id": LOG,
        "rule_id": "E07",
        "rule_version": 1,
        "binding_id": "b",
        "subject": f"case-{number}",
        "part": "",
        "is_signal": is_signal,
        "severity": "revocable",
        "visibility": "officer",
        "state": "open",
        "owner": None if is_signal else "supervision",
        "due_on": None if is_signal else f"2026-03-{10 + number}",
        "stream": "enforcement",
        "step": "decide",
        "unit": "U1",
        "actor": None,
        "event_key": f"yunting\tE{number}",
        "event_id": f"E{number}",
        "shown_values": "{}",
        "occurred_at": stamp(NOON),
        "found_at": stamp(NOON),
        "retention_class": "case",
        "retain_until": None,
    }
    return findings.FindingDraft(**{**values, **changes})


def held(connection: sa.Connection, name: str, unit: str | None, fate: Fate) -> None:
    row = attempts.AttemptRow(
        log_id=LOG,
        attempt_id=name,
        stream="enforcement",
        subject="shared",
        kind="k",
        step="s",
        actor="a",
        unit=unit,
        digest="d",
        event=None,
        context=None,
        ruleset=1,
        calendar=1,
    )
    attempts.save_attempt(connection, row, NOON, RETENTION)
    prompt = prompts.PromptRow(
        prompt_id=f"p-{name}",
        log_id=LOG,
        attempt_id=name,
        subject="shared",
        step="s",
        actor="a",
        tier=4,
        rules=json.dumps(["E07@1"]),
        outcomes="[]",
        digest="d",
        created_at=stamp(NOON),
        expires_at=None,
    )
    prompts.save_prompt(connection, prompt, RETENTION)
    prompts.set_fate(connection, f"p-{name}", fate, NOON)
    attempts.close_attempt(connection, LOG, name, AttemptState.DONE)


@pytest.fixture
def filled(connection: sa.Connection) -> Iterator[sa.Connection]:
    number = 0
    for unit in UNITS:
        for subject in ("shared", f"of-{unit}"):
            for kind in ("enf.decision.made", NAME_VIEWED):
                number += 1
                marks = Mark.HIT if subject == "shared" else Mark.HIDDEN_HIT
                marks |= Mark.OURS if kind == NAME_VIEWED else Mark(0)
                write(connection, number, marks.value, unit=unit, case_id=subject, kind=kind)
        held(connection, f"a-{unit}", unit, Fate.WITHDRAWN)
    drafts = [
        lead(n, unit=unit, visibility=visibility, state=state)
        for n, (unit, visibility, state) in enumerate(
            (unit, visibility, state)
            for unit in UNITS
            for visibility in ("officer", "lead", "oversight")
            for state in ("open", "signal")
        )
    ]
    findings.open_findings(connection, drafts)
    yield connection
    connection.rollback()


def listed(reach: Reach, **wanted: Any) -> Callable[[sa.Connection], list[Any]]:
    query = EntryQuery(log_id=LOG, reach=reach, **wanted)
    return lambda c: [row["unit"] for row in review.entries(c, query, size=50).rows]


def leads(reach: Reach, state: FindingState, **wanted: Any) -> Callable[[sa.Connection], list[Any]]:
    query = FindingQuery(log_id=LOG, reach=reach, state=state, **wanted)
    return lambda c: [
        (row["unit"], row["visibility"]) for row in review_findings.page(c, query, size=50).rows
    ]


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"subject": "shared"},
        {"marks": 15},
        {"stream": "enforcement"},
        {"kinds": ("enf.decision.made",)},
        {"said": ("decision",)},
    ],
)
def test_entries_of_one_unit_alone(filled: sa.Connection, wanted: dict[str, Any]) -> None:
    everything, mine = listed(ALL, **wanted)(filled), listed(ONE, **wanted)(filled)
    assert set(everything) == set(UNITS)
    assert mine
    assert set(mine) == {"U1"}
    assert listed(ONE, unit="U2", **wanted)(filled) == []


def test_our_own_kinds_are_for_those_who_see_everything(filled: sa.Connection) -> None:
    asked = {"kinds": (NAME_VIEWED,)}
    assert len(listed(ALL, **asked)(filled)) == 6
    assert listed(ONE, **asked)(filled) == []
    chosen = review.choices(filled, EntryQuery(log_id=LOG, reach=ONE))
    assert chosen == {"kind": ("enf.decision.made",), "unit": ("U1",)}


def test_the_entry_of_an_event_for_one_unit(filled: sa.Connection) -> None:
    keys = {n: f"yunting\tE{n}" for n in range(1, 13)}
    seen = {n for n, key in keys.items() if review.entry_of(filled, LOG, key, ONE)}
    assert seen == {1, 3}
    assert {n for n, key in keys.items() if review.entry_of(filled, LOG, key, ALL)} == set(keys)
    assert review.entry_of(filled, "another", keys[1], ALL) is None


def test_a_case_for_one_unit(filled: sa.Connection) -> None:
    def units(subject: str, reach: Reach) -> list[Any]:
        traces, is_cut = review_cases.traces(filled, LOG, subject, reach)
        assert not is_cut
        rows = review_cases.whole(filled, [trace.id for trace in traces])
        return [(rows[trace.id]["unit"], trace.kind == NAME_VIEWED) for trace in traces]

    assert units("shared", ONE) == [("U1", False), (None, False)]
    assert units("of-U1", ONE) == [("U1", False)]
    assert units("of-U2", ONE) == []
    assert units("of-None", ONE) == [], "what nobody of any unit did is part of a case, not one"
    assert len(units("shared", ALL)) == 6


def test_what_stood_before_the_officers_of_one_unit(filled: sa.Connection) -> None:
    mine = review_cases.held(filled, LOG, "shared", ONE)
    assert [each.attempt["unit"] for each in mine] == ["U1"]
    assert len(review_cases.held(filled, LOG, "shared", ALL)) == 3
    assert review_cases.put_right_since(filled, LOG, ONE, stamp(NOON), ["corrected"]) == 1
    assert review_cases.put_right_since(filled, LOG, ALL, stamp(NOON), ["corrected"]) == 3
    assert review_cases.put_right_since(filled, LOG, ALL, "2027", ["corrected"]) == 0


@pytest.mark.parametrize("state", [FindingState.OPEN, FindingState.SIGNAL])
@pytest.mark.parametrize("wanted", [{}, {"rule_id": "E07"}, {"severities": ("revocable",)}])
def test_findings_of_one_unit_and_none_for_oversight(
    filled: sa.Connection, state: FindingState, wanted: dict[str, Any]
) -> None:
    assert len(leads(ALL, state, **wanted)(filled)) == 9
    mine = leads(ONE, state, **wanted)(filled)
    assert sorted(mine) == [("U1", "lead"), ("U1", "officer")]
    assert leads(ONE, state, unit="U2", **wanted)(filled) == []
    query = FindingQuery(log_id=LOG, reach=ONE, state=state, **wanted)
    assert review_findings.count(filled, query) == 2
    assert review_findings.units_and_rules(filled, query) == (("U1",), ("E07",))
    everything = replace(query, reach=ALL)
    assert review_findings.units_and_rules(filled, everything) == (("U1", "U2"), ("E07",))


def test_one_finding_for_one_unit(filled: sa.Connection) -> None:
    rows = run(filled, sa.select(tables.finding)).mappings().all()
    assert len(rows) == 18
    for row in rows:
        is_mine = row["unit"] == "U1" and row["visibility"] != "oversight"
        assert bool(review_findings.one_for(filled, row["id"], ONE, {LOG})) is is_mine
        assert review_findings.one_for(filled, row["id"], ONE, {"another"}) is None
        assert review_findings.one_for(filled, row["id"], ALL, None)


def test_the_findings_of_a_case_for_one_unit(filled: sa.Connection) -> None:
    for number in range(18):
        found = review_cases.findings_of(filled, LOG, f"case-{number}", ONE)
        assert all(row["unit"] == "U1" and row["visibility"] != "oversight" for row in found)
        assert len(review_cases.findings_of(filled, LOG, f"case-{number}", ALL)) == 1


def test_how_the_findings_of_a_rule_ended(filled: sa.Connection) -> None:
    assert review_findings.record(filled, LOG, "E07") == review_findings.Record()
    finding = tables.finding
    for number, told in ((0, "cleared"), (2, "cleared"), (4, "rectified"), (6, None)):
        change = {"state": "closed", "disposition": told}
        run(filled, sa.update(finding).where(finding.c.subject == f"case-{number}").values(change))
    assert review_findings.record(filled, LOG, "E07") == review_findings.Record(
        closed=4, by_disposition={"": 1, "cleared": 2, "rectified": 1}
    )
    assert review_findings.record(filled, LOG, "E08").closed == 0


def test_counts_of_a_replayed_log_are_kept_with_its_fullest_run(connection: sa.Connection) -> None:
    seen = {"X10": {"cases": 3, "hits": 2, "cannot_be_checked": 1, "missing": {"actor": 1}}}
    runs = [open_run(connection, LOG, f"file-{n}", "mapping") for n in range(3)]
    table = tables.replay_run
    summary = json.dumps({"title": {"zh": "日志"}, "doi": "10.1/x"})
    run(connection, sa.update(table).values(state=RunState.DONE.value, summary=summary))
    assert run_counts.counted(connection)[0].rules is None
    run_counts.keep(connection, runs[0].run_id, {"X10": {**seen["X10"], "cases": 9}}, 20)
    run_counts.keep(connection, runs[1].run_id, seen, 10)
    (found,) = run_counts.counted(connection)
    assert found.entries == 20
    assert found.rules is not None
    assert found.rules["X10"].cases == 9
    assert found.rules["X10"].missing == {"actor": 1}
    assert found.summary == {"title": {"zh": "日志"}, "doi": "10.1/x"}
    run_counts.keep(connection, runs[1].run_id, seen, 30)
    assert run_counts.counted(connection)[0].entries == 30
    assert run_counts.replayed(connection) == {LOG}


def test_a_run_under_way_is_not_counted(connection: sa.Connection) -> None:
    open_run(connection, LOG, "file", "mapping")
    assert run_counts.counted(connection) == ()
    assert run_counts.replayed(connection) == {LOG}
