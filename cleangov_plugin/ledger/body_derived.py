"""Columns that are made of a body, and that no key of it repeats: do they say what it says?

Who acted, in which office, what kind of business, what is corrected: they stand among the body's
attributes, and screens look for entries by their columns. A million come through here, so that
texts are looked for in the body; only where one is not found is the body read.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from .body import own_fields

#: The columns, in the order of `Derived`.
DERIVED: Final = (
    *("part", "event_key", "stream", "actor", "unit", "attempt_id", "supersedes", "origin"),
)
_LIVE: Final = "live"
#: Beginnings of attributes that may be left out.
_ACTOR, _ATTEMPT, _ORIGIN = b'["e.actor",', b'["e.attempt",', b'["e.origin",'


class Derived(NamedTuple):
    """The columns of entries: of one, or of many, column by column.

    :param part: year and month in UTC.
    :param event_key: source and id, apart by a tab.
    :param stream: enforcement, permit, project or oversight.
    :param actor: pseudonym of who acted.
    :param unit: their office.
    :param attempt_id: the attempt that the event ends.
    :param supersedes: source and id of what is corrected, apart by a tab.
    :param origin: how the event came.
    """

    part: Any
    event_key: Any
    stream: Any
    actor: Any
    unit: Any
    attempt_id: Any
    supersedes: Any
    origin: Any


def derived_from(document: Mapping[str, Any]) -> Derived:
    """Answer the columns as they are made of a body.

    :param document: what the body holds.
    :raises ValueError: or KeyError, TypeError, AttributeError, where it is no body.
    """
    own, at = own_fields(document), document["at"]
    source, corrected = own["source"], own["supersedes"]
    return Derived(
        int(at[:4]) * 100 + int(at[5:7]),
        f"{source}\t{own['event_id']}",
        own["stream"].value,
        own["actor"],
        own["unit"],
        own["attempt_id"],
        None if corrected is None else f"{source}\t{corrected}",
        own["origin"].value,
    )


def are_derived(bodies: Sequence[bytes], at: Iterable[str], columns: Derived) -> bool:
    """Answer whether the columns of many entries were seen to say what the bodies say.

    :param bodies: texts of entries in UTF-8; each is a body v1.
    :param at: when each happened, as its body says.
    :param columns: columns of all of them; hostile.
    :return: False where one says something else, or has to be read to be sure.
    """
    if not _are_typed(columns):
        return False
    joined = b"\n".join(bodies)
    for begin, column in ((_ACTOR, columns.actor), (_ATTEMPT, columns.attempt_id)):
        if joined.count(begin) != len(column) - column.count(None):
            return False
    if joined.count(_ORIGIN) != len(columns.origin) - columns.origin.count(_LIVE):
        return False
    if [*columns.part] != [_part(moment[:7]) for moment in at]:
        return False
    wanted = map(_wanted, *columns[1:])
    return all(
        all(text in body for text in texts) for body, texts in zip(bodies, wanted, strict=True)
    )


def _are_typed(columns: Derived) -> bool:
    texts = (columns.event_key, columns.stream, columns.origin)
    others = (columns.actor, columns.unit, columns.attempt_id, columns.supersedes)
    return (
        {*map(type, columns.part)} <= {int}
        and all({*map(type, column)} <= {str} for column in texts)
        and all({*map(type, column)} <= {str, type(None)} for column in others)
    )


@lru_cache(maxsize=1_024)
def _part(month: str) -> int:
    return int(month[:4]) * 100 + int(month[5:]) if month[:4].isdigit() else 0


def _wanted(
    event_key: str,
    stream: str,
    actor: str | None,
    unit: str | None,
    attempt_id: str | None,
    supersedes: str | None,
    origin: str,
) -> list[bytes]:
    """Answer what stands in a body whose entry has these columns."""
    source, _, id_ = event_key.partition("\t")
    texts = [_id(id_), *_usual(source, stream, actor, unit, supersedes)]
    if attempt_id is not None:
        texts.append(b'%s"text",%s]' % (_ATTEMPT, _quoted(attempt_id)))
    if origin != _LIVE:
        texts.append(b'%s"choice",%s]' % (_ORIGIN, _quoted(origin)))
    return texts


def _id(id_: str) -> bytes:
    return b'"id":%s,"kind":"' % _quoted(id_)


@lru_cache(maxsize=4_096)
def _usual(
    source: str, stream: str, actor: str | None, unit: str | None, supersedes: str | None
) -> tuple[bytes, ...]:
    """Answer what many bodies say: the end of the attributes, the source, and who acted."""
    end = b'["e.stream","choice",%s]' % _quoted(stream)
    if supersedes is not None:
        of, tab, corrected = supersedes.partition("\t")
        if of != source or not tab:
            return (b"\n",)  # stands in no body: it has to be read
        end += b',["e.supersedes","text",%s]' % _quoted(corrected)
    if unit is not None:
        end += b',["e.unit","text",%s]' % _quoted(unit)
    texts: tuple[bytes, ...] = (end + b'],"calendar":', b'["e.source","text",%s]' % _quoted(source))
    if actor is not None:
        texts = (*texts, b'%s"pseudonym",%s]' % (_ACTOR, _quoted(actor)))
    return texts


def _quoted(text: str) -> bytes:
    """Write a text as it stands in a canonical body."""
    written = f'"{text}"' if text.isalnum() else json.dumps(text, ensure_ascii=False)
    return written.encode("utf-8", "surrogateescape")
