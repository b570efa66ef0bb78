"""Letters of supervision, and what is said and done about them. The oversight side's tables.

A reader's reach goes into every query; the addressee asks for their own letters alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from cleangov_plugin.domain.terms import LetterAct, LetterState

from . import review_cases, tables
from .review import Reach
from .review_cases import found_for
from .run import Retention, alone, first, kept, rows, run

#: Letters of one person, of one finding, and acts of one letter that are looked at.
MOST: Final = 100
#: Letters looked at for one page.
STRETCH: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDraft:
    """A letter, ready to be sent; its number is given when it is written.

    :param log_id: the agency's ledger.
    :param kind: kind of instrument, ``"inquiry"``.
    :param year: year of its number.
    :param finding_id: the finding it is about.
    :param subject: the case.
    :param unit: unit of the finding: who may see only one unit sees the letters of that unit.
    :param visibility: visibility of the finding.
    :param addressee: pseudonym of the person it goes to.
    :param addressee_unit: that person's unit in the case.
    :param sent_by: pseudonym of the sender.
    :param template: id of the template.
    :param template_version: its version.
    :param language: language of `words`.
    :param parameters: JSON of the typed values the template needs.
    :param words: middle part as its writer wrote it; None where the template's stands. Erasable.
    :param reason: why it is sent, in the sender's words; erasable.
    :param sent_at: fixed-width UTC text.
    :param due_on: ISO day by which an answer is asked for.
    """

    log_id: str
    kind: str
    year: int
    finding_id: int
    subject: str
    unit: str | None
    visibility: str
    addressee: str
    addressee_unit: str | None
    sent_by: str
    template: str
    template_version: int
    language: str
    parameters: str
    words: str | None
    reason: str | None
    sent_at: str
    due_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActDraft:
    """Something said or done about a letter.

    :param instrument_id: number of the letter.
    :param kind: what it is.
    :param done_by: pseudonym of who did it.
    :param done_at: fixed-width UTC text.
    :param words: their words; erasable.
    :param due_on: for an extension, the ISO day by which an answer is asked for now.
    :param meets_at: of a talk, when it is to be or the person could come, fixed-width UTC text; the
        row keeps it where others keep a day.
    """

    instrument_id: int
    kind: LetterAct
    done_by: str
    done_at: str
    words: str | None
    due_on: str | None = None
    meets_at: str | None = None


def number(connection: Connection, log_id: str, kind: str, year: int) -> int:
    """Answer the next number of a kind of letter in a year, without gaps.

    Others wait for the commit: a number is given once.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param kind: kind of instrument.
    :param year: the year.
    """
    alone(connection, f"number of letters {log_id}")
    table = tables.instrument
    query = select(func.max(table.c.no)).where(
        table.c.log_id == log_id, table.c.kind == kind, table.c.year == year
    )
    return int(run(connection, query).scalar() or 0) + 1


def send(connection: Connection, draft: LetterDraft, no: int, retention: Retention) -> int:
    """Write a letter.

    :param connection: the connection that gave its number.
    :param draft: the letter.
    :param no: its number in its year.
    :param retention: class and ISO day until which it is kept.
    :return: number of its row.
    """
    values = {
        **asdict(draft),
        **kept(retention),
        "no": no,
        "state": LetterState.WAITING.value,
        "changed_at": draft.sent_at,
    }
    table = tables.instrument
    written = run(connection, insert(table).values(values).returning(table.c.id))
    return int(written.scalar_one())


def act(
    connection: Connection,
    draft: ActDraft,
    retention: Retention,
    *,
    only: Sequence[LetterState],
    state: LetterState | None = None,
) -> bool:
    """Write what was said or done about a letter.

    :param connection: a writing connection of our own.
    :param draft: what it is.
    :param retention: class and ISO day until which it is kept.
    :param only: states in which the letter must be.
    :param state: where it stands afterwards; None where nothing changes.
    :return: False where the letter is in another state.
    """
    table = tables.instrument
    change = {"changed_at": draft.done_at}
    if state is not None:
        change["state"] = state.value
    if draft.due_on is not None and draft.kind is LetterAct.EXTENDED:
        change["due_on"] = draft.due_on
    there = table.c.state.in_([each.value for each in only])
    statement = update(table).where(table.c.id == draft.instrument_id, there).values(change)
    if run(connection, statement).rowcount != 1:
        return False
    values = {**asdict(draft), **kept(retention), "kind": draft.kind.value}
    values["due_on"] = values.pop("meets_at") or draft.due_on
    run(connection, insert(tables.instrument_act).values(values))
    return True


def one_for(
    connection: Connection, id_: int, reach: Reach, log_ids: Iterable[str] | None
) -> dict[str, Any] | None:
    """Look a letter up, as a row of its table; None where the reader may not see it.

    :param connection: any connection.
    :param id_: its number.
    :param reach: how far the reader may see.
    :param log_ids: the ledgers they may look into; None for all.
    """
    return review_cases.one_for(connection, tables.instrument, id_, reach, log_ids)


def one_to(connection: Connection, log_id: str, id_: int, addressee: str) -> dict[str, Any] | None:
    """Look a letter to somebody up, as a row of its table; None where it is not to them.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param id_: its number.
    :param addressee: pseudonym of the person.
    """
    table = tables.instrument
    query = select(table).where(table.c.id == id_, table.c.log_id == log_id)
    return first(connection, query.where(table.c.addressee == addressee))


def to_person(
    connection: Connection, log_id: str, addressee: str, limit: int = MOST
) -> list[dict[str, Any]]:
    """List the letters to somebody, the newest first, as rows of their table.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param addressee: pseudonym of the person.
    :param limit: how many at the most.
    """
    table = tables.instrument
    query = select(table).where(table.c.log_id == log_id, table.c.addressee == addressee)
    return rows(connection, query.order_by(table.c.id.desc()).limit(limit))


def of_findings(connection: Connection, ids: Sequence[int], reach: Reach) -> list[dict[str, Any]]:
    """List the letters about some findings, oldest first, as rows of their table.

    :param connection: any connection.
    :param ids: numbers of the findings; those of one page.
    :param reach: how far the reader may see.
    """
    table = tables.instrument
    query = select(table).where(table.c.finding_id.in_(list(ids)), *found_for(table.c, reach))
    ordered = query.order_by(table.c.id).limit(MOST)
    return rows(connection, ordered) if ids else []


def acts_of(connection: Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
    """List what was said and done about some letters, in order. Ask only for letters looked up.

    :param connection: any connection.
    :param ids: numbers of the letters.
    """
    table = tables.instrument_act
    query = select(table).where(table.c.instrument_id.in_(list(ids))).order_by(table.c.id)
    return rows(connection, query.limit(MOST * 10)) if ids else []


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterQuery:
    """Which letters are wanted.

    :param log_id: the agency's ledger.
    :param reach: how far the reader may see.
    :param state: where they stand.
    :param changed_since: only those about which something was said or done since this instant,
        those due last at first; empty for all, those due first at first.
    """

    log_id: str
    reach: Reach
    state: LetterState
    changed_since: str = ""


def page(connection: Connection, query: LetterQuery, *, size: int) -> list[dict[str, Any]]:
    """List letters in the order in which they are due, as rows of their table.

    :param connection: any connection.
    :param query: which.
    :param size: how many at the most.
    """
    table, is_downward = tables.instrument, bool(query.changed_since)
    bounded = select(table).where(
        table.c.log_id == query.log_id, table.c.state == query.state.value
    )
    stretch = bounded.order_by(*_order(table.c, is_downward)).limit(STRETCH).subquery()
    wanted = select(stretch).where(*found_for(stretch.c, query.reach))
    if query.changed_since:
        wanted = wanted.where(stretch.c.changed_at >= query.changed_since)
    return rows(connection, wanted.order_by(*_order(stretch.c, is_downward)).limit(size))


def _order(columns: Any, is_downward: bool) -> list[Any]:
    names = [columns.due_on, columns.id]
    return [column.desc() for column in names] if is_downward else names
