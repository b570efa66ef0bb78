"""Which hits an answer settles: those whose own rule offers it, and the weaker ones beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from cleangov_hooks import AnswerKind
from cleangov_plugin.desk.prompting import kept_panels
from cleangov_plugin.desk.prompting.choices import UNANSWERED
from cleangov_plugin.desk.shelf import Connection, Ledger, Shelf
from cleangov_plugin.domain.evaluation import Evaluation, RuleOutcome
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Result, Tier
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.prompts.panel import Hit, Offer, Panel, dedupe_key, inputs_key
from cleangov_plugin.store import answered_cases, prompts, second_requests
from cleangov_plugin.store.trails import Trail, TrailPass

#: Earlier answers of a case that are looked at; the newest count.
NEWEST: Final = 20
#: Reason of an attempt that passed because the officer had answered the same in this case before.
REPEATED: Final = "repeated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What was agreed to before a step.

    :param answer: id of the answer that settled its hits; else of the latest one.
    :param named: rules whose hits are settled.
    :param open: rules whose hits stay: put off, or passed since they could not wait.
    :param taken: the choice by which they stay.
    """

    answer: str | None
    named: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    taken: Offer | None = None

    @property
    def is_reviewed(self) -> bool:
        """Answer whether the step went on since it could not wait, and so is reviewed."""
        return self.taken is not None and self.taken.then == "glass"


def settled_by(
    shelf: Shelf,
    connection: Connection,
    ledger: Ledger,
    earned: TrailPass | None,
    *,
    is_gate: bool = False,
) -> tuple[Hit, ...]:
    """Answer the hits that the answer behind a pass has settled.

    Two rules of one panel may each ask for a second person of another role: who agrees to the one
    has not agreed to the other. A rule of a lower tier asks for less than was given.

    :param shelf: the rules.
    :param connection: any connection.
    :param ledger: the agency's ledger.
    :param earned: the pass; None settles nothing.
    :param is_gate: whether it is asked at the gate. There the way out of a request that nobody
        answered lets the step go; it settles nothing, so that the step is a finding.
    :return: the hits, as they were kept with the prompt.
    """
    return _settled_by(shelf, connection, ledger, earned, is_gate=is_gate)[0]


def _settled_by(
    shelf: Shelf,
    connection: Connection,
    ledger: Ledger,
    earned: TrailPass | None,
    *,
    is_gate: bool = False,
) -> tuple[tuple[Hit, ...], Offer | None]:
    """Answer the hits behind a pass, and the offer that was taken."""
    row = prompts.prompt(connection, earned.prompt_id) if earned else None
    merged = kept_panels.restore(shelf, connection, ledger, row["outcomes"]) if row else None
    if earned is None or row is None or merged is None:
        return (), None
    given = {a["answer_id"]: a for a in prompts.answers_of(connection, [earned.prompt_id])}
    answer = given.get(earned.answer_id)
    if answer is None:
        return (), None
    if is_gate and answer["choice"] == UNANSWERED:
        return tuple(hit for hit in merged.hits if hit.outcome.tier < Tier.REFUSE), None
    role = None
    if answer["kind"] == AnswerKind.SECOND_PERSON_APPROVED.value:
        role = _role(connection, row["log_id"], row["attempt_id"], earned.prompt_id)
    taken = next((offer for offer in merged.offers if offer.code == answer["choice"]), None)
    return _settled(merged, answer["choice"], role), taken


def settled_before(
    shelf: Shelf, connection: Connection, ledger: Ledger, subject: str, actor: str | None
) -> dict[str, tuple[Hit, ...]]:
    """Answer the hits that an officer settled at earlier steps of a case, each by its answer.

    Steps that were taken alone count: an answer for what was never done is no answer for
    another step. From tier 4 on each step asks anew, whatever somebody agreed to before.

    :param shelf: the rules.
    :param connection: any connection.
    :param ledger: the agency's ledger.
    :param subject: the case.
    :param actor: pseudonym of the officer; nobody has settled nothing.
    :return: the hits by the id of the answer, the newest first.
    """
    if actor is None:
        return {}
    found: dict[str, tuple[Hit, ...]] = {}
    for row in answered_cases.used(connection, ledger.log_id, subject, actor, limit=NEWEST):
        merged = kept_panels.restore(shelf, connection, ledger, row.outcomes)
        if merged is None or row.kind == AnswerKind.BREAK_GLASS.value:
            continue
        role = None
        if row.kind == AnswerKind.SECOND_PERSON_APPROVED.value:
            role = _role(connection, ledger.log_id, row.attempt_id, row.prompt_id)
        hits = _settled(merged, row.choice, role)
        found[row.answer_id] = tuple(h for h in hits if h.outcome.tier < Tier.SECOND_PERSON)
    return found


def _settled(merged: Panel, choice: str, role: str | None) -> tuple[Hit, ...]:
    own = [hit for hit in merged.hits if any(_is_it(o, choice, role) for o in hit.offers)]
    least = max((hit.outcome.tier for hit in own), default=None)
    return tuple(
        hit for hit in merged.hits if hit in own or (least is not None and hit.outcome.tier < least)
    )


def agreed(
    shelf: Shelf,
    connection: Connection,
    ledger: Ledger,
    said: tuple[Record, Evaluation],
    stood: tuple[Trail, TrailPass | None],
) -> Agreed:
    """Answer the rules of which a hit is settled, and the answer that did it; else the latest one.

    What is put off, and what went on since it could not wait, is settled for this step alone: it
    stays a hit.

    Where the gate left a hit out since it was answered before, it is compared anew: what is
    settled is what hit for the very same values.

    :param shelf: the rules.
    :param connection: any connection.
    :param ledger: the agency's ledger.
    :param said: the event, and what the rules said of it.
    :param stood: what stood before the officer, and the pass that is good for this event.
    """
    (record, evaluation), (trail, earned) = said, stood
    named: set[str] = set()
    good = trail.passes_for(earned.digest, stamp(record.recorded_at)) if earned else ()
    for each in good:  # several, where second persons of two roles agreed
        settled, taken = _settled_by(shelf, connection, ledger, each)
        rules = {hit.outcome.rule_id for hit in settled} - named
        if taken is not None and taken.then in ("later", "glass"):
            return Agreed(
                answer=each.answer_id, named=frozenset(named), open=frozenset(rules), taken=taken
            )
        named |= rules
    answer = earned.answer_id if earned else next(iter(reversed(trail.answers)), None)
    if trail.reason != REPEATED:
        return Agreed(answer=answer, named=frozenset(named))
    now = {inputs_key(outcome): outcome.rule_id for outcome in evaluation.hits}
    before = settled_before(shelf, connection, ledger, record.case_id, record.actor)
    for id_, hits in before.items():
        keys = {inputs_key(hit.outcome) for hit in hits}
        again = {now[key] for key in keys & now.keys()}
        named |= again
        answer = answer or (id_ if again else None)
    return Agreed(answer=answer, named=frozenset(named))


def due_now(outcomes: Sequence[RuleOutcome], agreed: Agreed) -> list[RuleOutcome]:
    """Choose what findings are made of now: nothing that is put off, all that could not wait.

    What could not wait is reviewed each time, though an earlier hit of the case is a finding; what
    was held since it could not be judged is reviewed as well.

    :param outcomes: what the rules said of an event.
    :param agreed: what was agreed to.
    """
    if agreed.taken is None:
        return list(outcomes)
    if not agreed.is_reviewed:
        return [outcome for outcome in outcomes if outcome.rule_id not in agreed.open]
    part = part_of_answer(agreed.answer or "")
    return [
        replace(outcome, result=Result.HIT, part=part)
        if outcome.rule_id in agreed.open
        else outcome
        for outcome in outcomes
    ]


def part_of_answer(answer: str) -> str:
    """Answer the part of a case under which a step is reviewed that could not wait.

    :param answer: id of the answer by which it went on.
    """
    return f"glass:{answer[:16]}"


def keys_of(hits: tuple[Hit, ...]) -> frozenset[str]:
    """Answer the keys by which settled hits are known at the gate.

    :param hits: the hits.
    """
    return frozenset(dedupe_key(hit.outcome) for hit in hits)


def _is_it(offer: Offer, choice: str, role: str | None) -> bool:
    if role is not None:
        return offer.then == "request" and offer.role == role
    return offer.code == choice


def _role(connection: Connection, log_id: str, attempt_id: str, prompt_id: str) -> str | None:
    """Answer the role of the second person who agreed."""
    asked = second_requests.of_attempt(connection, log_id, attempt_id)
    agreed = (r for r in asked if r["prompt_id"] == prompt_id)
    found = (
        str(r["instead_of"] or r["role"]) for r in agreed if r["state"] == second_requests.APPROVED
    )
    return next(found, None)
