"""What the host's pages show of a step: hints, the panel, what became of it."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from cleangov_hooks import AnswerKind, Step
from cleangov_plugin.desk.answers.asking import has_way_out
from cleangov_plugin.desk.answers.waiting import requests_of
from cleangov_plugin.desk.clocks.deadline import deadline_of
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.terms import (
    LAST_FATES,
    AttemptState,
    Fate,
    FollowUp,
    Phase,
    Result,
    Visibility,
)
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.store import attempts, doubts, follow_ups, prompts, second_requests
from cleangov_plugin.store.stored_entries import body_of

from . import choices, kept_panels, panels
from .opening import hints_beside
from .request_notes import notes_of_requests
from .step_notes import notes_of_step
from .termed import note_of, term_of
from .views import ChoiceView, DoneView, HintView, Note, PanelView

Row: TypeAlias = Mapping[str, Any]
logger = logging.getLogger("cleangov")

_HOLDING: Final = frozenset({AttemptState.HELD.value, AttemptState.WAITING.value})
_STEPPED_BACK: Final = (follow_ups.OPEN, follow_ups.AGREED, follow_ups.DECLINED)


def hints(desk: Desk, step: Step) -> tuple[HintView, ...]:
    """Answer the hints beside a step's form.

    :param desk: the desk.
    :param step: where the officer stands.
    """
    return hints_beside(desk, step)


def panel(desk: Desk, step: Step, *, mark: bool = True) -> PanelView | None:
    """Answer the one panel that holds the attempt of a page.

    :param desk: the desk.
    :param step: where the officer stands.
    :param mark: whether to take note that it was shown.
    :return: the panel; None where nothing holds, or the reader is not the officer it is for.
    """
    if step.attempt_id is None or step.actor is None:
        return None
    log_id = step.agency_id
    with desk.database.own_transaction(is_reading=True) as connection:
        found = _standing(desk, connection, step)
        ledger = desk.shelf.ledger(connection, log_id)
        if found is None or ledger is None:
            return None
        row, state = found
        view = panel_of(desk, connection, ledger, row, step.language)
        if view is not None and state in _HOLDING:
            view = _with_term(desk, connection, ledger, step, view)
        if mark and view is not None and state in _HOLDING:
            beside = notes_of_step(desk, connection, ledger, step)
            view = replace(view, notes=(*view.notes, *beside))
    if mark and view is not None and row["fate"] == Fate.CREATED.value:
        _mark(desk, row["prompt_id"])
    if view is not None and state == AttemptState.PASSED.value:
        return replace(view, choices=(choices.taking_back(step.language),))
    return view if state in _HOLDING else None


def _with_term(
    desk: Desk, connection: Connection, ledger: Ledger, step: Step, view: PanelView
) -> PanelView:
    """Say under the panel when the term is over that the step would end."""
    deadline = deadline_of(desk, connection, ledger, step.case_id, step.kind)
    if deadline is None:
        return view
    told = (view.choices, step.language)
    note = note_of(desk, deadline, view.tier, *told)
    term = term_of(desk, ledger, deadline, *told)
    return replace(view, notes=(*view.notes, note), term=term)


def done(desk: Desk, step: Step) -> DoneView | None:
    """Answer what became of a step that was just taken.

    :param desk: the desk.
    :param step: the step, with the event as it was recorded.
    :return: what is said to the officer; nothing of rules that are not for their eyes.
    """
    event = step.proposed
    if event is None or step.actor is None:
        return None
    key = f"{event.source}\t{event.id}"
    with desk.database.own_transaction(is_reading=True) as connection:
        body = body_of(connection, event.agency_id, key)
        ledger = desk.shelf.ledger(connection, event.agency_id)
    if body is None or ledger is None:
        return DoneView(opened=0, unknown=0, is_owed=True)
    shown = _officers_rules(ledger)
    outcomes = [o for o in json.loads(body)["outcomes"] if (o[0], o[1]) in shown]
    return DoneView(
        opened=sum(o[2] == Result.HIT.value for o in outcomes),
        unknown=sum(o[2] == Result.CANNOT_BE_CHECKED.value for o in outcomes),
        is_owed=False,
    )


def _standing(desk: Desk, connection: Connection, step: Step) -> tuple[Row, str] | None:
    """Find the prompt that stands before the officer of a page, and where the attempt stands."""
    if step.attempt_id is None or step.actor is None:
        return None
    log_id = step.agency_id
    attempt = attempts.attempt(connection, log_id, step.attempt_id)
    own = desk.people.pseudonym(log_id, "officer", step.actor.id)
    if attempt is None or attempt["actor"] != own or attempt["subject"] != step.case_id:
        return None
    found = prompts.prompts_of(connection, log_id, step.attempt_id)
    standing = next((row for row in found if Fate(row["fate"]) not in LAST_FATES), None)
    if standing is None and attempt["state"] == AttemptState.PASSED.value:
        # Agreed to by a second person, and still to be taken: that is said until it is done.
        agreed = requests_of(desk, connection, log_id, step.attempt_id)
        asked = {r["prompt_id"] for r in agreed if r["state"] == second_requests.APPROVED}
        standing = next((row for row in found if row["prompt_id"] in asked), None)
    return None if standing is None else (standing, attempt["state"])


def panel_of(
    desk: Desk, connection: Connection, ledger: Ledger, row: Row, language: str
) -> PanelView | None:
    """Write a kept prompt anew.

    :param desk: the desk.
    :param connection: any connection.
    :param ledger: the agency's ledger.
    :param row: row of the prompt.
    :param language: BCP 47 tag.
    :return: the panel; None where a rule of it is nowhere kept.
    """
    merged = kept_panels.restore(desk.shelf, connection, ledger, row["outcomes"])
    if merged is None:
        return None
    on = instant(row["created_at"]).astimezone(ledger.zone).date()
    written = panels.write(desk.shelf, connection, ledger, merged, on=on, language=language)
    asked = requests_of(desk, connection, ledger.log_id, row["attempt_id"])
    request = next((r for r in asked if r["prompt_id"] == row["prompt_id"]), None)
    is_asked = request is not None and request["state"] == second_requests.OPEN
    given = prompts.answers_of(connection, [row["prompt_id"]])
    is_doubted = any(each["kind"] == AnswerKind.PROMPT_IS_WRONG.value for each in given)
    recused = _recused(connection, row, given)
    doubted = doubts.of_prompt(connection, row["prompt_id"]) if is_doubted else []
    offered = _choices(written.choices, recused, is_asked=is_asked, language=language)
    if has_way_out(merged, request) and offered == written.choices:
        offered = (*offered, choices.way_out(language))
    return PanelView(
        id=row["prompt_id"],
        attempt_id=row["attempt_id"],
        tier=row["tier"],  # a hint since the day was full, it is one here, too
        rules=merged.refs,
        headline=written.headline,
        body=written.body,
        basis=written.basis,
        choices=offered,
        notes=(*_followed(ledger, recused), *notes_of_requests(desk, ledger, request, doubted)),
        language=language,
        request_id=request["request_id"] if request is not None and is_asked else None,
    )


def _recused(connection: Connection, row: Row, given: Sequence[Row]) -> Row | None:
    """Find what follows on the officer's stepping back; taken back, nothing does."""
    if not any(each["kind"] == AnswerKind.RECUSAL_DECLARED.value for each in given):
        return None
    found = follow_ups.of_prompt(connection, row["prompt_id"])
    shown = (f for f in found if f["kind"] == FollowUp.RECUSAL and f["state"] in _STEPPED_BACK)
    return next(shown, None)


def _choices(
    written: tuple[ChoiceView, ...], recused: Row | None, *, is_asked: bool, language: str
) -> tuple[ChoiceView, ...]:
    """Answer what may be chosen: while somebody is asked, to take that back, and nothing else."""
    if is_asked or (recused and recused["state"] == follow_ups.OPEN):
        return (choices.taking_back(language),)
    return () if recused and recused["state"] == follow_ups.AGREED else written


def _followed(ledger: Ledger, recused: Row | None) -> tuple[Note, ...]:
    """Say how far the officer's stepping back is."""
    if recused is None:
        return ()
    until = instant(recused["due_at"]).astimezone(ledger.zone)
    key, words = f"panel.recused.{recused['state']}", recused["words"] or ""
    return (Note(key=key, role=recused["role"] or "", text=words, until=until),)


def _mark(desk: Desk, prompt_id: str) -> None:
    """Take note that a prompt was shown; it is shown even where that cannot be noted now."""
    try:
        with desk.database.own_transaction() as connection:
            prompts.set_fate(connection, prompt_id, Fate.RENDERED, desk.host.now())
    except Exception as problem:
        logger.info(
            "prompt %s was shown, which was not noted: %s", prompt_id, type(problem).__name__
        )
        desk.counters.add("unmarked")


def _officers_rules(ledger: Ledger) -> frozenset[tuple[str, int]]:
    """Name the rules of which the officer may see what they said."""
    return frozenset(
        (rule.id, rule.version)
        for rule, binding in ledger.rules.bound
        if Phase.EVENT in binding.phases and binding.visibility is Visibility.OFFICER
    )
