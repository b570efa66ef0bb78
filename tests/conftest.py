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
from tests.support import postgres
from tests.support.ends import OpenEngine, opened
from tests.support.folder_in_memory import held_in_memory
from tests.support.reused_database import ReusedDatabase, reused

#: On a busy machine a slow example is no mistake of the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

_numbers = itertools.count(1)
_HERE = ("127.0.0.1", "::1", "localhost", "", "0.0.0.0", "::")


#: Rooms whose tests play whole days or affairs, or replay whole logs.
_LONG = (
    "tests/cli/",
    "tests/sample_host/",
    "tests/servers/",
    "tests/rulebook/test_real_logs",
    "tests/web/test_letters",
    "test_second_scene",
    "tests/attacks/",
    "tests/desk/followed/",
)
#: What --quick leaves out besides: a host and its plugin through whole affairs, the verifier
#: against each of its attacks, plans of many queries. Of every room something is left in.
_THOROUGH = (
    *(
        f"tests/plugin/test_{name}"
        for name in (
            "answers_in_the_ledger", "before_sealing", "canaries", "catching_up", "choosing",
            "clocks", "doubts", "facts_across", "fates", "faults", "figures", "findings_in",
            "health", "hooks_one", "inert", "isolation", "kinds_of_answer", "live", "manner",
            "metrics", "modes", "notes", "passings", "reconciling", "refusals", "replayed",
            "rule_files_at_work", "sealing_at_work", "second_person", "spool", "taking_back",
            "time_and", "transactions", "what_is_said",
        )
    ),
    "tests/desk/backtested/test_figures",
    "tests/desk/evidence/",
    "tests/desk/sealed/test_pruning",
    "tests/desk/verified/test_attacks",
    "tests/desk/verified/test_er",
    "tests/desk/verified/test_mirror",
    "tests/desk/verified/test_ru",
    "tests/desk/verified/test_schema",
    "tests/desk/verified/test_two",
    "tests/desk/sealed/test_guards",
    "tests/desk/sealed/test_lanes",
    "tests/desk/sealed/test_reco",
    "tests/desk/personal/test_erasing",
    "tests/desk/personal/test_retaining",
    "tests/intake/test_event_logs",
    "tests/migrations/",
    "tests/packaging/test_floors",
    "tests/rulebook/test_every_form",
    "tests/store/test_forms_agree",
    "tests/store/test_page_plans",
    "tests/store/test_review_plans",
    "tests/store/test_review_walks",
    "tests/web/signing_in/",
    "tests/web/test_check",
    "tests/web/test_findings_closed",
    "tests/web/test_lessons",
    "tests/web/test_names",
    "tests/web/test_own_case",
)  # fmt: skip


_held = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Keep the folders of a run in memory; workers get theirs within those of the run."""
    if not hasattr(config, "workerinput") and not config.option.basetemp:
        _held.enter_context(held_in_memory())


def pytest_unconfigure() -> None:
    """Give the memory back."""
    _held.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that take their time."""
    for item in items:
        if any(room in item.path.as_posix() for room in _LONG):
            item.add_marker(pytest.mark.long)
        if any(room in item.path.as_posix() for room in _THOROUGH):
            item.add_marker(pytest.mark.thorough)
        is_page = "tests/web/" in item.path.as_posix() and "test_review" not in item.path.name
        if is_page and item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.slow)  # what a page asks of PostgreSQL: tests/store


@pytest.fixture(scope="session", autouse=True)
def _rules_are_read_once() -> Iterator[None]:
    """Read equal rule files once; what they hold is read by the real reader.

    What is no file is the real reader's. A host alone, without the plugin, has nothing to read.
    """
    try:
        from cleangov_plugin.intake import rule_files
    except ImportError:
        yield
        return
    read, known = rule_files.load_rule_file, {}

    def reading(path: Path) -> dict[str, Any]:
        if not path.is_file():
            return read(path)
        key = path.name, path.read_bytes()
        if key not in known:
            known[key] = read(path)
        return known[key]

    rule_files.load_rule_file = reading
    yield
    rule_files.load_rule_file = read


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that opens a connection to another machine."""
    for name in ("connect", "connect_ex"):
        original = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any, original: Any = original) -> Any:
            is_inet = self.family in (socket.AF_INET, socket.AF_INET6)
            if is_inet and str(address[0]) not in _HERE:
                pytest.fail(f"a test may not reach the network: {address}")
            return original(self, address)

        monkeypatch.setattr(socket.socket, name, guarded)


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
