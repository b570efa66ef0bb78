"""The plugin's own schema history: upgrade, downgrade, and what a host's Alembic must leave out.

Everything but `check` works where the plugin itself cannot be imported. Alembic is imported when
a function is called: a host that only asks `is_ours` never loads it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

__all__ = (
    "SCHEMA",
    "VERSION_TABLE",
    "check",
    "current",
    "downgrade",
    "head",
    "host_include_name",
    "is_ours",
    "sql",
    "upgrade",
)

VERSION_TABLE: Final = "cleangov_alembic_version"
#: On PostgreSQL all tables live in a schema of their own; SQLite has none, so names are prefixed.
SCHEMA: Final = "cleangov"

_PREFIX: Final = "cleangov_"
_SCRIPTS: Final = "cleangov_migrations:"
#: Two processes that start together must not both migrate; any number does that is ours alone.
_LOCK: Final = 0x636C65616E676F76  # "cleangov"


def upgrade(connection: "Connection", revision: str = "head") -> None:
    """Bring the plugin's tables up to a revision.

    Joins the transaction the connection is in, and then commits nothing: the caller does. On a
    connection that is in none, the work is one transaction of its own, committed at the end.
    On SQLite, too, a failure leaves nothing behind. Processes that start together may all call
    it: one upgrades, the others wait and find it done. (In a transaction of the caller's with a
    fixed snapshot, REPEATABLE READ and above, those that waited fail instead.)

    :param connection: a SQLAlchemy connection with the right to make tables (on PostgreSQL also
        the schema ``cleangov``, where it does not exist).
    :param revision: the revision wanted.
    """
    from alembic import command

    with _joined(connection):
        command.upgrade(_config(connection), revision)


def downgrade(connection: "Connection", revision: str) -> None:
    """Take the plugin's tables back to a revision; ``"base"`` drops them with all they hold.

    Transactions are as in `upgrade`.

    :param connection: a SQLAlchemy connection.
    :param revision: the revision wanted.
    """
    from alembic import command

    with _joined(connection):
        command.downgrade(_config(connection), revision)


def check(connection: "Connection") -> list[str]:
    """Compare the tables of the database with those of the installed plugin.

    :param connection: a SQLAlchemy connection.
    :return: one line for each difference; none is good.
    :raises ImportError: where the plugin is not installed.
    """
    from alembic.autogenerate import compare_metadata

    from cleangov_plugin.store.tables import metadata_for

    metadata = metadata_for(connection.dialect.name)
    return [repr(step) for step in compare_metadata(_context(connection), metadata)]


def current(connection: "Connection") -> str | None:
    """Answer the revision the database is at; None where none of our tables was ever made.

    :param connection: a SQLAlchemy connection.
    """
    found: str | None = _context(connection).get_current_revision()
    return found


def head() -> str:
    """Answer the newest revision this package knows."""
    from alembic.script import ScriptDirectory

    found = ScriptDirectory.from_config(_config(None)).get_current_head()
    if found is None:
        raise RuntimeError("the package cleangov_migrations is installed without its revisions")
    return found


def sql(dialect: str, revision: str = "head") -> str:
    """Answer the statements of an upgrade from nothing, for a database administrator to run.

    :param dialect: ``"postgresql"`` or ``"sqlite"``.
    :param revision: the revision wanted.
    """
    from io import StringIO

    from alembic import command

    written = StringIO()
    config = _config(None)
    config.output_buffer = written
    config.attributes["dialect"] = dialect
    command.upgrade(config, revision, sql=True)
    return written.getvalue()


def is_ours(name: str | None, type_: str) -> bool:
    """Answer whether a schema or table belongs to the plugin.

    :param name: name of the object; None for the default schema.
    :param type_: Alembic's name of its type: ``"schema"``, ``"table"``, ...
    """
    if name is None:
        return False
    return name == SCHEMA if type_ == "schema" else name.startswith(_PREFIX)


def host_include_name(
    name: str | None,
    type_: str,
    parent_names: Mapping[str, str | None],
) -> bool:
    """Answer what a host's Alembic should look at: everything but our tables.

    For ``include_name=`` in the host's ``env.py``; without it a host's autogenerate proposes to
    drop every table it does not know.

    :param name: name of the object; None for the default schema.
    :param type_: Alembic's name of its type.
    :param parent_names: names of the schema and table it is in.
    """
    if type_ in ("schema", "table"):
        return not is_ours(name, type_)
    return not is_ours(parent_names.get("table_name"), "table")


def _config(connection: "Connection | None") -> "Config":
    from alembic.config import Config

    config = Config()  # no file: a guest must not touch the host's logging
    config.set_main_option("script_location", _SCRIPTS)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _context(connection: "Connection") -> Any:
    from alembic.migration import MigrationContext

    is_sqlite = connection.dialect.name == "sqlite"
    options = {
        "version_table": VERSION_TABLE,
        "version_table_schema": None if is_sqlite else SCHEMA,
        "include_schemas": not is_sqlite,
        "include_name": _include_name,
    }
    return MigrationContext.configure(connection, opts=options)


def _include_name(name: str | None, type_: str, _: Mapping[str, str | None]) -> bool:
    """Answer what our own Alembic looks at: our tables alone."""
    if type_ == "schema":
        return name in (None, SCHEMA)  # None: all there is on SQLite
    return type_ != "table" or is_ours(name, type_)


@contextmanager
def _joined(connection: "Connection") -> Iterator[None]:
    """Join the connection's transaction, or hold one of our own."""
    if connection.in_transaction():
        _begin(connection)
        yield
        return
    with connection.begin():
        if connection.dialect.name == "postgresql":
            # Of this transaction alone. Else a process that waited for another one's upgrade
            # would go on with what it saw before it waited, and make every table again.
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        _begin(connection)
        yield


def _begin(connection: "Connection") -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        return
    # The sqlite3 module begins no transaction for CREATE TABLE by itself.
    driver: Any = connection.connection.driver_connection
    if not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
