"""Counting cases rule by rule: what an entry does not name is worked out, and is never guessed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from cleangov_hooks import Stream
from cleangov_plugin.desk.shelf import Ledger, Shelf
from cleangov_plugin.desk.tally import RuleTally, tally
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Result, Severity, Tier, Visibility
from cleangov_plugin.intake.rule_files import load_rulebook, rulebook_folder
from cleangov_plugin.ledger.body import Versions, encode_body
from cleangov_plugin.store import entries, knowledge, rulebook
from cleangov_plugin.store.database import Database
from tests.store.samples import NOON, RETENTION, digest, record, request

LOG = "CN-330105"


@pytest.fixture
def ours(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    documents = [d for d in load_rulebook(rulebook_folder()) if d["id"] in ("E60", "X10")]
    with database.own_transaction() as connection:
        rulebook.save_agency(connection, LOG, {"zh": "云汀"}, "Asia/Shanghai", "CN")
        rulebook.sync(connection, LOG, documents, NOON)
    yield database
    database.dispose()


def ledger(ours: Database) -> Ledger:
    with ours.own_transaction(is_reading=True) as connection:
        found = Shelf().ledger(connection, LOG)
    assert found is not None
    return found


def outcome(rule: str, result: Result, *fields: str) -> RuleOutcome:
    return RuleOutcome(
        rule_id=rule,
        version=1,
        binding_id=f"{rule}-event",
        result=result,
        severity=Severity.SIGNAL,
        tier=Tier.RECORD,
        visibility=Visibility.OFFICER,
        fields=fields,
    )


def permit(number: int, kind: str, case: str, actor: str | None, **more: Any) -> Record:
    at = NOON + timedelta(minutes=number)
    more = {"stream": Stream.PERMIT, "amount": None, "recorded_at": at, "occurred_at": at, **more}
    return record(number, kind=kind, case_id=case, actor=actor, **more)


def written(ours: Database, event: Record, *outcomes: RuleOutcome, ruleset: int = 1) -> None:
    with ours.own_transaction() as connection:
        found = knowledge.read(connection, request(event))
        assert found.place is not None
        versions = Versions(ruleset=ruleset, calendar=0, contract=1)
        body = encode_body(event, found.place, versions, outcomes=outcomes)
        seen = entries.Seen(snapshot=found.snapshot)
        draft = entries.draft(
            event, found.place, body, digest=digest(event), now=NOON, seen=seen, retention=RETENTION
        )
        entries.append(connection, draft)


def counted(ours: Database) -> dict[str, RuleTally]:
    with ours.own_transaction(is_reading=True) as connection:
        return {rule.rule_id: rule for rule in tally(connection, ledger(ours)).rules}


def test_clear_and_not_applicable_are_told_apart_though_no_entry_names_them(
    ours: Database,
) -> None:
    written(ours, permit(1, "prm.checked", "two people", "a"))
    written(ours, permit(2, "prm.determined", "two people", "b"))
    written(ours, permit(3, "prm.checked", "one step alone", "a"))
    written(ours, permit(4, "prm.reviewed", "no rule looks at this", "a"))
    found = counted(ours)
    assert found["X10"] == RuleTally(rule_id="X10", cases=1)
    assert found["E60"] == RuleTally(rule_id="E60")


def test_a_case_counts_once_and_a_hit_outweighs_what_could_not_be_checked(ours: Database) -> None:
    hit, blind = outcome("X10", Result.HIT), outcome("X10", Result.CANNOT_BE_CHECKED, "actor")
    for number, (case, said) in enumerate(
        [("both", hit), ("both", hit), ("both", blind), ("blind", blind), ("blind", blind)]
    ):
        written(ours, permit(number, "prm.determined", case, None), said)
    error = outcome("X10", Result.ERROR)
    written(ours, permit(9, "prm.determined", "failed", "a"), error)
    assert counted(ours)["X10"] == RuleTally(
        rule_id="X10",
        cases=3,
        hits=1,
        cannot_be_checked=2,
        missing={"actor": 1, "error": 1},
    )


def test_what_was_judged_by_rules_no_longer_in_force_counts_only_as_far_as_it_is_named(
    ours: Database,
) -> None:
    written(ours, permit(1, "prm.checked", "silent", "a"), ruleset=7)
    written(ours, permit(2, "prm.determined", "silent", "b"), ruleset=7)
    written(ours, permit(3, "prm.determined", "named", "a"), outcome("X10", Result.HIT), ruleset=7)
    with ours.own_transaction(is_reading=True) as connection:
        found = tally(connection, ledger(ours))
    assert found.older == 3
    x10 = next(rule for rule in found.rules if rule.rule_id == "X10")
    assert (x10.cases, x10.hits) == (1, 1)


def test_an_event_that_was_corrected_is_no_counterpart(ours: Database) -> None:
    written(ours, permit(1, "prm.checked", "corrected", "a"))
    written(ours, permit(2, "prm.reviewed", "corrected", "a", supersedes="E1"))
    written(ours, permit(3, "prm.determined", "corrected", "b"))
    assert counted(ours)["X10"].cases == 0
    written(ours, permit(4, "prm.checked", "put right", "a"))
    written(ours, permit(5, "prm.decided", "put right", "c", supersedes="E4"))
    written(ours, permit(6, "prm.determined", "put right", "b"))
    assert counted(ours)["X10"].cases == 0


def test_many_cases_are_read_in_slices(ours: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleangov_plugin.store.judged_entries._SLICE", 3)
    for number in range(14):
        kind = ("prm.checked", "prm.determined")[number % 2]
        written(ours, permit(number, kind, f"case {number // 2}", f"officer {number}"))
    assert counted(ours)["X10"] == RuleTally(rule_id="X10", cases=7)


@pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_a_transaction_open_elsewhere_leaves_nothing_out(ours: Database) -> None:
    with ours.own_transaction() as open_elsewhere:
        rulebook.save_agency(open_elsewhere, "CN-other", {"zh": "他市"}, "Asia/Shanghai", "CN")
        written(ours, permit(1, "prm.checked", "one", "a"))
        written(ours, permit(2, "prm.determined", "one", "b"))
        assert counted(ours)["X10"] == RuleTally(rule_id="X10", cases=1)
