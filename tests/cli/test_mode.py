"""``cleangov mode``: two people, an end, and an entry of each act."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cleangov_plugin.store import rulebook
from cleangov_plugin.store.connecting import connected
from tests.cli.log_replaying import run


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    monkeypatch.setenv("CLEANGOV_KEYS", str(tmp_path / "keys"))
    assert run(url, "db", "upgrade").exit_code == 0
    with connected(url) as database, database.own_transaction() as connection:
        rulebook.save_agency(connection, "cg", {"zh": "局", "en": "Bureau"}, "Asia/Shanghai", "CN")
    return url


def test_two_people_declare_it_and_it_is_listed(city: str) -> None:
    until = (datetime.now(UTC) + timedelta(hours=6)).isoformat()
    words = ["mode", "declare", "emergency", "--until", until, "--why", "flood, level IV"]
    made = run(city, *words, "--by", "chen", "--json")
    assert made.exit_code == 0, made.output
    id_ = json.loads(made.stdout)["id"]
    alone = run(city, "mode", "confirm", id_, "--by", "chen")
    assert (alone.exit_code, "somebody else" in alone.stderr) == (2, True)
    zh = run(city, "mode", "confirm", id_, "--by", "chen", "--lang", "zh-CN")
    assert "另一人" in zh.stderr
    assert "in force" in run(city, "mode", "confirm", id_, "--by", "he").stdout
    (listed,) = json.loads(run(city, "mode", "list", "--json").stdout)
    assert (listed["id"], listed["state"], listed["why"]) == (id_, "in_force", "flood, level IV")
    assert listed["declared_by"] != listed["confirmed_by"]
    over = run(city, "mode", "end", id_, "--why", "the water went down", "--by", "he")
    assert "over" in over.stdout
    assert run(city, "mode", "confirm", id_, "--by", "wu").exit_code == 2


@pytest.mark.parametrize("until", ["soon", "2020-01-01T00:00", "9999-12-31T23:59", "0001-01-01"])
def test_a_time_that_is_none_or_too_far_is_refused(city: str, until: str) -> None:
    words = ["mode", "declare", "emergency", "--until", until, "--why", "flood", "--by", "chen"]
    found = run(city, *words)
    assert (found.exit_code, "Traceback" in found.output) == (2, False)
    assert "no mode was declared" in run(city, "mode", "list").stdout


def test_without_prompts_it_says_so(city: str) -> None:
    assert "no prompts" in run(city, "rules", "prompts").stdout
    assert json.loads(run(city, "rules", "prompts", "--json").stdout) == {}
