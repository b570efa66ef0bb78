"""Texts of clocks: those in force, and the older ones that findings name."""

import json
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from . import tables
from .run import run


class InForce(NamedTuple):
    """What is kept of the clocks of a ledger.

    :param documents: documents of those in force, in order of id.
    :param digest: names their texts; another one means that something has changed.
    :param ids: ids of all, those taken out of force included.
    """

    documents: tuple[dict[str, Any], ...]
    digest: str
    ids: frozenset[str]


def in_force(connection: Connection, log_id: str) -> InForce:
    """Answer the clocks of a ledger.

    :param connection: any connection.
    :param log_id: the ledger.
    """
    it = tables.clock_version
    query = select(it.c.clock_id, it.c.hash, it.c.document, it.c.to_at)
    found = run(connection, query.where(it.c.log_id == log_id).order_by(it.c.clock_id)).all()
    standing = [row for row in found if row.to_at is None]
    return InForce(
        documents=tuple(json.loads(row.document) for row in standing),
        digest=" ".join(row.hash[:16] for row in standing),
        ids=frozenset(row.clock_id for row in found),
    )


def document(connection: Connection, log_id: str, clock_id: str, version: int | None) -> Any:
    """Look up the newest text of a clock, in force or not; None where there is none.

    :param connection: any connection.
    :param log_id: the ledger.
    :param clock_id: the clock.
    :param version: its version; the newest one where left out.
    """
    it = tables.clock_version
    query = select(it.c.document).where(it.c.log_id == log_id, it.c.clock_id == clock_id)
    if version is not None:
        query = query.where(it.c.version == version)
    found = run(connection, query.order_by(it.c.edition.desc()).limit(1)).scalar()
    return None if found is None else json.loads(found)
