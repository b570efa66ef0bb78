"""What city IT asks of the command line: doctor, status, tick, rules and findings."""

import json
import re
import string
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cleangov_plugin.cli.main import main
from cleangov_plugin.desk.health import checks as health
from cleangov_plugin.desk.health import (
    health_words,
    sealing_health,
    sides_health,
    watched_health,
)
from cleangov_plugin.intake.rule_files import rulebook_folder
from cleangov_plugin.store.connecting import TroubleKind
from tests.support.ends import OpenEngine
from tests.support.small_city import yuan
from tests.support.small_host import SmallHost

SOURCE = "".join(
    Path(module.__file__).read_text(encoding="utf-8")
    for module in (health, sealing_health, sides_health, watched_health)
)


@pytest.fixture
def city(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallHost]:
    """A host that has run for a while, and the environment of its command line."""
    host = SmallHost(database_url, tmp_path)
    host.start()
    assert host.plugin.desk is not None, host.plugin.inert.reason
    for name in ("KEYS", "SPOOL"):
        monkeypatch.setenv(f"CLEANGOV_{name}", host.settings[f"CLEANGOV_{name}"])
    yield host
    host.close()


def run(url: str, *words: str) -> Result:
    return CliRunner().invoke(main, ["--database", url, *words])


def told(url: str, *words: str) -> Any:
    result = run(url, "--json", *words)
    return json.loads(result.stdout)


def states(url: str) -> dict[str, str]:
    return {check["key"]: check["state"] for check in told(url, "doctor")["checks"]}


def test_a_healthy_city_is_told_so(city: SmallHost, database_url: str) -> None:
    result = run(database_url, "doctor")
    assert result.exit_code == 0, result.output
    found = states(database_url)
    assert found["schema.right"] == found["rules"] == found["calendar"] == found["keys"] == "good"
    assert "bad" not in found.values()


def test_whether_somebody_seals_is_told(city: SmallHost, database_url: str, tmp_path: Path) -> None:
    city.write(city.event("enf.intent.notified", 800))
    assert states(database_url)["sealing.none"] == "note"
    places = ["--heads", str(tmp_path / "heads"), "--keys", str(city.settings["CLEANGOV_KEYS"])]
    assert run(database_url, "seal", *places).exit_code == 0
    assert states(database_url)["sealing"] == "good"
    city.write(city.event("enf.intent.notified", 800, case_id="C-2"))
    assert states(database_url)["sealing.waiting"] == "note"


def test_a_database_without_tables_is_bad_and_the_remedy_is_named(
    empty_url: str, open_engine: OpenEngine
) -> None:
    open_engine(empty_url).connect().close()  # SQLite's file is there, and empty
    result = run(empty_url, "--lang", "en", "doctor")
    assert result.exit_code == 1
    assert "cleangov db upgrade" in result.stdout
    assert states(empty_url)["schema.missing"] == "bad"


@pytest.mark.parametrize("url", ["sqlite:////no/such/folder/x.db", "nosuch://x", "sqlite:///"])
def test_a_database_that_cannot_be_opened_is_one_bad_check(url: str) -> None:
    result = run(url, "--json", "doctor")
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    ("url", "key", "word"),
    [
        ("postgres://city:geheim@db/city", "database.kind", "postgresql://"),
        ("mysql://city:geheim@db/city", "database.kind", "mysql://"),
        ("oracle://city:geheim@db/city", "database.kind", "oracle://"),
        ("postgresql+psycopg2://city:geheim@db/city", "database.driver", "psycopg2"),
        ("postgresql+nosuch://city:geheim@db/city", "database.driver", "nosuch"),
        ("postgresql://city:gehe:im@db:port/city", "database.address", "%40"),
        ("geheim", "database.address", "postgresql://"),
        ("postgresql://city:geheim@127.0.0.1:9/city", "database.unreachable", "refused"),
    ],
)
def test_what_is_wrong_with_a_database_is_told_with_what_to_do(
    url: str, key: str, word: str
) -> None:
    (check,) = told(url, "doctor")["checks"]
    assert (check["key"], check["state"]) == (key, "bad")
    assert check["remedy"]
    for words in (("doctor",), ("status",), ("db", "check")):
        result = run(url, "--lang", "en", *words)
        assert isinstance(result.exception, SystemExit)
        assert word in result.output
        assert "geheim" not in result.output
        assert "Traceback" not in result.output


def test_without_its_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    result = run("postgresql://city@127.0.0.1:9/city", "--lang", "en", "doctor")
    assert "the driver of the database is not installed: psycopg" in result.output
    assert "cleangov-plugin[postgresql]" in result.output


def test_a_database_file_that_others_may_read_is_told() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder, path = Path(name), Path(name) / "city.db"
        url = f"sqlite:///{path}"
        assert run(url, "db", "upgrade").exit_code == 0
        folder.chmod(0o755)
        path.chmod(0o644)
        assert states(url)["database.open"] == "note"
        assert "chmod 600" in run(url, "--lang", "en", "doctor").stdout
        folder.chmod(0o700)  # nobody gets as far as the file
        assert "database.open" not in states(url)
        folder.chmod(0o755)
        path.chmod(0o600)
        assert "database.open" not in states(url)


def test_an_unknown_setting_is_misuse(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANGOV_OWNERS", "x")
    result = run(database_url, "doctor")
    assert result.exit_code == 2
    assert "CLEANGOV_OWNER" in result.output


def test_keys_that_others_can_read_are_bad(city: SmallHost, database_url: str) -> None:
    key = next(Path(city.settings["CLEANGOV_KEYS"]).glob("*.key"))
    key.chmod(0o644)
    assert states(database_url)["keys.open"] == "bad"


def test_what_is_owed_is_told_and_a_tick_settles_it(
    city: SmallHost, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cleangov_plugin.desk.checkpoint import recording

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(recording, "enter", fail)
        city.write(city.event("enf.intent.notified", 800))
    assert states(database_url)["gaps.owed"] == "note"
    assert told(database_url, "status")["gaps"] == {"owed": 1}
    ticked = run(database_url, "--json", "tick")
    assert ticked.exit_code == 0, ticked.output
    assert json.loads(ticked.stdout)["settled"] == 1
    status = told(database_url, "status")
    assert (status["gaps"], status["entries"]) == ({"settled": 1}, 1)


def test_an_event_that_cannot_be_read_is_given_up_and_named(
    city: SmallHost, database_url: str
) -> None:
    city.write(city.event("enf.intent.notified", 800, case_id="two\nlines"))
    assert run(database_url, "tick").exit_code == 1
    checks = told(database_url, "doctor")["checks"]
    (given_up,) = [check for check in checks if check["key"] == "gaps.given_up"]
    assert "case_id" in given_up["found"]
    assert run(database_url, "doctor").exit_code == 1


def test_a_tick_leaves_the_spool_to_the_platform_unless_it_is_told(
    city: SmallHost, database_url: str
) -> None:
    from cleangov_plugin.desk.wire import to_text

    city.plugin.desk.spool.put(to_text(city.event("enf.intent.notified", 800)))
    assert states(database_url)["spool.waiting"] == "note"
    run(database_url, "tick")
    assert told(database_url, "status")["spooled"] == 1
    run(database_url, "tick", "--spool")
    status = told(database_url, "status")
    assert (status["spooled"], status["entries"]) == (0, 1)


def test_a_tick_without_any_authority_says_what_to_do(
    database_url: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(database_url)
    schema = "cleangov." if engine.dialect.name == "postgresql" else ""
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM {schema}cleangov_agency")
    result = run(database_url, "tick")
    assert result.exit_code == 2
    assert "replay" in result.output


def test_findings_are_told_with_their_reason(city: SmallHost, database_url: str) -> None:
    city.write(city.event("enf.intent.notified", 800))
    city.write(city.event("enf.defence.received"))
    city.write(city.event("enf.decision.made", 2000, band_min=yuan(500), band_max=yuan(1000)))
    lines = run(database_url, "--json", "--lang", "en", "findings", "list").stdout.splitlines()
    found = {json.loads(line)["rule"]: json.loads(line) for line in lines}
    assert sorted(found) == ["E07", "E08"]
    assert found["E07"]["severity"] == "revocable"
    assert found["E07"]["case_id"] == city.case
    assert "Now: 2,000" in found["E07"]["why"]
    assert found["E07"]["due_on"] > "2026-03-10"
    only = run(database_url, "--json", "findings", "list", "--rule", "E08", "--no-signals")
    assert len(only.stdout.splitlines()) == 1
    chinese = run(database_url, "--lang", "zh-CN", "findings", "list")
    assert "现在填的是 2,000 元" in chinese.stdout


def test_rules_in_force_are_listed_with_their_bindings(city: SmallHost, database_url: str) -> None:
    rules = {rule["rule"]: rule for rule in told(database_url, "rules", "list")}
    assert rules["E07"]["bindings"]["E07-gate"] == 5
    assert rules["C03"]["term"]["length"] == 20
    assert "C03" in run(database_url, "--lang", "en", "rules", "list").stdout
    assert "申辩后加重处罚" in run(database_url, "--lang", "zh-CN", "rules", "list").stdout


def test_a_shipped_rule_is_shown_and_an_unknown_one_refused() -> None:
    assert "Art 45" in run("sqlite://", "rules", "show", "E07").stdout
    result = run("sqlite://", "rules", "show", "E99")
    assert result.exit_code == 2
    assert "E07" in result.output


def test_the_shipped_rules_pass_their_own_check(tmp_path: Path) -> None:
    assert run("sqlite://", "rules", "check", str(rulebook_folder())).exit_code == 0
    text = (rulebook_folder() / "enforcement" / "E07.yaml").read_text(encoding="utf-8")
    wrong = tmp_path / "E07.yaml"
    wrong.write_text(text.replace("amount > facts.noticed", "amount >= facts.noticed"), "utf-8")
    result = run("sqlite://", "rules", "check", str(wrong))
    assert result.exit_code == 1
    assert "decided at what was noticed" in result.output
    wrong.write_text(text.replace("facts.noticed\nbeside", "facts.notice\nbeside"), "utf-8")
    result = run("sqlite://", "rules", "check", str(wrong))
    assert result.exit_code == 1
    assert re.search(r"E07\.yaml:\d+", result.output)


def places(text: str) -> Sequence[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_each_check_has_its_sentence_in_both_languages() -> None:
    keys = set(re.findall(r'key="([\w.]+)"', SOURCE))
    keys |= set(re.findall(r'"((?:rules|gaps|spool|sealing)[\w.]*)" if', SOURCE))
    keys |= set(re.findall(r'else "((?:rules|gaps|spool|sealing)[\w.]*)"', SOURCE))
    keys |= {f"schema.{state}" for state in ("right", "missing", "older", "newer")}
    keys |= {f"database.{kind}" for kind in TroubleKind}
    assert keys == set(health_words.SENTENCES)
    for (zh, en), (zh_mend, en_mend) in health_words.SENTENCES.values():
        assert places(zh) == places(en)
        assert bool(zh_mend) == bool(en_mend)


def test_looking_at_a_database_that_is_not_there_makes_none(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    assert states(f"sqlite:///{path}") == {"database.absent": "bad"}
    assert not path.exists()


def test_keys_and_rules_that_stop_the_platform_are_bad(
    city: SmallHost, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setenv("CLEANGOV_KEYS", str(tmp_path / "a file"))
    monkeypatch.setenv("CLEANGOV_RULES", str(tmp_path / "nowhere"))
    found = states(database_url)
    assert found["keys.unusable"] == found["rules.no_folder"] == "bad"


@pytest.mark.parametrize("words", [("status",), ("tick",), ("rules", "list"), ("findings", "list")])
def test_without_tables_a_command_says_what_to_do(empty_url: str, words: tuple[str, ...]) -> None:
    result = run(empty_url, *words)
    assert result.exit_code == 2
    assert "cleangov db upgrade" in result.output
    assert "Traceback" not in result.output
