"""One PostgreSQL database for many tests: emptied between them, made anew where one spoilt it."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from tests.support.ends import opened

SCHEMA = "cleangov"
#: Bytes that rows taken away may leave behind before a fresh copy is cheaper.
_MUCH = 30_000_000
_numbers = itertools.count(1)
#: All that a test may have changed besides rows: one line of it differs, and the copy is unfit.
_SHAPE = """
SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
  SELECT 'n' || concat_ws('|', nspname, nspowner, nspacl) AS line FROM pg_namespace
    WHERE nspname !~ '^pg_t'
  UNION ALL SELECT 'c' || concat_ws('|', c.oid::regclass, relkind, relowner, relacl, reloptions,
      relrowsecurity, pg_get_viewdef(CASE WHEN relkind IN ('v', 'm') THEN c.oid END))
    FROM pg_class c WHERE relnamespace NOT IN (
      SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_' OR nspname = 'information_schema')
  UNION ALL SELECT 'a' || concat_ws('|', attrelid::regclass, attname, atttypid, atttypmod,
      attnotnull, attacl, attidentity, pg_get_expr(adbin, adrelid))
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid >= 16384 AND attnum > 0
  UNION ALL SELECT 'i' || concat_ws('|', pg_get_indexdef(indexrelid), indisvalid)
    FROM pg_index WHERE indexrelid >= 16384
  UNION ALL SELECT 'k' || concat_ws('|', conrelid::regclass, conname, pg_get_constraintdef(oid),
      convalidated) FROM pg_constraint WHERE oid >= 16384
  UNION ALL SELECT 't' || concat_ws('|', pg_get_triggerdef(oid), tgenabled)
    FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'r' || pg_get_ruledef(oid) FROM pg_rewrite WHERE oid >= 16384
  UNION ALL SELECT 'p' || concat_ws('|', proowner, proacl, pg_get_functiondef(oid))
    FROM pg_proc WHERE oid >= 16384 AND prokind = 'f'
  UNION ALL SELECT 'x' || extname FROM pg_extension
  UNION ALL SELECT 'd' || concat_ws('|', defaclrole, defaclacl) FROM pg_default_acl
  UNION ALL SELECT 's' || concat_ws('|', setrole, setconfig) FROM pg_db_role_setting
    WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
  UNION ALL SELECT 'b' || concat_ws('|', datdba, datacl, datconnlimit) FROM pg_database
    WHERE datname = current_database()
) AS found
"""


class ReusedDatabase:
    """A copy of a template, emptied in some milliseconds instead of copied again.

    :param make: makes a fresh copy of the template and answers its URL.
    :param drop: drops the copy with such a URL.
    """

    def __init__(self, make: Callable[[], str], drop: Callable[[str], None]) -> None:
        self._make, self._drop = make, drop
        self._url, self._shape, self._bytes = "", "", 0
        self._tables: list[str] = []
        self._sequences: list[str] = []
        self._standing: dict[str, str] = {}

    def url(self) -> str:
        """Answer the URL of a database as its template is."""
        if not self._url:
            self._url = self._make()
            self._remember()
        return self._url

    def clean(self) -> None:
        """Take everything away that a test has written; drop the database where that fails."""
        try:
            with opened(self._url) as engine, engine.begin() as connection:
                connection.exec_driver_sql("SET LOCAL lock_timeout = 2000")
                if self._emptied(connection):
                    return
        except sa.exc.DBAPIError:
            pass
        self.close()

    def close(self) -> None:
        """Drop the database."""
        if self._url:
            self._drop(self._url)
            self._url = ""

    def _remember(self) -> None:
        with opened(self._url) as engine, engine.connect() as connection:
            found = sa.inspect(connection)
            names = [name for name, _ in found.get_sorted_table_and_fkc_names(SCHEMA) if name]
            # What refers to another goes first. Deleted: to truncate costs more than a copy.
            self._tables = [f"{SCHEMA}.{name}" for name in reversed(names)]
            self._sequences = found.get_sequence_names(SCHEMA)
            self._standing = {
                table: digest for table in self._tables if (digest := _rows(connection, table))
            }
            self._bytes = _bytes(connection)
            self._shape = str(connection.exec_driver_sql(_SHAPE).scalar())

    def _emptied(self, connection: sa.Connection) -> bool:
        # A host's own tables and those of strangers are what a test may leave behind.
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS strangers CASCADE")
        for name in sa.inspect(connection).get_table_names():
            connection.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')
        if str(connection.exec_driver_sql(_SHAPE).scalar()) != self._shape:
            return False
        if _bytes(connection) > self._bytes + _MUCH:
            return False
        if any(_rows(connection, table) != rows for table, rows in self._standing.items()):
            return False
        rest = [table for table in self._tables if table not in self._standing]
        asked = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in rest
        )
        written = {row[0] for row in connection.exec_driver_sql(asked)} if asked else set()
        for table in rest:
            if table in written:
                connection.exec_driver_sql(f"DELETE FROM {table}")
        for name in self._sequences:
            connection.exec_driver_sql(f"ALTER SEQUENCE {SCHEMA}.{name} RESTART")
        return True


def _bytes(connection: sa.Connection) -> int:
    asked = "SELECT pg_database_size(current_database())"
    return int(connection.exec_driver_sql(asked).scalar() or 0)


def _rows(connection: sa.Connection, table: str) -> str:
    digest = "md5(string_agg(t::text, ',' ORDER BY t::text))"
    return connection.exec_driver_sql(f"SELECT {digest} FROM {table} AS t").scalar() or ""


@contextmanager
def reused(server: str, template: str) -> Iterator[ReusedDatabase]:
    """Hold a copy of a template for many tests.

    :param server: URL of a database from which others can be made.
    :param template: name of the database to copy.
    """

    def administer(statement: str) -> None:
        with opened(server, isolation_level="AUTOCOMMIT") as engine, engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def make() -> str:
        name = f"cleangov_reused_{next(_numbers)}"
        administer(f"CREATE DATABASE {name} TEMPLATE {template}")
        return sa.make_url(server).set(database=name).render_as_string(hide_password=False)

    def drop(url: str) -> None:
        administer(f"DROP DATABASE {sa.make_url(url).database} WITH (FORCE)")

    database = ReusedDatabase(make, drop)
    yield database
    database.close()
