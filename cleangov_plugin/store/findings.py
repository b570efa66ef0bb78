"""Findings: leads (疑点) that somebody owns until they are closed. The oversight side's table."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, func, select

from . import tables
from .isolation import unless_there
from .run import driver_sql, is_sqlite, lock_number, run


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingDraft:
    """One finding, ready to be opened.

    :param log_id: the agency's ledger.
    :param rule_id: the rule that hit.
    :param rule_version: its version.
    :param binding_id: the binding it hit through.
    :param subject: the case.
    :param part: part of the case; empty for the whole.
    :param is_signal: for study only: no owner, no clock.
    :param severity: by law.
    :param visibility: who may see it.
    :param state: where it stands.
    :param owner: role or person that owns it; None for a signal alone.
    :param due_on: ISO day by which it is due; None for a signal alone.
    :param stream: business stream.
    :param step: the host's own name of the step.
    :param unit: unit of the officer.
    :param actor: pseudonym of the officer.
    :param event_key: key of the event that hit.
    :param event_id: the event's id in its source.
    :param shown_values: JSON of the typed values its texts need.
    :param occurred_at: when the act happened, fixed-width UTC text.
    :param found_at: when it was found, fixed-width UTC text.
    :param retention_class: why it is kept.
    :param retain_until: ISO day until which it is kept.
    """

    log_id: str
    rule_id: str
    rule_version: int
    binding_id: str
    subject: str
    part: str
    is_signal: bool
    severity: str
    visibility: str
    state: str
    owner: str | None
    due_on: str | None
    stream: str
    step: str
    unit: str | None
    actor: str | None
    event_key: str
    event_id: str
    shown_values: str
    occurred_at: str
    found_at: str
    retention_class: str
    retain_until: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What became of drafts.

    :param opened: those that are new.
    :param known: those that were there already.
    :param busy: those another transaction is opening just now; to be tried again by catch-up.
    """

    opened: tuple[FindingDraft, ...] = ()
    known: tuple[FindingDraft, ...] = ()
    busy: tuple[FindingDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which findings are wanted; None stands for all.

    :param log_id: the agency's ledger.
    :param rule_id: one rule.
    :param subject: one case.
    :param is_signal: signals only, or none of them.
    :param states: states.
    :param limit: how many at the most.
    """

    log_id: str | None = None
    rule_id: str | None = None
    subject: str | None = None
    is_signal: bool | None = None
    states: frozenset[str] = field(default_factory=frozenset)
    limit: int | None = None


_COLUMNS: Final = tuple(FindingDraft.__dataclass_fields__)
_NUMBERS: Final = {"rule_version": "integer", "is_signal": "boolean"}
_INTO: Final = f"INSERT INTO {{s}}cleangov_finding ({', '.join(_COLUMNS)})"
_UNIQUE: Final = " ON CONFLICT (log_id, rule_id, subject, part, is_signal) DO NOTHING"
_SQLITE: Final = (
    f"{_INTO} VALUES ({', '.join(f':{name}' for name in _COLUMNS)}){_UNIQUE} RETURNING 1"
)
#: ON CONFLICT would wait for another transaction that is opening the same one: so its key is
#: try-locked first. Two rows are answered: is the key free, was a row written.
_VALUES: Final = ", ".join(f"CAST(:{name} AS {_NUMBERS.get(name, 'text')})" for name in _COLUMNS)
_POSTGRESQL: Final = (
    "WITH held AS MATERIALIZED"  # noqa: S608  # our own names
    " (SELECT pg_try_advisory_xact_lock(CAST(:lock AS bigint)) AS is_free),"
    f" made AS ({_INTO} SELECT {_VALUES} FROM held WHERE is_free{_UNIQUE} RETURNING 1)"
    " SELECT (SELECT is_free FROM held), (SELECT count(*) FROM made)"
)


def open_findings(connection: Connection, drafts: Sequence[FindingDraft]) -> Opened:
    """Open findings; one that is there already is left as it is.

    :param connection: the host's connection, or one of our own.
    :param drafts: the findings; few, for hits are rare.
    :return: what became of each.
    """
    found: dict[str, list[FindingDraft]] = {"opened": [], "known": [], "busy": []}
    for draft in drafts:
        found[_open(connection, draft)].append(draft)
    return Opened(**{name: tuple(list_) for name, list_ in found.items()})


def find(connection: Connection, query: Query) -> Iterator[Mapping[str, Any]]:
    """List findings in the order they were found, as rows with `shown_values` read.

    :param connection: any connection.
    :param query: which.
    """
    table = tables.finding
    wanted = select(table).order_by(table.c.id)
    for name in ("log_id", "rule_id", "subject", "is_signal"):
        value = getattr(query, name)
        if value is not None:
            wanted = wanted.where(table.c[name] == value)
    if query.states:
        wanted = wanted.where(table.c.state.in_(sorted(query.states)))
    for row in run(connection, wanted.limit(query.limit)).mappings():
        yield {**row, "shown_values": json.loads(row["shown_values"])}


def counts(connection: Connection, log_id: str) -> dict[str, int]:
    """Count the cases with findings of each rule, signals included.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :return: cases by rule.
    """
    table = tables.finding
    query = (
        select(table.c.rule_id, func.count(func.distinct(table.c.subject)).label("cases"))
        .where(table.c.log_id == log_id)
        .group_by(table.c.rule_id)
        .order_by(table.c.rule_id)
    )
    return {row.rule_id: row.cases for row in run(connection, query)}


def parts_of(connection: Connection, log_id: str, rule_id: str) -> frozenset[str]:
    """Answer the parts of cases of which there is a finding of a rule.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param rule_id: the rule.
    """
    table = tables.finding
    query = select(table.c.part).where(table.c.log_id == log_id, table.c.rule_id == rule_id)
    return frozenset(run(connection, query).scalars())


def _open(connection: Connection, draft: FindingDraft) -> str:
    values = asdict(draft)
    if is_sqlite(connection):
        written = connection.exec_driver_sql(driver_sql(_SQLITE, "sqlite"), values).first()
        return "known" if written is None else "opened"
    key = (draft.log_id, draft.rule_id, draft.subject, draft.part, str(draft.is_signal))
    values["lock"] = lock_number("finding", *key)
    statement = driver_sql(_POSTGRESQL, "postgresql")
    found = unless_there(
        connection, lambda: tuple(connection.exec_driver_sql(statement, values).one())
    )
    is_free, number = found or (True, 0)
    if not is_free:
        return "busy"
    return "opened" if number else "known"
