"""Taking our tables away: ours alone, and nothing that somebody else has hung on them."""

import re
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select, text
from sqlalchemy.schema import DropTable

from . import tables, whole
from .columns import SCHEMA
from .guards import applying
from .run import is_sqlite, run
from .schema import VERSION_TABLE

#: What of others refers to a table of ours. Views and keys on PostgreSQL; on SQLite whatever
#: names one in its own text.
_REFERRING: Final = """
WITH ours AS (
  SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = :schema AND c.relname IN :names
)
SELECT DISTINCT k.conrelid::regclass::text FROM pg_constraint k
WHERE k.contype = 'f' AND k.confrelid IN (SELECT oid FROM ours)
  AND k.conrelid NOT IN (SELECT oid FROM ours)
  AND NOT EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhrelid = k.conrelid
                  AND i.inhparent IN (SELECT oid FROM ours))
UNION
SELECT DISTINCT w.ev_class::regclass::text FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid
WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid IN (SELECT oid FROM ours)
  AND w.ev_class NOT IN (SELECT oid FROM ours)
ORDER BY 1
"""
#: What stands in our schema and is not ours: tables, views, sequences,
#: functions and types of others.
_STRANGE: Final = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = :schema AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  AND c.relname NOT IN :names
  AND NOT EXISTS (SELECT 1 FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
                  WHERE i.inhrelid = c.oid AND p.relname IN :names)
  AND NOT EXISTS (SELECT 1 FROM pg_depend d JOIN pg_class p ON p.oid = d.refobjid
                  WHERE d.objid = c.oid AND d.deptype IN ('a', 'i') AND p.relname IN :names)
UNION
SELECT p.proname || '()' FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = :schema AND p.proname NOT IN :names
UNION
SELECT t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE n.nspname = :schema AND t.typtype IN ('d', 'e', 'r')
ORDER BY 1
"""
_OWNED: Final = """
SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = :schema
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would go, and what stands in the way.

    :param rows: number of rows by table of ours.
    :param has_versions: whether the table of our own migrations is there.
    :param entries: entries of the ledger that no seal covers.
    :param referring: what of others refers to a table of ours; it would break.
    :param strange: what of others stands in our schema; empty on SQLite, which has none.
    :param drops_schema: whether our schema goes, too; None on SQLite.
    """

    rows: dict[str, int]
    has_versions: bool
    entries: int
    referring: tuple[str, ...]
    strange: tuple[str, ...]
    drops_schema: bool | None

    @property
    def is_empty(self) -> bool:
        """Answer whether nothing of ours is there."""
        return not self.rows and not self.has_versions and not self.drops_schema


def plan(connection: Connection) -> Plan:
    """Look at what would go; nothing is changed.

    :param connection: any connection.
    """
    found = whole.present(connection)
    rows = {table.name: whole.number_of(connection, table) for table in found}
    strange, drops_schema = _schema(connection)
    return Plan(
        rows=rows,
        has_versions=whole.has_versions(connection),
        entries=_unsealed(connection, rows),
        referring=_referring(connection, [*rows, VERSION_TABLE]),
        strange=strange,
        drops_schema=drops_schema,
    )


def hold(connection: Connection) -> None:
    """Keep everybody else from our tables until the transaction ends.

    :param connection: a writing connection of our own; on SQLite that is enough.
    """
    if is_sqlite(connection):
        return
    for table in whole.present(connection):
        connection.exec_driver_sql(f"LOCK TABLE {SCHEMA}.{table.name} IN ACCESS EXCLUSIVE MODE")


def remove(connection: Connection, planned: Plan) -> None:
    """Drop our tables, each after those that refer to it; never with what depends on them.

    :param connection: a writing connection of our own, which holds them.
    :param planned: what goes.
    """
    for table in reversed(whole.present(connection)):
        run(connection, DropTable(table))
    prefix = "" if is_sqlite(connection) else f"{SCHEMA}."
    if not is_sqlite(connection):
        applying.drop_functions(connection)  # no table needs its guards any more
    if planned.has_versions:
        connection.exec_driver_sql(f"DROP TABLE {prefix}{VERSION_TABLE}")
    if planned.drops_schema:
        connection.exec_driver_sql(f"DROP SCHEMA {SCHEMA}")


def _unsealed(connection: Connection, rows: dict[str, int]) -> int:
    """Count the entries that no signed head covers."""
    entry, leaf, head = tables.entry, tables.leaf, tables.tree_head
    if not {leaf.name, head.name} <= set(rows):
        return rows.get(entry.name, 0)
    signed = (
        select(func.max(head.c.size))
        .where(head.c.log_id == entry.c.log_id, head.c.note.is_not(None))
        .scalar_subquery()
    )
    covering = select(leaf.c.idx).where(
        leaf.c.log_id == entry.c.log_id,
        leaf.c.lane == entry.c.lane,
        leaf.c.no == entry.c.no,
        leaf.c.idx < signed,
    )
    query = select(func.count()).select_from(entry).where(~covering.exists())
    return int(run(connection, query).scalar_one())


def _schema(connection: Connection) -> tuple[tuple[str, ...], bool | None]:
    if is_sqlite(connection):
        return (), None
    is_owned = connection.execute(text(_OWNED), {"schema": SCHEMA}).scalar()
    if is_owned is None:  # there is no such schema
        return (), False
    strange = _asked(connection, _STRANGE, [*_names(), *applying.functions()])
    return strange, bool(is_owned) and not strange


def _referring(connection: Connection, names: list[str]) -> tuple[str, ...]:
    if not is_sqlite(connection):
        return _asked(connection, _REFERRING, names)
    ours = re.compile(rf"\b({'|'.join(map(re.escape, names))})\b")
    query = "SELECT name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    return tuple(
        sorted(
            name
            for name, table, statement in connection.exec_driver_sql(query)
            if table not in names and ours.search(statement)
        )
    )


def _names() -> list[str]:
    return [*(table.name for table in tables.metadata.sorted_tables), VERSION_TABLE]


def _asked(connection: Connection, query: str, names: list[str]) -> tuple[str, ...]:
    statement: Any = text(query).bindparams(bindparam("names", expanding=True))
    found = connection.execute(statement, {"schema": SCHEMA, "names": names})
    return tuple(str(name) for (name,) in found)
