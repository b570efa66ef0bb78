"""All letters of a ledger for those who look through them: the newest first, never grown with it.

A letter's number is given when it is sent, so the index of numbers is the order of sending.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, select, tuple_

from cleangov_plugin.domain.terms import LetterState

from . import tables
from .review import Condition, Reach
from .review_cases import found_for
from .review_walks import Page, Walk, page_of
from .run import run

#: Letters looked at for one page; most of what is asked for is not rare.
STRETCH: Final = 10_000
#: Newest letters from which the units to choose from are gathered.
_NEWEST: Final = 1_000
#: What a letter is chosen by; its text stays where it is.
_LOOKED_AT: Final = (
    "id",
    "year",
    "no",
    "state",
    "due_on",
    "unit",
    "visibility",
    "addressee_unit",
    "subject",
    "sent_at",
)


@dataclass(frozen=True, slots=True)
class LetterPlace:
    """A place in the list, named by the number of the letter that stands there.

    :param year: year of its number.
    :param no: its number in the year.
    """

    year: int
    no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSearch:
    """Which letters are wanted; what is left empty stands for all.

    :param log_id: the agency's ledger.
    :param reach: how far the reader may see.
    :param kind: kind of instrument.
    :param state: where they stand.
    :param due_from: first ISO day by which an answer is asked for.
    :param due_until: last such day.
    :param unit: unit, in the case, of the person a letter went to.
    :param subject: the case.
    :param since: first instant of sending, fixed-width UTC text.
    :param until: first instant that is too late, fixed-width UTC text.
    """

    log_id: str
    reach: Reach
    kind: str
    state: LetterState | None = None
    due_from: str = ""
    due_until: str = ""
    unit: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""


def page(
    connection: Connection, search: LetterSearch, *, size: int, after: LetterPlace | None = None
) -> Page[LetterPlace]:
    """Answer one page of letters.

    :param connection: any connection.
    :param search: which.
    :param size: letters of a page.
    :param after: only those that come after this place.
    :return: the page.
    """
    walk = Walk(
        table=tables.instrument,
        stretch=lambda place, length: _stretch(search, place, length),
        wanted=lambda columns: _wanted(columns, search),
        keys=lambda columns: [columns.year, columns.no],
        is_downward=True,
        place=lambda row: LetterPlace(row["year"], row["no"]),
        longest=STRETCH,
    )
    return page_of(connection, walk, size=size, after=after)


def units(connection: Connection, search: LetterSearch) -> tuple[str, ...]:
    """Answer the units that stand in the newest letters, to be chosen from.

    :param connection: any connection.
    :param search: ledger, kind and reach; other wishes are not looked at.
    """
    bare = LetterSearch(log_id=search.log_id, reach=search.reach, kind=search.kind)
    newest = _stretch(bare, None, _NEWEST).subquery()
    wanted = select(newest.c.addressee_unit).distinct().where(*_wanted(newest.c, bare))
    return tuple(sorted(unit for unit in run(connection, wanted).scalars() if unit))


def _stretch(search: LetterSearch, after: LetterPlace | None, length: int) -> Select[Any]:
    """Write a bounded stretch of the numbers of a kind, the latest first."""
    table = tables.instrument
    columns = (table.c[name] for name in _LOOKED_AT)
    wanted = select(*columns).where(table.c.log_id == search.log_id, table.c.kind == search.kind)
    if after is not None:
        wanted = wanted.where(tuple_(table.c.year, table.c.no) < (after.year, after.no))
    return wanted.order_by(table.c.year.desc(), table.c.no.desc()).limit(length)


def _wanted(columns: Any, search: LetterSearch) -> list[Condition]:
    conditions = found_for(columns, search.reach)
    if search.state is not None:
        conditions.append(columns.state == search.state.value)
    for wish, column in ((search.unit, "addressee_unit"), (search.subject, "subject")):
        if wish:
            conditions.append(columns[column] == wish)
    if search.due_from:
        conditions.append(columns.due_on >= search.due_from)
    if search.due_until:
        conditions.append(columns.due_on <= search.due_until)
    if search.since:
        conditions.append(columns.sent_at >= search.since)
    if search.until:
        conditions.append(columns.sent_at < search.until)
    return conditions
