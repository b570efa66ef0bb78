"""The city's own database: connections that begin a transaction when they say so."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

#: How a transaction begins on SQLite, by execution option.
_BEGIN: Final = "city_begin"


def open_engine(url: str, isolation_level: str | None = None) -> Engine:
    """Open the city's database.

    :param url: SQLAlchemy URL.
    :param isolation_level: as SQLAlchemy names it; ignored on SQLite.
    :return: an engine; on SQLite in WAL mode, with transactions begun explicitly.
    """
    if make_url(url).get_backend_name() != "sqlite":
        options = {"isolation_level": isolation_level} if isolation_level else {}
        return create_engine(url, hide_parameters=True, **options)
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a short read transaction, and close it before anything else happens.

    :param engine: the city's engine.
    """
    with engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a write transaction; it commits at the end, or rolls back if anything is raised.

    :param engine: the city's engine.
    """
    with engine.connect() as opened:
        connection = opened.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        with connection.begin():
            yield connection


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Leave BEGIN to us: the driver would begin too late for savepoints to hold."""
    connection.isolation_level = None
    try:
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:  # SQLAlchemy before 2.1 leaves it open where a listener raises
        connection.close()
        raise


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))
