"""The short way to a fact: it says what the long way says, and only where it is sure."""

from collections import Counter
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_hooks import Money, Precision
from cleangov_plugin.domain.record import Record
from cleangov_plugin.rules import compile_rule, facts
from cleangov_plugin.rules.bound import bind
from cleangov_plugin.rules.evaluation import default_binding
from cleangov_plugin.rules.facts import Fact
from cleangov_plugin.rules.frame import Frame
from tests.rules.fact_building import FIELDS
from tests.rules.rule_building import document, event, known

_WINDOWS = (
    {},
    {"before": "enf.b"},
    {"after": "enf.b"},
    {"after": "enf.a"},
    {"after": "enf.b", "before": "enf.c", "within": "6 days"},
    {"within": "3 days"},
    {"within": "50 hours"},
    {"where": "no == 'x'"},
)
_SHAPES: tuple[dict[str, Any], ...] = (
    {"count": "enf.a"},
    {"exists": "enf.a"},
    {"exists": ["enf.a", "enf.b"]},
    {"latest": "amount", "of": "enf.a"},
    {"first": "no", "of": "enf.a"},
    {"latest": "foreign", "of": "enf.a"},
    {"elapsed_since": "enf.a"},
    {"elapsed_since": "enf.a", "in": "duration"},
    {"sum": "amount", "of": "enf.a"},
)
SPECS = {
    f"f{number}": {**shape, **window}
    for number, (shape, window) in enumerate(product(_SHAPES, _WINDOWS))
}
PAST = st.builds(
    lambda kind, day, hour, yuan, no, precision: event(
        f"2026-03-{day:02d}T{hour:02d}:00:00+08:00",
        kind=f"enf.{kind}",
        yuan=yuan,
        precision=precision,
        attributes={"no": no, "foreign": Money(minor=day, currency="EUR")} if no else {},
    ),
    st.sampled_from("aaabc"),
    st.integers(4, 12),  # some are later than the present event, as a host's clock may say
    st.sampled_from([9, 15]),
    st.sampled_from([None, 0, 5, 2_000_000_000_000]),
    st.sampled_from([None, "x", "y"]),
    st.sampled_from([Precision.SECOND, Precision.DAY]),
)


def resolved() -> dict[str, Fact]:
    fields = {**FIELDS, "foreign": {"type": "money", "currency": "any"}}
    rule = compile_rule(document("true", facts=SPECS, fields=fields))
    return dict(bind(rule, default_binding(rule)).facts)


@pytest.fixture(scope="module")
def both() -> tuple[dict[str, Fact], dict[str, Fact]]:
    """Answer the facts as they are, and as they are without a short way."""
    short = resolved()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facts, "short_of", lambda _: None)
        return short, resolved()


@pytest.mark.thorough
@given(history=st.lists(PAST, max_size=5))
def test_both_ways_say_the_same_of_every_fact(
    both: tuple[dict[str, Fact], dict[str, Fact]], history: list[Record]
) -> None:
    frame = Frame(event(yuan=5), known(*history))
    short, long = ({n: f.compute(frame) for n, f in way.items()} for way in both)
    assert short == long


def test_what_has_a_short_way_is_what_is_asked_of_one_kind_without_a_condition(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: Counter[tuple[str, bool]] = Counter()
    real = facts.short_of
    monkeypatch.setattr(
        facts, "short_of", lambda s: made.update([(s.spec.operation, (f := real(s)) is None)]) or f
    )
    resolved()
    ways = len(_WINDOWS)
    assert {name: made[name, False] for name in ("count", "latest", "first", "sum")} == {
        "count": ways - 2,
        "latest": 2 * (ways - 2),
        "first": ways - 2,
        "sum": 0,
    }
    assert made["exists", False] == made["elapsed_since", False] == ways - 2
