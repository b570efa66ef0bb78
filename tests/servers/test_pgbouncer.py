"""PgBouncer between the platform and PostgreSQL, handing connections on by transaction."""

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.store.database import Database
from cleangov_plugin.store.run import alone
from tests.plugin.day import day
from tests.plugin.inside import rows, tick
from tests.servers.serving import compare_lanes
from tests.support import pgbouncer
from tests.support.small_host import SmallHost

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(
        pgbouncer.installed() is None, reason="PgBouncer is not installed (apt install pgbouncer)"
    ),
]
#: What the page of the installation asks of a host behind PgBouncer.
NO_PREPARING = {"connect_args": {"prepare_threshold": None}}


@pytest.fixture
def through(pg_database: str) -> Iterator[str]:
    """URL of a fresh database with our tables, through PgBouncer."""
    with pgbouncer.pooled(pg_database) as url:
        yield url


@pytest.fixture
def city(through: str, tmp_path: Path) -> Iterator[SmallHost]:
    """A host behind PgBouncer, as the page of the installation says."""
    host = SmallHost(through, tmp_path, pool_size=8, **NO_PREPARING)
    host.start()
    assert host.plugin.desk is not None, host.plugin.inert.reason
    yield host
    host.plugin.desk.database.dispose()
    host.close()


def test_whole_days_go_through_it(city: SmallHost) -> None:
    for number in range(4):  # psycopg would prepare what it is sent for the sixth time
        day(city, prefix=f"day-{number}")
    assert rows(city, "gap") == []
    numbers = city.plugin.desk.counters.numbers
    bad = {name for name in numbers if name.startswith(("failed", "owed.", "lost", "spool"))}
    assert bad == {"failed.answered"}  # an answer to a prompt that nobody was shown
    kinds = Counter(row["kind"] for row in rows(city, "entry", origin="live"))
    assert kinds.pop("int.answer.refused") == 1  # of all four, which are of one day
    assert numbers["entries"] == kinds.total() == 4 * 6
    compare_lanes(city.engine)


def test_officers_at_once_share_two_connections_and_write_one_ledger(city: SmallHost) -> None:
    each, officers, failed = 12, 6, []

    def work(who: int) -> None:
        try:
            for number in range(each):
                event = city.event("enf.defence.received", id=f"o{who}-{number}")
                city.gate(event, f"a-{who}-{number}")
                city.write(event)
        except Exception as problem:
            failed.append(problem)

    threads = [threading.Thread(target=work, args=(who,)) for who in range(officers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert officers > pgbouncer.POOL
    tick(city)
    assert len(rows(city, "entry")) == each * officers
    compare_lanes(city.engine)


def test_our_own_connections_notice_a_pooler_and_prepare_nothing(
    through: str, pg_database: str
) -> None:
    for url, expected in ((through, None), (pg_database, 5)):
        database = Database(url)
        with database.own_transaction(is_reading=True) as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            assert driver.prepare_threshold == expected
        database.dispose()


def test_what_we_set_is_of_our_transaction_alone(through: str) -> None:
    database, others = Database(through, patience_ms=1_234), Database(through)
    with database.own_transaction() as connection:
        alone(connection, "a test")
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "1234ms"
    for _ in range(2 * pgbouncer.POOL):
        with others.engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "0"
            held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
            assert connection.exec_driver_sql(held).scalar() == 0
    database.dispose()
    others.dispose()


def test_two_processes_take_turns_by_a_lock_of_the_transaction(through: str) -> None:
    first, second = Database(through), Database(through, patience_ms=50)
    with first.own_transaction() as connection:
        alone(connection, "a test")
        with (
            pytest.raises(sa.exc.OperationalError, match="lock timeout"),
            second.own_transaction() as other,
        ):
            alone(other, "a test")
    with second.own_transaction() as other:
        alone(other, "a test")
    first.dispose()
    second.dispose()


def test_without_the_setting_the_platforms_own_statements_fail(through: str) -> None:
    careless = sa.create_engine(through, pool_size=2)
    one, other = careless.connect(), careless.connect()

    def often(connection: sa.Connection) -> None:
        for number in range(8):
            connection.exec_driver_sql("SELECT CAST(%s AS integer)", (number,))
            connection.commit()

    often(one)  # from now on, the process of the server that both share knows the statement
    with pytest.raises(sa.exc.DBAPIError, match="prepared statement"):
        often(other)
    one.close()
    other.close()
    careless.dispose()
