"""The ways to answer a prompt, written in one language."""

from datetime import date
from typing import Final

from cleangov_hooks import AnswerKind, Choice, CodedReason
from cleangov_plugin.desk.leads import term_end
from cleangov_plugin.desk.shelf import Ledger
from cleangov_plugin.prompts.panel import Hit, Offer, Panel
from cleangov_plugin.rules import Rule, patch_from, texts

from .views import ChoiceView

_PUT_RIGHT = frozenset({AnswerKind.CORRECTED, AnswerKind.SUGGESTION_ACCEPTED})
#: Code of the answer that is sealed to oversight, whichever rules the panel is of.
SOMEBODY_ASKED: Final = "somebody_asked"
#: Its words.
SOMEBODY_ASKED_WORDS: Final = {"zh": "有人要我这么做", "en": "Somebody asked me to"}
#: Code of the answer that doubts what the prompt stands on, whichever rules the panel is of.
RECORD_WRONG: Final = "record_wrong"
RECORD_IS_WRONG: Final = Offer(code=RECORD_WRONG, kind=AnswerKind.PROMPT_IS_WRONG, then="note")
#: Code of the answer that takes an earlier one back, as long as the step is not taken.
TAKE_BACK: Final = "take_back"
#: Code of the answer that goes on where nobody could be asked, or nobody answered.
UNANSWERED: Final = "unanswered"
_UNANSWERED = {
    "zh": "没有人可以答复：先办，写明情况",
    "en": "Nobody can answer: go on, and say why",
}
_TAKE_BACK = {"zh": "撤回，改用别的办法", "en": "Take it back"}
_RECORD_WRONG = {"zh": "提示依据的数据不对", "en": "A record it stands on is wrong"}


def last_day(ledger: Ledger, on: date, offer: Offer) -> date | None:
    """Answer the last day to which what an answer puts off may be put off; None where it does not.

    :param ledger: the agency's ledger.
    :param on: civil day on which the prompt was made: coming back later gives no more days.
    :param offer: the answer.
    """
    if offer.then != "later" or offer.days is None:
        return None
    return term_end(ledger, on, offer.days)


def _reasons(offer: Offer, language: str) -> tuple[CodedReason, ...]:
    tongue = "zh" if language.lower().startswith("zh") else "en"
    return tuple(
        CodedReason(
            code=reason.code,
            label=reason.label[tongue],
            needs_text=reason.needs_text,
            needs_evidence=reason.needs_evidence,
        )
        for reason in offer.reasons
    )


def choices_of(
    ledger: Ledger,
    merged: Panel,
    rules: dict[str, tuple[Hit, Rule]],
    on: date,
    language: str,
) -> tuple[ChoiceView, ...]:
    """Write the answers of a panel in one language.

    :param ledger: the agency's ledger.
    :param merged: the panel.
    :param rules: its hits and rules, by id of the rule.
    :param on: civil day on which the prompt was made.
    :param language: BCP 47 tag.
    """
    found = []
    for offer in merged.offers:
        if offer.rule_id not in rules:
            continue
        hit, rule = rules[offer.rule_id]
        found.append(
            ChoiceView(
                code=offer.code,
                kind=offer.kind,
                label=texts.render(rule, f"label.{offer.code}", hit.outcome.values, language),
                needs_text=offer.needs_text,
                then=offer.then,
                patch=patch_from(rule, offer.code, hit.outcome.values),
                is_recommended=offer.kind in _PUT_RIGHT,
                reasons=_reasons(offer, language),
                approver_role=offer.role if offer.then == "glass" else None,
                latest=last_day(ledger, on, offer),
                role=offer.role if offer.then == "request" else None,
            )
        )
    return (*found, _record_wrong(language)) if found else ()


def taking_back(language: str) -> ChoiceView:
    """Offer to take back what was answered.

    :param language: BCP 47 tag.
    """
    return ChoiceView(
        code=TAKE_BACK,
        kind=AnswerKind.TAKEN_BACK,
        label=_TAKE_BACK["zh" if language.lower().startswith("zh") else "en"],
        needs_text=False,
        then="back",
        patch={},
        is_recommended=False,
    )


def way_out(language: str) -> ChoiceView:
    """Offer to go on where nobody could be asked, or nobody answered.

    :param language: BCP 47 tag.
    """
    return ChoiceView(
        code=UNANSWERED,
        kind=AnswerKind.JUSTIFIED,
        label=_UNANSWERED["zh" if language.lower().startswith("zh") else "en"],
        needs_text=True,
        then="pass",
        patch={},
        is_recommended=False,
    )


def _record_wrong(language: str) -> ChoiceView:
    """Offer to say that what the prompt stands on is wrong, whatever its rules offer."""
    return ChoiceView(
        code=RECORD_WRONG,
        kind=RECORD_IS_WRONG.kind,
        label=_RECORD_WRONG["zh" if language.lower().startswith("zh") else "en"],
        needs_text=False,
        then=RECORD_IS_WRONG.then,
        patch={},
        is_recommended=False,
    )


def contract_choice(view: ChoiceView) -> Choice:
    """Answer a choice as the contract knows it.

    :param view: the choice.
    """
    return Choice(
        code=view.code,
        kind=view.kind,
        label=view.label,
        needs_text=view.needs_text,
        is_recommended=view.is_recommended,
        reasons=view.reasons,
        approver_role=view.approver_role,
        latest=view.latest,
    )


def offers_of(rule: Rule) -> tuple[Offer, ...]:
    """Answer the answers that a rule offers to its hit, in order.

    :param rule: the rule.
    """
    return tuple(
        Offer(
            code=answer.code,
            kind=answer.kind,
            then=answer.then,
            needs_text=answer.needs_text,
            role=answer.role,
            rule_id=rule.id,
            reasons=answer.reasons,
            days=answer.days,
            awaits=answer.awaits,
        )
        for answer in rule.answers
    )
