"""Random rules with three facts that DuckDB may be asked about."""

from random import Random
from typing import Any

from tests.rules.rule_building import BOTH, document

NOTICE, DEFENCE, DECISION = "enf.intent.notified", "enf.defence.received", "enf.decision.made"
FIELDS = {
    "amount": {"type": "money", "range": ["0元", "10亿元"], "label": BOTH},
    "weight": {"type": "integer", "range": [0, 100], "label": BOTH, "required": False},
    "sum_due": {"type": "money", "currency": "any", "label": BOTH, "required": False},
    "urgent": {"type": "boolean", "label": BOTH, "required": False},
    "due": {"type": "date", "label": BOTH, "required": False},
    "area": {"type": "choice", "choices": ["north", "south"], "label": BOTH, "required": False},
}
KINDS = (NOTICE, DEFENCE, DECISION, "enf.inspection.done")
TESTS = {
    "count": ("facts.{0} == 0", "facts.{0} > 1"),
    "exists": ("facts.{0}", "not facts.{0}"),
    "elapsed_since": ("facts.{0} > 3 days", "facts.{0} <= 1 days"),
    "elapsed_since_working": ("facts.{0} > 3 working days", "facts.{0} <= 1 working days"),
    "missing_before": ("size(facts.{0}) > 1", "size(facts.{0}) == 0"),
    "same_actor": ("facts.{0}", "not facts.{0}"),
    "distinct": ("facts.{0} > 1",),
    "sum amount": ("facts.{0} > 1000元", "amount > facts.{0}"),
    "sum weight": ("facts.{0} > 31",),
    "sum sum_due": ("facts.{0} > sum_due",),
    "latest amount": ("facts.{0} > amount", "missing(facts.{0})"),
    "first weight": ("facts.{0} > weight",),
    "latest sum_due": ("facts.{0} <= sum_due",),
    "latest urgent": ("facts.{0}", "not facts.{0}"),
    "first due": ("facts.{0} < due", "facts.{0} < occurred_on"),
    "latest area": ("facts.{0} == area", "facts.{0} in ['north']"),
}
#: Conditions on earlier events, some of which speak of the present one.
WHERE = (
    "weight < 30",
    "urgent or area == 'north'",
    "amount > current.amount",
    "not (current.urgent and weight > current.weight)",
    "sum_due <= current.sum_due",
    "due > occurred_on or missing(current.due)",
    "current.occurred_on - occurred_on > 1 days",
    "actor == current.actor and unit in ['U1', '决定']",
    "ratio(amount, current.amount) > 60%",
    "known(weight, current.weight) == 30",
)
FIELD_TESTS = (
    "amount > 700元",
    "weight < 30",
    "urgent",
    "due > occurred_on",
    "area == 'north'",
    "unit == 'U1'",
    "missing(weight)",
    "ratio(amount, amount) > 50%",
)


def random_rule(random: Random) -> dict[str, Any]:
    """A rule with three facts, and a condition that reads them."""
    facts, parts = {}, [random.choice(FIELD_TESTS)]
    for number in range(3):
        words = random.choice(list(TESTS))
        facts[f"f{number}"] = random_fact(random, *words.split())
        parts.append(random.choice(TESTS[words]).format(f"f{number}"))
    glue = random.choice((" and ", " and ", " and ", " or "))
    scope = random.choice(
        ({}, {"units": ["U1"]}, {"streams": ["enforcement"]}, {"steps": ["决定"]})
    )
    return {
        **document(glue.join(random.sample(parts, 3)), fields=FIELDS, facts=facts),
        "on": random.sample(KINDS, random.choice((1, 2))),
        "applies": random.choice(FIELD_TESTS),
        "bindings": [
            {"id": "T01-gate", "tier": 3, "phases": ["gate"], "scope": scope},
            {"id": "T01-event", "tier": 0, "phases": ["event"]},
        ],
    }


def random_fact(random: Random, operation: str, field: str = "") -> dict[str, Any]:
    kinds = random.sample(KINDS, random.choice((1, 2)))
    if operation in ("missing_before", "same_actor"):
        is_by_kind = operation == "same_actor" and random.random() < 0.5
        return {operation: {kinds[0]: list(KINDS[:2])} if is_by_kind else kinds}
    fact: dict[str, Any] = {operation: field or kinds}
    if operation == "distinct":
        fact["distinct"] = random.choice(("area", "amount", "actor", "sum_due"))
    if field or operation == "distinct":
        fact["of"] = kinds
    for anchor in ("after", "before"):
        if random.random() < 0.3:
            fact[anchor] = random.choice(KINDS)
    if random.random() < 0.3:
        fact["within"] = random.choice(("0 days", "5 days", "40 days", "3 working days"))
    if random.random() < 0.4:
        fact["where"] = random.choice(WHERE)
    if operation == "elapsed_since_working":
        fact = {"elapsed_since": fact.pop(operation), "in": "working_days", **fact}
    return fact
