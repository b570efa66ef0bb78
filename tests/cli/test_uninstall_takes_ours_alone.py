"""``cleangov db uninstall``: ours goes, and the host stays byte for byte."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cli.city_leaving import changed, ours_left, shape
from tests.cli.log_replaying import run
from tests.store.samples import host_table


@pytest.fixture
def host_with_own(database_url: str) -> Iterator[sa.Engine]:
    """A host with tables, an index, a view, rows and an Alembic of its own, beside our tables."""
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        host_table(connection)
        for statement in (
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
            "INSERT INTO alembic_version VALUES ('h42')",
            "CREATE TABLE cleaning_rota (id INTEGER PRIMARY KEY, name TEXT)",
            "INSERT INTO cleaning_rota VALUES (1, '陈静')",
            "CREATE INDEX ix_rota ON cleaning_rota (name)",
            "CREATE VIEW rota AS SELECT name FROM cleaning_rota",
        ):
            connection.exec_driver_sql(statement)
    yield engine
    engine.dispose()


def test_without_yes_it_shows_what_would_go_and_changes_nothing(
    host_with_own: sa.Engine, database_url: str
) -> None:
    before, ours = shape(host_with_own), ours_left(host_with_own)
    result = run(database_url, "db", "uninstall")
    assert result.exit_code == 0, result.output
    assert "cleangov_entry, 0 rows" in result.stdout
    assert "Nothing was changed" in result.stdout
    assert ("schema cleangov" in result.stdout) == (host_with_own.dialect.name == "postgresql")
    assert "cleaning_rota" not in result.stdout
    assert (shape(host_with_own), ours_left(host_with_own)) == (before, ours)


def test_it_takes_ours_and_the_host_stays_byte_for_byte(
    host_with_own: sa.Engine, database_url: str
) -> None:
    before = shape(host_with_own)
    result = run(database_url, "--json", "db", "uninstall", "--yes")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["done"] is True
    assert ours_left(host_with_own) == set()
    assert shape(host_with_own) == before
    again = run(database_url, "db", "uninstall", "--yes")
    assert "there is no table of the plugin" in again.stdout
    assert run(database_url, "db", "upgrade").exit_code == 0  # and it may come back


def test_a_view_of_the_host_on_our_table_is_named_and_nothing_goes(
    host_with_own: sa.Engine, database_url: str
) -> None:
    prefix = "" if host_with_own.dialect.name == "sqlite" else "cleangov."
    with host_with_own.begin() as connection:
        connection.exec_driver_sql(f"CREATE VIEW board AS SELECT kind FROM {prefix}cleangov_entry")
    before, ours = shape(host_with_own), ours_left(host_with_own)
    assert run(database_url, "db", "uninstall").exit_code == 1
    refused = run(database_url, "db", "uninstall", "--yes")
    assert refused.exit_code == 2
    assert "board" in refused.output
    assert (shape(host_with_own), ours_left(host_with_own)) == (before, ours)


def test_a_table_of_the_host_that_refers_to_ours_is_named(
    host_with_own: sa.Engine, database_url: str
) -> None:
    prefix = "" if host_with_own.dialect.name == "sqlite" else "cleangov."
    with host_with_own.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE desk (id INTEGER PRIMARY KEY, log_id TEXT"
            f" REFERENCES {prefix}cleangov_agency (log_id))"
        )
    refused = run(database_url, "db", "uninstall", "--yes")
    assert refused.exit_code == 2
    assert "desk" in refused.output
    assert "cleangov_entry" in ours_left(host_with_own)


def test_tables_of_a_newer_release_are_left_to_it(
    host_with_own: sa.Engine, database_url: str
) -> None:
    changed("UPDATE {s}cleangov_alembic_version SET version_num = '9999'", Path(), database_url)
    refused = run(database_url, "db", "uninstall", "--yes")
    assert refused.exit_code == 2
    assert "newer" in refused.output
    assert "cleangov_entry" in ours_left(host_with_own)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("strange", "name"),
    [
        ("CREATE TABLE cleangov.theirs (id INTEGER)", "theirs"),
        ("CREATE FUNCTION cleangov.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "f()"),
        ("CREATE TYPE cleangov.mood AS ENUM ('calm')", "mood"),
    ],
)
def test_our_schema_stays_while_it_holds_anything_else(
    pg_database: str, strange: str, name: str
) -> None:
    engine = sa.create_engine(pg_database)
    with engine.begin() as connection:
        connection.exec_driver_sql(strange)
    shown = run(pg_database, "db", "uninstall")
    assert f"schema cleangov stays: it holds {name} as well" in shown.stdout
    assert run(pg_database, "db", "uninstall", "--yes").exit_code == 0
    assert ours_left(engine) == {"cleangov"} | ({"theirs"} if name == "theirs" else set())
    engine.dispose()


@pytest.mark.postgres
def test_a_partitioned_ledger_goes_with_its_partitions(pg_database: str) -> None:
    from tests.store.test_partitions import statements

    engine = sa.create_engine(pg_database)
    with engine.begin() as connection:
        for statement in statements():
            connection.exec_driver_sql(statement)
    result = run(pg_database, "db", "uninstall", "--yes")
    assert result.exit_code == 0, result.output
    assert ours_left(engine) == set()
    engine.dispose()


@pytest.mark.postgres
def test_a_schema_of_another_account_stays_empty(pg_database: str) -> None:
    admin = sa.create_engine(pg_database, isolation_level="AUTOCOMMIT")
    name = f"city_{sa.make_url(pg_database).database}"
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP SCHEMA cleangov CASCADE")
        connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN")
        connection.exec_driver_sql("CREATE SCHEMA cleangov")
        connection.exec_driver_sql(f"GRANT USAGE, CREATE ON SCHEMA cleangov TO {name}")
    url = sa.make_url(pg_database).set(username=name).render_as_string(hide_password=False)
    assert run(url, "db", "upgrade").exit_code == 0
    result = run(url, "db", "uninstall", "--yes")
    assert "stays: it belongs to another account" in result.stdout, result.output
    assert ours_left(admin) == {"cleangov"}
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {name}")
        connection.exec_driver_sql(f"DROP ROLE {name}")
    admin.dispose()
