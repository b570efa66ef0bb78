"""A two-minute lesson after a step that was put right: from the rule's own texts and examples.

Nothing is kept of it: neither that there was one, nor that it was read. What somebody put right is
theirs, and a list of lessons would be a list of what they got wrong.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from cleangov_hooks import Person, Step
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.review.answers import was_put_right
from cleangov_plugin.desk.review.rule_words import Teller
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.rules import Rule, texts
from cleangov_plugin.rules.lessons import Boundary, lesson_of
from cleangov_plugin.store import attempts, own_steps, prompts, rulebook
from cleangov_plugin.store.review_cases import Held

#: For how long after a step its lesson is offered, and how many steps are looked at.
OFFERED: Final = timedelta(days=14)
_STEPS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonView:
    """One lesson.

    :param rule_id: the rule.
    :param case_id: the case in which something was put right.
    :param title: title of the rule.
    :param why: why there is such a rule.
    :param basis: what it stands on, as people cite it.
    :param quote: words of the law, in Chinese; empty where the rule quotes none.
    :param case: an example that hits, in the rule's own words.
    :param boundary: where it begins to hit; None where no two examples show it.
    """

    rule_id: str
    case_id: str
    title: str
    why: str
    basis: tuple[str, ...]
    quote: str
    case: str
    boundary: Boundary | None


def lesson_for(
    desk: Desk, teller: Teller, person: Person, is_read: Callable[[str], bool]
) -> LessonView | None:
    """Answer the lesson of what somebody put right last; None where there is none to offer.

    :param desk: the desk.
    :param teller: tells it, in the officer's language.
    :param person: whose lesson.
    :param is_read: whether their device says that the lesson of a rule was read there.
    """
    on, log_id = teller.connection, teller.ledger.log_id
    own, since = desk.people.pseudonym(log_id, "officer", person.id), desk.host.now() - OFFERED
    done = own_steps.prompted(on, log_id, own, since=since, size=_STEPS, is_done=True)
    for row in done:
        named = [ref.partition("@")[::2] for ref in json.loads(row["rules"])]
        unread = [(id_, int(version or 1)) for id_, version in named if not is_read(id_)]
        if not unread or not _was_put_right(on, log_id, row["attempt_id"]):
            continue
        for rule_id, version in unread:
            found = _lesson(desk, teller, rule_id, version, row["subject"])
            if found is not None:
                return found
    return None


def has_lesson(desk: Desk, step: Step) -> bool:
    """Answer whether the step that its officer has just taken was put right before.

    :param desk: the desk.
    :param step: the step, with the event as it was recorded.
    """
    event, person = step.proposed, desk.host.person()
    attempt_id = step.attempt_id or (event.attempt_id if event else None)
    if event is None or not attempt_id or step.actor is None or person is None:
        return False
    own = desk.people.pseudonym(event.agency_id, "officer", person.id)
    with desk.database.own_transaction(is_reading=True) as connection:
        tried = attempts.attempt(connection, event.agency_id, attempt_id)
        if tried is None or tried["actor"] != own or person.id != step.actor.id:
            return False
        return _was_put_right(connection, event.agency_id, attempt_id)


def _was_put_right(connection: Connection, log_id: str, attempt_id: str) -> bool:
    asked = prompts.prompts_of(connection, log_id, attempt_id)
    given = prompts.answers_of(connection, [row["prompt_id"] for row in asked])
    return was_put_right(Held(attempt={}, prompts=tuple(asked), answers=tuple(given), requests=()))


def _lesson(
    desk: Desk, teller: Teller, rule_id: str, version: int, subject: str
) -> LessonView | None:
    rule = teller.rule(rule_id, version)
    log_id, language = teller.ledger.log_id, teller.reader.language
    document = rulebook.document(teller.connection, log_id, rule_id, version)
    found = lesson_of(document, rule, language) if rule and document else None
    if rule is None or found is None:
        return None
    return LessonView(
        rule_id=rule_id,
        case_id=subject,
        title=teller.title(rule_id, version),
        why=texts.render(rule, "why", {}, language),
        basis=tuple(texts.citations(rule, desk.today(teller.ledger), language)),
        quote=_quote(desk, teller, rule),
        case=found.case,
        boundary=found.boundary,
    )


def _quote(desk: Desk, teller: Teller, rule: Rule) -> str:
    valid = rule.basis_on(desk.today(teller.ledger))
    return next((basis.quote["zh"] for basis in valid if basis.quote.get("zh")), "")
