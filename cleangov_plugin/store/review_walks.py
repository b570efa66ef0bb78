"""A page of a list that never grows with it: one walk along one index over a bounded stretch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Connection, Select, Table, select

from .review import Condition
from .run import first, rows, run

P = TypeVar("P")
#: Looked at first: most of what is asked for is not rare.
_SHORT: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[P]):
    """One page of a list.

    :param rows: rows of the table.
    :param onward: place after which the next page begins; None at the end.
    :param is_broken_off: whether the page is short because the search was broken off.
    """

    rows: tuple[dict[str, Any], ...]
    onward: P | None = None
    is_broken_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk(Generic[P]):
    """How a list is walked through.

    :param table: the table; its rows have an ``id``.
    :param stretch: writes the stretch of some length that follows a place, in the list's order.
    :param wanted: writes what is wanted of a stretch, from its columns.
    :param keys: answers the columns that the list is ordered by, from those of a stretch.
    :param is_downward: whether the greatest comes first.
    :param place: answers the place at which a row with those columns stands.
    :param longest: rows that are looked at for one page.
    """

    table: Table
    stretch: Callable[[P | None, int], Select[Any]]
    wanted: Callable[[Any], list[Condition]]
    keys: Callable[[Any], list[Condition]]
    is_downward: bool
    place: Callable[[Mapping[str, Any]], P]
    longest: int


def page_of(connection: Connection, walk: Walk[P], *, size: int, after: P | None = None) -> Page[P]:
    """Answer one page of a list.

    :param connection: any connection.
    :param walk: the list.
    :param size: rows of a page.
    :param after: only those that come after this place.
    """
    ids = _ids(connection, walk, after, size + 1)
    whole = select(walk.table).where(walk.table.c.id.in_(ids[:size]))
    found = {row["id"]: row for row in rows(connection, whole)} if ids else {}
    shown = tuple(found[id_] for id_ in ids[:size])
    if len(ids) > size:
        return Page(rows=shown, onward=walk.place(shown[-1]))
    onward = _broken_off(connection, walk, after)
    return Page(rows=shown, onward=onward, is_broken_off=onward is not None)


def _ids(connection: Connection, walk: Walk[P], after: P | None, number: int) -> list[int]:
    """Walk until enough is found, or the stretch ends."""
    found: list[int] = []
    for length in (_SHORT, walk.longest):
        stretch = walk.stretch(after, length).subquery()
        keys = walk.keys(stretch.c)
        order = [key.desc() for key in keys] if walk.is_downward else keys
        wanted = select(stretch.c.id).where(*walk.wanted(stretch.c))
        found = list(run(connection, wanted.order_by(*order).limit(number)).scalars())
        if len(found) == number:
            break
    return found


def _broken_off(connection: Connection, walk: Walk[P], after: P | None) -> P | None:
    """Answer where a stretch ended that was too short for its page; None at the list's end."""
    whole = walk.stretch(after, walk.longest).subquery()
    keys = walk.keys(whole.c)
    backward = keys if walk.is_downward else [key.desc() for key in keys]
    found = first(connection, select(*keys).order_by(*backward).limit(1))
    if found is None:
        return None
    place = walk.place(found)
    beyond = walk.stretch(place, 1)
    return place if run(connection, beyond).first() is not None else None
