"""The entry lives and dies with the business row: commit, rollback, savepoint, retry."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_hooks import Actor, Party
from cleangov_plugin.store import isolation
from tests.plugin.conftest import on_postgresql
from tests.plugin.day import BAND
from tests.plugin.inside import bodies, counted, one, outcomes, rows, tick
from tests.support.small_city import yuan
from tests.support.small_host import SmallHost


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
    before = {t: rows(host, t) for t in ("entry", "gap", "finding", "pseudonym", "lane")}
    with host.engine.connect() as connection:
        host.write_on(connection, event)
        connection.rollback()
    assert {table: rows(host, table) for table in before} == before
    assert (before["gap"], before["finding"], len(before["entry"])) == ([], [], 1)
    assert one(host, "attempt")["state"] == "passed"
    assert one(host, "pass")["used_at"] is None
    host.write(event)  # and the host's second try is as good as the first
    assert outcomes(bodies(host, kind=event.kind)[0])["E08"] == "suppressed"
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


# ---- Connections that are none ---------------------------------------------------------------


@pytest.mark.parametrize(
    "connection", [None, object(), "closed"], ids=["none", "an object", "closed"]
)
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
