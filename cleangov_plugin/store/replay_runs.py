"""Runs of replay: which file was fed into which agency, and how far it is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select, update

from . import tables
from .run import StoreError, insert_missing, run

_ANOTHER = "Wait until it is done; two processes may not replay one file at a time."


class RunState(StrEnum):
    """How far a run is."""

    STAGING = "staging"
    FEEDING = "feeding"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One file under one mapping.

    :param run_id: digest of both.
    :param log_id: the agency it is fed into.
    :param state: how far it is.
    :param staged: events staged so far, derived ones included.
    :param fed: events fed so far.
    :param summary: what was read; empty until the file is read whole.
    """

    run_id: str
    log_id: str
    state: RunState = RunState.STAGING
    staged: int = 0
    fed: int = 0
    summary: Mapping[str, Any] = field(default_factory=dict)


def open_run(connection: Connection, log_id: str, file_digest: str, mapping_digest: str) -> Run:
    """Begin a run, or find the one that was begun.

    :param connection: a writing connection of our own.
    :param log_id: the agency it is fed into.
    :param file_digest: SHA-256 of the file, hexadecimal.
    :param mapping_digest: SHA-256 of the mapping, hexadecimal.
    :return: the run as it stands.
    """
    run_id = sha256(f"{log_id}\n{file_digest}\n{mapping_digest}".encode()).hexdigest()[:32]
    row = {
        "run_id": run_id,
        "log_id": log_id,
        "file_digest": file_digest,
        "mapping_digest": mapping_digest,
        "state": RunState.STAGING.value,
        "staged": 0,
        "fed": 0,
    }
    insert_missing(connection, tables.replay_run, [row])
    table = tables.replay_run
    return _run(run(connection, select(table).where(table.c.run_id == run_id)).one())


def runs_of(connection: Connection, log_id: str) -> list[Run]:
    """List the runs that were fed, or are being fed, into an agency.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    """
    table = tables.replay_run
    query = select(table).where(table.c.log_id == log_id).order_by(table.c.run_id)
    return [_run(row) for row in run(connection, query)]


def is_a_living_agency(connection: Connection, log_id: str) -> bool:
    """Answer whether an agency has entries that no replay wrote.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    """
    entry = tables.entry
    query = select(entry.c.id).where(entry.c.log_id == log_id).limit(1)
    return run(connection, query).first() is not None and not runs_of(connection, log_id)


def move(connection: Connection, before: Run, **changes: Any) -> Run:
    """Take note of how far a run is, in the transaction of the rows that it counts.

    :param connection: a writing connection.
    :param before: the run as this process knows it.
    :param changes: fields of `Run`.
    :return: the run as it stands then.
    :raises StoreError: where another process has moved it meanwhile.
    """
    after = replace(before, **changes)
    table = tables.replay_run
    condition = (
        table.c.run_id == before.run_id,
        table.c.state == before.state.value,
        table.c.staged == before.staged,
        table.c.fed == before.fed,
    )
    summary = json.dumps(after.summary, sort_keys=True) if after.summary else None
    values = {"state": after.state.value, "staged": after.staged, "fed": after.fed}
    statement = update(table).where(*condition).values(**values, summary=summary)
    if run(connection, statement).rowcount != 1:
        what = "another process is replaying the same file."
        raise StoreError(what, where=f"run {before.run_id}", remedy=_ANOTHER)
    return after


def _run(row: Any) -> Run:
    return Run(
        run_id=row.run_id,
        log_id=row.log_id,
        state=RunState(row.state),
        staged=row.staged,
        fed=row.fed,
        summary=json.loads(row.summary) if row.summary else {},
    )
