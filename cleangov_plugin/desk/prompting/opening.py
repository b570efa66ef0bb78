"""What stands beside a form without a click: hints when a step is opened or edited (tier 1)."""

from collections.abc import Sequence
from typing import Final

from cleangov_hooks import Event, Prompt, Step
from cleangov_plugin.desk.budget import Budget
from cleangov_plugin.desk.checkpoint.checked import check_event
from cleangov_plugin.desk.checkpoint.judging import judge
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Ledger
from cleangov_plugin.domain.terms import Phase, Result, Tier
from cleangov_plugin.prompts.panel import Hit, hints
from cleangov_plugin.rules import texts

from .panels import hits_of
from .views import HintView

#: Milliseconds for hints that a page asks for by its slot.
SLOT_MS: Final = 20


def opened(desk: Desk, step: Step, budget_ms: int) -> Sequence[Prompt]:
    """Answer the hints of a step that is being opened.

    :param desk: the desk.
    :param step: where the officer stands, with the event as the form stands now.
    :param budget_ms: milliseconds to use.
    :return: prompts of tier 1; never anything that holds.
    """
    found = _hints(desk, step, step.proposed, Phase.OPEN, budget_ms)
    return [_prompt(step, view) for view in found]


def edited(desk: Desk, step: Step, draft: Event, budget_ms: int) -> Sequence[Prompt]:
    """Answer the hints of a form that is being filled in.

    :param desk: the desk.
    :param step: where the officer stands.
    :param draft: the event as the form would now record it.
    :param budget_ms: milliseconds to use.
    :return: prompts of tier 1.
    """
    return [_prompt(step, view) for view in _hints(desk, step, draft, Phase.EDIT, budget_ms)]


def hints_beside(desk: Desk, step: Step) -> tuple[HintView, ...]:
    """Answer the hints of a page.

    :param desk: the desk.
    :param step: where the officer stands.
    """
    return _hints(desk, step, step.proposed, Phase.EDIT, SLOT_MS)


def _hints(
    desk: Desk, step: Step, event: Event | None, phase: Phase, budget_ms: int
) -> tuple[HintView, ...]:
    if event is None or step.actor is None:
        return ()
    budget = Budget(budget_ms)
    checked = check_event(event, desk.types(), desk.people)
    with desk.database.own_transaction(is_reading=True) as connection:
        judged = judge(desk, connection, checked, phase, out_of_time=budget.is_over)
    hits = [o for o in judged.evaluation.outcomes if o.result is Result.HIT]
    shown = hints(hits_of(judged.ledger, hits))
    return tuple(_view(judged.ledger, hit, step.language) for hit in shown)


def _view(ledger: Ledger, hit: Hit, language: str) -> HintView:
    rule = ledger.bound(hit.outcome.rule_id, hit.outcome.version)
    key = "hint" if rule and "hint" in rule.texts else "headline"
    text = texts.render(rule, key, hit.outcome.values, language) if rule else hit.ref
    return HintView(text=text, rule=hit.ref, beside=hit.outcome.beside)


def _prompt(step: Step, view: HintView) -> Prompt:
    return Prompt(
        id=f"hint-{view.rule}",
        attempt_id=step.attempt_id,
        tier=Tier.INFORM.value,
        rules=(view.rule,),
        headline=view.text,
        field=view.beside,
        language=step.language,
    )
