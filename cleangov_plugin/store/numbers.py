"""Numbers for those who keep the plugin running: what is there, what waits, what is owed."""

from typing import Any, Final

from sqlalchemy import Connection, Table, func, select

from . import tables
from .run import is_sqlite, run
from .second_requests import DOUBTED

#: Oldest PostgreSQL that knows `pg_current_snapshot`.
OLDEST_POSTGRESQL: Final = 13


def server(connection: Connection) -> tuple[str, bool]:
    """Answer what the database is, and whether it is one the plugin can work with.

    :param connection: any connection.
    :return: for example ``("PostgreSQL 16.4", True)``.
    """
    info = connection.dialect.server_version_info or (0,)
    number = ".".join(str(part) for part in info[:3])
    if is_sqlite(connection):
        return f"SQLite {number}", info >= (3, 35)
    return f"PostgreSQL {number}", info >= (OLDEST_POSTGRESQL,)


def journal_mode(connection: Connection) -> str | None:
    """Answer SQLite's journal mode; None for other databases.

    :param connection: any connection.
    """
    if not is_sqlite(connection):
        return None
    return str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())


def counts(connection: Connection) -> dict[str, Any]:
    """Count what the tables hold.

    :param connection: any connection.
    :return: by name; where a table has states, by state below the name.
    """
    return {
        "entries": _all(connection, tables.entry),
        "attempts": _by(connection, tables.attempt, "state"),
        "prompts": _by(connection, tables.prompt, "fate"),
        "answers": _by(connection, tables.answer, "kind"),
        "requests": _by(connection, tables.second_request, "state"),
        "findings": _by(connection, tables.finding, "state"),
        "gaps": _by(connection, tables.gap, "state"),
    }


def gap_reasons(connection: Connection) -> list[tuple[str, str, str, int]]:
    """Count the gaps that are not settled.

    :param connection: any connection.
    :return: state, reason, detail and number, the most first.
    """
    gap, number = tables.gap, func.count().label("number")
    query = (
        select(gap.c.state, gap.c.reason, gap.c.detail, number)
        .where(gap.c.state != "settled")
        .group_by(gap.c.state, gap.c.reason, gap.c.detail)
        .order_by(number.desc(), gap.c.reason, gap.c.detail)
        .limit(20)
    )
    return [(r.state, r.reason, r.detail, r.number) for r in run(connection, query)]


def doubted_rules(connection: Connection) -> list[tuple[str, int]]:
    """Count the prompts that an officer said are wrong and that nobody has answered yet.

    :param connection: any connection.
    :return: the merged rules of the prompt, as JSON list, and the number; the most first.
    """
    asked, prompt = tables.second_request, tables.prompt
    number = func.count(prompt.c.prompt_id.distinct()).label("number")
    query = (
        select(prompt.c.rules, number)
        .join(
            prompt, (prompt.c.log_id == asked.c.log_id) & (prompt.c.prompt_id == asked.c.prompt_id)
        )
        .where(asked.c.state == DOUBTED)
        .group_by(prompt.c.rules)
        .order_by(number.desc(), prompt.c.rules)
    )
    return [(row.rules, row.number) for row in run(connection, query)]


def calendars_known(connection: Connection) -> list[tuple[str, int, str, str]]:
    """Answer the newest calendar of each ledger: ledger, version, first and last day.

    :param connection: any connection.
    """
    day = tables.calendar_day
    newest = (
        select(day.c.scope, func.max(day.c.version).label("version"))
        .group_by(day.c.scope)
        .subquery()
    )
    query = (
        select(
            day.c.scope,
            day.c.version,
            func.min(day.c.day_on).label("first"),
            func.max(day.c.day_on).label("last"),
        )
        .join(newest, (newest.c.scope == day.c.scope) & (newest.c.version == day.c.version))
        .group_by(day.c.scope, day.c.version)
        .order_by(day.c.scope)
    )
    return [(r.scope, r.version, r.first, r.last) for r in run(connection, query)]


def _all(connection: Connection, table: Table) -> int:
    return int(run(connection, select(func.count()).select_from(table)).scalar() or 0)


def _by(connection: Connection, table: Table, column: str) -> dict[str, int]:
    kind = table.c[column]
    query = select(kind.label("kind"), func.count().label("number"))
    return {row.kind: row.number for row in run(connection, query.group_by(kind).order_by(kind))}
