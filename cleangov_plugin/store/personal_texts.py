"""Where the text of a personal field may stand besides its entry: words of people, and events."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, Table, and_, select, update

from . import tables
from .gaps import GapState
from .run import run

_KEYS: Final[Mapping[str, str]] = {
    "cleangov_answer": "answer_id",
    "cleangov_answer_basis": "answer_id",
    "cleangov_follow_up": "follow_id",
    "cleangov_second_request": "request_id",
    "cleangov_instrument": "id",
    "cleangov_instrument_act": "id",
    "cleangov_gap": "id",
    "cleangov_staged_event": "ordinal",
    "cleangov_entry": "id",
    "cleangov_finding": "id",
    "cleangov_prompt": "prompt_id",
}
#: JSON of values that rules named. No personal field gets there: it is looked all the same.
_NAMED: Final = (
    (tables.entry, "fact_values"),
    (tables.finding, "shown_values"),
    (tables.prompt, "outcomes"),
    (tables.instrument, "parameters"),
)


class Held(NamedTuple):
    """A text that may hold something personal.

    :param table: its table.
    :param column: its column.
    :param key: key of its row.
    :param text: the text.
    :param waits: whether something still depends on it: an event that is owed or staged.
    """

    table: Table
    column: str
    key: Any
    text: str
    waits: bool = False


def of_case(connection: Connection, log_id: str, subject: str) -> Iterator[Held]:
    """Go through the texts kept of a case beside its entries.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    """
    prompt, letter, act = tables.prompt, tables.instrument, tables.instrument_act
    of_prompts = and_(prompt.c.log_id == log_id, prompt.c.subject == subject)
    for table, column in (
        (tables.answer, "words"),
        (tables.second_request, "words"),
        (tables.answer_basis, "evidence"),
        (tables.follow_up, "words"),
    ):
        query = _texts(table, column).join(prompt, prompt.c.prompt_id == table.c.prompt_id)
        yield from _held(connection, table, column, query.where(of_prompts))
    of_letters = and_(letter.c.log_id == log_id, letter.c.subject == subject)
    for column in ("words", "reason"):
        query = _texts(letter, column).where(of_letters)
        yield from _held(connection, letter, column, query)
    query = _texts(act, "words").join(letter, letter.c.id == act.c.instrument_id)
    yield from _held(connection, act, "words", query.where(of_letters))
    for table, column in _NAMED:
        is_of_it = and_(table.c.log_id == log_id, table.c.subject == subject)
        query = _texts(table, column).where(is_of_it)
        yield from _held(connection, table, column, query)
    staged, runs = tables.staged_event, tables.replay_run
    query = _texts(staged, "payload").join(runs, runs.c.run_id == staged.c.run_id)
    query = query.where(runs.c.log_id == log_id, staged.c.case_id == subject)
    yield from _held(connection, staged, "payload", query, waits=True)


def of_gaps(connection: Connection, log_id: str) -> Iterator[Held]:
    """Go through the events of a ledger that have no entry yet.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    """
    gap = tables.gap
    for state in (GapState.OWED, GapState.GIVEN_UP):
        query = _texts(gap, "event").where(gap.c.log_id == log_id, gap.c.state == state.value)
        yield from _held(connection, gap, "event", query, waits=state is GapState.OWED)


def emptied(connection: Connection, held: Held, rest: str | None) -> bool:
    """Write what stays of a text.

    :param connection: a writing connection of our own.
    :param held: the text as it was read.
    :param rest: what stays of it.
    :return: False where somebody has changed it since.
    """
    table = held.table
    is_it = table.c[_KEYS[table.name]] == held.key
    statement = update(table).where(is_it, table.c[held.column] == held.text)
    return run(connection, statement.values({held.column: rest})).rowcount == 1


def _texts(table: Table, column: str) -> Select[Any]:
    key = table.c[_KEYS[table.name]]
    return select(key, table.c[column]).where(table.c[column].is_not(None)).order_by(key)


def _held(
    connection: Connection, table: Table, column: str, query: Select[Any], *, waits: bool = False
) -> Iterator[Held]:
    for row in run(connection, query):
        key, text = tuple(row)
        yield Held(table, column, key, text, waits)
