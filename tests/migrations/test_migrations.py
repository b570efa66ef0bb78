"""The plugin's own schema history, on both databases."""

import subprocess
import sys
import textwrap
from argparse import Namespace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util.exc import CommandError

import cleangov_migrations
from cleangov_plugin.store import schema, tables
from cleangov_plugin.store.run import run
from tests.support.ends import OpenEngine


def _ours(connection: sa.Connection) -> set[str]:
    schema = None if connection.dialect.name == "sqlite" else cleangov_migrations.SCHEMA
    return set(sa.inspect(connection).get_table_names(schema=schema))


def test_upgrade_makes_every_table_and_check_finds_no_difference(
    empty_url: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(empty_url)
    with engine.begin() as connection:
        assert cleangov_migrations.current(connection) is None
        cleangov_migrations.upgrade(connection)
    with engine.connect() as connection:
        wanted = {table.name for table in tables.metadata.sorted_tables}
        assert _ours(connection) == wanted | {cleangov_migrations.VERSION_TABLE}
        assert cleangov_migrations.current(connection) == cleangov_migrations.head()
        assert cleangov_migrations.check(connection) == []


def test_check_names_a_column_that_is_missing(connection: sa.Connection) -> None:
    table = "cleangov_gap" if connection.dialect.name == "sqlite" else "cleangov.cleangov_gap"
    connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN detail")
    assert "detail" in "".join(cleangov_migrations.check(connection))


def test_upgrade_joins_the_callers_transaction_and_commits_nothing(
    empty_url: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(empty_url)
    with engine.connect() as connection:
        transaction = connection.begin()
        cleangov_migrations.upgrade(connection)
        assert "cleangov_entry" in _ours(connection)
        transaction.rollback()
    with engine.connect() as connection:
        assert _ours(connection) == set()


def test_upgrade_on_an_idle_connection_commits(empty_url: str, open_engine: OpenEngine) -> None:
    engine = open_engine(empty_url)
    with engine.connect() as connection:
        cleangov_migrations.upgrade(connection)
        assert not connection.in_transaction()
    with engine.connect() as connection:
        assert "cleangov_entry" in _ours(connection)


def _value(column: sa.Column[Any]) -> Any:
    """A value for a column; keys that refer to other tables are equal there and here."""
    kind = column.type.python_type
    if kind is int:
        return 1
    return {bool: True, bytes: b"\x00\xff", date: date(2026, 3, 10)}.get(kind, f"甲 {column.name}")


def _fill(connection: sa.Connection) -> None:
    """Write one row into every table of ours."""
    for table in tables.metadata.sorted_tables:
        values = {column.name: _value(column) for column in table.columns}
        run(connection, sa.insert(table).values(values))


def _rows(connection: sa.Connection) -> dict[str, list[Any]]:
    return {
        table.name: [tuple(row) for row in run(connection, sa.select(table))]
        for table in tables.metadata.sorted_tables
    }


def test_upgrading_twice_changes_nothing_of_a_database_with_data(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        _fill(connection)
        before = _rows(connection), schema.fingerprint(connection)
    for _ in range(2):
        with engine.connect() as connection:
            cleangov_migrations.upgrade(connection)
    with engine.connect() as connection:
        assert (_rows(connection), schema.fingerprint(connection)) == before
        assert all(len(rows) == 1 for rows in before[0].values())
        assert cleangov_migrations.check(connection) == []


def test_a_database_with_data_in_every_table_goes_down_and_up_again(engine: sa.Engine) -> None:
    from tests.store.samples import host_table, write_entry

    with engine.begin() as connection:
        host_table(connection)
        _fill(connection)
    with engine.begin() as connection:
        cleangov_migrations.downgrade(connection, "base")
    with engine.begin() as connection:
        assert _ours(connection) - {"host_case"} == {cleangov_migrations.VERSION_TABLE}
        assert connection.exec_driver_sql("SELECT count(*) FROM host_case").scalar() == 1
        cleangov_migrations.upgrade(connection)
        assert cleangov_migrations.check(connection) == []
        assert all(rows == [] for rows in _rows(connection).values())
        write_entry(connection)
        assert len(_rows(connection)["cleangov_entry"]) == 1


def test_the_tables_are_made_in_a_host_database_that_has_data(
    empty_url: str, open_engine: OpenEngine
) -> None:
    from tests.store.samples import host_table, write_entry

    engine = open_engine(empty_url)
    with engine.begin() as connection:
        host_table(connection)
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('host-7')")
        cleangov_migrations.upgrade(connection)
        write_entry(connection)
    with engine.begin() as connection:
        cleangov_migrations.downgrade(connection, "base")
        cleangov_migrations.upgrade(connection)
        cleangov_migrations.downgrade(connection, "base")
        host = connection.exec_driver_sql("SELECT id, name FROM host_case").fetchall()
        version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    assert ([tuple(row) for row in host], version) == ([(1, "a")], "host-7")


def test_an_upgrade_that_fails_half_way_leaves_nothing(
    empty_url: str, database: str, open_engine: OpenEngine
) -> None:
    prefix = "" if database == "sqlite" else "cleangov."
    engine = open_engine(empty_url)
    with engine.begin() as connection:
        if database != "sqlite":
            connection.exec_driver_sql("CREATE SCHEMA cleangov")
        connection.exec_driver_sql(f"CREATE TABLE {prefix}cleangov_prompt_fate (in_the_way TEXT)")
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
        cleangov_migrations.upgrade(connection)
    with engine.connect() as connection:
        assert _ours(connection) == {"cleangov_prompt_fate"}
        assert cleangov_migrations.current(connection) is None


_TOGETHER = """
import sys
import sqlalchemy as sa
import cleangov_migrations
url, level = sys.argv[1:]
engine = sa.create_engine(url, **({"isolation_level": level} if level else {}))
with engine.connect() as connection:
    print("ready", flush=True)
    sys.stdin.readline()
    cleangov_migrations.upgrade(connection)
    print(cleangov_migrations.current(connection))
engine.dispose()
"""


def _upgrade_together(url: str, level: str = "") -> list[str]:
    """Let three processes upgrade at the same moment, and answer where each one found itself."""
    arguments = [sys.executable, "-c", _TOGETHER, url, level]
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    started = [subprocess.Popen(arguments, text=True, **pipes) for _ in range(3)]
    for process in started:
        assert process.stdout.readline() == "ready\n"
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60) for process in started]
    assert [error for _, error in said] == ["", "", ""]
    return [out.strip() for out, _ in said]


def test_processes_that_upgrade_at_once_agree(empty_url: str, open_engine: OpenEngine) -> None:
    assert _upgrade_together(empty_url) == [cleangov_migrations.head()] * 3
    engine = open_engine(empty_url)
    with engine.connect() as connection:
        assert cleangov_migrations.check(connection) == []


@pytest.mark.postgres
def test_processes_with_a_fixed_snapshot_that_upgrade_at_once_agree(
    pg_url: str, open_engine: OpenEngine
) -> None:
    name = "cleangov_upgraded_together"
    engine = open_engine(pg_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        url = sa.make_url(pg_url).set(database=name).render_as_string(hide_password=False)
        assert _upgrade_together(url, "REPEATABLE READ") == [cleangov_migrations.head()] * 3
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _developer(url: str) -> Config:
    """What ``alembic -x url=...`` makes of our folder of revisions."""
    config = Config()
    config.set_main_option("script_location", "cleangov_migrations:")
    config.set_main_option("path_separator", "os")
    config.cmd_opts = Namespace(x=[f"url={url}"])
    return config


def test_alembics_own_check_is_clean_and_would_find_a_difference(
    engine: sa.Engine, database_url: str, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command.check(_developer(database_url))
    prefix = "" if database == "sqlite" else "cleangov."
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {prefix}cleangov_gap ADD COLUMN more TEXT")
    with pytest.raises(CommandError, match="more"):
        command.check(_developer(database_url))


_HOST_ENV = """
from alembic import context
from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine
from cleangov_migrations import host_include_name

target = MetaData()
Table("host_case", target, Column("id", Integer, primary_key=True), Column("name", Text))
engine = create_engine(context.config.attributes["url"])
with engine.begin() as connection:
    context.configure(
        connection=connection,
        target_metadata=target,
        include_schemas=True,
        include_name=host_include_name,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
"""
_HOST_REVISION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "h1", None


def upgrade():
    op.create_table(
        "host_case",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.Text()),
    )


def downgrade():
    op.drop_table("host_case")
"""


@pytest.mark.parametrize("first", ["host", "plugin"])
def test_a_host_with_its_own_alembic_lives_beside_ours(
    empty_url: str, tmp_path: Path, first: str, open_engine: OpenEngine
) -> None:
    folder = tmp_path / "host migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(_HOST_ENV)
    (folder / "versions" / "h1.py").write_text(_HOST_REVISION)
    host = Config()
    host.set_main_option("script_location", str(folder))
    host.set_main_option("path_separator", "os")
    host.attributes["url"] = empty_url
    engine = open_engine(empty_url)

    def ours() -> None:
        with engine.connect() as connection:
            cleangov_migrations.upgrade(connection)

    steps = [lambda: command.upgrade(host, "head"), ours]
    for step in steps if first == "host" else reversed(steps):
        step()
    command.check(host)
    command.upgrade(host, "head")
    with engine.connect() as connection:
        assert cleangov_migrations.check(connection) == []
        assert cleangov_migrations.current(connection) == cleangov_migrations.head()
    command.downgrade(host, "base")
    with engine.connect() as connection:
        assert cleangov_migrations.check(connection) == []
        cleangov_migrations.downgrade(connection, "base")
        version = "SELECT count(*) FROM alembic_version"
        assert connection.exec_driver_sql(version).scalar() == 0


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


def test_upgrade_leaves_the_hosts_logging_alone(empty_url: str, open_engine: OpenEngine) -> None:
    import logging

    before = (logging.root.level, list(logging.root.handlers))
    engine = open_engine(empty_url)
    with engine.begin() as connection:
        cleangov_migrations.upgrade(connection)
    assert (logging.root.level, list(logging.root.handlers)) == before


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_the_statements_can_be_written_out(dialect: str) -> None:
    written = cleangov_migrations.sql(dialect)
    name = "cleangov_entry" if dialect == "sqlite" else "cleangov.cleangov_entry"
    assert f"CREATE TABLE {name} (" in written
    assert ("pg_current_xact_id" in written) is (dialect == "postgresql")


def test_a_database_administrator_can_run_the_written_statements(
    empty_url: str, database: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(empty_url)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if database == "sqlite":
            driver.executescript(cleangov_migrations.sql("sqlite"))
        else:
            driver.execute(cleangov_migrations.sql("postgresql"))
            driver.commit()
    with engine.connect() as connection:
        assert cleangov_migrations.check(connection) == []
        assert cleangov_migrations.current(connection) == cleangov_migrations.head()
        assert schema.examine(connection).state is schema.SchemaState.RIGHT


@pytest.mark.postgres
def test_a_role_that_may_make_no_schema_upgrades_in_the_one_it_was_given(
    pg_database: str, open_engine: OpenEngine
) -> None:
    administrator = open_engine(pg_database, isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        for statement in (
            "DROP SCHEMA cleangov CASCADE",
            "CREATE ROLE cleangov_city LOGIN",
            "CREATE SCHEMA cleangov AUTHORIZATION cleangov_city",
        ):
            connection.exec_driver_sql(statement)
    city = open_engine(sa.make_url(pg_database).set(username="cleangov_city"))
    with city.connect() as connection:
        cleangov_migrations.upgrade(connection)
        assert cleangov_migrations.check(connection) == []
    city.dispose()
    with administrator.connect() as connection:
        connection.exec_driver_sql("DROP OWNED BY cleangov_city")
        connection.exec_driver_sql("DROP ROLE cleangov_city")


def test_letters_come_and_go_without_touching_what_was_there(empty_url: str) -> None:
    """Revision 0002 up, down and up again over a database that has data in every older table."""
    letters = {"cleangov_instrument", "cleangov_instrument_act"}
    engine = sa.create_engine(empty_url)
    with engine.begin() as connection:
        cleangov_migrations.upgrade(connection, "0001")
        assert _ours(connection).isdisjoint(letters)
        older = [t for t in tables.metadata.sorted_tables if t.name not in letters]
        for table in older:
            values = {column.name: _value(column) for column in table.columns}
            run(connection, sa.insert(table).values(values))
        before = {t.name: [tuple(r) for r in run(connection, sa.select(t))] for t in older}
    for _ in range(2):
        with engine.begin() as connection:
            cleangov_migrations.upgrade(connection, "0002")
            assert cleangov_migrations.check(connection) == []
            for table in (tables.instrument, tables.instrument_act):
                values = {column.name: _value(column) for column in table.columns}
                run(connection, sa.insert(table).values(values))
            after = {t.name: [tuple(r) for r in run(connection, sa.select(t))] for t in older}
            assert after == before
        with engine.begin() as connection:
            cleangov_migrations.downgrade(connection, "0001")
            assert cleangov_migrations.current(connection) == "0001"
            assert _ours(connection).isdisjoint(letters)
            after = {t.name: [tuple(r) for r in run(connection, sa.select(t))] for t in older}
            assert after == before
    engine.dispose()
