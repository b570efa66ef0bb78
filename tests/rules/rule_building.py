"""Small rules and events for the tests of the language."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cleangov_hooks import Money, Precision, Stream
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase
from cleangov_plugin.rules import (
    Knowledge,
    Rule,
    RuleSet,
    compile_binding,
    compile_rule,
    evaluate,
    plan,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
ROME = ZoneInfo("Europe/Rome")
BOTH = {"zh": "一", "en": "one"}


def document(condition: str = "amount > 800元", **more: Any) -> dict[str, Any]:
    """A rule that says nothing but its condition."""
    return {
        "id": "T01",
        "version": 1,
        "title": BOTH,
        "why": BOTH,
        "basis": [{"law": BOTH, "status": "method"}],
        "on": ["enf.decision.made"],
        "severity": "minor",
        "condition": condition,
        "texts": {"headline": BOTH, "body": BOTH},
        **more,
    }


def event(at: str = "2026-03-10T10:00:00+08:00", **more: Any) -> Record:
    """An event; yuan as whole numbers."""
    yuan = more.pop("yuan", None)
    moment = datetime.fromisoformat(at).astimezone(UTC)
    values: dict[str, Any] = {
        "event_id": f"e-{at}",
        "source": "tests",
        "log_id": "tests",
        "stream": Stream.ENFORCEMENT,
        "case_id": "c",
        "kind": "enf.decision.made",
        "step": "decide",
        "actor": "chen",
        "occurred_at": moment,
        "recorded_at": moment,
        "amount": None if yuan is None else Money(minor=yuan * 100),
    }
    return Record(**{**values, **more})


def day(date: str, **more: Any) -> Record:
    """An event known to the day only."""
    return event(f"{date}T00:00:00+08:00", precision=Precision.DAY, **more)


def known(*history: Record, **more: Any) -> Knowledge:
    return Knowledge(**{"zone": SHANGHAI, "history": history, **more})


def ask(
    rule: Rule | Mapping[str, Any],
    record: Record,
    knowledge: Knowledge | None = None,
    *,
    phase: Phase = Phase.EVENT,
    **binding: Any,
) -> RuleOutcome:
    """Ask one rule about one event; the short way, which officers wait for, has to say the same."""
    compiled = rule if isinstance(rule, Rule) else compile_rule(rule)
    bound = compile_binding({"id": "b", "tier": 0, "phases": [phase.value], **binding}, compiled)
    planned = plan(
        RuleSet(1, ((compiled, bound),)),
        record.kind,
        phase,
        on=record.occurred_at.date(),
        unit=record.unit,
        step=record.step,
        source=record.source,
    )
    found = evaluate(planned, record, knowledge or known()).outcomes[0]
    short = evaluate(planned, record, knowledge or known(), is_brief=True).outcomes[0]
    assert (short.result, short.fields) == (found.result, found.fields)
    return found
