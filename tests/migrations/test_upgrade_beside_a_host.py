"""The plugin's schema beside what a host has: its data, its own Alembic, its process."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

import cleangov_migrations
from tests.support.ends import OpenEngine


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
