"""The entry lives and dies with the business row: commit, rollback, savepoint, retry, threads."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_hooks import Actor, Event, Party
from cleangov_plugin.store import isolation
from tests.plugin.conftest import MakeHost, on_postgresql, on_sqlite
from tests.plugin.day import BAND
from tests.plugin.inside import attrs, bodies, counted, one, outcomes, rows, tick
from tests.support.small_host import SmallHost, yuan

LEVELS = ["READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"]


def kinds_written(host: SmallHost) -> list[str]:
    return [body["kind"] for body in bodies(host)]


# ---- Commit, rollback, savepoints ------------------------------------------------------------


def test_the_entry_commits_with_the_business_row(host: SmallHost) -> None:
    with host.engine.connect() as connection:
        host.write_on(connection, host.event("enf.intent.notified", 800))
        assert rows(host, "entry") == []  # nobody else sees it before the commit
        connection.commit()
    assert one(host, "entry")["event_key"] == "small\te0001"
    assert b"e0001" in host.dump()


def test_the_entry_is_rolled_back_with_the_business_row(host: SmallHost) -> None:
    event = host.event("enf.decision.made", 1_001, attempt_id="a-C-1", **BAND)
    (prompt,) = host.gate(event).prompts
    host.answer(prompt.id, "deviation", "approved")
    host.gate(event)
    with host.engine.connect() as connection:
        host.write_on(connection, event)
        connection.rollback()
    for table in ("entry", "gap", "finding", "pseudonym", "lane"):
        assert rows(host, table) == []
    assert one(host, "attempt")["state"] == "passed"
    assert one(host, "pass")["used_at"] is None
    host.write(event)  # and the host's second try is as good as the first
    assert outcomes(bodies(host)[0])["E08"] == "suppressed"
    assert one(host, "attempt")["state"] == "done"


def test_a_savepoint_of_the_host_that_is_rolled_back_takes_its_entry_along(
    host: SmallHost,
) -> None:
    with host.engine.begin() as connection:
        host.write_on(connection, host.event("enf.intent.notified", 800))
        inner = connection.begin_nested()
        host.write_on(connection, host.event("enf.defence.received"))
        innermost = connection.begin_nested()
        host.write_on(connection, host.event("enf.facts.supplemented"))
        innermost.commit()
        inner.rollback()
        host.write_on(connection, host.event("enf.decision.made", 700, **BAND))
    assert kinds_written(host) == ["enf.intent.notified", "enf.decision.made"]
    assert [body["no"] for body in bodies(host)] == [1, 2]
    assert rows(host, "gap") == []


def test_a_savepoint_that_is_the_hosts_first_statement_commits_nothing_by_itself(
    host: SmallHost,
) -> None:
    with host.engine.connect() as connection:
        with connection.begin_nested():
            host.write_on(connection, host.event("enf.intent.notified", 800))
        connection.rollback()
    # pysqlite begins no transaction for a SAVEPOINT: there the host's own row stays, ours as well.
    is_kept = b"e0001" in host.dump()
    assert is_kept == (kinds_written(host) == ["enf.intent.notified"])


def test_a_statement_of_the_host_that_fails_after_ours_is_the_hosts_affair(
    host: SmallHost,
) -> None:
    with host.engine.connect() as connection:
        host.write_on(connection, host.event("enf.intent.notified", 800))
        with pytest.raises(sa.exc.DBAPIError):
            connection.exec_driver_sql("SELECT nonsense FROM nowhere")
        connection.rollback()
    assert rows(host, "entry") == []


@on_postgresql
def test_on_postgresql_one_event_costs_one_savepoint_and_several_cost_one_more_each(
    host: SmallHost,
) -> None:
    sent: list[str] = []
    with host.engine.begin() as connection:
        sa.event.listen(connection, "before_cursor_execute", lambda *a: sent.append(a[2]))
        host.write_on(connection, host.event("enf.intent.notified", 800))
        alone = [statement for statement in sent if statement.startswith("SAVEPOINT")]
        sent.clear()
        host.write_on(connection, *(host.event("enf.clue.received") for _ in range(3)))
        several = [statement for statement in sent if statement.startswith("SAVEPOINT")]
    assert (len(alone), len(several)) == (1, 4)


@on_postgresql
@pytest.mark.parametrize("number", [1, 2])
def test_a_failed_statement_undoes_its_own_event_alone_with_and_without_our_savepoint(
    host: SmallHost, number: int
) -> None:
    with host.engine.begin() as connection:
        host.write_on(connection, host.event("enf.intent.notified", 800))
        connection.exec_driver_sql("ALTER TABLE cleangov.cleangov_entry RENAME COLUMN body TO b")
        host.write_on(connection, *(host.event("enf.clue.received") for _ in range(number)))
        connection.exec_driver_sql("ALTER TABLE cleangov.cleangov_entry RENAME COLUMN b TO body")
        host.write_on(connection, host.event("enf.defence.received"))
    assert kinds_written(host) == ["enf.intent.notified", "enf.defence.received"]
    assert len(rows(host, "gap")) == number
    assert host.dump().count(b"e000") >= 2 + number


@on_postgresql
def test_a_transaction_of_very_many_events_leaves_room_in_the_servers_table_of_locks(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "MOST_EVENTS", 3)
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    for number in (1, 2):  # the count begins anew with each transaction
        with host.engine.begin() as connection:
            for _ in range(3):
                host.write_on(connection, host.event("enf.clue.received"))
            locks = connection.exec_driver_sql(held).scalar()
            for _ in range(2):
                host.write_on(connection, host.event("enf.clue.received"))
            assert connection.exec_driver_sql(held).scalar() == locks
        assert (len(bodies(host)), len(rows(host, "gap"))) == (3 * number, 2 * number)
    tick(host)
    assert len(bodies(host)) == 10


def test_events_of_a_batch_have_an_entry_each(host: SmallHost) -> None:
    host.write(
        host.event("enf.intent.notified", 800),
        host.event("enf.defence.received"),
        host.event("enf.decision.made", 900),
    )
    assert [body["no"] for body in bodies(host)] == [1, 2, 3]
    assert outcomes(bodies(host)[-1])["E07"] == "hit"  # the facts see the batch's own events


def test_one_wrong_event_of_a_batch_is_owed_and_the_others_are_written(host: SmallHost) -> None:
    wrong = host.event("enf.defence.received", step="")
    with host.engine.begin() as connection:
        host.call(
            "cleangov_enforcement_events",
            events=[host.event("enf.intent.notified", 800), wrong, "nonsense"],
            connection=connection,
        )
    assert kinds_written(host) == ["enf.intent.notified"]
    assert [(g["reason"], g["detail"]) for g in rows(host, "gap")] == [
        ("invalid", "step"),
        ("invalid", "event"),
    ]


# ---- Retries ---------------------------------------------------------------------------------


def test_a_retry_after_a_commit_of_unknown_end_adds_nothing(host: SmallHost) -> None:
    event = host.event("enf.intent.notified", 800)
    host.write(event)
    host.move(seconds=30)
    host.write(replace(event, recorded_at=host.clock))  # the host tells it as it is told now
    assert len(rows(host, "entry")) == 1
    assert rows(host, "gap") == []
    assert counted(host, "resent") == 1


def test_the_same_event_twice_in_one_transaction_has_one_entry(host: SmallHost) -> None:
    event = host.event("enf.intent.notified", 800)
    with host.engine.begin() as connection:
        host.write_on(connection, event)
        host.write_on(connection, event, event)
    assert len(rows(host, "entry")) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"amount": yuan(801)},
        {"case_id": "C-2"},
        {"kind": "enf.defence.received"},
        {"actor": Actor(id="liu", unit="u-1")},
        {"parties": (Party(id="p-2"),)},
        {"attributes": {"violation_code": "CG-101"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_event_under_an_id_that_is_taken_is_kept_as_a_conflict(
    host: SmallHost, change: dict[str, Any]
) -> None:
    event = host.event("enf.intent.notified", 800)
    host.write(event)
    host.write(replace(event, **change))
    assert len(rows(host, "entry")) == 1
    gap = one(host, "gap")
    assert (gap["reason"], gap["detail"], gap["event_key"]) == (
        "conflict",
        "digest",
        f"small\t{event.id}",
    )
    ticked = tick(host)
    assert (ticked.settled, ticked.given_up) == (0, 1)  # somebody must look
    assert one(host, "gap")["state"] == "given_up"


def test_the_same_id_from_another_source_is_another_event(host: SmallHost) -> None:
    event = host.event("enf.intent.notified", 800)
    host.write(event)
    host.write(replace(event, source="other"))
    assert len(rows(host, "entry")) == 2


# ---- At once ---------------------------------------------------------------------------------


def test_many_threads_write_at_once_and_each_entry_has_its_place(host: SmallHost) -> None:
    number, threads = 10, 4
    barrier = threading.Barrier(threads)

    def work(thread: int) -> None:
        barrier.wait(10)
        for each in range(number):
            event = host.event(
                "enf.intent.notified",
                800,
                id=f"t{thread}-{each}",
                case_id=f"C-{thread}",
                parties=(Party(id="p-shared"),),
            )
            host.write(event)

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, thread) for thread in range(threads)]:
            done.result(60)
    tick(host)  # what was busy for a moment
    entries = rows(host, "entry")
    assert len(entries) == number * threads
    by_lane: dict[int, list[int]] = {}
    for entry in entries:
        by_lane.setdefault(entry["lane"], []).append(entry["no"])
    for numbers in by_lane.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
    if host.engine.dialect.name == "sqlite":
        assert set(by_lane) == {0}
    assert {gap["state"] for gap in rows(host, "gap")} <= {"settled"}


@on_postgresql
def test_two_transactions_that_name_the_same_new_person_do_not_wait_for_each_other(
    host: SmallHost,
) -> None:
    first = host.event("enf.intent.notified", 800, parties=(Party(id="p-new"),))
    second = host.event("enf.intent.notified", 900, parties=(Party(id="p-new"),))
    with host.engine.connect() as one_, host.engine.connect() as other:
        other.exec_driver_sql("SET lock_timeout = 2000")
        host.write_on(one_, first)
        started = time.perf_counter()
        host.write_on(other, second)
        spent = time.perf_counter() - started
        other.commit()
        one_.commit()
    tick(host)
    assert spent < 1.5
    assert len(rows(host, "entry")) == 2
    assert {row["identity"] for row in rows(host, "pseudonym")} == {"chen", "p-new"}


@on_postgresql
def test_two_transactions_of_one_attempt_do_not_wait_for_each_other(host: SmallHost) -> None:
    event = host.event("enf.decision.made", 700, attempt_id="a-C-1", **BAND)
    again = host.event("enf.decision.made", 700, attempt_id="a-C-1", **BAND)
    host.write(host.event("enf.intent.notified", 800))  # the people are known by now
    host.gate(event)
    with host.engine.connect() as one_, host.engine.connect() as other:
        other.exec_driver_sql("SET lock_timeout = 2000")
        host.write_on(one_, event)
        started = time.perf_counter()
        host.write_on(other, again)
        spent = time.perf_counter() - started
        other.commit()
        one_.commit()
    tick(host)
    assert spent < 1.5
    assert len(rows(host, "entry")) == 3


@on_postgresql
def test_the_same_event_in_two_transactions_at_once_has_one_entry(host: SmallHost) -> None:
    event = host.event("enf.intent.notified", 800)
    with host.engine.connect() as one_, host.engine.connect() as other:
        other.exec_driver_sql("SET lock_timeout = 2000")
        host.write_on(one_, event)
        started = time.perf_counter()
        host.call("cleangov_enforcement_events", events=[event], connection=other)
        spent = time.perf_counter() - started
        other.commit()
        one_.commit()
    assert spent < 1.5
    assert one(host, "gap")["reason"] == "busy"
    assert tick(host).settled == 1
    assert len(rows(host, "entry")) == 1


# ---- Isolation levels ------------------------------------------------------------------------


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
    (body,) = bodies(host)
    assert outcomes(body)["E08"] == "suppressed"
    assert attrs(body)["e.answer"] == one(host, "answer")["answer_id"]
    assert rows(host, "finding") == []
    assert one(host, "attempt")["state"] == "done"


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


# ---- Connections that are none ---------------------------------------------------------------


@pytest.mark.parametrize("connection", [None, object(), "closed"], ids=repr)
def test_an_event_without_a_usable_connection_waits_in_the_spool(
    host: SmallHost, connection: Any
) -> None:
    event = host.event("enf.intent.notified", 800)
    if connection == "closed":
        connection = host.engine.connect()
        connection.close()
    with host.engine.begin() as own:
        host.insert(own, event)
    host.call("cleangov_enforcement_events", events=[event], connection=connection)
    assert host.plugin.desk.spool.waiting() == 1
    assert tick(host).settled == 1
    assert len(rows(host, "entry")) == 1
