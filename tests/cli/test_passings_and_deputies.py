"""``cleangov suppress``, ``exempt`` and ``deputy``: two people, an end, and an entry of each."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cleangov_plugin.store.connecting import connected
from cleangov_plugin.store.rulebook import save_agency
from tests.cli.log_replaying import run

LAW = "《无障碍环境建设法》第六十六条"


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    monkeypatch.setenv("CLEANGOV_KEYS", str(tmp_path / "keys"))
    assert run(url, "db", "upgrade").exit_code == 0
    with connected(url) as database, database.own_transaction() as connection:
        save_agency(connection, "cg", {"zh": "局", "en": "Bureau"}, "Asia/Shanghai", "CN")
    return url


def test_a_deputy_is_declared_agreed_to_listed_and_ended(city: str) -> None:
    until = (datetime.now(UTC) + timedelta(days=6)).isoformat()
    words = ["deputy", "declare", "wu", "--role", "reviewer", "--until", until, "--why", "on leave"]
    made = run(city, *words, "--by", "chen", "--json")
    assert made.exit_code == 0, made.output
    id_ = json.loads(made.stdout)["id"]
    alone = run(city, "deputy", "confirm", id_, "--by", "chen")
    assert (alone.exit_code, "somebody else" in alone.stderr) == (2, True)
    assert "stands in for reviewer" in run(city, "deputy", "confirm", id_, "--by", "he").stdout
    (listed,) = json.loads(run(city, "deputy", "list", "--json").stdout)
    assert (listed["id"], listed["state"], listed["role"]) == (id_, "in_force", "reviewer")
    assert "wu" not in listed["deputy"]
    over = run(city, "deputy", "end", id_, "--why", "back again", "--by", "he")
    assert "over" in over.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["deputy", "declare", "wu"],
        ["deputy", "declare", "wu", "--person", "wu"],
        ["deputy", "declare", "wu", "--role", "r", "--person", "he"],
        ["deputy", "declare", "wu", "--role", "r", "--from", "9999-01-01T00:00"],
        ["suppress", "declare", "E60", "--unit", "u-1"],  # no rules are kept here
        ["exempt", "declare", "E07", "--case", "C-1", "--basis", LAW],
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(city: str, words: list[str]) -> None:
    until = (datetime.now(UTC) + timedelta(days=6)).isoformat()
    found = run(city, *words, "--until", until, "--why", "on leave", "--by", "chen")
    assert (found.exit_code, "Traceback" in found.output) == (2, False)
    assert "was declared" in run(city, words[0], "list").stdout
