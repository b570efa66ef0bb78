"""What must raise no alarm: upkeep, a dump that was restored, our own upgrades and guards."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import cleangov_migrations
from cleangov_plugin.desk.sealed.sealing import seal
from cleangov_plugin.desk.verified.verifying import Evidence, verify
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.schema_fingerprint import fingerprint
from tests.desk.sealed.guarded import Guarded
from tests.store.samples import NOON
from tests.store.test_partitions import statements
from tests.support import postgres
from tests.support.ends import opened


@pytest.fixture(params=[False, True], ids=["bare", "guarded"])
def sealed(request: pytest.FixtureRequest, engine: sa.Engine, tmp_path: Path) -> Iterator[Guarded]:
    found = Guarded(engine, tmp_path, is_guarded=request.param)
    yield found
    found.database.dispose()


def codes(sealed: Guarded) -> list[str]:
    return [what.code for what in sealed.verify().unchecked]


def test_upkeep_changes_nothing(sealed: Guarded) -> None:
    upkeep = ["VACUUM", "ANALYZE", "REINDEX", "VACUUM"]
    if not sealed.is_sqlite:
        upkeep = [
            "VACUUM FULL",
            "CLUSTER cleangov.cleangov_entry USING ix_cleangov_entry_listed",
            "CLUSTER cleangov.cleangov_leaf USING pk_cleangov_leaf",
            "ANALYZE",
            "REINDEX SCHEMA CONCURRENTLY cleangov",
            "CREATE TABLE public.theirs (id int)",
        ]
    with sealed.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in upkeep:
            connection.exec_driver_sql(statement)
    assert sealed.alarms() == set()
    size = sealed.seal().size
    assert sealed.seal().size == size, "and there is nothing to say of the tables"


def test_a_dump_that_was_restored_is_the_same(
    sealed: Guarded, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    sealed.database.dispose()
    if sealed.is_sqlite:
        url = f"sqlite:///{tmp_path / 'restored.db'}"
        with opened(url) as other, other.begin() as target, sealed.engine.connect() as source:
            driver: Any = source.connection.driver_connection
            target.connection.driver_connection.executescript("\n".join(driver.iterdump()))
    else:
        url = restored(sealed.engine.url, request)
    database = Database(url)
    with database.own_transaction(is_reading=True) as connection:
        found = verify(connection, Evidence(outside=sealed.outside, key=sealed.signer.verifier))
    assert (found.alarms, found.leaves) == ([], sealed.size)
    assert seal(database, sealed.outside, sealed.signer, lambda: NOON).size == sealed.size
    database.dispose()


def restored(url: sa.URL, request: pytest.FixtureRequest) -> str:
    """Dump a database, and restore it under another name."""
    install = postgres.installed()
    dump = str(install / "bin/pg_dump") if install else shutil.which("pg_dump")
    psql = str(install / "bin/psql") if install else shutil.which("psql")
    if not dump or not psql:
        pytest.skip("no pg_dump here")
    name = f"{url.database}_restored"
    plain = url.set(drivername="postgresql")
    with (
        opened(url, isolation_level="AUTOCOMMIT") as engine,
        engine.connect() as connection,
    ):
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
    request.addfinalizer(lambda: _drop(url.set(database="postgres"), name))
    old, new = (each.render_as_string(False) for each in (plain, plain.set(database=name)))
    written = subprocess.run([dump, "--dbname", old], capture_output=True, check=True)
    subprocess.run(
        [psql, "--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "--dbname", new],
        input=written.stdout,
        capture_output=True,
        check=True,
    )
    return url.set(database=name).render_as_string(False)


def _drop(url: sa.URL, name: str) -> None:
    with opened(url, isolation_level="AUTOCOMMIT") as engine, engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def test_an_upgrade_of_ours_is_no_alarm_before_it_is_sealed_and_none_afterwards(
    sealed: Guarded,
) -> None:
    """A new table, a new column that may be empty and an index, with the revision moved."""
    sealed.edit(
        "ALTER TABLE {s}cleangov_gap ADD COLUMN more TEXT",
        "CREATE TABLE {s}cleangov_more (id BIGINT PRIMARY KEY)",
        "CREATE INDEX ix_cleangov_gap_more ON {s}cleangov_gap (more)",
    )
    assert sealed.detectors() == {"SCHEMA"}, "nobody said that it was an upgrade"
    sealed.edit("UPDATE {s}cleangov_alembic_version SET version_num = '9999'")
    assert sealed.alarms() == set()
    assert "schema_moved" in codes(sealed)
    quiet = "trigger quiet" if sealed.is_sqlite else "rule cleangov_entry.quiet"
    sealed.edit(
        "CREATE TRIGGER quiet BEFORE INSERT ON cleangov_entry BEGIN SELECT RAISE(IGNORE); END"
        if sealed.is_sqlite
        else "CREATE RULE quiet AS ON INSERT TO cleangov.cleangov_entry DO INSTEAD NOTHING"
    )
    assert sealed.alarms() == {("SCHEMA", quiet)}, "no upgrade brings that"
    place = "" if sealed.is_sqlite else " ON cleangov.cleangov_entry"
    sealed.edit(f"DROP {'TRIGGER' if sealed.is_sqlite else 'RULE'} quiet{place}")
    sealed.seal()
    assert sealed.alarms() == set()
    assert "schema_moved" not in codes(sealed)
    change = sealed.verify().schema_changes[-1]
    assert change["revision"] == "9999"
    assert "table cleangov_more" in change["things"]


def test_a_ledger_that_was_sealed_before_there_was_such_a_leaf_says_so(sealed: Guarded) -> None:
    assert "no_schema" not in codes(sealed)
    sealed.unguard()
    sealed.edit("DELETE FROM {s}cleangov_leaf WHERE lane IS NULL AND no IS NOT NULL")
    assert "no_schema" in codes(sealed)


def test_guards_put_up_by_us_are_named_until_they_are_sealed(
    engine: sa.Engine, tmp_path: Path
) -> None:
    sealed = Guarded(engine, tmp_path, is_guarded=False)
    sealed.guard()
    assert sealed.detectors() == {"SCHEMA"}
    sealed.seal()
    assert sealed.alarms() == set()
    sealed.unguard()
    sealed.seal()
    assert sealed.alarms() == set()
    sealed.database.dispose()


@pytest.mark.postgres
def test_another_partition_is_no_change_and_what_is_done_to_one_is(
    pg_database: str, tmp_path: Path
) -> None:
    with opened(pg_database) as engine:
        with engine.begin() as connection:
            for statement in statements():
                connection.exec_driver_sql(statement)
        sealed = Guarded(engine, tmp_path, is_guarded=True)
        part = "cleangov_parts.cleangov_entry_2027"
        sealed.edit(
            f"CREATE TABLE {part} PARTITION OF cleangov.cleangov_entry"
            " FOR VALUES FROM (202701) TO (202801)"
        )
        assert sealed.alarms() == set()
        with engine.connect() as connection:
            before = fingerprint(connection)
        assert not [name for name in before if "2027" in name]
        for statement, thing in (
            (f"ALTER TABLE {part} DISABLE TRIGGER cleangov_guard_update", "trigger"),
            (f"CREATE POLICY p ON {part} USING (true)", "policy"),
            (f"ALTER TABLE {part} ALTER COLUMN kind SET DEFAULT 'x'", "column"),
            (f"GRANT DELETE ON {part} TO PUBLIC", "grants"),
            (f"CREATE INDEX own ON {part} (kind)", "index"),
            (f"CREATE RULE r AS ON INSERT TO {part} DO INSTEAD NOTHING", "rule"),
        ):
            sealed.edit(statement)
            assert thing in {name.partition(" ")[0] for name in sealed.things()}, statement
        sealed.guard()
        with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="guard"):
            connection.exec_driver_sql(f"TRUNCATE {part}")
        sealed.database.dispose()


def test_the_revision_that_a_leaf_names_is_that_of_the_tables(sealed: Guarded) -> None:
    text = [body for body in sealed.bodies() if '"meta":"schema"' in body]
    assert len(text) in (1, 2)
    assert f'"revision":"{cleangov_migrations.head()}"' in text[0]
    assert all(len(each) < 40_000 for each in text)
