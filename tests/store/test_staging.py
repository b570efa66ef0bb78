"""Replay's waiting room: the order of knowledge, counters that move with their rows, one run."""

from collections.abc import Iterator

import pytest

from cleangov_plugin.store import replay_runs, staging
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.replay_runs import Run, RunState
from cleangov_plugin.store.run import StoreError
from cleangov_plugin.store.staging import StagedDraft
from tests.store.samples import record, write

LOG = "nl-receipt"


@pytest.fixture
def ours(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


def begun(ours: Database, file: str = "a") -> Run:
    with ours.own_transaction() as connection:
        return replay_runs.open_run(connection, LOG, file * 64, "m" * 64)


def staged(ours: Database, run: Run, *keys: int) -> Run:
    drafts = [StagedDraft(key, f"case {n}", f'{{"n": {n}}}') for n, key in enumerate(keys)]
    with ours.own_transaction() as connection:
        return staging.stage(connection, run, drafts)


def feeding(ours: Database, run: Run) -> Run:
    with ours.own_transaction() as connection:
        return staging.begin_feeding(connection, run, {"cases": 2, "kinds": ["a.b", "受理"]})


def test_events_come_back_in_the_order_they_were_known_then_of_the_file(ours: Database) -> None:
    run = staged(ours, begun(ours), 30, 10, 20)
    run = feeding(ours, staged(ours, run, 20, -5))
    found = []
    with ours.own_transaction(is_reading=True) as connection:
        assert staging.first_moment(connection, run) == -5
        after = None
        while batch := staging.next_events(connection, run, after, 2):
            found += [(each.feed_key, each.ordinal) for each in batch]
            after = batch[-1]
    assert found == [(-5, 5), (10, 2), (20, 3), (20, 4), (30, 1)]


def test_feeding_goes_on_after_the_event_that_was_fed_last(ours: Database) -> None:
    run = feeding(ours, staged(ours, begun(ours), 30, 10, 20))
    with ours.own_transaction() as connection:
        assert staging.last_fed(connection, run) is None
        run = staging.advance(connection, run, 2)
        last = staging.last_fed(connection, run)
        assert last is not None
        assert (last.feed_key, last.ordinal, last.payload) == (20, 3, '{"n": 2}')
        assert [e.feed_key for e in staging.next_events(connection, run, last, 9)] == [30]


def test_a_run_is_found_again_as_it_was_left(ours: Database) -> None:
    run = staged(ours, begun(ours), 1, 2)
    assert begun(ours) == run
    run = feeding(ours, run)
    found = begun(ours)
    assert found == run
    assert found.summary == {"cases": 2, "kinds": ["a.b", "受理"]}
    other = begun(ours, "b")
    with ours.own_transaction(is_reading=True) as connection:
        runs = replay_runs.runs_of(connection, LOG)
    assert sorted(each.run_id for each in runs) == sorted([run.run_id, other.run_id])


def test_counters_and_rows_come_and_go_together(ours: Database) -> None:
    run = staged(ours, begun(ours), 1)

    def break_off() -> None:
        with ours.own_transaction() as connection:
            assert staging.stage(connection, run, [StagedDraft(2, "c", "{}")]).staged == 2
            raise RuntimeError("undone")

    with pytest.raises(RuntimeError):
        break_off()
    assert begun(ours).staged == 1
    with ours.own_transaction(is_reading=True) as connection:
        assert len(staging.next_events(connection, run, None, 9)) == 1


def test_two_processes_cannot_work_on_one_run(ours: Database) -> None:
    run = begun(ours)
    staged(ours, run, 1, 2)
    with pytest.raises(StoreError, match="another process") as refused:
        staged(ours, run, 1, 2)
    assert refused.value.remedy
    assert begun(ours).staged == 2


def test_a_run_that_ends_forgets_what_was_staged_and_what_broken_files_left(
    ours: Database,
) -> None:
    staged(ours, begun(ours, "b"), 5, 6, 7)
    run = feeding(ours, staged(ours, begun(ours), 1))
    with ours.own_transaction() as connection:
        run = staging.advance(connection, run, 1)
        run = staging.finish(connection, run)
        assert run.state is RunState.DONE
        assert replay_runs.runs_of(connection, LOG) == [run]
        assert staging.next_events(connection, run, None, 9) == []
    assert begun(ours) == run
    assert begun(ours, "b").staged == 0


def test_entries_that_no_replay_wrote_make_an_agency_a_living_one(ours: Database) -> None:
    event = record(log_id=LOG)
    with ours.own_transaction() as connection:
        assert not replay_runs.is_a_living_agency(connection, LOG)
        write(connection, event)
        assert replay_runs.is_a_living_agency(connection, LOG)
    begun(ours)
    with ours.own_transaction(is_reading=True) as connection:
        assert not replay_runs.is_a_living_agency(connection, LOG)
        assert staging.keys_kept(connection, LOG, ["yunting\tE1", "yunting\tE2"]) == {"yunting\tE1"}


@pytest.mark.postgres
def test_postgresql_is_told_how_large_the_tables_are(pg_database: str) -> None:
    ours = Database(pg_database)
    feeding(ours, staged(ours, begun(ours), *range(300)))
    with ours.own_transaction() as connection:
        staging.tell_sizes(connection)
    known = "SELECT reltuples FROM pg_class WHERE relname = 'cleangov_staged_event'"
    with ours.own_transaction(is_reading=True) as connection:
        assert connection.exec_driver_sql(known).scalar() == 300
    ours.dispose()
