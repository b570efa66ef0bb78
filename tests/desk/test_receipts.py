"""Which entries get a receipt: those that are committed, however the transaction ends."""

import pytest
import sqlalchemy as sa

from cleangov_plugin.store.entries import Appended
from tests.desk.sealed.early_city import EarlyCity
from tests.desk.written_receipts import city, numbers
from tests.store.samples import host_table
from tests.support.listeners import of_the_plugin

__all__ = ("city",)


def test_a_commit_has_its_receipt_and_not_before(city: EarlyCity) -> None:
    with city.engine.begin() as connection:
        city.enter(connection, 0)
        assert numbers(city) == []
    assert numbers(city) == [1]
    assert numbers(city) == [1], "once"
    assert city.alarms() == []


def test_a_rollback_has_none(city: EarlyCity) -> None:
    with city.engine.connect() as connection:
        with connection.begin() as transaction:
            city.enter(connection, 0)
            transaction.rollback()
        assert numbers(city) == []
    city.write(1, 3)
    assert numbers(city) == [1, 2]
    assert city.alarms() == []


def test_a_savepoint_that_is_rolled_back_has_none_and_what_is_around_it_has(
    city: EarlyCity,
) -> None:
    with city.engine.begin() as connection:
        city.enter(connection, 0)
        outer = connection.begin_nested()
        city.enter(connection, 1)
        inner = connection.begin_nested()
        city.enter(connection, 2)
        inner.rollback()
        outer.commit()
        with connection.begin_nested() as lost:
            with connection.begin_nested():
                city.enter(connection, 3)
            lost.rollback()
        city.enter(connection, 4)
    assert len(numbers(city)) == len(city.ids()) == 3
    assert city.alarms() == []


def test_a_commit_by_the_driver_itself_has_its_receipt(city: EarlyCity) -> None:
    """However the host ends its transaction: nothing of ours hangs on its connection."""
    with city.engine.connect() as connection:
        city.enter(connection, 0)
        connection.connection.driver_connection.commit()
        assert numbers(city) == [1]
        city.enter(connection, 1)
        connection.connection.driver_connection.rollback()
    assert numbers(city) == [1]
    assert city.alarms() == []


def test_a_commit_that_fails_has_none(city: EarlyCity) -> None:
    with city.engine.begin() as connection:
        if city.is_sqlite:
            connection.exec_driver_sql("CREATE TABLE owner (id INTEGER PRIMARY KEY)")
            connection.exec_driver_sql(
                "CREATE TABLE late (id INTEGER REFERENCES owner DEFERRABLE INITIALLY DEFERRED)"
            )
        else:
            connection.exec_driver_sql(
                "CREATE TABLE late (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)"
            )
    with city.engine.connect() as connection:
        if city.is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = ON")
        city.enter(connection, 0)
        connection.exec_driver_sql("INSERT INTO late VALUES (7), (7)")
        with pytest.raises(sa.exc.IntegrityError):
            connection.commit()
        connection.connection.driver_connection.rollback()  # SQLAlchemy sends none on SQLite
    city.write(1, 3)
    assert numbers(city) == [1, 2]
    assert city.alarms() == []


def test_a_transaction_that_is_prepared_first_has_one_when_it_is_committed(
    city: EarlyCity,
) -> None:
    if city.is_sqlite:
        pytest.skip("SQLite prepares none")
    (allowed,) = city.rows("SHOW max_prepared_transactions")
    if allowed[0] == "0":
        pytest.skip("this server prepares none")
    with city.engine.connect() as connection:
        transaction = connection.begin_twophase()
        city.enter(connection, 0)
        transaction.prepare()
        assert numbers(city) == []
        transaction.commit()
    assert numbers(city) == [1]


def test_a_late_commit_has_its_receipt_after_others(city: EarlyCity) -> None:
    if city.is_sqlite:
        pytest.skip("SQLite has one writer")
    with city.engine.connect() as late, late.begin():
        city.enter(late, 0)
        city.write(1, 4)
        assert len(numbers(city)) == 3
        city.seal()
        city.write(4, 6)
        city.seal()
        assert city.alarms() == []
    assert len(numbers(city)) == 6
    city.seal()
    assert city.alarms() == []


def test_what_is_deleted_before_its_receipt_is_written_has_one_all_the_same(
    city: EarlyCity,
) -> None:
    city.write(0, 4)
    city.edit(f"DELETE FROM {{s}}cleangov_entry WHERE id = {city.ids()[-1]}")
    assert len(numbers(city)) == 4
    assert [alarm.code for alarm in city.alarms()] == ["receipt_gone"]


def test_nothing_hangs_on_the_hosts_connection_engine_or_pool(city: EarlyCity) -> None:
    with city.engine.begin() as connection:
        host_table(connection)
        city.enter(connection, 0)
        for place in (connection, city.engine, city.engine.dialect, city.engine.pool):
            assert not of_the_plugin(place)


def test_an_entry_says_which_transaction_wrote_it(city: EarlyCity) -> None:
    with city.engine.begin() as connection:
        outer = city.enter(connection, 0)
        with connection.begin_nested():
            inner = city.enter(connection, 1)
    assert isinstance(outer, Appended)
    if city.is_sqlite:
        assert outer.xid is inner.xid is None
    else:
        (found,) = city.rows("SELECT max(xmin::text::bigint) FROM cleangov.cleangov_entry")
        assert outer.xid is not None
        assert inner.xid == found[0] > outer.xid
