"""Entries with personal fields, and the one change that an entry allows: fewer disclosures."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, and_, or_, select, tuple_, update

from . import tables
from .run import run

_COLUMNS: Final = (
    "id",
    "part",
    "subject",
    "kind",
    "lane",
    "no",
    "body",
    "disc",
    "retention_class",
    "retain_until",
)
#: Rows that are fetched at once.
_SLICE: Final = 500


class FieldsRow(NamedTuple):
    """An entry with what is kept of its personal fields.

    :param id: number of its row.
    :param part: part of the ledger it belongs to.
    :param subject: its case.
    :param kind: kind of its event.
    :param lane: its lane.
    :param no: its number there.
    :param body: its text.
    :param disc: its disclosures; None where there is none.
    :param retention_class: why it is kept.
    :param retain_until: ISO day until which it is kept.
    """

    id: int
    part: int
    subject: str
    kind: str
    lane: int
    no: int
    body: str
    disc: str | None
    retention_class: str
    retain_until: str | None


def by_rows(connection: Connection, log_id: str, ids: Sequence[int]) -> list[FieldsRow]:
    """Look entries up by the numbers of their rows.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param ids: numbers of rows.
    """
    return _found(connection, of_ledger(log_id).where(tables.entry.c.id.in_(list(ids))))


def by_places(
    connection: Connection, log_id: str, places: Iterable[tuple[int, int]]
) -> Iterator[FieldsRow]:
    """Look entries up by lane and number.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param places: lanes and numbers.
    """
    entry, wanted = tables.entry, sorted(set(places))
    for first in range(0, len(wanted), _SLICE):
        chosen = tuple_(entry.c.lane, entry.c.no).in_(wanted[first : first + _SLICE])
        yield from _found(connection, of_ledger(log_id).where(chosen))


def of_case(connection: Connection, log_id: str, subject: str) -> list[FieldsRow]:
    """Answer the entries of a case, in the order of their rows.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    """
    query = of_ledger(log_id).where(tables.entry.c.subject == subject)
    return _found(connection, query.order_by(tables.entry.c.id))


def of_person(connection: Connection, log_id: str, pseudonym: str) -> Iterator[FieldsRow]:
    """Go through the entries that name somebody and have disclosures; the ledger is read whole.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param pseudonym: who acted, or is a party.
    """
    entry = tables.entry
    is_named = or_(entry.c.actor == pseudonym, entry.c.body.contains(pseudonym, autoescape=True))
    yield from _walked(connection, of_ledger(log_id).where(entry.c.disc.is_not(None), is_named))


def of_kinds(
    connection: Connection, log_id: str, kinds: Iterable[str], subject: str | None = None
) -> Iterator[FieldsRow]:
    """Go through the entries of some kinds, in the order of their rows.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param kinds: kinds of event.
    :param subject: of one case; None reads the ledger whole.
    """
    entry = tables.entry
    query = of_ledger(log_id).where(entry.c.kind.in_(sorted(kinds)))
    yield from _walked(connection, query if subject is None else _of(query, subject))


def shrink(connection: Connection, log_id: str, row: FieldsRow, rest: str | None) -> bool:
    """Keep fewer disclosures of an entry; no other column is touched.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param row: the entry as it was read.
    :param rest: the disclosures that stay; None for none.
    :return: False where somebody has changed them since.
    """
    entry = tables.entry
    is_it = and_(entry.c.log_id == log_id, entry.c.part == row.part, entry.c.id == row.id)
    statement = update(entry).where(is_it, entry.c.disc == row.disc).values(disc=rest)
    return run(connection, statement).rowcount == 1


def of_ledger(log_id: str) -> Select[Any]:
    """Write the query for entries of a ledger, as `FieldsRow` has them.

    :param log_id: the agency's ledger.
    """
    entry = tables.entry
    return select(*(entry.c[name] for name in _COLUMNS)).where(entry.c.log_id == log_id)


def _of(query: Select[Any], subject: str) -> Select[Any]:
    return query.where(tables.entry.c.subject == subject)


def _walked(connection: Connection, query: Select[Any]) -> Iterator[FieldsRow]:
    entry, after = tables.entry, 0
    while True:
        walked = query.where(entry.c.id > after).order_by(entry.c.id).limit(_SLICE)
        found = _found(connection, walked)
        yield from found
        if len(found) < _SLICE:
            return
        after = found[-1].id


def _found(connection: Connection, query: Select[Any]) -> list[FieldsRow]:
    return [FieldsRow(*tuple(row)) for row in run(connection, query)]
