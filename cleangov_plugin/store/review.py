"""Lists of entries for those who look through the records: in order of time, never grown with it.

Every list is one walk along one index, from a place in it onward, over a bounded stretch. Where a
filter finds too little in the stretch, the page says how far it looked and can be continued.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Select, or_, select, tuple_

from cleangov_plugin.domain.terms import Mark

from . import tables
from .run import first, rows, run

Condition: TypeAlias = Any

#: Entries looked at for one page, in the index alone; and where rows must be fetched for it.
STRETCH: Final = 20_000
STRETCH_OF_ROWS: Final = 10_000
#: Looked at first: most of what is asked for is not rare.
_SHORT_STRETCH: Final = 500
#: A case of more entries is walked like the log itself.
LARGE_CASE: Final = 2_000
#: Newest entries from which the choices of a filter are gathered.
_NEWEST: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far somebody may see.

    :param unit: the one unit whose records they may see; None for all.
    :param sees_hidden: whether they may see what is for the oversight side alone.
    """

    unit: str | None = None
    sees_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list, named by the entry that stands there.

    :param occurred_at: fixed-width UTC text.
    :param id: number of the row.
    """

    occurred_at: str
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryQuery:
    """Which entries are wanted; what is left empty stands for all.

    :param log_id: the agency's ledger.
    :param reach: how far the reader may see.
    :param stream: business stream.
    :param kinds: kinds of event.
    :param subject: the case.
    :param unit: unit of the officer.
    :param since: first instant, fixed-width UTC text.
    :param until: first instant that is too late, fixed-width UTC text.
    :param marks: any of these `Mark`s; 0 for any entry.
    :param said: any of these pieces of an entry's body, as ``["E07",1,"hit"``.
    """

    log_id: str
    reach: Reach
    stream: str = ""
    kinds: tuple[str, ...] = ()
    subject: str = ""
    unit: str = ""
    since: str = ""
    until: str = ""
    marks: int = 0
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """One page of entries, newest first.

    :param rows: rows of the table.
    :param older: place after which the next page begins; None at the end.
    :param newer: place before which the page before ends; None where nothing newer is known.
    :param searched_to: where the search was broken off, if the page is short for that reason.
    """

    rows: tuple[dict[str, Any], ...]
    older: Place | None = None
    newer: Place | None = None
    searched_to: Place | None = None


def entries(
    connection: Connection,
    query: EntryQuery,
    *,
    size: int,
    before: Place | None = None,
    after: Place | None = None,
) -> EntryPage:
    """Answer one page of entries.

    :param connection: any connection.
    :param query: which.
    :param size: entries of a page.
    :param before: only older ones than this place.
    :param after: only newer ones than this place, the nearest.
    :return: the page.
    """
    walk = _Walk(
        query=query,
        start=after or before,
        is_upward=after is not None,
        is_by_case=bool(query.subject) and not _is_large(connection, query),
    )
    places = _places(connection, walk, size + 1)
    has_more, places = len(places) > size, places[:size]
    broken_off = None if has_more else _broken_off(connection, walk)
    onward = places[-1] if has_more else broken_off
    shown = _whole(connection, places)
    back = (places[0] if places else walk.start) if walk.start else None
    if walk.is_upward:
        return EntryPage(rows=shown[::-1], older=back, newer=onward, searched_to=broken_off)
    return EntryPage(rows=shown, older=onward, newer=back, searched_to=broken_off)


def choices(connection: Connection, query: EntryQuery) -> dict[str, tuple[str, ...]]:
    """Answer kinds and units that stand in the newest entries, to be chosen from.

    :param connection: any connection.
    :param query: the ledger and the reader's reach; other wishes are not looked at.
    :return: ``{"kind": ..., "unit": ...}``, in order.
    """
    entry = tables.entry
    newest = (
        select(entry.c.kind, entry.c.unit, entry.c.marks)
        .where(entry.c.log_id == query.log_id)
        .order_by(entry.c.occurred_at.desc(), entry.c.id.desc())
        .limit(_NEWEST)
        .subquery()
    )
    wanted = select(newest.c.kind, newest.c.unit).distinct().where(*_seen_by(newest.c, query.reach))
    found = run(connection, wanted).all()
    return {
        "kind": tuple(sorted({row.kind for row in found})),
        "unit": tuple(sorted({row.unit for row in found if row.unit})),
    }


def entry_of(
    connection: Connection, log_id: str, event_key: str, reach: Reach
) -> dict[str, Any] | None:
    """Look the entry of an event up, as a row of its table; None where it may not be seen.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param event_key: the event's key.
    :param reach: how far the reader may see.
    """
    entry = tables.entry
    query = select(entry).where(entry.c.log_id == log_id, entry.c.event_key == event_key)
    return first(connection, query.where(*_seen_by(entry.c, reach)))


def _seen_by(columns: Any, reach: Reach) -> list[Condition]:
    """Write the conditions that no query of a reader may be without."""
    conditions = [] if reach.unit is None else [columns.unit == reach.unit]
    unseen = Mark.UNLISTED if reach.sees_hidden else Mark.UNLISTED | Mark.OURS
    conditions.append(columns.marks.bitwise_and(unseen.value) == 0)
    return conditions


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    """One walk: whither, from where, and whether along the index of cases."""

    query: EntryQuery
    start: Place | None
    is_upward: bool
    is_by_case: bool

    @property
    def length(self) -> int:
        """Answer how many entries are looked at; fewer where each must be fetched."""
        query = self.query
        is_covered = not (query.stream or query.kinds or query.said or query.subject)
        return STRETCH if is_covered else STRETCH_OF_ROWS


def _places(connection: Connection, walk: _Walk, number: int) -> list[Place]:
    """Walk until enough is found, or the stretch ends."""
    found: list[Place] = []
    for length in (_SHORT_STRETCH, walk.length):
        rows_ = run(connection, _keys(walk, length).limit(number))
        found = [Place(row.occurred_at, row.id) for row in rows_]
        if len(found) == number:
            break
    return found


def _keys(walk: _Walk, length: int) -> Select[Any]:
    """Write the walk: a bounded stretch of the index, and what is wanted of it, in order."""
    stretch = _stretch(walk, length).subquery()
    keys = select(stretch.c.occurred_at, stretch.c.id).where(*_wanted(stretch.c, walk.query))
    return keys.order_by(*_order(stretch.c, walk.is_upward))


def _stretch(walk: _Walk, length: int) -> Select[Any]:
    entry, query = tables.entry, walk.query
    kept = [entry.c.occurred_at, entry.c.id, entry.c.unit, entry.c.marks]
    needed = {"stream": query.stream, "kind": query.kinds, "subject": query.subject}
    kept += [entry.c[name] for name, wish in needed.items() if wish]
    kept += [entry.c.body] if query.said else []
    wanted = select(*kept).where(entry.c.log_id == query.log_id, *_between(walk))
    if walk.is_by_case:
        return wanted.where(entry.c.subject == query.subject).limit(LARGE_CASE)
    return wanted.order_by(*_order(entry.c, walk.is_upward)).limit(length)


def _between(walk: _Walk) -> list[Condition]:
    entry, query = tables.entry, walk.query
    conditions: list[Condition] = []
    if query.since:
        conditions.append(entry.c.occurred_at >= query.since)
    if query.until:
        conditions.append(entry.c.occurred_at < query.until)
    if walk.start is not None:
        place = tuple_(entry.c.occurred_at, entry.c.id)
        there = (walk.start.occurred_at, walk.start.id)
        conditions.append(place > there if walk.is_upward else place < there)
    return conditions


def _wanted(columns: Any, query: EntryQuery) -> list[Condition]:
    conditions = _seen_by(columns, query.reach)
    for name in ("unit", "stream", "subject"):
        if getattr(query, name):
            conditions.append(columns[name] == getattr(query, name))
    if query.kinds:
        conditions.append(columns.kind.in_(sorted(query.kinds)))
    if query.marks:
        conditions.append(columns.marks.bitwise_and(query.marks) != 0)
    if query.said:
        conditions.append(or_(*(columns.body.contains(p, autoescape=True) for p in query.said)))
    return conditions


def _order(columns: Any, is_upward: bool) -> list[Condition]:
    if is_upward:
        return [columns.occurred_at, columns.id]
    return [columns.occurred_at.desc(), columns.id.desc()]


def _is_large(connection: Connection, query: EntryQuery) -> bool:
    entry = tables.entry
    some = select(entry.c.id).where(
        entry.c.log_id == query.log_id, entry.c.subject == query.subject
    )
    return len(run(connection, some.limit(LARGE_CASE + 1)).all()) > LARGE_CASE


def _broken_off(connection: Connection, walk: _Walk) -> Place | None:
    """Answer where a stretch ended that was too short for its page; None at the log's end."""
    if walk.is_by_case:
        return None
    whole = _stretch(walk, walk.length).subquery()
    last = select(whole.c.occurred_at, whole.c.id).order_by(*_order(whole.c, not walk.is_upward))
    found = run(connection, last.limit(1)).first()
    if found is None:
        return None
    place = Place(found.occurred_at, found.id)
    beyond = _stretch(replace(walk, start=place), 1)
    return place if run(connection, beyond).first() is not None else None


def _whole(connection: Connection, places: Sequence[Place]) -> tuple[dict[str, Any], ...]:
    """Fetch the entries of some places, in their order.

    By number alone: with the ledger named as well, SQLite would go through the whole ledger.
    """
    entry = tables.entry
    query = select(entry).where(entry.c.id.in_([place.id for place in places]))
    found = {row["id"]: row for row in rows(connection, query)} if places else {}
    return tuple(found[place.id] for place in places)
