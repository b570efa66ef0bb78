"""Our own connections to PostgreSQL: asked whether they live after a while, and replaced."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from cleangov_plugin.store import database as module
from cleangov_plugin.store.database import Database

pytestmark = pytest.mark.postgres


@pytest.fixture
def ours(pg_database: str) -> Iterator[Database]:
    found = Database(pg_database)
    yield found
    found.dispose()


@pytest.fixture
def asked(ours: Database, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """How often a connection was asked whether it lives."""
    found: list[object] = []
    ask = ours.engine.dialect.do_ping

    def asking(driver: object) -> bool:
        found.append(driver)
        return ask(driver)  # type: ignore[arg-type]

    monkeypatch.setattr(ours.engine.dialect, "do_ping", asking)
    return found


def pid(ours: Database) -> int:
    with ours.own_look() as connection:
        return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def killed(url: str, number: int) -> None:
    engine = sa.create_engine(module.named(url), poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        ended = sa.text("SELECT pg_terminate_backend(:pid, 5000)")
        assert connection.execute(ended, {"pid": number}).scalar_one()


def test_one_that_answered_a_moment_ago_is_not_asked(
    ours: Database, asked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_QUIET", 60.0)
    first = pid(ours)
    assert pid(ours) == first
    assert asked == []
    monkeypatch.setattr(module, "_QUIET", 0.0)
    assert pid(ours) == first
    assert len(asked) == 1


def test_one_that_died_while_nobody_used_it_is_replaced_unnoticed(
    ours: Database, pg_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_QUIET", 0.0)
    first = pid(ours)
    killed(pg_database, first)
    assert pid(ours) != first


def test_one_that_died_a_moment_ago_fails_once_and_takes_the_whole_pool_with_it(
    ours: Database, pg_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_QUIET", 60.0)
    with ours.engine.connect() as one, ours.engine.connect() as other:
        dead = [c.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() for c in (one, other)]
    for number in dead:
        killed(pg_database, number)
    with pytest.raises(sa.exc.OperationalError):
        pid(ours)
    assert pid(ours) not in dead
    assert pid(ours) not in dead


def test_a_lock_is_waited_for_as_long_as_was_said_in_every_transaction(pg_database: str) -> None:
    database = Database(pg_database, patience_ms=1_234)
    try:
        for _ in range(2):
            with database.own_transaction() as connection:
                said = connection.exec_driver_sql("SHOW lock_timeout").scalar_one()
                assert said == "1234ms"
                connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
    finally:
        database.dispose()
