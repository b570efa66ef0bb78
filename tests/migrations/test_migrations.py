"""The plugin's own schema history, on both databases."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import cleangov_migrations
from cleangov_plugin.store import tables


def _ours(connection: sa.Connection) -> set[str]:
    schema = None if connection.dialect.name == "sqlite" else cleangov_migrations.SCHEMA
    return set(sa.inspect(connection).get_table_names(schema=schema))


def test_upgrade_makes_every_table_and_check_finds_no_difference(empty_url: str) -> None:
    engine = sa.create_engine(empty_url)
    with engine.begin() as connection:
        assert cleangov_migrations.current(connection) is None
        cleangov_migrations.upgrade(connection)
    with engine.connect() as connection:
        wanted = {table.name for table in tables.metadata.sorted_tables}
        assert _ours(connection) == wanted | {cleangov_migrations.VERSION_TABLE}
        assert cleangov_migrations.current(connection) == cleangov_migrations.head()
        assert cleangov_migrations.check(connection) == []
    engine.dispose()


def test_check_names_a_column_that_is_missing(connection: sa.Connection) -> None:
    table = "cleangov_gap" if connection.dialect.name == "sqlite" else "cleangov.cleangov_gap"
    connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN detail")
    assert "detail" in "".join(cleangov_migrations.check(connection))


def test_upgrade_joins_the_callers_transaction_and_commits_nothing(empty_url: str) -> None:
    engine = sa.create_engine(empty_url)
    with engine.connect() as connection:
        transaction = connection.begin()
        cleangov_migrations.upgrade(connection)
        assert "cleangov_entry" in _ours(connection)
        transaction.rollback()
    with engine.connect() as connection:
        assert _ours(connection) == set()
    engine.dispose()


def test_upgrade_on_an_idle_connection_commits(empty_url: str) -> None:
    engine = sa.create_engine(empty_url)
    with engine.connect() as connection:
        cleangov_migrations.upgrade(connection)
        assert not connection.in_transaction()
    with engine.connect() as connection:
        assert "cleangov_entry" in _ours(connection)
    engine.dispose()


def test_a_database_with_data_goes_down_and_up_again(engine: sa.Engine) -> None:
    from tests.store.samples import host_table, write_entry

    with engine.begin() as connection:
        host_table(connection)
        write_entry(connection)
        cleangov_migrations.upgrade(connection)
    with engine.begin() as connection:
        cleangov_migrations.downgrade(connection, "base")
    with engine.begin() as connection:
        assert _ours(connection) - {"host_case"} == {cleangov_migrations.VERSION_TABLE}
        assert connection.exec_driver_sql("SELECT count(*) FROM host_case").scalar() == 1
        cleangov_migrations.upgrade(connection)
        write_entry(connection)
        assert cleangov_migrations.check(connection) == []


def test_a_hosts_own_alembic_sees_none_of_our_tables(engine: sa.Engine, database: str) -> None:
    host = sa.MetaData()
    sa.Table("host_case", host, sa.Column("id", sa.Integer, primary_key=True))
    options = {"include_name": cleangov_migrations.host_include_name, "include_schemas": True}
    with engine.begin() as connection:
        host.create_all(connection)
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, host) == []
        if database == "sqlite":  # and without the line in its env.py it would drop them
            careless = MigrationContext.configure(connection)
            assert any(step[0] == "remove_table" for step in compare_metadata(careless, host))


@pytest.mark.parametrize(
    ("name", "type_", "table", "is_seen"),
    [
        ("cleangov_entry", "table", None, False),
        ("host_case", "table", None, True),
        ("cleangov", "schema", None, False),
        (None, "schema", None, True),
        ("id", "column", "cleangov_entry", False),
        ("id", "column", "host_case", True),
    ],
)
def test_what_a_host_leaves_out(
    name: str | None, type_: str, table: str | None, is_seen: bool
) -> None:
    parents = {"table_name": table}
    assert cleangov_migrations.host_include_name(name, type_, parents) is is_seen


def test_upgrade_works_where_the_plugin_cannot_be_imported(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import sys
        class Blocker:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] == "cleangov_plugin":
                    raise ModuleNotFoundError(name)
        sys.meta_path.insert(0, Blocker())
        import cleangov_migrations
        assert "alembic" not in sys.modules and "sqlalchemy" not in sys.modules
        import sqlalchemy as sa
        engine = sa.create_engine(sys.argv[1])
        with engine.begin() as connection:
            cleangov_migrations.upgrade(connection)
        with engine.begin() as connection:
            assert cleangov_migrations.current(connection) == cleangov_migrations.head()
            cleangov_migrations.downgrade(connection, "base")
        engine.dispose()
        print("done")
        """
    )
    url = f"sqlite:///{tmp_path / 'alone.db'}"
    command = [sys.executable, "-W", "error", "-c", script, url]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, "done"), done.stderr


def test_upgrade_leaves_the_hosts_logging_alone(empty_url: str) -> None:
    import logging

    before = (logging.root.level, list(logging.root.handlers))
    engine = sa.create_engine(empty_url)
    with engine.begin() as connection:
        cleangov_migrations.upgrade(connection)
    engine.dispose()
    assert (logging.root.level, list(logging.root.handlers)) == before


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_the_statements_can_be_written_out(dialect: str) -> None:
    written = cleangov_migrations.sql(dialect)
    name = "cleangov_entry" if dialect == "sqlite" else "cleangov.cleangov_entry"
    assert f"CREATE TABLE {name} (" in written
    assert ("pg_current_xact_id" in written) is (dialect == "postgresql")
