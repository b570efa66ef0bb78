"""Appending to the ledger, in the host's transaction, on both databases: no lane has a gap."""

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from cleangov_plugin.ledger.body import Versions, encode_body
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.store import entries, knowledge, tables
from cleangov_plugin.store.run import StoreError, run
from tests.store.samples import NOON, RETENTION, digest, host_table, record, request, write
from tests.support.ends import OpenEngine


def _bodies(connection: sa.Connection) -> list[tuple[int, int, bytes]]:
    entry = tables.entry
    query = sa.select(entry.c.lane, entry.c.no, entry.c.body).order_by(entry.c.lane, entry.c.no)
    return [(row.lane, row.no, row.body.encode()) for row in run(connection, query)]


def _assert_unbroken(connection: sa.Connection) -> None:
    """Each lane counts from 1 without gaps, and each entry names the leaf before it."""
    import json

    last: dict[int, tuple[int, str]] = {}
    for lane, no, body in _bodies(connection):
        before_no, before = last.get(lane, (0, "00" * 32))
        assert no == before_no + 1
        assert json.loads(body)["prev"] == before
        last[lane] = (no, leaf_hash(body).hex())


def test_entries_stand_in_a_lane_and_name_the_one_before(connection: sa.Connection) -> None:
    for number in range(1, 6):
        written = write(connection, record(number))
        assert isinstance(written, entries.Appended)
        assert written.no == number
    connection.commit()
    assert len(_bodies(connection)) == 5
    _assert_unbroken(connection)


def test_the_same_event_again_is_a_duplicate(connection: sa.Connection) -> None:
    first = write(connection, record(1))
    assert isinstance(first, entries.Appended)
    assert write(connection, record(1)) == entries.Duplicate(row=first.row)
    connection.commit()
    assert write(connection, record(1)) == entries.Duplicate(row=first.row)


def test_another_event_under_the_same_id_is_a_conflict(connection: sa.Connection) -> None:
    first = write(connection, record(1))
    assert isinstance(first, entries.Appended)
    assert write(connection, record(1, step="serve")) == entries.Conflict(row=first.row)
    assert len(_bodies(connection)) == 1


def test_the_same_id_is_another_event_in_another_source_or_agency(
    connection: sa.Connection,
) -> None:
    for changes in ({}, {"source": "other"}, {"log_id": "CN-OTHER"}):
        assert isinstance(write(connection, record(1, **changes)), entries.Appended)


def test_rolling_back_the_host_takes_the_entry_and_its_place_along(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        write(connection, record(1))
        connection.rollback()
    with engine.begin() as connection:
        written = write(connection, record(2))
        assert isinstance(written, entries.Appended)
        assert written.no == 1
        _assert_unbroken(connection)


def test_a_failed_entry_leaves_the_hosts_transaction_usable(
    engine: sa.Engine, database: str
) -> None:
    with engine.begin() as connection:
        host_table(connection)
        taken = write(connection, record(1))
        assert isinstance(taken, entries.Appended)
        found = knowledge.read(connection, request(record(2)))
        assert found.place is not None
        place = replace(found.place, no=99) if database == "postgresql" else found.place
        place = replace(place, no=1)  # taken
        body = encode_body(record(2), place, Versions(ruleset=1, calendar=1, contract=1))
        draft = entries.draft(
            record(2),
            place,
            body,
            digest=digest(record(2)),
            now=NOON,
            seen=entries.Seen(snapshot=""),
            retention=RETENTION,
        )
        with pytest.raises(StoreError):
            entries.append(connection, draft)
        connection.exec_driver_sql("INSERT INTO host_case (id) VALUES (2)")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM host_case").scalar() == 2
        assert len(_bodies(connection)) == 1


def test_a_statement_that_writes_no_row_is_an_error(engine: sa.Engine, database: str) -> None:
    if database == "sqlite":
        trap = ("CREATE TRIGGER t BEFORE INSERT ON cleangov_entry BEGIN SELECT RAISE(IGNORE); END",)
    else:
        on_insert = "CREATE TRIGGER t BEFORE INSERT ON cleangov.cleangov_entry"
        trap = (
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            f"{on_insert} FOR EACH ROW EXECUTE FUNCTION f()",
        )
    with engine.begin() as connection:
        for statement in trap:
            connection.exec_driver_sql(statement)
    with engine.connect() as connection, pytest.raises(StoreError, match="no row"):
        write(connection, record(1))


def test_the_hosts_connection_keeps_its_options(connection: sa.Connection) -> None:
    before = dict(connection.get_execution_options())
    write(connection, record(1))
    entries.stored(connection, "CN-330105", "x")
    assert dict(connection.get_execution_options()) == before


def test_part_is_the_month_in_utc(connection: sa.Connection) -> None:
    from datetime import datetime, timedelta, timezone

    here = datetime(2026, 4, 1, 7, 59, tzinfo=timezone(timedelta(hours=8)))
    assert entries.part_of(here) == 202603
    assert entries.part_of(here + timedelta(minutes=1)) == 202604


@pytest.mark.postgres
def test_two_writers_take_two_lanes_and_wait_for_nobody(
    pg_database: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(pg_database)
    with engine.connect() as one, engine.connect() as two:
        first, second = write(one, record(1)), write(two, record(2))
        assert isinstance(first, entries.Appended)
        assert isinstance(second, entries.Appended)
        two.commit()
        one.commit()
        lanes = {lane for lane, _, _ in _bodies(one)}
        assert len(lanes) == 2
        write(one, record(3))
        one.commit()
        assert {lane for lane, _, _ in _bodies(one)} == lanes
        _assert_unbroken(one)


@pytest.mark.postgres
@pytest.mark.parametrize("level", ["READ COMMITTED", "READ UNCOMMITTED", "REPEATABLE READ"])
def test_one_connection_keeps_to_one_lane_at_every_level(
    pg_database: str, level: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(pg_database, isolation_level=level)
    with engine.connect() as connection:
        for number in range(6):
            with connection.begin_nested():
                write(connection, record(number))
            if number % 2:
                connection.commit()
        places = [(lane, no) for lane, no, _ in _bodies(connection)]
        _assert_unbroken(connection)
    assert len({lane for lane, _ in places}) == 1
    assert [no for _, no in places] == [1, 2, 3, 4, 5, 6]


@pytest.mark.postgres
def test_with_a_fixed_snapshot_each_connection_has_a_lane_of_its_own(
    pg_database: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(pg_database, isolation_level="REPEATABLE READ")
    with engine.connect() as one, engine.connect() as two:
        one.exec_driver_sql("SELECT 1")  # the snapshot is older than all that follows
        for number in range(3):
            write(two, record(10 + number))
            two.commit()
        for number in range(3):
            write(one, record(20 + number))
        one.commit()
        assert len({lane for lane, _, _ in _bodies(one)}) == 2
        _assert_unbroken(one)


@pytest.mark.postgres
@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_concurrent_hosts_leave_unbroken_lanes(
    pg_database: str, level: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(pg_database, isolation_level=level)
    troubles: list[BaseException] = []

    def work(worker: int) -> None:
        try:
            for number in range(12):
                with engine.connect() as connection:
                    connection.exec_driver_sql("SELECT 1")
                    with connection.begin_nested():
                        write(connection, record(worker * 100 + number, case_id=f"c{worker}"))
                    if number % 4 == 3:
                        connection.rollback()
                    else:
                        connection.commit()
        except BaseException as problem:
            troubles.append(problem)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        if level != "SERIALIZABLE":  # there a commit may fail for what was read: see isolation
            assert troubles == []
            assert len(_bodies(connection)) == 4 * 9
        _assert_unbroken(connection)


@pytest.mark.parametrize("by", ["engine", "connection"])
def test_a_host_in_autocommit_keeps_what_it_writes_after_us(
    database_url: str, database: str, by: str, open_engine: OpenEngine
) -> None:
    options = {"isolation_level": "AUTOCOMMIT"}
    engine = open_engine(database_url, **(options if by == "engine" else {}))
    with engine.connect() as connection:
        if by == "connection":
            connection.execution_options(**options)
        host_table(connection)
        assert isinstance(write(connection, record(1)), entries.Appended)
        connection.exec_driver_sql("INSERT INTO host_case (id) VALUES (2)")
        # and it never commits, for it need not
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM host_case").scalar() == 2
        assert len(_bodies(connection)) == 1
