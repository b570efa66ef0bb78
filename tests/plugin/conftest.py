"""Hosts with the plugin attached; what every start does anew is done once for all tests."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_plugin import plugin as plugin_module
from cleangov_plugin.desk import catching_up
from cleangov_plugin.desk.checkpoint import entering
from cleangov_plugin.desk.prompting import opening
from tests.plugin.day import plain_day
from tests.support.ends import opened
from tests.support.reused_database import ReusedDatabase, reused
from tests.support.small_host import SmallHost

MakeHost = Callable[..., SmallHost]
#: For what one kind of database alone knows.
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy machine take its time; what happens when time is up has tests of its own."""
    monkeypatch.setattr(entering, "EVENT_MS", 10_000)
    monkeypatch.setattr(opening, "SLOT_MS", 10_000)
    monkeypatch.setattr(catching_up, "_LIGHT_MS", 10_000)
    monkeypatch.setattr(plugin_module, "_USUAL_MS", 10_000)


def emptied(host: SmallHost) -> None:
    """Take all business rows away."""
    with host.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM host_case")


def _started(url: str, folder: Path) -> None:
    """Start a host once, so that rules and working days stand in the tables."""
    host = SmallHost(url, folder)
    host.start()
    assert host.plugin.desk is not None, host.plugin.inert.reason
    with host.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE host_case")
    host.close()


@pytest.fixture(scope="session")
def _sqlite_template(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("started")
    path = folder / "cleangov.db"
    path.write_bytes(_sqlite_template.read_bytes())
    _started(f"sqlite:///{path}", folder)
    with opened(f"sqlite:///{path}") as engine, engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def _pg_template(
    pg_url: str, _pg_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    name = f"{_pg_template}_started"
    engine = sa.create_engine(pg_url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {_pg_template}")
    url = sa.make_url(pg_url).set(database=name).render_as_string(hide_password=False)
    _started(url, tmp_path_factory.mktemp("started"))
    yield name
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name}")


@pytest.fixture(scope="session")
def _reused(pg_url: str, _pg_template: str) -> Iterator[ReusedDatabase]:
    with reused(pg_url, _pg_template) as database:
        yield database


@pytest.fixture
def make_host(database_url: str, tmp_path: Path) -> Iterator[MakeHost]:
    """Make hosts on the test's database; they are closed at the end."""
    made: list[SmallHost] = []

    def make(name: str = "host", *, url: str = "", **options: Any) -> SmallHost:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        made.append(SmallHost(url or database_url, folder, **options))
        return made[-1]

    yield make
    for host in made:
        host.close()


_PLAIN: dict[str, tuple[bytes, Counter[str]]] = {}


@pytest.fixture
def plain(make_host: MakeHost) -> tuple[bytes, Counter[str]]:
    """The day without any plugin: the host's tables, and how often each hook was called."""
    kind = make_host("plain").engine.dialect.name
    if kind not in _PLAIN:
        alone = make_host("plain")
        _PLAIN[kind] = plain_day(alone)
        emptied(alone)
    return _PLAIN[kind]


@pytest.fixture
def host(make_host: MakeHost, caplog: pytest.LogCaptureFixture) -> SmallHost:
    """A host with the plugin attached by its entry point."""
    caplog.set_level(logging.INFO, "cleangov")
    found = make_host()
    found.start()
    assert found.plugin.desk is not None, found.plugin.inert.reason
    return found
