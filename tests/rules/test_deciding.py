"""An explanation gives the verdict of the closure, and names what decided it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cleangov_plugin.domain.terms import Result
from cleangov_plugin.rules import compile_rule, explain
from cleangov_plugin.rules.closure import name_closure
from cleangov_plugin.rules.deciding import deciding
from cleangov_plugin.rules.reading import value_of
from cleangov_plugin.rules.trace import verdict
from cleangov_plugin.rules.tree import Core, Name, names
from tests.rules.rule_building import ROME, ask, document, event, known
from tests.support.counts import full
from tests.support.forms import Batch, batch
from tests.support.random_rules import rule_document

FIELDS = {
    "n": {"type": "integer", "label": {"zh": "处数", "en": "places"}},
    "a": {"type": "boolean", "label": {"zh": "复核", "en": "reviewed"}},
    "b": {"type": "boolean", "label": {"zh": "公示", "en": "published"}},
}
MOMENT = {"type": "datetime"}


def said(condition: str, language: str, **attributes: Any) -> list[str]:
    rule = compile_rule(document(condition, fields=FIELDS))
    return explain(rule, ask(rule, event(attributes=attributes)), language)[1:]


@pytest.mark.parametrize(
    ("condition", "given", "zh", "en"),
    [
        ("a and (b or n > 3)", {"a": True, "b": False, "n": 5}, "复核 是 → 是；处数 5 > 3 → 是",
         "reviewed yes → yes; places 5 > 3 → yes"),
        ("a and n > 3", {"a": False, "n": 5}, "复核 否 → 否", "reviewed no → no"),
        ("n > 3 and a and b", {"a": False, "b": False, "n": 5}, "复核 否 → 否", "reviewed no → no"),
        ("n > 3 or a", {"a": True, "n": 5}, "处数 5 > 3 → 是", "places 5 > 3 → yes"),
        ("not (n > 3 and a)", {"a": False, "n": 5}, "复核 否 → 否", "reviewed no → no"),
        ("known(a and b, n > 3)", {"a": False}, "复核 否 → 否", "reviewed no → no"),
    ],
)  # fmt: skip
def test_what_decided_is_named_in_both_languages(
    condition: str, given: dict[str, Any], zh: str, en: str
) -> None:
    assert f"起决定作用：{zh}" in said(condition, "zh", **given)
    assert f"decided by: {en}" in said(condition, "en", **given)


def test_where_all_parts_decided_or_there_is_one_no_line_repeats_it() -> None:
    assert said("a and n > 3", "en", a=True, n=5) == ["reviewed yes → yes", "places 5 > 3 → yes"]
    assert said("n > 3", "en", n=5) == ["places 5 > 3 → yes"]


def test_what_is_unknown_is_what_decided_that_nothing_can_be_said() -> None:
    found = said("a and (b or n > 3)", "en", a=True, b=False)
    assert found[-2:] == ["decided by: places — > 3 → cannot be checked", "missing: places"]


@pytest.mark.parametrize("seeds", full(range(2), slow=(range(2, 22),)), ids=str)
def test_what_decided_would_do_alone(seeds: range) -> None:
    """Every other name becomes unknown, and the answer is the same."""
    for seed in seeds:
        asked, others = batch(seed, 40, 24), 0
        for number, expression in enumerate(asked.expressions):
            for row, value in enumerate(asked.expected[number]):
                others += _do_alone(asked, expression.node, row, value)
        assert others > 100, "there must be names that did not decide"


def _do_alone(asked: Batch, node: Any, row: int, value: bool | None) -> int:
    frame, inputs = asked.frames[row], asked.bound.inputs

    def lookup(name: Name) -> Core:
        found: Core = name_closure(name, inputs)(frame)
        return found

    parts = deciding(node, lookup)
    assert parts
    if value is None:
        assert all(value_of(part, lookup) is None for part in parts)
        return 0
    kept = {name.path for part in parts for name in names(part)}
    alone = value_of(node, lambda name: lookup(name) if name.path in kept else None)
    assert alone is value
    return len(names(node)) - len(kept)


@pytest.mark.thorough
@pytest.mark.parametrize("seeds", full(range(1), slow=(range(1, 11),)), ids=str)
def test_the_verdict_of_an_explanation_is_the_verdict_of_the_closure(seeds: range) -> None:
    """From the values an outcome carries, as they are kept, not from the event."""
    for seed in seeds:
        asked = batch(seed, 40, 24)
        for expression, expected in zip(asked.expressions, asked.expected, strict=True):
            rule = compile_rule({**rule_document(), "condition": expression.text})
            for frame, value in zip(asked.frames, expected, strict=True):
                outcome = ask(rule, frame.record, frame.knowledge)
                assert verdict(rule, outcome) is value
                assert (outcome.result is Result.HIT) == (value is True)
                for language in ("zh", "en"):
                    assert len(explain(rule, outcome, language)) > 1


def test_an_explanation_counts_the_hour_that_a_clock_repeats() -> None:
    """From half past one to half past one, by the clock of Rome, an hour went by."""
    rule = compile_rule(
        document("ended - begun == 60 minutes", fields=dict.fromkeys(("begun", "ended"), MOMENT))
    )
    first, again = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    record = event(attributes={"begun": first, "ended": again})
    outcome = ask(rule, record, known(zone=ROME))
    assert outcome.result is Result.HIT
    assert verdict(rule, outcome) is True


@pytest.mark.parametrize("name", ["begun", "ended"])
def test_moments_of_one_zone_are_counted_in_utc(name: str) -> None:
    """A host may give its moments in its own zone; two of one zone must not be compared by it."""
    rule = compile_rule(
        document(f"{name} - begun == 60 minutes", fields=dict.fromkeys(("begun", "ended"), MOMENT))
    )
    first, again = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    given = {"begun": first.astimezone(ROME), "ended": again.astimezone(ROME)}
    is_hit = ask(rule, event(attributes=given)).result is Result.HIT
    assert is_hit == (name == "ended")
