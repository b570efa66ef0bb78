"""Databases for tests, and a guard: no test reaches a network beyond this machine."""

import itertools
import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import settings

import cleangov_migrations
from tests.support import postgres, rooms
from tests.support.compiled_once import compiled_once
from tests.support.done_once import done_once
from tests.support.ends import OpenEngine, opened
from tests.support.folder_in_memory import held_in_memory
from tests.support.reused_database import ReusedDatabase, reused

#: On a busy machine a slow example is no mistake of the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

_numbers = itertools.count(1)
_HERE = ("127.0.0.1", "::1", "localhost", "", "0.0.0.0", "::")

_held = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Keep the folders of a run in memory; workers get theirs within those of the run."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False  # it would put files of many tests first
    if not hasattr(config, "workerinput") and not config.option.basetemp:
        _held.enter_context(held_in_memory())


def pytest_sessionstart(session: pytest.Session) -> None:
    """Do once what every start of a host does anew; modules of tests are read with it, too."""
    if not session.config.pluginmanager.hasplugin("dsession"):  # which runs no test of its own
        _held.enter_context(done_once())


def pytest_unconfigure() -> None:
    """Give the memory back, and undo what is done once."""
    _held.close()


def pytest_collection_modifyitems(items: list[pytest.Item], config: pytest.Config) -> None:
    """Mark the tests that take their time; where several run them, those come first."""
    for item in items:
        rooms.mark(item)
    if hasattr(config, "workerinput"):
        rooms.in_order(items)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not read what `-m` leaves out whole: to read all of it is a quarter of --quick."""
    if collection_path.suffix == ".py" and rooms.is_left_out(
        collection_path, config.option.markexpr
    ):
        return True
    return None


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Compile statements and templates once."""
    with compiled_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Fail a test that opens a connection to another machine."""
    with pytest.MonkeyPatch.context() as patched:
        for name in ("connect", "connect_ex"):
            patched.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(original: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        is_inet = self.family in (socket.AF_INET, socket.AF_INET6)
        if is_inet and str(address[0]) not in _HERE:
            pytest.fail(f"a test may not reach the network: {address}")
        return original(self, address)

    return guarded


@pytest.fixture(autouse=True)
def _loggers_as_they_were() -> Iterator[None]:
    """Undo what a command line or a host's Alembic did to our loggers, which it may switch off.

    Tests of one process run in any order: what one leaves behind is another's trouble.
    """
    loggers = [logging.getLogger(name) for name in ("cleangov", "cleangov.guard", "sample_host")]
    # At the beginning, too: a fixture of the whole session may have told a story meanwhile.
    _as_at_the_start(loggers)
    yield
    _as_at_the_start(loggers)


def _as_at_the_start(loggers: list[logging.Logger]) -> None:
    for logger in loggers:
        logger.setLevel(logging.NOTSET)
        logger.disabled, logger.propagate = False, True


@pytest.fixture(scope="session")
def pg_url() -> Iterator[str]:
    """URL of a running PostgreSQL; a machine without one fails, it does not skip."""
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def _pg_template(pg_url: str) -> Iterator[str]:
    """Name of a database with all our tables, to copy: cheaper than a migration each."""
    name = f"cleangov_template_{next(_numbers)}"
    _administer(pg_url, f"CREATE DATABASE {name}")
    with opened(sa.make_url(pg_url).set(database=name)) as engine, engine.begin() as connection:
        cleangov_migrations.upgrade(connection)
    yield name
    _administer(pg_url, f"DROP DATABASE {name}")


@pytest.fixture(scope="session")
def _reused(pg_url: str, _pg_template: str) -> Iterator[ReusedDatabase]:
    with reused(pg_url, _pg_template) as database:
        yield database


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "cleangov.db"
    with opened(f"sqlite:///{path}") as engine, engine.begin() as connection:
        cleangov_migrations.upgrade(connection)
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str:
    """Name of the kind of database a test runs on."""
    return str(request.param)


@pytest.fixture
def empty_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a fresh database without any table."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    yield from _copied(request.getfixturevalue("pg_url"), "template0")


@pytest.fixture
def database_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a fresh database with all our tables."""
    if database == "sqlite":
        path = tmp_path / "cleangov.db"
        path.write_bytes(request.getfixturevalue("_sqlite_template").read_bytes())
        yield f"sqlite:///{path}"
        return
    held = request.getfixturevalue("_reused")
    yield held.url()
    held.clean()


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """An engine as a host has one."""
    with opened(database_url) as engine:
        yield engine


@pytest.fixture
def open_engine() -> Iterator[OpenEngine]:
    """Open engines, which are closed at the end: `open_engine(url, isolation_level="...")`."""
    with ExitStack() as held:
        yield lambda url, **options: held.enter_context(opened(url, **options))


@pytest.fixture
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A host's connection."""
    with engine.connect() as connection:
        yield connection


def _copied(url: str, template: str) -> Iterator[str]:
    name = f"cleangov_test_{next(_numbers)}"
    _administer(url, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield sa.make_url(url).set(database=name).render_as_string(hide_password=False)
    _administer(url, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(url: str, statement: str) -> None:
    with (
        opened(url, isolation_level="AUTOCOMMIT") as engine,
        engine.connect() as connection,
    ):
        connection.exec_driver_sql(statement)


@pytest.fixture
def pg_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a fresh PostgreSQL database with all our tables, for tests of PostgreSQL alone."""
    template = request.getfixturevalue("_pg_template")
    yield from _copied(request.getfixturevalue("pg_url"), template)
