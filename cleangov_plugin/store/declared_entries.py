"""Entries that tell of what two people declare for a time: modes, passings, deputies."""

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, or_, select, update

from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.body import decode_record

from . import tables
from .rulebook import bump
from .run import run


def records(
    connection: Connection, log_id: str, subject: str, kinds: Iterable[str], source: str
) -> list[Record]:
    """Read what the ledger tells of one sort of declaration, in row order.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case, of nobody's, under which these entries stand.
    :param kinds: their kinds.
    :param source: our own source: what a host sends under these kinds declares nothing.
    """
    entry = tables.entry
    query = (
        select(entry.c.id, entry.c.body)
        .where(entry.c.log_id == log_id, entry.c.subject == subject, entry.c.kind.in_(list(kinds)))
        .order_by(entry.c.id)
    )
    found = [decode_record(row.body, row.id) for row in run(connection, query)]
    return [record for record in found if record.source == source]


class Applied(NamedTuple):
    """How often something that was declared applied.

    :param number: entries whose outcomes name it.
    :param first_at: when the first of them happened, fixed-width UTC text.
    :param last_at: when the last did.
    """

    number: int
    first_at: str
    last_at: str


class AppliedSince(NamedTuple):
    """What applied how often, as far back as was looked.

    :param found: by id.
    :param since: the earliest entry that was looked at; empty where all were.
    """

    found: Mapping[str, Applied]
    since: str


def applied(
    connection: Connection, log_id: str, prefix: str, since: str, most: int | None = None
) -> AppliedSince:
    """Count the entries whose outcomes name what was declared.

    What a body says is read as the outcomes that it holds: a host may write the same text into an
    attribute.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param prefix: what stands before the id in an outcome's fields; letters and a colon.
    :param since: only entries written since then, fixed-width UTC text.
    :param most: newest entries, in order of time, that are looked at; None for all.
    """
    entry = tables.entry
    newest = (
        select(entry.c.occurred_at, entry.c.ingested_at, entry.c.body)
        .where(entry.c.log_id == log_id)
        .order_by(entry.c.occurred_at.desc(), entry.c.id.desc())
    )
    seen = newest.limit(most).subquery() if most else newest.order_by(None).subquery()
    query = select(seen.c.body, seen.c.occurred_at).where(
        seen.c.ingested_at >= since, seen.c.body.contains(f'"{prefix}', autoescape=True)
    )
    days: dict[str, list[str]] = {}
    for row in run(connection, query):
        for id_ in _named(row.body, prefix):
            days.setdefault(id_, []).append(row.occurred_at)
    found = {id_: Applied(len(ats), min(ats), max(ats)) for id_, ats in days.items()}
    return AppliedSince(found, _broken_off(connection, log_id, most) if most else "")


def _broken_off(connection: Connection, log_id: str, most: int) -> str:
    """Answer when the last entry that was looked at happened; empty where that was the first."""
    entry = tables.entry
    query = (
        select(entry.c.occurred_at)
        .where(entry.c.log_id == log_id)
        .order_by(entry.c.occurred_at.desc(), entry.c.id.desc())
        .offset(most - 1)
        .limit(2)
    )
    found = list(run(connection, query).scalars())
    return str(found[0]) if len(found) > 1 else ""


def _named(body: str, prefix: str) -> frozenset[str]:
    """Answer the ids that the outcomes of an entry name."""
    fields = (f for outcome in json.loads(body)["outcomes"] for f in outcome[4:])
    return frozenset(f.removeprefix(prefix) for f in fields if str(f).startswith(prefix))


def look_for(connection: Connection, log_id: str, what: str, until: str) -> None:
    """Say that what two people declared is to be looked for.

    It stands beside the revisions, which every request reads: so where nothing was declared,
    nothing is looked for, and nothing is read for it.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param what: ``"passings"`` or ``"deputies"``.
    :param until: up to when, fixed-width UTC text; a later moment that stands there is kept.
    """
    bump(connection, log_id)
    table = tables.revision
    column = table.c[f"{what}_until"]
    is_later = or_(column.is_(None), column < until)
    run(
        connection,
        update(table).where(table.c.log_id == log_id, is_later).values({column.name: until}),
    )
