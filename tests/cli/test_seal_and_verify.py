"""``cleangov seal`` and ``cleangov verify`` as a person runs them, on a real log."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from cleangov_plugin.desk.verified.alarms import ALARMS, alarm
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.suites import SUITES
from cleangov_plugin.store import same_state
from tests.cli.log_replaying import few_rules, replay, run

LOG = Path(__file__).parents[2] / "sample_host/logs/receipt.xes.gz"
AGENCY = "nl-receipt"


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with a real log in it."""
    few_rules(tmp_path, monkeypatch)
    path = tmp_path / "city.db"
    replay(f"sqlite:///{path}", LOG, "receipt", tmp_path / "city.db.keys")
    return path


def another_key(key: str) -> str:
    """Another key of the same log, as after a rotation, or as somebody else made it."""
    return SignerKey(key.partition("+")[0], SUITES[1], bytes(range(32))).verifier.text


def edit(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def test_what_is_sealed_is_verified_and_a_changed_byte_is_named(city: Path) -> None:
    url = f"sqlite:///{city}"
    sealed = run(url, "seal", "--json")
    assert sealed.exit_code == 0, sealed.output
    told = json.loads(sealed.stdout)[AGENCY]
    assert told["size"] > told["added"] > 1_000
    assert run(url, "seal", "--json").stdout.count('"added": 0') == 1
    clean = run(url, "verify", "--key", told["key"])
    assert (clean.exit_code, "no change was found" in clean.stdout) == (0, True)
    assert f"{told['size']} sealed entries" in clean.stdout
    edit(
        city, "UPDATE cleangov_entry SET body = replace(body, '\"v\":1', '\"v\":2') WHERE id = 214"
    )
    found = run(url, "verify", "--json")
    assert found.exit_code == 1
    alarms = json.loads(found.stdout)[AGENCY]["alarms"]
    assert ("LEAF", 214) in [(alarm["detector"], alarm["entry"]) for alarm in alarms]
    people = run(url, "verify")
    assert "LEAF: the body of entry 214 is not what was sealed" in people.stdout


def test_a_database_put_back_is_refused_with_what_to_do(city: Path) -> None:
    url, copy = f"sqlite:///{city}", city.with_suffix(".before")
    copy.write_bytes(city.read_bytes())
    assert run(url, "seal").exit_code == 0
    for name in ("city.db-wal", "city.db-shm"):
        city.with_name(name).unlink(missing_ok=True)
    city.write_bytes(copy.read_bytes())
    edit(city, "DELETE FROM cleangov_entry WHERE id > 1000")
    refused = run(url, "seal")
    assert refused.exit_code == 2
    assert "Nothing was signed" in refused.stderr
    assert run(url, "verify").exit_code == 1


def test_without_key_and_head_nothing_is_called_clean(city: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{city}"
    run(url, "seal")
    words = ["--heads", str(tmp_path / "none"), "--keys", str(tmp_path / "neither")]
    said = run(url, "verify", *words).stdout
    assert "cannot be checked: the head outside (there is none in" in said
    assert "cannot be checked: signatures" in said


def test_what_is_sealed_while_the_ledger_is_verified_is_no_alarm(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, still_with = f"sqlite:///{city}", same_state.still_with

    @contextmanager
    def sealing(*words: Any) -> Iterator[Any]:
        with still_with(*words) as held:
            assert run(url, "seal").exit_code == 0
            yield held

    monkeypatch.setattr(same_state, "still_with", sealing)
    found = json.loads(run(url, "verify", "--json").stdout)[AGENCY]
    assert (found["leaves"], found["unsealed"] > 1_000, found["alarms"]) == (0, True, [])
    monkeypatch.undo()
    found = json.loads(run(url, "verify", "--json").stdout)[AGENCY]
    assert (found["leaves"] > 1_000, found["alarms"]) == (True, [])


def test_another_key_signs_nothing_here(city: Path) -> None:
    url = f"sqlite:///{city}"
    key = json.loads(run(url, "seal", "--json").stdout)[AGENCY]["key"]
    (city.with_name("city.db.keys") / "tree-1.key").write_bytes(bytes(32))
    found = run(url, "verify")
    assert found.exit_code == 1
    assert "SIG" in found.stdout
    assert run(url, "verify", "--key", key).exit_code == 0
    assert run(url, "verify", "--key", "nonsense").exit_code == 2


def test_sealed_entries_may_be_taken_away(city: Path) -> None:
    url = f"sqlite:///{city}"
    assert run(url, "db", "uninstall", "--yes").exit_code == 2
    assert run(url, "seal").exit_code == 0
    assert run(url, "db", "uninstall", "--yes").exit_code == 0


def test_every_alarm_is_said_in_both_languages() -> None:
    values = {
        name: 7
        for _, *said in ALARMS.values()
        for sentence in said
        for _, name, _, _ in Formatter().parse(sentence)
        if name not in (None, "entry", "leaf")
    }
    for code in ALARMS:
        found = alarm(code, entry=1, leaf=2, **values)
        zh, en = found.said("zh-CN"), found.said("en")
        assert zh != en
        assert zh.endswith("。")
        assert en.endswith(".")


def test_a_loss_is_shown_declared_and_then_sealing_goes_on(city: Path) -> None:
    url, copy = f"sqlite:///{city}", city.with_suffix(".before")
    copy.write_bytes(city.read_bytes())
    words = ["recover", "--log-id", AGENCY]
    assert run(url, *words).exit_code == 2, "there is no key yet"
    assert run(url, "seal").exit_code == 0
    refused = run(url, *words)
    assert refused.exit_code == 2
    assert "cleangov verify" in refused.stderr, "nothing is lost yet"
    for name in ("city.db-wal", "city.db-shm"):
        city.with_name(name).unlink(missing_ok=True)
    city.write_bytes(copy.read_bytes())
    said = run(url, *words)
    assert (said.exit_code, "nothing was changed" in said.stdout) == (0, True)
    assert run(url, "seal").exit_code == 2
    assert run(url, *words, "--yes").exit_code == 2, "a reason is wanted"
    declared = run(url, *words, "--yes", "--reason", "disk failed", "--by", "city archive")
    assert declared.exit_code == 0, declared.output
    assert run(url, "seal").exit_code == 0
    found = run(url, "verify")
    assert found.exit_code == 0, found.stdout
    assert "declared" in found.stdout
    assert "city archive: disk failed" in found.stdout


def test_the_auditor_names_whom_he_believes_and_what_he_has_seen(
    city: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{city}"
    told = json.loads(run(url, "seal", "--json").stdout)[AGENCY]
    key, size = told["key"], told["size"]
    seen = tmp_path / "kept.note"
    seen.write_bytes(next(city.with_name("city.db.heads").glob("*/checkpoint")).read_bytes())
    policy = tmp_path / "policy"
    policy.write_text(f"log {key}\nquorum none\n", "ascii")
    words = ["verify", "--policy", str(policy), "--seen", str(seen)]
    assert run(url, *words).exit_code == 0
    seen.write_bytes(seen.read_bytes().replace(b"\n%d\n" % size, b"\n%d\n" % (size + 1)))
    found = run(url, *words)
    assert (found.exit_code, "SIG" in found.stdout) == (1, True)
    policy.write_text("log nobody\n")
    assert run(url, *words).exit_code == 2
    policy.write_text(f"log {another_key(key)}\nquorum none\n", "ascii")
    found = run(url, "verify", "--policy", str(policy), "--json")
    codes = {alarm["code"] for alarm in json.loads(found.stdout)[AGENCY]["alarms"]}
    assert (found.exit_code, codes) == (1, {"outside_note", "no_genesis"})
    policy.write_text(f"log {another_key(key)}\nlog {key}\nquorum none\n", "ascii")
    assert run(url, "verify", "--policy", str(policy)).exit_code == 0
    assert run(url, "verify", "--policy", str(tmp_path / "none")).exit_code == 2
