"""What is read while a page is opened, so that nobody waits for it when the step is taken."""

from datetime import date

import pytest

from cleangov_plugin.desk.checkpoint.judging import _kinds
from cleangov_plugin.desk.shelf import Ledger
from cleangov_plugin.domain.terms import Phase
from cleangov_plugin.rules import RuleSet, compile_binding, compile_rule, plan
from tests.rules.rule_building import SHANGHAI, document, event

NOTICED = "enf.intent.notified"
DEFENDED = "enf.defence.received"


def ledger() -> Ledger:
    """A ledger with one rule for the gate and one for what has happened; neither for a page."""
    bound = []
    for id_, kind, phase in (("T01", NOTICED, "gate"), ("T02", DEFENDED, "event")):
        found = {"found": {"exists": kind}}
        rule = compile_rule({**document("not facts.found", facts=found), "id": id_})
        binding = {"id": f"{id_}-b", "tier": 0, "phases": [phase]}
        bound.append((rule, compile_binding(binding, rule)))
    return Ledger(log_id="tests", zone=SHANGHAI, rules=RuleSet(1, tuple(bound)))


@pytest.mark.parametrize(
    ("phase", "kinds"),
    [
        (Phase.OPEN, {NOTICED, DEFENDED}),
        (Phase.EDIT, set()),
        (Phase.GATE, {NOTICED}),
        (Phase.EVENT, {DEFENDED}),
    ],
)
def test_a_page_reads_ahead_what_its_step_will_ask_for(phase: Phase, kinds: set[str]) -> None:
    kept, record = ledger(), event()
    planned = plan(
        kept.rules, record.kind, phase,
        on=date(2026, 3, 10), unit=record.unit, step=record.step, source=record.source,
    )  # fmt: skip
    assert _kinds(kept, planned, record) == kinds
