"""One PostgreSQL database for many tests: emptied between them, made anew where one spoilt it."""

from collections.abc import Callable

import sqlalchemy as sa

from tests.support.ends import opened

SCHEMA = "cleangov"
#: What a host's first start has written. A test that changes it makes the database unfit.
STANDING = (
    "agency",
    "alembic_version",
    "binding",
    "calendar_day",
    "calendar_version",
    "revision",
    "rule_version",
)


class ReusedDatabase:
    """A copy of a template, emptied in some milliseconds instead of copied again.

    :param make: makes a fresh copy of the template and answers its URL.
    :param drop: drops the copy with such a URL.
    """

    def __init__(self, make: Callable[[], str], drop: Callable[[str], None]) -> None:
        self._make, self._drop = make, drop
        self._url, self._standing = "", ""

    def url(self) -> str:
        """Answer the URL of a database as a first start has left it."""
        if not self._url:
            self._url = self._make()
            self._standing = self._on(_standing)
        return self._url

    def clean(self) -> None:
        """Take everything away that a test has written; drop the database where that fails."""
        try:
            if self._on(_standing) == self._standing:
                self._on(_empty)
                return
        except sa.exc.DBAPIError:
            pass
        self.close()

    def close(self) -> None:
        """Drop the database."""
        if self._url:
            self._drop(self._url)
            self._url = ""

    def _on(self, act: Callable[[sa.Connection], str]) -> str:
        with opened(self._url) as engine, engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 2000")
            return act(connection)


def _standing(connection: sa.Connection) -> str:
    """Answer a digest of what stands: tables, their standing rows, settings of the database."""
    tables = "SELECT string_agg(tablename, ',' ORDER BY 1) FROM pg_tables WHERE schemaname = :s"
    settings = "SELECT count(*) FROM pg_db_role_setting WHERE setdatabase <> 0"
    found = [
        str(connection.scalar(sa.text(tables), {"s": SCHEMA})),
        str(connection.scalar(sa.text(settings))),
    ]
    for name in STANDING:
        digest = "md5(string_agg(t::text, ',' ORDER BY t::text))"
        rows = f"SELECT {digest} FROM {SCHEMA}.cleangov_{name} AS t"
        found.append(str(connection.exec_driver_sql(rows).scalar()))
    return "\n".join(found)


def _empty(connection: sa.Connection) -> str:
    found = sa.inspect(connection)
    connection.exec_driver_sql("DROP SCHEMA IF EXISTS strangers CASCADE")
    for name in found.get_table_names():
        connection.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')
    standing = {f"cleangov_{name}" for name in STANDING}
    for name in reversed([n for n, _ in found.get_sorted_table_and_fkc_names(SCHEMA) if n]):
        if name not in standing:
            connection.exec_driver_sql(f"DELETE FROM {SCHEMA}.{name}")
    for name in found.get_sequence_names(SCHEMA):
        connection.exec_driver_sql(f"ALTER SEQUENCE {SCHEMA}.{name} RESTART")
    return ""
