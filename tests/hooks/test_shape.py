"""A lying plugin: the right class with something else inside never reaches the host."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pluggy
import pytest

from cleangov_hooks import (
    AnswerKind,
    Attempt,
    AttributeType,
    Choice,
    Decision,
    EventType,
    Fragment,
    HostRecord,
    Page,
    Prompt,
    Relation,
    Status,
    Stream,
    Tie,
    ValueType,
    Verdict,
    guarded_call,
    hookimpl,
    strictest,
)
from cleangov_hooks.shape import misfit
from tests.support.stub_plugins import SLOT, Slot, Witness

AT = datetime(2026, 3, 10, tzinfo=UTC)
CHOICE = Choice(code="back", kind=AnswerKind.CORRECTED, label="改回")
PROMPT = Prompt(
    id="P1",
    attempt_id="A1",
    tier=5,
    rules=("E07@1",),
    headline="停",
    body=("一", "二"),
    basis=("《行政处罚法》第四十五条",),
    choices=(CHOICE,),
    field="amount",
)
VERDICT = Verdict(
    decision=Decision.HOLD,
    attempt_id="A1",
    prompts=(PROMPT,),
    pass_token="t",
    hold_until=AT,
    reason="hit",
    notes=("n",),
)
TYPE = EventType(
    kind="enf.decision.made",
    stream=Stream.ENFORCEMENT,
    labels={"zh": "决定", "en": "decision"},
    attributes=(AttributeType(code="band", type=ValueType.MONEY, choices=("a",)),),
)
PAGE = Page(records=(HostRecord(id="1", case_id="c", kind="k", occurred_at=AT),), cursor="2")
RELATION = Relation(tie=Tie.YES, degree=1, source="register", as_of=date(2026, 3, 1))
WHOLE = (
    VERDICT,
    Verdict(decision=Decision.PASS, attempt_id="A1"),
    PROMPT,
    Fragment(medium="html", content="<p>", headers={"a": "b"}),
    TYPE,
    PAGE,
    RELATION,
    Relation(tie=Tie.UNKNOWN),
)


@pytest.mark.parametrize("value", WHOLE, ids=lambda value: type(value).__name__)
def test_what_the_contract_asks_for_fits(value: Any) -> None:
    assert misfit(value) is None


@pytest.mark.parametrize(
    ("value", "changes", "named"),
    [
        (VERDICT, {"decision": "nonsense"}, "Verdict.decision"),
        (VERDICT, {"decision": "hold"}, "Verdict.decision"),
        (VERDICT, {"decision": ["hold"]}, "Verdict.decision"),
        (VERDICT, {"decision": None}, "Verdict.decision"),
        (VERDICT, {"attempt_id": 7}, "Verdict.attempt_id"),
        (VERDICT, {"prompts": None}, "Verdict.prompts"),
        (VERDICT, {"prompts": PROMPT}, "Verdict.prompts"),
        (VERDICT, {"prompts": ("text",)}, "Verdict.prompts"),
        (VERDICT, {"prompts": {PROMPT.id: PROMPT}}, "Verdict.prompts"),
        (VERDICT, {"prompts": (replace(PROMPT, tier="5"),)}, "Prompt.tier"),
        (VERDICT, {"pass_token": b"t"}, "Verdict.pass_token"),
        (VERDICT, {"hold_until": "tomorrow"}, "Verdict.hold_until"),
        (VERDICT, {"hold_until": datetime(2026, 3, 10)}, "Verdict.hold_until"),  # noqa: DTZ001
        (VERDICT, {"notes": "one text is a list of letters"}, "Verdict.notes"),
        (VERDICT, {"notes": (None,)}, "Verdict.notes"),
        (PROMPT, {"headline": None}, "Prompt.headline"),
        (PROMPT, {"tier": 1.0}, "Prompt.tier"),
        (PROMPT, {"body": ("a", 1)}, "Prompt.body"),
        (PROMPT, {"choices": (replace(CHOICE, kind="corrected"),)}, "Choice.kind"),
        (PROMPT, {"choices": (replace(CHOICE, needs_text="no"),)}, "Choice.needs_text"),
        (WHOLE[3], {"content": None}, "Fragment.content"),
        (WHOLE[3], {"headers": None}, "Fragment.headers"),
        (WHOLE[3], {"headers": {"X": 1}}, "Fragment.headers"),
        (TYPE, {"attributes": ({"code": "a"},)}, "EventType.attributes"),
        (TYPE, {"attributes": (replace(TYPE.attributes[0], type="money"),)}, "AttributeType.type"),
        (TYPE, {"labels": [("zh", "x")]}, "EventType.labels"),
        (PAGE, {"records": ("1",)}, "Page.records"),
        (RELATION, {"tie": True}, "Relation.tie"),
        (RELATION, {"as_of": "2026-03-01"}, "Relation.as_of"),
    ],
)
def test_what_is_wrong_inside_is_named(value: Any, changes: Mapping[str, Any], named: str) -> None:
    assert misfit(replace(value, **changes)) == named


def test_a_list_where_a_tuple_is_declared_is_no_lie() -> None:
    assert misfit(replace(VERDICT, notes=["n"], prompts=[PROMPT])) is None  # type: ignore[arg-type]


class Lies:
    """A plugin whose gate answers with a verdict that is none inside."""

    def __init__(self, **changes: Any) -> None:
        self.answer = replace(VERDICT, **changes)

    @hookimpl
    def cleangov_step_gate(self) -> Verdict:
        return self.answer


@pytest.mark.parametrize(
    "changes", [{"decision": "nonsense"}, {"decision": []}, {"prompts": None}, {"notes": None}]
)
def test_a_lying_gate_has_no_say_and_the_host_can_merge_the_others(
    pm: pluggy.PluginManager, attempt: Attempt, changes: dict[str, Any]
) -> None:
    pm.register(Witness(), "before")
    pm.register(Lies(**changes), "liar")
    pm.register(Witness(), "after")
    report = guarded_call(pm, "cleangov_step_gate", attempt=attempt)
    assert strictest(report.values, attempt.id).decision is Decision.PASS
    (trouble,) = report.troubles
    assert (trouble.plugin, trouble.status) == ("liar", Status.WRONG_TYPE)
    assert trouble.error == f"Verdict.{next(iter(changes))}"


def test_a_fragment_without_content_is_not_shown(pm: pluggy.PluginManager) -> None:
    pm.register(Slot(lambda: Fragment(medium="html", content=None)))  # type: ignore[arg-type]
    report = guarded_call(pm, "cleangov_slot", **SLOT)
    assert report.values == []
    assert report.troubles[0].error == "Fragment.content"


def test_one_odd_prompt_among_good_ones_is_the_wrong_type(pm: pluggy.PluginManager) -> None:
    class Opens:
        @hookimpl
        def cleangov_step_opened(self) -> Any:
            return [PROMPT, replace(PROMPT, headline=None)]  # type: ignore[arg-type]

    pm.register(Opens())
    report = guarded_call(pm, "cleangov_step_opened", step=None)
    assert report.values == []
    assert report.troubles[0].error == "Prompt.headline"


def test_an_answer_that_raises_when_it_is_looked_at_is_dropped(pm: pluggy.PluginManager) -> None:
    class Trap(Fragment):
        def __getattribute__(self, name: str) -> Any:
            if name == "content":
                raise ZeroDivisionError
            return super().__getattribute__(name)

    pm.register(Slot(lambda: Trap(medium="html", content="x")))
    report = guarded_call(pm, "cleangov_slot", **SLOT)
    assert report.values == []
    assert report.troubles[0].error == "ZeroDivisionError"
