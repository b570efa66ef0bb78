"""Which rows go when their term is over, and which stay and lose people's own words alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, select

from . import tables
from .gaps import GapState


@dataclass(frozen=True, slots=True)
class Kept:
    """A table whose rows go when their term is over.

    :param table: the table.
    :param key: its key.
    :param case: answers the case of a row; None where a row is of no case.
    :param inner: tables and columns that refer to it: what is referred to stays.
    :param of_ledger: answers the condition that ties a row to a ledger.
    :param besides: what a row must be besides.
    """

    table: Table
    key: tuple[str, ...]
    of_ledger: Callable[[str], ColumnElement[bool]]
    case: ColumnElement[Any] | None = None
    inner: tuple[tuple[Table, tuple[str, ...]], ...] = ()
    besides: ColumnElement[bool] | None = None


def _own(table: Table) -> Callable[[str], ColumnElement[bool]]:
    return lambda log_id: table.c.log_id == log_id


def _of_prompt(table: Table) -> Callable[[str], ColumnElement[bool]]:
    prompt = tables.prompt
    return lambda log_id: table.c.prompt_id.in_(
        select(prompt.c.prompt_id).where(prompt.c.log_id == log_id)
    )


def _of_run(log_id: str) -> ColumnElement[bool]:
    runs = tables.replay_run
    named = select(runs.c.run_id).where(runs.c.log_id == log_id)
    return tables.staged_event.c.run_id.in_(named)


def _case_of(table: Table) -> ColumnElement[Any]:
    prompt = tables.prompt
    found = select(prompt.c.subject).where(prompt.c.prompt_id == table.c.prompt_id)
    return found.scalar_subquery()


_PROMPT: Final = ("prompt_id",)
_ATTEMPT: Final = ("log_id", "attempt_id")
_t: Final = tables
_OF_PROMPT: Final = (
    _t.prompt_fate,
    _t.pass_,
    _t.second_request,
    _t.answer_basis,
    _t.follow_up,
    _t.answer,
)
#: What is no evidence by itself, in the order in which it may go: what refers, first. Entries,
#: leaves, heads, findings and letters are not among them.
DELETED: Final[Mapping[str, Kept]] = {
    kept.table.name: kept
    for kept in (
        Kept(_t.prompt_fate, ("id",), _of_prompt(_t.prompt_fate), _case_of(_t.prompt_fate)),
        Kept(_t.pass_, ("pass_id",), _own(_t.pass_), _case_of(_t.pass_)),
        Kept(
            _t.second_request, ("request_id",), _own(_t.second_request), _case_of(_t.second_request)
        ),
        Kept(
            _t.answer_basis,
            ("answer_id",),
            _of_prompt(_t.answer_basis),
            _case_of(_t.answer_basis),
        ),
        Kept(_t.follow_up, ("follow_id",), _own(_t.follow_up), _t.follow_up.c.subject),
        Kept(
            _t.answer,
            ("answer_id",),
            _of_prompt(_t.answer),
            _case_of(_t.answer),
            tuple((each, ("answer_id",)) for each in (_t.pass_, _t.answer_basis, _t.follow_up)),
        ),
        Kept(
            _t.prompt,
            _PROMPT,
            _own(_t.prompt),
            _t.prompt.c.subject,
            tuple((each, _PROMPT) for each in _OF_PROMPT),
        ),
        Kept(
            _t.attempt,
            _ATTEMPT,
            _own(_t.attempt),
            _t.attempt.c.subject,
            tuple(
                (each, _ATTEMPT) for each in (_t.prompt, _t.pass_, _t.second_request, _t.follow_up)
            ),
        ),
        Kept(_t.prompt_budget, ("log_id", "actor", "day_on"), _own(_t.prompt_budget)),
        Kept(_t.gap, ("id",), _own(_t.gap), besides=_t.gap.c.state != GapState.OWED.value),
        Kept(
            _t.running_clock,
            ("log_id", "subject", "clock_id", "part"),
            _own(_t.running_clock),
            _t.running_clock.c.subject,
        ),
        Kept(_t.staged_event, ("run_id", "ordinal"), _of_run, _t.staged_event.c.case_id),
    )
}
#: Columns with people's own words of what stays: they are emptied.
EMPTIED: Final[Mapping[str, tuple[Table, tuple[str, ...]]]] = {
    "cleangov_instrument": (_t.instrument, ("words", "reason")),
    "cleangov_instrument_act": (_t.instrument_act, ("words",)),
}


def of_letter(table: Table, log_id: str) -> ColumnElement[bool]:
    """Tie a letter, or an act about one, to a ledger.

    :param table: one of `EMPTIED`.
    :param log_id: the agency's ledger.
    """
    letter = tables.instrument
    if table is letter:
        return letter.c.log_id == log_id
    named = select(letter.c.id).where(letter.c.log_id == log_id)
    return table.c.instrument_id.in_(named)


def letter_case(table: Table) -> ColumnElement[Any]:
    """Answer the case of a letter, or of an act about one.

    :param table: one of `EMPTIED`.
    """
    letter = tables.instrument
    if table is letter:
        return letter.c.subject
    found = select(letter.c.subject).where(letter.c.id == table.c.instrument_id)
    return found.scalar_subquery()
