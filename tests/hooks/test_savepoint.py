"""On databases where a failed statement spoils the transaction, a hook runs in a savepoint."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pluggy
import pytest
import sqlalchemy as sa

from cleangov_hooks import Status, guarded_call, hookimpl, savepoint_is_held
from tests.support.ends import OpenEngine


class Writes:
    """A plugin that writes one row, tells what it saw, and may then fail."""

    def __init__(self, then: str | None = None) -> None:
        self.then, self.saw_savepoint = then, None

    @hookimpl
    def cleangov_permit_events(self, connection: Any) -> None:
        self.saw_savepoint = savepoint_is_held()
        connection.execute(sa.text("INSERT INTO guard_guest VALUES (1)"))
        if self.then:
            connection.execute(sa.text(self.then))


class FakeConnection:
    """A connection of another dialect, as far as the guard looks at one."""

    dialect = SimpleNamespace(name="postgresql")

    def __init__(self, *, is_in_transaction: bool = True) -> None:
        self.is_in_transaction, self.log = is_in_transaction, []

    def in_transaction(self) -> bool:
        return self.is_in_transaction

    @contextmanager
    def begin_nested(self) -> Iterator[None]:
        self.log.append("savepoint")
        try:
            yield
        except BaseException:
            self.log.append("rollback")
            raise
        self.log.append("release")

    def execute(self, statement: Any) -> None:
        if "nonsense" in str(statement):
            raise RuntimeError


def call(pm: pluggy.PluginManager, connection: Any) -> Status:
    report = guarded_call(pm, "cleangov_permit_events", events=(), connection=connection)
    return report.outcomes[0].status


def test_the_savepoint_is_released_after_a_good_call(pm: pluggy.PluginManager) -> None:
    plugin, connection = Writes(), FakeConnection()
    pm.register(plugin)
    assert call(pm, connection) is Status.SILENT
    assert connection.log == ["savepoint", "release"]
    assert plugin.saw_savepoint is True
    assert savepoint_is_held() is False


def test_the_savepoint_is_rolled_back_after_a_failure(pm: pluggy.PluginManager) -> None:
    connection = FakeConnection()
    pm.register(Writes("nonsense"))
    assert call(pm, connection) is Status.RAISED
    assert connection.log == ["savepoint", "rollback"]
    assert savepoint_is_held() is False


def test_each_plugin_has_a_savepoint_of_its_own(pm: pluggy.PluginManager) -> None:
    connection = FakeConnection()
    pm.register(Writes())
    pm.register(Writes("nonsense"))
    call(pm, connection)
    assert connection.log == ["savepoint", "rollback", "savepoint", "release"]


def test_outside_a_transaction_there_is_nothing_to_protect(pm: pluggy.PluginManager) -> None:
    plugin, connection = Writes(), FakeConnection(is_in_transaction=False)
    pm.register(plugin)
    call(pm, connection)
    assert connection.log == []
    assert plugin.saw_savepoint is False


@pytest.mark.parametrize("connection", [None, object()])
def test_what_is_no_connection_gets_no_savepoint(
    pm: pluggy.PluginManager, connection: object
) -> None:
    class Listens:
        @hookimpl
        def cleangov_permit_events(self) -> None:
            """Say nothing."""

    pm.register(Listens())
    assert call(pm, connection) is Status.SILENT


def test_on_sqlite_no_savepoint_is_set_and_the_hosts_rollback_takes_all(
    pm: pluggy.PluginManager, open_engine: OpenEngine
) -> None:
    plugin = Writes()
    pm.register(plugin)
    engine = open_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE guard_guest (n integer)"))
        connection.commit()
        assert call(pm, connection) is Status.SILENT
        assert plugin.saw_savepoint is False
        connection.rollback()
        assert connection.scalar(sa.text("SELECT count(*) FROM guard_guest")) == 0


@pytest.mark.postgres
@pytest.mark.parametrize("then", [None, "SELECT nonsense", "SELECT 1/0"])
def test_on_postgresql_a_failed_statement_does_not_spoil_the_hosts_transaction(
    pm: pluggy.PluginManager, pg_url: str, then: str | None, open_engine: OpenEngine
) -> None:
    pm.register(Writes(then))
    engine = open_engine(pg_url)
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TEMPORARY TABLE guard_guest (n integer)"))
        connection.execute(sa.text("CREATE TEMPORARY TABLE guard_host (n integer)"))
        connection.execute(sa.text("INSERT INTO guard_host VALUES (1)"))
        status = call(pm, connection)
        connection.execute(sa.text("INSERT INTO guard_host VALUES (2)"))
        connection.commit()
        assert connection.scalar(sa.text("SELECT count(*) FROM guard_host")) == 2
        guests = connection.scalar(sa.text("SELECT count(*) FROM guard_guest"))
    assert (status, guests) == ((Status.RAISED, 0) if then else (Status.SILENT, 1))


@pytest.mark.postgres
@pytest.mark.parametrize("by", ["engine", "connection"])
@pytest.mark.parametrize("then", [None, "SELECT nonsense"])
def test_in_autocommit_the_plugin_is_called_without_a_savepoint(
    pm: pluggy.PluginManager, pg_url: str, by: str, then: str | None, open_engine: OpenEngine
) -> None:
    plugin = Writes(then)
    pm.register(plugin)
    options = {"isolation_level": "AUTOCOMMIT"}
    engine = open_engine(pg_url, **(options if by == "engine" else {}))
    with engine.connect() as connection:
        if by == "connection":
            connection.execution_options(**options)
        connection.execute(sa.text("CREATE TEMPORARY TABLE guard_guest (n integer)"))
        status = call(pm, connection)
        assert plugin.saw_savepoint is False
        assert connection.scalar(sa.text("SELECT count(*) FROM guard_guest")) == 1
        connection.execute(sa.text("DROP TABLE guard_guest"))
    assert status is (Status.RAISED if then else Status.SILENT)
