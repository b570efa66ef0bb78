"""Opening a database that a person named; what goes wrong is told, and never a password."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from cleangov_plugin.domain.errors import SchemaError, SettingsError

from . import schema
from .database import Database
from .run import StoreError
from .schema import SchemaState

#: Milliseconds that a command waits for a lock: nobody's page waits for it.
PATIENCE_MS: Final = 10_000
_URL: Final = "Give an SQLAlchemy URL, as sqlite:///cleangov.db or postgresql://host/city."
_KNOWN: Final = ("sqlite", "postgresql")


class TroubleKind(StrEnum):
    """Why a database cannot be opened."""

    DRIVER = "driver"
    KIND = "kind"
    ADDRESS = "address"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What keeps a database from being opened.

    :param kind: why.
    :param named: the driver, the kind of database or what the database said; empty for an
        address that cannot be read: a password may stand anywhere in it.
    """

    kind: TroubleKind
    named: str = ""


_SENTENCES: Final = {
    TroubleKind.DRIVER: (
        "the driver of this database is not installed ({}).",
        "For PostgreSQL: pip install 'cleangov-plugin[postgresql]'.",
    ),
    TroubleKind.KIND: (
        "{}:// is no database that the plugin works with.",
        "Give an SQLAlchemy URL: postgresql:// (not postgres://) or sqlite:///.",
    ),
    TroubleKind.ADDRESS: (
        "this is no address of a database.",
        f"{_URL} In a password, write @ as %40, / as %2F, : as %3A.",
    ),
    TroubleKind.UNREACHABLE: ("the database cannot be reached: {}", _URL),
}


def trouble(problem: Exception, url: str) -> Trouble:
    """Tell what kept a database from being opened.

    :param problem: what was raised.
    :param url: the address that was given.
    """
    named = url.partition(":")[0]
    kind = named.partition("+")[0]
    if isinstance(problem, ImportError | NoSuchModuleError) and kind not in _KNOWN:
        return Trouble(kind=TroubleKind.KIND, named=kind if kind.isidentifier() else "?")
    if isinstance(problem, ImportError):
        said = str(problem).partition("\n")[0][:200]
        return Trouble(kind=TroubleKind.DRIVER, named=problem.name or said)
    if isinstance(problem, NoSuchModuleError):
        return Trouble(kind=TroubleKind.DRIVER, named=named.partition("+")[2] or named)
    if isinstance(problem, ArgumentError | ValueError):
        return Trouble(kind=TroubleKind.ADDRESS)
    if isinstance(problem, SQLAlchemyError):
        return Trouble(kind=TroubleKind.UNREACHABLE, named=_said(problem))
    return Trouble(kind=TroubleKind.UNREACHABLE, named=type(problem).__name__)


def refusal(problem: Exception, url: str, where: str) -> SettingsError:
    """Say what kept a database from being opened, and what to do.

    :param problem: what was raised.
    :param url: the address that was given.
    :param where: where it was given; never the address itself.
    """
    found = trouble(problem, url)
    what, remedy = _SENTENCES[found.kind]
    return SettingsError(what.format(found.named), where=where, remedy=remedy)


@contextmanager
def connected(url: str, *, is_made: bool = True) -> Iterator[Database]:
    """Hold a database open for a command.

    :param url: SQLAlchemy URL.
    :param is_made: whether SQLite may make the file where there is none.
    :return: the database.
    :raises SettingsError: where there is no such database, or it cannot be reached.
    :raises StoreError: where a statement fails while it is held.
    """
    database = _opened(url)
    if not is_made and not database.is_there:
        what = "there is no such file."
        raise SettingsError(what, where=shown(database), remedy="Name the platform's database.")
    try:
        _reach(database, url)
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


def file_of(url: str) -> str | None:
    """Answer the file of an SQLite database; None where it is another, or no address.

    :param url: SQLAlchemy URL.
    """
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        return None
    return found.database if found.get_backend_name() == "sqlite" else None


def schema_of(database: Database) -> schema.Schema:
    """Answer how the tables of a database stand to this code.

    :param database: the database.
    """
    with database.own_transaction(is_reading=True) as connection:
        return schema.examine(connection)


def require_schema(database: Database, *, takes_views: bool = False) -> None:
    """Refuse tables that are missing, older or newer than this code.

    :param database: the database.
    :param takes_views: whether a view may stand in the place of a table: who verifies goes on and
        says so.
    :raises SchemaError: with what to do.
    """
    found = schema_of(database)
    if found.state is SchemaState.RIGHT:
        return
    if takes_views and found.revision == found.wanted and found.missing == found.views:
        return
    what = f"the tables are {found.state} (revision {found.revision}, wanted {found.wanted})."
    newer = "Install the release of the plugin that these tables belong to."
    remedy = newer if found.state is SchemaState.NEWER else "Run 'cleangov db upgrade'."
    raise SchemaError(what, where=shown(database), remedy=remedy)


def _reach(database: Database, url: str) -> None:
    try:
        with database.own_transaction(is_reading=True):
            pass
    except DBAPIError as problem:
        raise refusal(problem, url, shown(database)) from None


def _opened(url: str) -> Database:
    try:
        database = Database(url, patience_ms=PATIENCE_MS)
    except (ArgumentError, NoSuchModuleError, ValueError, ImportError) as problem:
        raise refusal(problem, url, "--database") from None
    if database.is_sqlite and database.url.database in (None, "", ":memory:"):
        what = "a database in memory is gone when the command ends."
        raise SettingsError(what, where="--database", remedy="Name a file, sqlite:///cleangov.db.")
    return database


def _said(problem: SQLAlchemyError) -> str:
    """Answer the database's own first line; the statement and its values stay out of it."""
    own = getattr(problem, "orig", None)
    text = str(own if own is not None else type(problem).__name__).strip()
    return text.partition("\n")[0][:200]
