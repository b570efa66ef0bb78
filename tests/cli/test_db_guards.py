"""``cleangov db guards`` as an administrator runs it, and what ``verify`` tells of the tables."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

import cleangov_migrations
from cleangov_plugin.store.guards import applying
from tests.cli.log_replaying import run
from tests.store.samples import LOG, write_entry
from tests.support.ends import OpenEngine


def standing(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return applying.standing(connection)


def test_it_is_shown_first_and_changes_nothing(database_url: str, open_engine: OpenEngine) -> None:
    said = run(database_url, "db", "guards", "--role-app", 'a"b')
    assert said.exit_code == 0, said.output
    assert "CREATE TRIGGER" in said.stdout
    if not database_url.startswith("sqlite"):
        assert 'CREATE ROLE "a""b" NOLOGIN' in said.stdout
    assert standing(open_engine(database_url)) == []
    assert json.loads(run(database_url, "db", "guards", "--json").stdout)["sql"]
    assert run("mysql://x/y", "db", "guards").exit_code == 2
    assert run(database_url, "db", "guards", "--role-app", "").exit_code == 2


def test_it_is_put_up_and_taken_down(database_url: str, open_engine: OpenEngine) -> None:
    engine = open_engine(database_url)
    up = run(database_url, "db", "guards", "--apply", "--role-app", "our_platform")
    assert up.exit_code == 0, up.output
    assert "Seal again" in up.stdout
    names = standing(engine)
    assert len(names) > 10
    again = json.loads(run(database_url, "db", "guards", "--apply", "--json").stdout)
    assert again["standing"] == names
    if engine.dialect.name != "sqlite":
        assert again["roles"]["app"] == "our_platform", "as it was said the first time"
    assert run(database_url, "db", "guards", "--remove").exit_code == 0
    assert standing(engine) == []


def test_an_upgrade_puts_guards_up_again_around_what_is_new(
    database_url: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(database_url)
    assert run(database_url, "db", "guards", "--apply").exit_code == 0
    names = standing(engine)
    with engine.begin() as connection:
        cleangov_migrations.downgrade(connection, "0002")
    assert len(standing(engine)) < len(names)
    assert run(database_url, "db", "upgrade").exit_code == 0
    assert standing(engine) == names
    assert run(database_url, "db", "check").exit_code == 0


def test_without_tables_there_is_nothing_to_guard(empty_url: str) -> None:
    refused = run(empty_url, "db", "guards", "--apply")
    assert refused.exit_code == 2


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_verify_tells_how_the_tables_changed(
    database_url: str, open_engine: OpenEngine, tmp_path: Path, language: str
) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        agency = {"log_id": LOG, "names": "{}", "zone": "Asia/Shanghai", "country": "CN"}
        prefix = "" if engine.dialect.name == "sqlite" else "cleangov."
        connection.execute(
            sa.text(
                f"INSERT INTO {prefix}cleangov_agency VALUES (:log_id, :names, :zone, :country)"
            ),
            agency,
        )
        write_entry(connection, 1)
    places = ["--heads", str(tmp_path / "heads"), "--keys", str(tmp_path / "keys")]
    assert run(database_url, "seal", *places).exit_code == 0
    assert run(database_url, "verify", *places).exit_code == 0
    assert run(database_url, "db", "guards", "--apply").exit_code == 0
    before = run(database_url, "verify", *places, "--lang", language)
    assert before.exit_code == 1, "until it is sealed, nobody outside knows who it was"
    assert "SCHEMA" in before.stdout
    assert run(database_url, "seal", *places).exit_code == 0
    told = run(database_url, "verify", *places, "--lang", language)
    assert told.exit_code == 0, told.output
    assert ("改动" if language == "zh-CN" else "sealed as changed") in told.stdout
    (change,) = json.loads(run(database_url, "verify", *places, "--json").stdout)[LOG][
        "schema_changes"
    ]
    assert any("cleangov_guard_" in name for name in change["things"])
