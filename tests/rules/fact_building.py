"""One fact over a small history, for the tests of facts."""

from typing import Any

from cleangov_plugin.domain.record import Record
from cleangov_plugin.rules import compile_rule
from cleangov_plugin.rules.bound import bind
from cleangov_plugin.rules.evaluation import default_binding
from cleangov_plugin.rules.frame import FactValue, Frame
from tests.rules.rule_building import document, event, known

FIELDS = {"no": {"type": "text"}, "limit": {"type": "money", "range": ["0.01元", "1亿元"]}}


def fact(
    spec: dict[str, Any], *history: Record, now: Record | None = None, **more: Any
) -> FactValue:
    """Compute one fact for an event after a history."""
    params = {"limit": {"type": "integer", "default": 2, "range": [0, 100]}}
    rule = compile_rule(document("true", facts={"f": spec}, fields=FIELDS, parameters=params))
    bound = bind(rule, default_binding(rule))
    frame = Frame(now or event(yuan=5), known(*history, **more))
    return frame.fact(bound.facts["f"])


A = event("2026-03-01T09:00:00+08:00", kind="enf.a", yuan=1, attributes={"no": "x"})
B = event("2026-03-03T09:00:00+08:00", kind="enf.b", yuan=2)
C = event("2026-03-05T09:00:00+08:00", kind="enf.a", yuan=4, attributes={"no": "y"})
NAMELESS = event("2026-03-06T09:00:00+08:00", kind="enf.a")
