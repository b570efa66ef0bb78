"""Facts over the events of all cases: which events count, what is unknown, what is refused."""

from typing import Any

import pytest

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.record import Record
from cleangov_plugin.rules import Knowledge, RuleSet, compile_rule, default_binding, run_examples
from cleangov_plugin.rules.across import MOST_EVENTS
from cleangov_plugin.rules.facts import resolve
from cleangov_plugin.rules.frame import FactValue, Frame
from tests.rules.rule_building import ROME, SHANGHAI, document, event

FIELDS = {"firm": {"type": "text"}, "supplier": {"type": "text"}, "mode": {"type": "text"}}
MADE = {"of": "enf.decision.made", "per": ["firm"], "within": "90 days"}


def rule(spec: dict[str, Any], **more: Any) -> Any:
    fields = {"firm": {"type": "text"}, "supplier": {"type": "text"}, "amount": {"type": "money"}}
    return compile_rule(document("facts.f == facts.f", facts={"f": spec}, fields=fields, **more))


def of(firm: str | None, at: str, yuan: int | None = 1, **more: Any) -> Record:
    """An event of another case."""
    attributes = {} if firm is None else {"firm": firm}
    return event(f"{at}T10:00:00+08:00", yuan=yuan, case_id="other", attributes=attributes, **more)


def asked(spec: dict[str, Any], *past: Record, now: Record | None = None, **more: Any) -> FactValue:
    fact = resolve(rule(spec).facts, rule(spec).fields, {})["f"]
    known = Knowledge(zone=more.pop("zone", SHANGHAI), elsewhere=past, **more)
    return fact.compute(Frame(now or of("a", "2026-03-10"), known))


COUNT = {"count": "enf.decision.made", "per": ["firm"], "within": "90 days"}


@pytest.mark.parametrize(
    ("spec", "value", "empty"),
    [
        (COUNT, 2, 0),
        ({"exists": "enf.decision.made", "per": ["firm"], "within": "90 days"}, True, False),
        ({"sum": "amount", **MADE}, 300, 0),
        ({"distinct": "amount", **MADE}, 2, 0),
        ({"elapsed_since": "enf.decision.made", "per": ["firm"], "within": "90 days"}, 8, None),
    ],
)
def test_the_events_of_one_group_count_and_nothing_else(
    spec: dict[str, Any], value: int, empty: int | None
) -> None:
    past = [of("a", "2026-03-01", 1), of("b", "2026-03-05", 5), of("a", "2026-03-02", 2)]
    assert asked(spec, *past).value == value
    assert asked(spec, past[1]).value == empty


def test_a_window_is_counted_in_civil_days_of_the_place() -> None:
    days = ["2025-12-09", "2025-12-10", "2026-03-10", "2026-03-11"]
    assert asked(COUNT, *(of("a", day) for day in days)).value == 2
    late = of("a", "2025-12-10", occurred_at=of("a", "2025-12-09").occurred_at.replace(hour=15))
    assert asked(COUNT, late).value == 0  # 23:00 in Shanghai on the day before the window
    evening = of("a", "2026-03-10").occurred_at.replace(day=9, hour=23, minute=30)
    assert asked(COUNT, of("a", "2026-03-10", occurred_at=evening), zone=ROME).value == 1


def test_the_own_case_counts_and_the_present_event_does_not() -> None:
    assert asked(COUNT, of("a", "2026-03-01"), history=(of("a", "2026-03-02"),)).value == 2


def test_a_missing_key_is_unknown_and_named_and_joins_no_group() -> None:
    found = asked(COUNT, of("a", "2026-03-01"), now=of(None, "2026-03-10"))
    assert (found.value, found.missing, found.is_blank) == (None, ("firm",), True)
    assert asked(COUNT, of(None, "2026-03-01")).value == 0


def test_a_missing_sum_is_unknown_and_named() -> None:
    found = asked({"sum": "amount", **MADE}, of("a", "2026-03-01", None), of("a", "2026-03-02", 2))
    assert (found.value, found.missing) == (None, ("enf.decision.made.amount",))


def test_a_condition_reads_the_past_event_and_the_present_one() -> None:
    spec = {**COUNT, "where": "amount >= current.amount"}
    past = [of("a", "2026-03-01", 5), of("a", "2026-03-02", 4), of("b", "2026-03-02", 9)]
    assert asked(spec, *past, now=of("a", "2026-03-10", 5)).value == 1


def test_another_name_on_the_past_event() -> None:
    spec = {**COUNT, "as": {"firm": "supplier"}}
    past = [
        of(None, "2026-03-01").__class__(**{**_values(of(None, "2026-03-01")), "attributes": a})
        for a in ({"supplier": "a"}, {"firm": "a"})
    ]
    assert asked(spec, *past).value == 1


def _values(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def test_groups_that_are_not_known_are_unknown() -> None:
    found = asked(COUNT, groups={})
    assert (found.value, found.missing) == (None, ("facts.f",))


def test_more_events_than_are_looked_at_are_unknown() -> None:
    many = (of("a", "2026-03-01"),) * MOST_EVENTS
    assert asked(COUNT, *many).value == MOST_EVENTS
    assert asked(COUNT, *many, of("a", "2026-03-01")).missing == ("facts.f",)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({**COUNT, "per": ["actor"]}, "one person"),
        ({**COUNT, "per": ["recorded_on"]}, "one person"),
        ({**COUNT, "per": []}, "at least one field"),
        ({**COUNT, "per": ["frim"]}, "Did you mean 'firm'"),
        ({**COUNT, "within": "24 hours"}, "civil days"),
        ({**COUNT, "after": "enf.intent.notified"}, "does nothing"),
        ({**COUNT, "where": "actor == current.actor"}, "one person"),
        ({**COUNT, "as": {"supplier": "firm"}}, "does not stand under 'per'"),
        ({**COUNT, "as": {"firm": "actor"}}, "one person"),
        ({**COUNT, "as": {"firm": "amount"}}, "not of one type"),
        ({"count": "enf.decision.made", "as": {}}, "does nothing"),
    ],
)
def test_what_makes_no_sense_is_refused(spec: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleError, match=r"T01\.facts\.f") as refused:
        rule(spec)
    assert message in str(refused.value)


def test_facts_that_ask_the_same_events_share_a_group() -> None:
    both = {"f": COUNT, "g": {"sum": "amount", **MADE, "within": "30 days"}}
    fields = {"firm": {"type": "text"}, "amount": {"type": "money"}}
    made = compile_rule(document("facts.f > 1 and facts.g > 1元", facts=both, fields=fields))
    rules = RuleSet(1, ((made, default_binding(made)),))
    (group,) = rules.groups()
    assert rules.groups_of("enf.decision.made") == (group,)
    assert rules.groups_of("enf.intent.notified") == ()


def test_an_example_tells_of_other_cases() -> None:
    given = {
        "event": {"kind": "enf.decision.made", "at": "2026-03-10", "attributes": {"firm": "a"}},
        "elsewhere": [
            {"kind": "enf.decision.made", "at": "2026-03-01", "attributes": {"firm": "a"}}
        ],
    }
    for key in ("event", "elsewhere"):
        for one in [given[key]] if key == "event" else given[key]:
            one["at"] += "T10:00:00+08:00"  # type: ignore[index,operator]
    alone = {key: value for key, value in given.items() if key == "event"}
    examples = [
        {"name": "two", "given": given, "expect": "hit", "why": "two"},
        {"name": "one", "given": alone, "expect": "clear", "why": "one"},
    ]
    made = document("facts.f >= 1", facts={"f": COUNT}, fields={"firm": {"type": "text"}})
    assert run_examples({**made, "examples": examples}) == []
