"""Gaps, settled once, and the transactions of our own: they commit wholly or leave nothing."""

import os

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from cleangov_plugin.domain.terms import GapReason
from cleangov_plugin.store import gaps
from cleangov_plugin.store.database import Database
from tests.store.samples import LOG, NOON, RETENTION


def _gap(connection: sa.Connection, id_: str = "E1") -> None:
    gaps.add(
        connection,
        LOG,
        event="{}",
        event_key=id_,
        reason=GapReason.ERROR,
        detail="KeyError",
        now=NOON,
        retention=RETENTION,
    )


def test_a_gap_rolls_back_with_the_host_and_is_settled_once(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        _gap(connection)
        connection.rollback()
        assert gaps.owed(connection) == []
        _gap(connection, "E1")
        _gap(connection, "E2")
        connection.commit()
        one, two = gaps.owed(connection)
        assert gaps.tried(connection, one.id, NOON)
        assert gaps.owed(connection, limit=1)[0].tries == 1
        assert gaps.settle(connection, one.id, NOON)
        assert not gaps.settle(connection, one.id, NOON)
        assert gaps.tried(connection, two.id, NOON, gives_up=True)
        assert list(gaps.counts(connection, LOG).values()) == [0, 1, 1]


def test_our_own_transaction_commits_or_leaves_nothing(ours: Database) -> None:
    def failing() -> None:
        with ours.own_transaction() as connection:
            _gap(connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    with ours.own_transaction() as connection:
        assert gaps.owed(connection) == []
        _gap(connection)
    with ours.own_transaction(is_reading=True) as connection:
        assert len(gaps.owed(connection)) == 1


def test_our_own_transaction_waits_for_a_lock_but_not_long(
    ours: Database, engine: sa.Engine
) -> None:
    import time

    with engine.connect() as host:
        if ours.is_sqlite:
            host.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            host.exec_driver_sql("LOCK TABLE cleangov.cleangov_gap")
        started = time.monotonic()
        with pytest.raises(OperationalError), ours.own_transaction() as connection:
            _gap(connection)
        assert time.monotonic() - started < 2


def test_reading_needs_no_write_lock_on_sqlite(ours: Database, engine: sa.Engine) -> None:
    with engine.connect() as host:
        if ours.is_sqlite:
            host.exec_driver_sql("BEGIN IMMEDIATE")
        with ours.own_transaction(is_reading=True) as connection:
            assert gaps.owed(connection) == []


def test_what_has_read_goes_on_to_write_though_others_wrote_meanwhile(
    ours: Database, engine: sa.Engine
) -> None:
    with ours.own_reading_first() as connection:
        assert gaps.owed(connection) == []
        with engine.begin() as host:
            _gap(host)
        ours.turn_to_writing(connection)
        _gap(connection)
    with ours.own_transaction(is_reading=True) as connection:
        assert len(gaps.owed(connection)) == 2


def test_what_goes_on_to_write_leaves_nothing_where_it_fails(ours: Database) -> None:
    def failing() -> None:
        with ours.own_reading_first() as connection:
            ours.turn_to_writing(connection)
            _gap(connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    with ours.own_transaction(is_reading=True) as connection:
        assert gaps.owed(connection) == []


def test_a_forked_process_shares_no_connection(ours: Database) -> None:
    with ours.own_transaction() as connection:
        _gap(connection)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if ours.engine.pool.checkedin() == 0:  # type: ignore[attr-defined]
                code = 0
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    with ours.own_transaction() as connection:
        assert len(gaps.owed(connection)) == 1


def test_a_url_without_driver_takes_the_one_we_test_with() -> None:
    assert Database("postgresql://h/d").url.drivername == "postgresql+psycopg"
