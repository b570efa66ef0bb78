"""Changing rows with every right, and putting back exactly what was there."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from .deeds import Change, aim
from .keeping import Kept, bound
from .place import NO_KEYS, Place

#: One press at a time: a second one finds what the first has done.
_LOCK: Final = threading.Lock()


class Busy(Exception):
    """Somebody else is writing, and did not end in time."""


def act(place: Place, name: str) -> bool:
    """Do a deed, unless one is done already or there is nothing to change.

    What was there is on the disk before anything changes, so that it can be put back however the
    process ends.

    :param place: where.
    :param name: the deed.
    :return: whether it was done now.
    :raises Busy: where the database is written to by somebody else.
    """
    with _LOCK, _writing(place) as connection:
        if Kept.read(place.file).deed:
            return False
        aimed = aim(connection, name)
        if aimed.state != "ready":
            return False
        before = tuple(_before(connection, change) for change in aimed.changes)
        triggers = _triggers(connection, aimed.changes)
        kept = Kept(deed=name, before=before, triggers=tuple(triggers.values()))
        kept.write(place.file)
        try:
            lines = _run(connection, triggers, aimed.changes)
            connection.execute("COMMIT")
        except BaseException:
            Kept().write(place.file)
            raise
        replace(kept, lines=lines).write(place.file)
        return True


def undo(place: Place) -> bool:
    """Put back what a deed has changed, column by column and row by row.

    :param place: where.
    :return: whether anything was put back.
    :raises Busy: where the database is written to by somebody else.
    """
    with _LOCK, _writing(place) as connection:
        kept = Kept.read(place.file)
        if not kept.deed:
            return False
        for each in kept.before:
            _put_back(connection, each)
        there = set(_all_triggers(connection))
        for sql in kept.triggers:
            if sql not in there:
                connection.execute(sql)
        connection.execute("COMMIT")
        Kept(undone=kept.deed).write(place.file)
        return True


def _run(
    connection: sqlite3.Connection, triggers: Iterable[str], changes: Iterable[Change]
) -> tuple[tuple[str, int], ...]:
    """Run the statements; answer each with the number of rows it changed."""
    statements = [NO_KEYS, *(f'DROP TRIGGER "{name}";' for name in triggers)]
    statements += [change.sql for change in changes]
    return tuple((sql, max(connection.execute(sql).rowcount, 0)) for sql in statements)


@contextmanager
def _writing(place: Place) -> Iterator[sqlite3.Connection]:
    try:
        with place.opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
    except sqlite3.OperationalError as problem:
        raise Busy(str(problem)) from problem


def _before(connection: sqlite3.Connection, change: Change) -> Mapping[str, Any]:
    """Answer what is in the rows that a statement changes: of a deleted row, all of it."""
    table = connection.execute(f'PRAGMA table_info("{change.table}")').fetchall()
    key = [row[1] for row in sorted(table, key=lambda row: row[5]) if row[5]]
    columns = [name for name, _ in change.sets] or [row[1] for row in table if row[1] not in key]
    wanted = ", ".join(f'"{name}"' for name in [*key, *columns])
    rows = connection.execute(f"SELECT {wanted} FROM {change.table} WHERE {change.where}")
    return {
        "table": change.table,
        "key": key,
        "columns": columns,
        "deleted": not change.sets,
        "rows": [list(row) for row in rows],
    }


def _put_back(connection: sqlite3.Connection, each: Mapping[str, Any]) -> None:
    key, columns = each["key"], each["columns"]
    rows = [[bound(value) for value in row] for row in each["rows"]]
    if each["deleted"]:
        names = ", ".join(f'"{name}"' for name in [*key, *columns])
        places = ", ".join("?" * (len(key) + len(columns)))
        sql = f"INSERT OR IGNORE INTO {each['table']} ({names}) VALUES ({places})"
        connection.executemany(sql, rows)
        return
    sets = ", ".join(f'"{name}" = ?' for name in columns)
    where = " AND ".join(f'"{name}" = ?' for name in key)
    turned = [[*row[len(key) :], *row[: len(key)]] for row in rows]
    connection.executemany(f"UPDATE {each['table']} SET {sets} WHERE {where}", turned)


def _triggers(connection: sqlite3.Connection, changes: Sequence[Change]) -> dict[str, str]:
    """Answer the triggers on the tables of some statements: what makes each, by its name."""
    tables = {change.table for change in changes}
    sql = "SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    return {row[0]: row[1] for row in connection.execute(sql) if row[2] in tables}


def _all_triggers(connection: sqlite3.Connection) -> Iterator[str]:
    for row in connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'"):
        yield row[0]
