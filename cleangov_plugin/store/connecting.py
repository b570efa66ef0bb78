"""Opening a database that a person named at the command line; what goes wrong is told plainly."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from cleangov_plugin.domain.errors import SchemaError, SettingsError

from . import schema
from .database import Database
from .run import StoreError
from .schema import SchemaState

#: Milliseconds that a command waits for a lock: nobody's page waits for it.
PATIENCE_MS: Final = 10_000
_URL: Final = "Give an SQLAlchemy URL, as sqlite:///cleangov.db or postgresql://host/city."


@contextmanager
def connected(url: str) -> Iterator[Database]:
    """Hold a database open for a command.

    :param url: SQLAlchemy URL.
    :return: the database.
    :raises SettingsError: where there is no such database, or it cannot be reached.
    :raises StoreError: where a statement fails while it is held.
    """
    database = _opened(url)
    try:
        with database.own_transaction(is_reading=True):
            pass
    except DBAPIError as problem:
        what = f"the database cannot be reached: {_said(problem)}"
        raise SettingsError(what, where=shown(database), remedy=_URL) from None
    try:
        yield database
    except SQLAlchemyError as problem:
        raise StoreError(f"the database refused: {_said(problem)}", where=shown(database)) from None
    finally:
        database.dispose()


def shown(database: Database) -> str:
    """Write the address of a database without its password.

    :param database: the database.
    """
    return database.url.render_as_string(hide_password=True)


def schema_of(database: Database) -> schema.Schema:
    """Answer how the tables of a database stand to this code.

    :param database: the database.
    """
    with database.own_transaction(is_reading=True) as connection:
        return schema.examine(connection)


def require_schema(database: Database) -> None:
    """Refuse tables that are missing, older or newer than this code.

    :param database: the database.
    :raises SchemaError: with what to do.
    """
    found = schema_of(database)
    if found.state is SchemaState.RIGHT:
        return
    what = f"the tables are {found.state} (revision {found.revision}, wanted {found.wanted})."
    newer = "Install the release of the plugin that these tables belong to."
    remedy = newer if found.state is SchemaState.NEWER else "Run 'cleangov db upgrade'."
    raise SchemaError(what, where=shown(database), remedy=remedy)


def _opened(url: str) -> Database:
    try:
        database = Database(url, patience_ms=PATIENCE_MS)
    except (ArgumentError, NoSuchModuleError, ValueError) as problem:
        what = f"this is no address of a database ({type(problem).__name__})."
        raise SettingsError(what, where="--database", remedy=_URL) from None
    except ImportError as problem:
        what = f"the driver of this database is not installed ({problem.name})."
        remedy = "For PostgreSQL: pip install 'cleangov-plugin[postgresql]'."
        raise SettingsError(what, where="--database", remedy=remedy) from None
    if database.is_sqlite and database.url.database in (None, "", ":memory:"):
        what = "a database in memory is gone when the command ends."
        raise SettingsError(what, where="--database", remedy="Name a file, sqlite:///cleangov.db.")
    return database


def _said(problem: SQLAlchemyError) -> str:
    """Answer the database's own first line; the statement and its values stay out of it."""
    own = getattr(problem, "orig", None)
    text = str(own if own is not None else type(problem).__name__).strip()
    return text.partition("\n")[0][:200]
