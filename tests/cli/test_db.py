"""``cleangov db``: tables are made, compared, and written out for an administrator."""

import json

import pytest
import sqlalchemy as sa

import cleangov_migrations
from tests.cli.log_replaying import run
from tests.support.ends import OpenEngine


def test_upgrade_makes_the_tables_and_check_finds_them_right(empty_url: str) -> None:
    assert run(empty_url, "db", "check").exit_code == 1
    told = json.loads(run(empty_url, "--json", "db", "upgrade").stdout)
    assert told == {"from": None, "to": cleangov_migrations.head()}
    again = json.loads(run(empty_url, "--json", "db", "upgrade").stdout)
    assert again == {"from": told["to"], "to": told["to"]}
    result = run(empty_url, "db", "check", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"differences": []}
    assert run(empty_url, "db", "check").stdout.endswith(": ok\n")


def test_check_names_what_differs(database_url: str, open_engine: OpenEngine) -> None:
    engine = open_engine(database_url)
    prefix = "" if engine.dialect.name == "sqlite" else "cleangov."
    with engine.begin() as connection:
        connection.execute(sa.text(f"DROP TABLE {prefix}cleangov_statistic"))
    result = run(database_url, "db", "check")
    assert result.exit_code == 1
    assert "cleangov_statistic" in result.stdout


@pytest.mark.parametrize("kind", ["postgresql", "sqlite", "postgresql+psycopg"])
def test_the_statements_are_printed_and_nothing_is_run(kind: str) -> None:
    result = run(f"{kind}://nowhere/city", "db", "upgrade", "--sql")
    assert result.exit_code == 0, result.output
    assert "CREATE TABLE" in result.stdout
    assert "cleangov_entry" in result.stdout


def test_a_password_is_never_printed() -> None:
    result = run("postgresql://city:geheim@127.0.0.1:9/city", "db", "check")
    assert result.exit_code == 2
    assert "geheim" not in result.output
    assert "city:***@127.0.0.1" in result.stderr
