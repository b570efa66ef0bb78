"""``cleangov persons``: off by default, decided on by two people, and no look without an entry."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.store.connecting import connected
from cleangov_plugin.store.rulebook import save_agency
from tests.cli.log_replaying import run

LAW, STAFF = "《个人信息保护法》第十三条", "职工代表大会，2026-11-20"


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    monkeypatch.setenv("CLEANGOV_KEYS", str(tmp_path / "keys"))
    assert run(url, "db", "upgrade").exit_code == 0
    with connected(url) as database, database.own_transaction() as connection:
        save_agency(connection, "cg", {"zh": "局", "en": "Bureau"}, "Asia/Shanghai", "CN")
    return url


def decided(city: str, *, by: str = "chen", days: int = 90) -> str:
    until = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    words = ["persons", "declare", "--basis", LAW, "--consulted", STAFF, "--until", until]
    made = run(city, *words, "--why", "核对提示是否过多", "--by", by, "--json")
    assert made.exit_code == 0, made.output
    return str(json.loads(made.stdout)["id"])


def looked(city: str) -> list[tuple[str, str]]:
    engine = sa.create_engine(city, poolclass=sa.pool.NullPool)
    query = "SELECT subject, body FROM cleangov_entry WHERE kind = 'int.person_statistics.viewed'"
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


SHOW = ("persons", "show", "wu", "--by", "he", "--reason", "核对 E07 的提示")


def test_it_needs_the_setting_and_two_people(city: str, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = decided(city)
    monkeypatch.setenv("CLEANGOV_PERSON_STATISTICS", "on")
    waiting = run(city, *SHOW)
    assert (waiting.exit_code, "two people" in waiting.stderr) == (2, True)
    for same in ("chen", " chen\t"):
        alone = run(city, "persons", "confirm", id_, "--by", same)
        assert (alone.exit_code, "somebody else" in alone.stderr) == (2, True)
    assert run(city, "persons", "confirm", id_, "--by", "he").exit_code == 0
    monkeypatch.setenv("CLEANGOV_PERSON_STATISTICS", "off")
    off = run(city, *SHOW)
    assert (off.exit_code, "CLEANGOV_PERSON_STATISTICS" in off.stderr) == (2, True)
    assert looked(city) == []
    monkeypatch.setenv("CLEANGOV_PERSON_STATISTICS", "on")
    shown = run(city, *SHOW, "--json")
    assert json.loads(shown.stdout) == {
        "decision": {"id": id_, "basis": LAW, "consulted": STAFF},
        "rules": {},
        "too_few": [],
    }
    ((subject, body),) = looked(city)
    assert subject == "cleangov.person_statistics"
    assert "wu" not in body, "a pseudonym stands there"
    assert run(city, "persons", "end", id_, "--why", "已核对完毕", "--by", "chen").exit_code == 0
    assert run(city, *SHOW).exit_code == 2
    assert len(looked(city)) == 1
    (listed,) = json.loads(run(city, "persons", "list", "--json").stdout)
    assert (listed["state"], listed["basis"], listed["consulted"]) == ("over", LAW, STAFF)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--basis", " ", "--consulted", STAFF], "--basis"),
        (["--basis", LAW, "--consulted", "x" * 301], "--consulted"),
        (["--basis", f"{LAW}\n5f0c  in force", "--consulted", STAFF], "--basis"),
        (["--basis", LAW, "--consulted", STAFF, "--until", "9999-01-01T00:00"], "183"),
        (["--basis", LAW, "--consulted", STAFF, "--why", "x"], "say why"),
    ],
)
def test_a_decision_that_lacks_something_is_none(city: str, words: list[str], said: str) -> None:
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    plain = ["--until", until, "--why", "核对提示是否过多", "--by", "chen"]
    found = run(city, "persons", "declare", *plain, *words)
    assert (found.exit_code, said in found.stderr) == (2, True), found.output
    assert json.loads(run(city, "persons", "list", "--json").stdout) == []


def test_the_setting_is_on_or_off(city: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANGOV_PERSON_STATISTICS", "yes")
    found = run(city, "persons", "list")
    assert (found.exit_code, "on or off" in found.stderr) == (2, True)
