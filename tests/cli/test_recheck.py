"""``cleangov rules recheck`` tells a share, names what differs, and ends with 1 where it does."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.backtested.differing_words import DIFFERING
from tests.cli.log_replaying import excerpt, few_rules, flat_rows, query, replay, run, written
from tests.support.shared_data import mapping_of, shared_log


@pytest.fixture
def replayed(empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    few_rules(tmp_path, monkeypatch, "E60", "E61")
    log = written(tmp_path / "fines.csv.gz", excerpt(flat_rows(shared_log("fines.csv")), 60))
    replay(empty_url, log, mapping_of("fines"), tmp_path / "keys")
    return empty_url


def test_what_was_replayed_comes_out_again(replayed: str) -> None:
    ((number,),) = query(replayed, "SELECT count(*) FROM {s}cleangov_entry")
    result = run(replayed, "rules", "recheck")
    assert (result.exit_code, f"100.00 % the same ({number} the same, 0 not" in result.output) == (
        0,
        True,
    )
    (said,) = json.loads(run(replayed, "rules", "recheck", "--json").stdout)
    assert (said["share"], said["same"], said["shown"]) == ("100.00 %", number, [])


def test_values_that_are_not_what_they_were_are_named(replayed: str) -> None:
    change(
        replayed, "UPDATE {s}cleangov_entry SET fact_values = '{{}}' WHERE fact_values <> '{{}}'"
    )
    result = run(replayed, "rules", "recheck")
    assert result.exit_code == 1
    assert "100.00 %" not in result.output
    assert "E61" in result.output
    assert "then" in result.output
    zh = run(replayed, "--lang", "zh-CN", "rules", "recheck").output
    assert "不一致" in zh


def test_each_difference_becomes_a_finding_once(replayed: str) -> None:
    change(
        replayed, "UPDATE {s}cleangov_entry SET fact_values = '{{}}' WHERE fact_values <> '{{}}'"
    )
    (said,) = json.loads(run(replayed, "rules", "recheck", "--no-findings", "--json").stdout)
    listing = ("findings", "list", "--rule", DIFFERING)
    assert run(replayed, *listing).output == ""
    assert f"findings opened: {said['different']}" in run(replayed, "rules", "recheck").output
    assert "findings opened" not in run(replayed, "rules", "recheck").output
    found = [json.loads(line) for line in run(replayed, *listing, "--json").stdout.splitlines()]
    assert len(found) == said["different"]
    assert {(each["state"], each["is_signal"]) for each in found} == {("open", False)}
    assert all(each["due_on"] for each in found)
    assert "E61 “hit” both times, on other values" in found[0]["why"]
    zh = run(replayed, "--lang", "zh-CN", *listing).output
    assert "E61 结果同为“命中”，依据不同" in zh


def test_a_ledger_that_is_not_there_is_refused(replayed: str) -> None:
    result = run(replayed, "rules", "recheck", "--agency", "nowhere")
    assert result.exit_code == 2
    assert "nowhere" in result.output


def change(url: str, statement: str) -> None:
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    prefix = "" if engine.dialect.name == "sqlite" else "cleangov."
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT 1")
        if engine.dialect.name == "sqlite":
            names = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).scalars()
            for name in list(names):
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(statement.format(s=prefix))
