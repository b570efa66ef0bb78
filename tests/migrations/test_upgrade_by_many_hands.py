"""Who upgrades: processes at once, a developer, an administrator by hand, a role of few rights."""

import subprocess
import sys
from argparse import Namespace
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError

import cleangov_migrations
from cleangov_plugin.store import schema
from tests.support.ends import OpenEngine

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
