"""Prompts kept as rules, values and answers, and written out anew in whatever language is asked."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from cleangov_hooks import AnswerKind, Prompt
from cleangov_plugin.desk.shelf import Connection, Ledger, Shelf
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.terms import Result
from cleangov_plugin.prompts.panel import Hit, Panel, dedupe_key
from cleangov_plugin.rules import Rule, texts

from .choices import SOMEBODY_ASKED, SOMEBODY_ASKED_WORDS, choices_of, contract_choice, offers_of
from .views import ChoiceView

_UNCHECKED = {
    "zh": "这一步暂时无法核验，先停一下。缺：{fields}。",
    "en": "This step cannot be checked now, so it waits. Missing: {fields}.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A panel in one language.

    :param headline: one sentence.
    :param body: paragraphs.
    :param basis: citations.
    :param choices: ways to answer.
    """

    headline: str
    body: tuple[str, ...]
    basis: tuple[str, ...]
    choices: tuple[ChoiceView, ...]

    def prompt(self, prompt_id: str, attempt_id: str, merged: Panel, language: str) -> Prompt:
        """Answer the contract's prompt.

        :param prompt_id: its id.
        :param attempt_id: the attempt it holds.
        :param merged: the panel it was written from.
        :param language: BCP 47 tag.
        """
        return Prompt(
            id=prompt_id,
            attempt_id=attempt_id,
            tier=merged.tier.value,
            rules=merged.refs,
            headline=self.headline,
            body=self.body,
            basis=self.basis,
            choices=tuple(contract_choice(view) for view in self.choices),
            field=next((hit.outcome.beside for hit in merged.hits if hit.outcome.beside), None),
            language=language,
        )


def hits_of(ledger: Ledger, outcomes: Iterable[RuleOutcome]) -> list[Hit]:
    """Put the answers that its rule offers beside each outcome.

    :param ledger: the agency's ledger.
    :param outcomes: outcomes of rules in force.
    """
    found = []
    for outcome in outcomes:
        rule = ledger.bound(outcome.rule_id, outcome.version)
        if rule is not None:
            found.append(Hit(outcome=outcome, offers=offers_of(rule)))
    return found


def prompt_id(log_id: str, attempt_id: str, merged: Panel, number: int) -> str:
    """Answer the id of a prompt: the same panel of the same attempt has the same id.

    :param log_id: the agency's ledger.
    :param attempt_id: the attempt.
    :param merged: the panel.
    :param number: how many prompts of the attempt are over; a panel that comes back is a new one.
    """
    keys = sorted(dedupe_key(hit.outcome) for hit in merged.hits)  # order may change overnight
    named = json.dumps([log_id, attempt_id, keys, number])
    return sha256(named.encode()).hexdigest()[:32]


def done_notes(
    ledger: Ledger, outcomes: Iterable[RuleOutcome], refs: Iterable[str], language: str
) -> tuple[str, ...]:
    """Answer what is said after a step whose prompt was heeded.

    :param ledger: the agency's ledger.
    :param outcomes: what the rules say now.
    :param refs: rules that a prompt of this attempt named, ``"E07@1"``.
    :param language: BCP 47 tag.
    """
    named = {ref.partition("@")[0] for ref in refs}
    clear = (o for o in outcomes if o.result is Result.CLEAR and o.rule_id in named)
    found = []
    for outcome in clear:
        rule = ledger.bound(outcome.rule_id, outcome.version)
        if rule is not None and "done" in rule.texts:
            found.append(texts.render(rule, "done", outcome.values, language))
    return tuple(found)


def write(
    shelf: Shelf,
    connection: Connection,
    ledger: Ledger,
    merged: Panel,
    *,
    on: date,
    language: str,
) -> Written:
    """Write a panel in one language.

    :param shelf: the rules.
    :param connection: any connection; asked only for rules no longer in force.
    :param ledger: the agency's ledger.
    :param merged: the panel.
    :param on: civil day of the act, for the law that applied.
    :param language: BCP 47 tag.
    """
    asked = ((hit, hit.outcome.rule_id, hit.outcome.version) for hit in merged.hits)
    found = [(hit, shelf.rule(connection, ledger, id_, number)) for hit, id_, number in asked]
    written = _written(ledger, [(hit, rule) for hit, rule in found if rule], merged, on, language)
    return _with_note(written, language) if ledger.takes_notes else written


def write_known(ledger: Ledger, merged: Panel, on: date, language: str) -> Written:
    """Write a panel of rules in force: nothing is asked of a database.

    :param ledger: the agency's ledger.
    :param merged: the panel.
    :param on: civil day of the act.
    :param language: BCP 47 tag.
    """
    asked = ((hit, hit.outcome.rule_id, hit.outcome.version) for hit in merged.hits)
    found = [(hit, ledger.bound(id_, number)) for hit, id_, number in asked]
    written = _written(ledger, [(hit, rule) for hit, rule in found if rule], merged, on, language)
    return _with_note(written, language) if ledger.takes_notes else written


def _with_note(written: Written, language: str) -> Written:
    """Offer, last of all, to tell oversight that somebody asked for this step."""
    tongue = "zh" if language.lower().startswith("zh") else "en"
    note = ChoiceView(
        code=SOMEBODY_ASKED,
        kind=AnswerKind.INTERFERENCE_REPORTED,
        label=SOMEBODY_ASKED_WORDS[tongue],
        needs_text=True,
        then="seal",
        patch={},
        is_recommended=False,
    )
    return replace(written, choices=(*written.choices, note))


def _written(
    ledger: Ledger, known: Sequence[tuple[Hit, Rule]], merged: Panel, on: date, language: str
) -> Written:
    cited = [text for _, rule in known for text in texts.citations(rule, on, language)]
    return Written(
        headline=_headline(known, language),
        body=tuple(_body(hit, rule, language) for hit, rule in known),
        basis=tuple(dict.fromkeys(cited)),
        choices=choices_of(
            ledger, merged, {hit.outcome.rule_id: (hit, rule) for hit, rule in known}, on, language
        ),
    )


def _headline(known: Sequence[tuple[Hit, Rule]], language: str) -> str:
    if not known:
        return ""
    hit, rule = known[0]
    return texts.render(rule, "headline", hit.outcome.values, language)


def _body(hit: Hit, rule: Rule, language: str) -> str:
    if hit.outcome.result is Result.HIT:
        return texts.render(rule, "body", hit.outcome.values, language)
    tongue = "zh" if language.lower().startswith("zh") else "en"
    title = rule.title[tongue]
    fields = ", ".join(hit.outcome.fields) or hit.outcome.result.value
    return f"{title}：" + _UNCHECKED[tongue].format(fields=fields)
