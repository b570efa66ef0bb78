"""At every isolation level the host commits as it does without us, and no event is lost."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_hooks import Actor, Event, Party
from tests.plugin.conftest import MakeHost, on_postgresql, on_sqlite
from tests.plugin.day import BAND
from tests.plugin.inside import attrs, bodies, one, outcomes, rows, tick
from tests.support.small_host import SmallHost

LEVELS = ["READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"]


def overlapped(host: SmallHost, number: int = 20, first: str = "") -> int:
    """Run transactions that overlap on rows of their own; answer how many could not commit.

    Each reads and changes one row by its key and adds another. By itself none of them fails, not
    even where the database looks for dangerous readings: with an index it looks at single rows.
    """
    failed = 0
    with host.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS host_file")
        connection.exec_driver_sql("CREATE TABLE host_file (id INT PRIMARY KEY, n INT)")
        for n in range(number):
            connection.exec_driver_sql(f"INSERT INTO host_file VALUES ({n}, 0)")
    connections = [host.engine.connect() for _ in range(number)]
    try:
        for n, connection in enumerate(connections):
            if first:
                connection.exec_driver_sql(first)
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            assert connection.exec_driver_sql(f"SELECT n FROM host_file WHERE id = {n}").all()
        for n, connection in enumerate(connections):
            connection.exec_driver_sql(f"UPDATE host_file SET n = n + 1 WHERE id = {n}")
            host.write_on(connection, decided_in(host, n))
        for connection in connections:
            try:
                connection.commit()
            except sa.exc.DBAPIError:
                connection.rollback()
                failed += 1
    finally:
        for connection in connections:
            connection.close()
    return failed


def decided_in(host: SmallHost, n: int) -> Event:
    person = f"p-{n}"
    return host.event(
        "enf.decision.made",
        1_200,
        id=f"made-{n}",
        case_id=f"C-{n}",
        actor=Actor(id=f"officer-{n}", unit="u-1"),
        parties=(Party(id=person),),
        **BAND,
    )


@on_postgresql
@pytest.mark.parametrize("level", LEVELS)
def test_twenty_overlapped_transactions_commit_as_they_do_without_us(
    make_host: MakeHost, level: str
) -> None:
    options = {"isolation_level": level, "pool_size": 25}
    plain = make_host("plain", **options)
    plain.start(False)
    failed_without = overlapped(plain)
    tables = plain.dump()
    with plain.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM host_case")
    host = make_host(**options)
    host.start()
    assert (failed_without, overlapped(host)) == (0, 0)
    assert host.dump() == tables
    reasons = {gap["reason"] for gap in rows(host, "gap")}
    if level == "SERIALIZABLE":
        assert reasons == {"isolation"}
        assert rows(host, "entry") == []
    tick(host)
    assert len(rows(host, "entry")) == 20
    assert {gap["state"] for gap in rows(host, "gap")} <= {"settled"}
    assert len(rows(host, "finding")) == 20


@on_postgresql
def test_a_level_that_is_the_databases_default_is_seen(make_host: MakeHost) -> None:
    host = make_host(pool_size=25)
    with host.engine.begin() as connection:
        name = connection.scalar(sa.text("SELECT current_database()"))
        default = "default_transaction_isolation = serializable"
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET {default}")
    host.engine.dispose()
    host.start()
    assert overlapped(host) == 0
    assert {gap["reason"] for gap in rows(host, "gap")} == {"isolation"}
    assert tick(host).settled == 20


@on_postgresql
def test_a_level_that_the_host_sets_by_a_statement_makes_no_commit_fail(
    make_host: MakeHost,
) -> None:
    host = make_host(pool_size=25)
    host.start()
    failed = overlapped(host, first="SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
    assert {gap["reason"] for gap in rows(host, "gap")} == {"isolation"}
    assert failed == 0


@on_postgresql
@pytest.mark.parametrize("level", LEVELS)
def test_a_pass_that_was_earned_is_known_at_every_level_though_the_host_had_read_before(
    make_host: MakeHost, level: str
) -> None:
    host = make_host(isolation_level=level)
    host.start()
    event = host.event("enf.decision.made", 1_001, attempt_id="a-C-1", **BAND)
    with host.engine.connect() as connection:
        connection.exec_driver_sql("SELECT * FROM host_case")  # as an ORM loads its case
        (prompt,) = host.gate(event).prompts
        host.answer(prompt.id, "deviation", "approved")
        assert host.gate(event).decision == "pass_recorded"
        host.write_on(connection, event)
        connection.commit()
    tick(host)
    (body,) = bodies(host, kind=event.kind)
    assert outcomes(body)["E08"] == "suppressed"
    assert attrs(body)["e.answer"] == one(host, "answer")["answer_id"]
    assert rows(host, "finding") == []
    assert one(host, "attempt")["state"] == "done"


@on_postgresql
def test_what_another_has_committed_since_the_snapshot_was_fixed_holds_nothing_up(
    make_host: MakeHost,
) -> None:
    """The same person and the same finding, each for the first time, in two open transactions."""
    host = make_host(isolation_level="REPEATABLE READ")
    host.start()

    def decided(number: int) -> Event:
        event = decided_in(host, 1)
        return replace(event, id=f"d-{number}", case_id="C-same")

    with host.engine.connect() as first, host.engine.connect() as second:
        for connection in (first, second):
            connection.exec_driver_sql("SELECT * FROM host_case")
        for number, connection in enumerate((first, second)):
            host.write_on(connection, decided(number))
            connection.commit()
    assert rows(host, "gap") == []
    assert [outcomes(body)["E08"] for body in bodies(host)] == ["hit", "hit"]
    assert one(host, "finding")["subject"] == "C-same"
    assert len(rows(host, "pseudonym")) == 2  # the officer and the party


@pytest.mark.parametrize("by", ["engine", "connection"])
def test_in_autocommit_each_event_has_its_entry(make_host: MakeHost, by: str) -> None:
    options = {"isolation_level": "AUTOCOMMIT"}
    host = make_host(**(options if by == "engine" else {}))
    host.start()
    with host.engine.connect() as connection:
        if by == "connection":
            connection.execution_options(**options)
        host.write_on(connection, host.event("enf.intent.notified", 800))
        assert len(rows(host, "entry")) == 1  # there already
        host.write_on(connection, host.event("enf.decision.made", 1_200, **BAND))
    assert [body["no"] for body in bodies(host)] == [1, 2]
    assert one(host, "finding")["rule_id"] == "E08"
    assert rows(host, "gap") == []


@on_sqlite
def test_a_host_that_begins_by_its_own_statement_is_served_as_well(make_host: MakeHost) -> None:
    host = make_host()

    @sa.event.listens_for(host.engine, "connect")
    def leave_it_to_us(driver: Any, _: Any) -> None:
        driver.isolation_level = None

    @sa.event.listens_for(host.engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    host.engine.dispose()
    host.start()
    with host.engine.connect() as connection:
        host.write_on(connection, host.event("enf.intent.notified", 800))
        connection.rollback()
    assert rows(host, "entry") == []
    host.write(host.event("enf.intent.notified", 800))
    assert len(rows(host, "entry")) == 1
