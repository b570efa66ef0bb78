"""What the rules saw of a replayed log, counted once when it was fed and kept with its run.

A page that shows it counts nothing anew: a log has as many entries as it likes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, select, update

from . import tables
from .replay_runs import RunState
from .run import run

#: Where the counts stand in a run's summary.
_KEY: Final = "seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """What one rule saw of a ledger; every number counts cases.

    :param cases: with something to look at.
    :param hits: in which it hit.
    :param cannot_be_checked: in which it hit nowhere, and something was missing.
    :param missing: in how many of those each field was missing.
    """

    cases: int
    hits: int
    cannot_be_checked: int
    missing: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCount:
    """What all rules saw of the ledger of a replayed log.

    :param log_id: the agency's ledger.
    :param summary: what was read of the file: name, mapping, title, DOI, cases, events.
    :param entries: entries of the ledger when it was counted.
    :param rules: by rule, in order; None where nobody has counted.
    """

    log_id: str
    summary: Mapping[str, Any]
    entries: int = 0
    rules: Mapping[str, RuleCount] | None = None


def keep(
    connection: Connection, run_id: str, rules: Mapping[str, Mapping[str, Any]], entries: int
) -> None:
    """Keep what the rules saw with the run that fed the log; what was kept before is replaced.

    :param connection: a writing connection of our own.
    :param run_id: the run.
    :param rules: by rule ``cases``, ``hits``, ``cannot_be_checked`` and ``missing``.
    :param entries: entries of the ledger.
    """
    table = tables.replay_run
    before = select(table.c.summary).where(table.c.run_id == run_id)
    summary = json.loads(run(connection, before).scalar() or "{}")
    summary[_KEY] = {"entries": entries, "rules": rules}
    written = json.dumps(summary, sort_keys=True)
    run(connection, update(table).where(table.c.run_id == run_id).values(summary=written))


def counted(connection: Connection) -> tuple[LedgerCount, ...]:
    """Answer what was seen of each replayed log: of several runs into one ledger the fullest.

    :param connection: any connection.
    :return: in order of ledger.
    """
    table = tables.replay_run
    query = select(table.c.log_id, table.c.summary).where(table.c.state == RunState.DONE.value)
    found: dict[str, LedgerCount] = {}
    for row in run(connection, query.order_by(table.c.log_id, table.c.run_id)):
        summary = json.loads(row.summary) if row.summary else {}
        seen = summary.pop(_KEY, None)
        rules = None if seen is None else seen["rules"].items()
        told = LedgerCount(
            log_id=row.log_id,
            summary=summary,
            entries=0 if seen is None else seen["entries"],
            rules=None if rules is None else {id_: RuleCount(**said) for id_, said in rules},
        )
        known = found.get(row.log_id)
        if known is None or (told.rules is not None, told.entries) >= (
            known.rules is not None,
            known.entries,
        ):
            found[row.log_id] = told
    return tuple(found.values())


def replayed(connection: Connection) -> frozenset[str]:
    """Answer the ledgers of replayed logs.

    :param connection: any connection.
    """
    return frozenset(run(connection, select(tables.replay_run.c.log_id).distinct()).scalars())
