"""Two connections to one state of a database, and long results read in slices."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from cleangov_plugin.store import same_state
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.same_state import still_beside
from cleangov_plugin.store.streaming import slices
from tests.store.samples import host_table

INSERT = "INSERT INTO host_case (id, name) VALUES ({}, 'b')"


def count(connection: sa.Connection) -> int:
    return int(connection.exec_driver_sql("SELECT count(*) FROM host_case").scalar_one())


def add(engine: sa.Engine, number: int) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(INSERT.format(number))


@pytest.fixture
def host(engine: sa.Engine) -> sa.Engine:
    with engine.begin() as connection:
        host_table(connection)
    return engine


def test_both_stand_still_at_the_same_state(host: sa.Engine, ours: Database) -> None:
    with still_beside(ours) as (connection, other):
        assert count(connection) == 1
        add(host, 2)
        assert count(connection) == 1
        assert (other is None) is (not ours.is_sqlite)
        if other is not None:
            assert count(other) == 1
    with still_beside(ours) as (connection, _):
        assert count(connection) == 2


def committing(host: sa.Engine, times: int) -> Callable[[sa.Connection], None]:
    """Answer what lets a host commit between the two connections, so often."""
    left = iter(range(100, 100 + times))
    original = same_state._read
    asked = iter(range(1_000))

    def read(connection: sa.Connection) -> None:
        original(connection)
        number = next(left, None) if next(asked) % 2 == 0 else None
        if number is not None:
            add(host, number)

    return read


@pytest.mark.parametrize(("times", "is_there"), [(0, True), (2, True), (99, False)])
def test_where_somebody_commits_between_them_both_begin_anew(
    host: sa.Engine,
    ours: Database,
    times: int,
    is_there: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not ours.is_sqlite:
        pytest.skip("PostgreSQL needs no other connection")
    monkeypatch.setattr(same_state, "_read", committing(host, times))
    with still_beside(ours) as (connection, other):
        assert (other is not None) is is_there
        assert count(connection) == 1 + min(times, same_state._TRIES)
        if other is not None:
            assert count(other) == count(connection)


QUERY = "SELECT id, name FROM host_case WHERE id >= :first ORDER BY id"


@pytest.mark.parametrize("is_heard", [False, True])
def test_a_long_result_is_read_in_slices(host: sa.Engine, is_heard: bool) -> None:
    heard: list[str] = []
    if is_heard:
        sa.event.listen(host, "before_cursor_execute", lambda *told: heard.append(told[2]))
    with host.begin() as connection:
        for number in range(2, 8):
            connection.exec_driver_sql(INSERT.format(number))
        read = []
        for rows in slices(connection, QUERY, {"first": 2}, 4):
            read.append([tuple(row) for row in rows])
            assert count(connection) == 7  # it may be used meanwhile
    assert read == [[(n, "b") for n in part] for part in ((2, 3, 4, 5), (6, 7))]
    assert any("host_case WHERE" in statement for statement in heard) is is_heard


@pytest.mark.parametrize("is_held", [False, True])
def test_its_errors_are_sqlalchemys_own(host: sa.Engine, is_held: bool) -> None:
    with host.connect() as connection:
        if is_held:
            connection.begin()
        with pytest.raises(DBAPIError, match="nowhere"):
            list(slices(connection, "SELECT nothing FROM nowhere", {}, 4))
