"""The gate: may this step be taken? Asked before the host's first write, never in its way."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cleangov_hooks import Attempt, Decision, Term, Verdict
from cleangov_plugin.desk.answers.asking import has_way_out
from cleangov_plugin.desk.answers.waiting import end_requests, requests_of
from cleangov_plugin.desk.budget import Budget
from cleangov_plugin.desk.catching_up import catch_up_lightly
from cleangov_plugin.desk.checkpoint.checked import Checked, check_event
from cleangov_plugin.desk.checkpoint.judging import Judged
from cleangov_plugin.desk.checkpoint.recording import record
from cleangov_plugin.desk.choice.choosing import PASSED_OVER, Chosen, choose, eased_as, has_place
from cleangov_plugin.desk.choice.settling import REPEATED, keys_of, settled_by
from cleangov_plugin.desk.clocks.deadline import deadline_of
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import InvalidEvent
from cleangov_plugin.domain.terms import (
    LAST_FATES,
    AttemptState,
    Fate,
    Tier,
)
from cleangov_plugin.ledger.instants import instant, stamp
from cleangov_plugin.prompts.panel import Panel
from cleangov_plugin.store import attempts, follow_ups, prompts, second_requests, trails
from cleangov_plugin.store.attempts import AttemptRow, Decided
from cleangov_plugin.store.prompts import PromptRow

from . import kept_panels, panels
from .choices import way_out
from .interrupting import interrupting
from .own_ties import judged_with_ties
from .step_pages import kept_page
from .termed import term_of
from .unread import UNREAD, unread
from .verdicts import Asked, foreign, passed_over, passing, stepped_back, unsaved
from .views import ChoiceView

logger = logging.getLogger("cleangov")


def gate(desk: Desk, attempt: Attempt, budget_ms: int) -> Verdict | None:
    """Judge an attempt and answer whether the step may be taken.

    :param desk: the desk.
    :param attempt: the try.
    :param budget_ms: milliseconds to use; looked at between rules.
    :return: the verdict; None where no rule stands at this gate.
    :raises InvalidEvent: where the attempt's event is not what the contract says.
    """
    catch_up_lightly(desk)  # what is owed may be the very notice that this step is judged by
    budget = Budget(budget_ms)
    if attempt.id is None:  # an event may be without an attempt, an attempt not without an id
        raise InvalidEvent("an attempt has an id.", where="attempt.id")
    checked = check_event(attempt.event, desk.types(), desk.people, attempt_id=attempt.id)
    decided: tuple[Asked, Panel | None] | None = None
    try:
        with desk.database.own_reading_first() as connection:
            judged, checked = judged_with_ties(desk, connection, checked, budget)
            if judged.ledger.takes_recusals:
                record = checked.record
                place = (record.log_id, record.case_id, record.actor or "")
                if follow_ups.stepped_back(connection, *place):
                    return stepped_back(attempt)
            if not judged.plan.bound:
                return None
            asked = _asked(desk, connection, attempt, checked, judged)
            if asked.is_foreign:
                return foreign(asked)
            hits = panels.hits_of(
                judged.ledger, interrupting(judged.plan, judged.evaluation.outcomes)
            )
            chosen = choose(desk, connection, asked, hits)
            decided = asked, chosen.panel
            desk.database.turn_to_writing(connection, budget.left())
            return _kept(desk, connection, asked, chosen)
    except Exception as problem:  # what is decided stands, though it could not be written down
        if decided is None and isinstance(problem, InvalidEvent):
            raise
        how = "unsaved" if decided else UNREAD
        logger.warning("attempt %s is %s: %s", attempt.id, how, type(problem).__name__)
        desk.counters.add(f"gate.{how}")
        return unsaved(desk, *decided) if decided else unread(desk, attempt, checked, budget_ms)


def _asked(
    desk: Desk, connection: Connection, attempt: Attempt, checked: Checked, judged: Judged
) -> Asked:
    log_id = checked.record.log_id
    trail = trails.trail(connection, log_id, attempt.id)
    good = trail.passes_for(checked.payload.hex(), stamp(desk.host.now()))
    on = (desk.shelf, connection, judged.ledger)
    settled = tuple(hit for each in good for hit in settled_by(*on, each, is_gate=True))
    return Asked(
        attempt=attempt,
        checked=checked,
        judged=judged,
        trail=trail,
        earned=good[0] if good else None,
        settled=keys_of(settled),
    )


def _kept(desk: Desk, connection: Connection, asked: Asked, chosen: Chosen) -> Verdict:
    """Decide, and write down what was decided."""
    merged = chosen.panel
    if merged is None:
        verdict = passing(desk, asked)
        if chosen.is_repeated:
            verdict = replace(verdict, decision=Decision.PASS_RECORDED, reason=REPEATED)
        return _passed(desk, connection, asked, verdict)
    over = _over(desk, connection, asked)
    log_id, attempt_id = asked.checked.record.log_id, asked.attempt.id
    id_ = panels.prompt_id(log_id, attempt_id, merged, over)
    hint_id = panels.prompt_id(log_id, attempt_id, merged, -1 - over)
    reason, said = PASSED_OVER, ""
    if chosen.easing is not None:
        reason, said = eased_as(asked, *chosen.easing)
    elif has_place(desk, connection, asked, chosen, hint_id):
        return _held(desk, connection, asked, merged, id_)
    verdict = passed_over(desk, asked, merged, hint_id, reason)
    verdict = replace(verdict, notes=(*verdict.notes, said)) if said else verdict
    _passed(desk, connection, asked, verdict, but=hint_id)
    row = replace(_row(desk, asked, merged, hint_id), tier=Tier.INFORM.value)
    prompts.save_prompt(connection, row, desk.retention("case"))
    return verdict


def _over(desk: Desk, connection: Connection, asked: Asked) -> int:
    """Count the prompts of an attempt that are over; one past its time is, from now on."""
    now, number = stamp(desk.host.now()), 0
    for prompt in asked.trail.prompts:
        is_over = prompt.fate in LAST_FATES
        if not is_over and prompt.expires_at and prompt.expires_at < now:
            prompts.set_fate(connection, prompt.prompt_id, Fate.EXPIRED, desk.host.now())
            is_over = True
        number += is_over
    return number


def _passed(
    desk: Desk, connection: Connection, asked: Asked, verdict: Verdict, but: str = ""
) -> Verdict:
    """Let the step pass; prompts that no longer apply are withdrawn."""
    now = desk.host.now()
    decided = Decided(
        state=AttemptState.PASSED, decision=verdict.decision.value, reason=verdict.reason
    )
    if asked.trail.state is AttemptState.WAITING:
        place = asked.checked.record.log_id, asked.attempt.id
        record(desk, end_requests(desk, connection, *place), connection)
    _save(desk, connection, asked, decided)
    for prompt in asked.trail.prompts:
        if prompt.fate not in LAST_FATES and prompt.prompt_id != but:
            prompts.set_fate(connection, prompt.prompt_id, Fate.WITHDRAWN, now)
    return verdict


def _held(desk: Desk, connection: Connection, asked: Asked, merged: Panel, id_: str) -> Verdict:
    """Hold the step, and keep the one prompt that stands before the officer."""
    now, told, step = desk.host.now(), asked.checked.record, asked.attempt.step
    until = None
    if asked.trail.state is AttemptState.WAITING:
        place = told.log_id, asked.attempt.id
        record(desk, end_requests(desk, connection, *place, but=asked.digest), connection)
        until = _waits_until(connection, asked)
    state = AttemptState.WAITING if until else AttemptState.HELD
    decided = Decided(state=state, decision=merged.decision.value, reason="hit", hold_until=until)
    _save(desk, connection, asked, decided)
    for prompt in asked.trail.prompts:
        if prompt.fate not in LAST_FATES and prompt.prompt_id != id_:
            prompts.set_fate(connection, prompt.prompt_id, Fate.SUPERSEDED, now)
    prompts.save_prompt(connection, _row(desk, asked, merged, id_), desk.retention("case"))
    written = panels.write_known(
        asked.judged.ledger, merged, desk.today(asked.judged.ledger), step.language
    )
    if _is_left_alone(desk, connection, asked, merged, id_):
        written = replace(written, choices=(*written.choices, way_out(step.language)))
    return Verdict(
        decision=merged.decision,
        attempt_id=asked.attempt.id,
        prompts=(written.prompt(id_, asked.attempt.id, merged, step.language),),
        hold_until=until,
        reason="waiting" if until else "hit",
        term=_term(desk, connection, asked, written.choices),
    )


def _term(
    desk: Desk, connection: Connection, asked: Asked, choices: Sequence[ChoiceView]
) -> Term | None:
    """Tell of the term that the step would end, where one runs; asked only of a step that waits."""
    ledger, record = asked.judged.ledger, asked.checked.record
    deadline = deadline_of(desk, connection, ledger, record.case_id, record.kind)
    if deadline is None:
        return None
    return term_of(desk, ledger, deadline, choices, asked.attempt.step.language)


def _is_left_alone(
    desk: Desk, connection: Connection, asked: Asked, merged: Panel, id_: str
) -> bool:
    """Answer whether nobody is left whom the officer could ask; read only where somebody was."""
    is_second = merged.tier is Tier.SECOND_PERSON
    if not (is_second and any(prompt.prompt_id == id_ for prompt in asked.trail.prompts)):
        return False
    found = requests_of(desk, connection, asked.checked.record.log_id, asked.attempt.id)
    return has_way_out(merged, next((r for r in found if r["prompt_id"] == id_), None))


def _waits_until(connection: Connection, asked: Asked) -> datetime | None:
    """Answer until when a second person is asked about this very payload; None where none is."""
    log_id = asked.checked.record.log_id
    for row in second_requests.of_attempt(connection, log_id, asked.attempt.id):
        if row["state"] == second_requests.OPEN and row["digest"] == asked.digest:
            return instant(row["expires_at"])
    return None


def _row(desk: Desk, asked: Asked, merged: Panel, id_: str) -> PromptRow:
    record, now = asked.checked.record, desk.host.now()
    return PromptRow(
        prompt_id=id_,
        log_id=record.log_id,
        attempt_id=asked.attempt.id,
        subject=record.case_id,
        step=record.step,
        actor=record.actor,
        tier=merged.tier.value,
        rules=kept_panels.refs(merged),
        outcomes=kept_panels.keep(merged),
        digest=asked.digest,
        created_at=stamp(now),
        expires_at=stamp(now + timedelta(days=desk.settings.prompt_days)),
    )


def _save(desk: Desk, connection: Connection, asked: Asked, decided: Decided) -> None:
    record, evaluation = asked.checked.record, asked.judged.evaluation
    row = AttemptRow(
        log_id=record.log_id,
        attempt_id=asked.attempt.id,
        stream=record.stream.value,
        subject=record.case_id,
        kind=record.kind,
        step=record.step,
        actor=record.actor,
        unit=record.unit,
        digest=asked.digest,
        event=None,  # what was typed and put right again is kept nowhere
        context=kept_page(asked.attempt.step.page_url),
        ruleset=evaluation.ruleset,
        calendar=evaluation.calendar,
    )
    now, retention = desk.host.now(), desk.retention("case")
    attempts.save_attempt(connection, row, now, retention, decided)
