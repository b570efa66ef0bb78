"""What is read before an entry is written: its case's history, its place, and the isolation."""

import sys
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from cleangov_plugin.store import isolation, knowledge
from tests.store.samples import digest, record, request, write
from tests.support.ends import OpenEngine


def test_what_is_stored_reads_back_as_the_event(connection: sa.Connection) -> None:
    first, second = record(1), record(2, kind="enf.case.filed")
    write(connection, first)
    write(connection, second)
    asked = request(record(3), kinds=frozenset({"enf.decision.made", "enf.case.filed"}))
    found = knowledge.read(connection, asked)
    assert [replace(r, row=None) for r in found.history] == [first, second]
    assert [r.row for r in found.history] == sorted(r.row or 0 for r in found.history)


def test_history_holds_the_wanted_kinds_of_the_same_case(connection: sa.Connection) -> None:
    write(connection, record(1))
    write(connection, record(2, kind="enf.case.filed"))
    write(connection, record(3, case_id="another"))
    write(connection, record(4, log_id="CN-OTHER"))
    found = knowledge.read(connection, request(record(9), kinds=frozenset({"enf.case.filed"})))
    assert [r.event_id for r in found.history] == ["E2"]


def test_a_corrected_event_is_left_out_whatever_the_kind_of_the_correction(
    connection: sa.Connection,
) -> None:
    write(connection, record(1))
    write(connection, record(2, kind="enf.correction.made", supersedes="E1"))
    kinds = frozenset({"enf.decision.made"})
    assert knowledge.read(connection, request(record(3), kinds=kinds)).history == ()


def test_the_event_that_is_being_corrected_now_is_left_out(connection: sa.Connection) -> None:
    write(connection, record(1))
    asked = request(
        record(2),
        kinds=frozenset({"enf.decision.made"}),
        supersedes=knowledge.event_key("yunting", "E1"),
    )
    assert knowledge.read(connection, asked).history == ()


def test_an_event_of_any_size_of_body_is_stored_byte_for_byte(connection: sa.Connection) -> None:
    event = record(1, case_id="案号〔2026〕第117号", step='决定\'s "%s" :x {s} \\ €𝄞')
    write(connection, event)
    found = knowledge.read(connection, request(record(2), subject=event.case_id))
    assert found.history == ()
    asked = request(record(2), subject=event.case_id, kinds=frozenset({event.kind}))
    assert knowledge.read(connection, asked).history[0].step == event.step


@pytest.mark.postgres
def test_an_event_that_another_transaction_is_writing_is_busy(
    pg_database: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(pg_database)
    with engine.connect() as one, engine.connect() as two:
        write(one, record(1))
        found = knowledge.read(two, request(record(1)))
        assert found.is_busy
        assert found.place is None
        two.rollback()
        one.commit()
        found = knowledge.read(two, request(record(1)))
        assert not found.is_busy
        assert found.digest == digest(record(1))


@pytest.mark.postgres
@pytest.mark.parametrize(
    "level", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE", "AUTOCOMMIT"]
)
def test_isolation_is_seen_without_asking_the_database(
    pg_database: str, level: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(pg_database)
    with engine.connect().execution_options(isolation_level=level) as connection:
        found = isolation.describe(connection)
        assert (found.level, found.is_autocommit) == (
            ("READ COMMITTED", True) if level == "AUTOCOMMIT" else (level, False)
        )
        assert found.has_begun is False
        connection.exec_driver_sql("SELECT 1")
        if level != "AUTOCOMMIT":
            assert isolation.describe(connection).has_begun
            said = knowledge.read(connection, request(record(1))).level
            assert said == level


def test_isolation_of_sqlite_tells_a_transaction_that_was_not_begun(
    tmp_path: object, open_engine: OpenEngine
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/x.db")
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        found = isolation.describe(connection)
        assert (found.in_transaction, found.has_begun, found.is_autocommit) == (True, False, False)


def test_on_sqlite_the_write_lock_is_held_before_the_place_is_read(
    tmp_path: object, open_engine: OpenEngine
) -> None:
    import cleangov_migrations

    engine = open_engine(f"sqlite:///{tmp_path}/x.db", connect_args={"timeout": 0.05})
    with engine.begin() as connection:
        cleangov_migrations.upgrade(connection)
    with engine.connect() as one, engine.connect() as two:
        knowledge.read(one, request(record(1)))
        with pytest.raises(OperationalError):
            knowledge.read(two, request(record(2)))
        knowledge.read(two, request(record(2), event_key=None))  # a gate locks nothing


@pytest.mark.skipif(sys.version_info < (3, 12), reason="sqlite3 has had this since Python 3.12")
@pytest.mark.parametrize(
    ("autocommit", "expected"), [(True, (True, False)), (False, (False, True))]
)
def test_the_new_way_of_sqlite3_is_seen_for_what_it_is(
    tmp_path: object, autocommit: bool, expected: tuple[bool, bool], open_engine: OpenEngine
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/x.db", connect_args={"autocommit": autocommit})
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        found = isolation.describe(connection)
        assert (found.is_autocommit, found.has_begun) == expected
