"""Rules and bindings as versions: files are seed and exchange, these tables decide."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Table, func, insert, select, update

from cleangov_plugin.domain.terms import RuleState
from cleangov_plugin.ledger.instants import stamp

from . import tables
from .run import Row, StoreError, first, insert_missing, run

_BINDINGS: Final = "bindings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What a synchronisation changed.

    :param ruleset: the revision now in force.
    :param added: ids of rules and bindings that are new or have a new text.
    :param retired: ids of those that were taken out.
    """

    ruleset: int
    added: tuple[str, ...]
    retired: tuple[str, ...]


def sync(
    connection: Connection,
    log_id: str,
    documents: Iterable[Mapping[str, Any]],
    now: datetime,
    clocks: Iterable[Mapping[str, Any]] = (),
) -> Synced:
    """Make what is in force that of the documents; the others are retired, none is deleted.

    The revision goes up only where something changed.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param documents: rule documents as rule files hold them, their bindings included.
    :param now: the present time, aware.
    :param clocks: clock documents as clock files hold them.
    :return: what changed.
    :raises StoreError: where two rules or clocks, or two bindings, have one id.
    """
    rules, bindings = _split(documents)
    terms = _clock_rows(clocks, rules)
    at = stamp(now)
    added, retired = [], []
    for table, id_, version, wanted in (
        (tables.rule_version, "rule_id", "edition", rules),
        (tables.binding, "binding_id", "version", bindings),
        (tables.clock_version, "clock_id", "edition", terms),
    ):
        new, gone = _sync_table(connection, table, (log_id, id_, version), wanted, at)
        added.extend(new)
        retired.extend(gone)
    if added or retired:
        bump(connection, log_id, ruleset=1)
    return Synced(
        ruleset=revisions(connection, log_id)[0], added=tuple(added), retired=tuple(retired)
    )


def document(connection: Connection, log_id: str, rule_id: str, version: int) -> Any:
    """Look up the newest text of one version of a rule, in force or retired.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param rule_id: id of the rule.
    :param version: its version.
    :return: the document without bindings; None where there is none.
    """
    rule = tables.rule_version
    query = (
        select(rule.c.document)
        .where(rule.c.log_id == log_id, rule.c.rule_id == rule_id, rule.c.version == version)
        .order_by(rule.c.edition.desc())
    )
    found = run(connection, query).scalar()
    return None if found is None else json.loads(found)


def revisions(connection: Connection, log_id: str) -> tuple[int, int]:
    """Answer the revision of rules and bindings, and the version of the calendar.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :return: both numbers; 0 where there is none.
    """
    table = tables.revision
    query = select(table.c.ruleset, table.c.calendar).where(table.c.log_id == log_id)
    found = run(connection, query).first()
    return (0, 0) if found is None else (found.ruleset, found.calendar)


def bump(connection: Connection, log_id: str, *, ruleset: int = 0, calendar: int = 0) -> None:
    """Raise the revisions of a ledger, so that every process reloads what it holds.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param ruleset: by how much for rules and bindings.
    :param calendar: by how much for the calendar.
    """
    table = tables.revision
    insert_missing(connection, table, [{"log_id": log_id, "ruleset": 0, "calendar": 0}])
    statement = (
        update(table)
        .where(table.c.log_id == log_id)
        .values(ruleset=table.c.ruleset + ruleset, calendar=table.c.calendar + calendar)
    )
    run(connection, statement)


def save_agency(
    connection: Connection, log_id: str, names: Mapping[str, str], zone: str, country: str
) -> None:
    """Keep an authority, or what changed of it.

    Another zone moves all civil days: it raises the revision of the rules, so that it is sealed.

    :param connection: a writing connection of our own.
    :param log_id: its ledger.
    :param names: name by language.
    :param zone: IANA time zone.
    :param country: ISO 3166 code.
    """
    table = tables.agency
    row = {"log_id": log_id, "names": _text(names), "zone": zone, "country": country}
    has_moved = zone_of(connection, log_id) not in ("", zone)
    if has_moved and any(revisions(connection, log_id)):
        bump(connection, log_id, ruleset=1)
    insert_missing(connection, table, [row])
    run(connection, update(table).where(table.c.log_id == log_id).values(row))


def zone_of(connection: Connection, log_id: str) -> str:
    """Answer the time zone of an authority as its row has it; empty where it is not kept.

    :param connection: any connection.
    :param log_id: its ledger.
    """
    table = tables.agency
    found = run(connection, select(table.c.zone).where(table.c.log_id == log_id)).scalar()
    return found if isinstance(found, str) else ""


def agencies(connection: Connection) -> list[dict[str, Any]]:
    """List the authorities: log_id, names, zone, country.

    :param connection: any connection.
    """
    rows = run(connection, select(tables.agency).order_by(tables.agency.c.log_id)).mappings()
    return [{**row, "names": json.loads(row["names"])} for row in rows]


def agency(connection: Connection, log_id: str) -> dict[str, Any] | None:
    """Look an authority up: log_id, names, zone, country; None where it is not kept.

    :param connection: any connection.
    :param log_id: its ledger.
    """
    found = first(connection, select(tables.agency).where(tables.agency.c.log_id == log_id))
    return None if found is None else {**found, "names": json.loads(found["names"])}


def _split(documents: Iterable[Mapping[str, Any]]) -> tuple[dict[str, Row], dict[str, Row]]:
    """Part the documents into rules and bindings, each by its id, as rows without their place."""
    rules: dict[str, Row] = {}
    bindings: dict[str, Row] = {}
    for whole in documents:
        rule = {key: value for key, value in whole.items() if key != _BINDINGS}
        _refuse_second("rule", rule["id"], rules)
        state = rule.get("state", RuleState.IN_FORCE.value)
        rules[rule["id"]] = {**_hashed(rule), "version": rule["version"], "state": state}
        for bound in whole.get(_BINDINGS, ()):
            _refuse_second("binding", bound["id"], bindings)
            bindings[bound["id"]] = {
                **_hashed(bound),
                "rule_id": rule["id"],
                "rule_version": rule["version"],
                "effective_from": _day(bound.get("effective_from")),
                "effective_to": _day(bound.get("effective_to")),
            }
    return rules, bindings


def _clock_rows(clocks: Iterable[Mapping[str, Any]], rules: Mapping[str, Row]) -> dict[str, Row]:
    """Write clocks as rows by id; findings name both, so no clock is called as a rule is."""
    found: dict[str, Row] = {}
    for clock in clocks:
        _refuse_second("clock or rule", clock["clock"], {**rules, **found})
        found[clock["clock"]] = {**_hashed(clock), "version": clock["version"]}
    return found


def _refuse_second(what: str, id_: str, known: Mapping[str, Row]) -> None:
    """Refuse an id that stands twice: the second would silently take the first one's place."""
    if id_ in known:
        raise StoreError(f"two {what}s are called '{id_}'.", where=id_, remedy="Rename one.")


def _sync_table(
    connection: Connection,
    table: Table,
    keys: tuple[str, str, str],
    wanted: Mapping[str, Row],
    at: str,
) -> tuple[list[str], list[str]]:
    log_id, id_, _ = keys
    current = _current(connection, table, log_id, id_)
    gone = sorted(set(current) - set(wanted))
    new = sorted(key for key, row in wanted.items() if not _is_same(current.get(key), row))
    closed = gone + [key for key in new if key in current]
    if closed:
        condition = (table.c.log_id == log_id, table.c[id_].in_(closed), table.c.to_at.is_(None))
        run(connection, update(table).where(*condition).values(to_at=at))
    if new:
        _insert(connection, table, keys, {key: {**wanted[key], "from_at": at} for key in new})
    return new, gone


def _insert(
    connection: Connection, table: Table, keys: tuple[str, str, str], rows: Mapping[str, Row]
) -> None:
    """Insert documents by id, each under the number after the newest one of its id."""
    log_id, id_, number = keys
    newest = select(table.c[id_].label("key"), func.max(table.c[number]).label("number")).where(
        table.c.log_id == log_id
    )
    numbers = {row.key: row.number for row in run(connection, newest.group_by(table.c[id_]))}
    for key, row in rows.items():
        place = {"log_id": log_id, id_: key, number: numbers.get(key, 0) + 1}
        run(connection, insert(table).values({**row, **place, "document": _text(row["document"])}))


def _current(connection: Connection, table: Table, log_id: str, id_: str) -> dict[str, Row]:
    """Read what is in force by its id, all but the texts: their hashes stand for them."""
    columns = [column for column in table.c if column.name != "document"]
    query = select(*columns).where(table.c.log_id == log_id, table.c.to_at.is_(None))
    return {row[id_]: dict(row) for row in run(connection, query).mappings()}


def _is_same(there: Row | None, wanted: Row) -> bool:
    return there is not None and all(
        there[key] == value for key, value in wanted.items() if key != "document"
    )


def _hashed(document: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a document with its hash, for which its order does not count."""
    ordered = json.dumps(document, ensure_ascii=False, sort_keys=True, default=str)
    return {"document": document, "hash": sha256(ordered.encode()).hexdigest()}


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _day(value: Any) -> str | None:
    return None if value is None else str(value)
