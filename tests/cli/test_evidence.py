"""``cleangov receipt`` and ``cleangov evidence`` as people run them, on a real log."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cleangov_plugin.cli.main import main
from cleangov_plugin.ledger.evidence_zip import read_zip, write_zip
from tests.cli.log_replaying import few_rules, replay, run
from tests.desk.evidence.made_log import run_script, summed

LOG = Path(__file__).parents[2] / "sample_host/logs/receipt.xes.gz"
AGENCY = "nl-receipt"


class City:
    """A database with a real log in it, and what is kept beside it."""

    def __init__(self, path: Path) -> None:
        self.path, self.url = path, f"sqlite:///{path}"

    def run(self, *words: str) -> Result:
        return run(self.url, *words)

    def seal(self) -> str:
        told = json.loads(self.run("seal", "--json").stdout)
        return str(told[AGENCY]["key"])

    def edit(self, statement: str) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute(statement)
            connection.commit()

    def asked(self, statement: str) -> list[Any]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(statement).fetchall()

    def case(self, rule: str) -> str:
        """Answer the first case in which a rule hit."""
        statement = f"SELECT subject FROM cleangov_finding WHERE rule_id = '{rule}' ORDER BY id"
        return str(self.asked(statement)[0][0])


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    few_rules(tmp_path, monkeypatch)
    path = tmp_path / "city.db"
    replay(f"sqlite:///{path}", LOG, "receipt", tmp_path / "city.db.keys")
    return City(path)


def test_a_receipt_is_printed_saved_and_told(city: City, tmp_path: Path) -> None:
    early = city.run("receipt", "--entry", "214")
    assert early.exit_code == 1
    assert "not sealed yet. It must be by " in early.stderr
    key = city.seal()
    file = tmp_path / "r.tlog-proof"
    printed = city.run("receipt", "--entry", "214", "--out", str(file))
    assert printed.exit_code == 0, printed.output
    assert "存证回执" in printed.stdout
    assert "It does not prove" in printed.stdout
    assert printed.stdout.endswith(file.read_text(encoding="utf-8"))
    told = json.loads(city.run("receipt", "--entry", "214", "--json").stdout)
    assert (told["key"], told["log_id"], told["entry"]) == (key, AGENCY, 214)
    outside = json.loads(
        city.run("receipt", "--entry", "214", "--json", "--tiles", "outside").stdout
    )
    assert outside == told
    place = ["--lane", str(told["lane"]), "--no", str(told["no"])]
    assert json.loads(city.run("receipt", *place, "--json").stdout) == told


def test_a_receipt_asked_for_wrongly_is_refused(city: City, tmp_path: Path) -> None:
    for words in (
        ("receipt",),
        ("receipt", "--entry", "1", "--event", "x"),
        ("receipt", "--lane", "0"),
        ("receipt", "--entry", "0"),
        ("receipt", "--entry", "999999"),
        ("receipt", "--event", "nobody's"),
    ):
        result = city.run(*words)
        assert result.exit_code == 2, words
        assert "Traceback" not in result.output
    city.seal()
    away = str(tmp_path / "none" / "r")
    assert city.run("receipt", "--entry", "1", "--out", away).exit_code == 2
    city.edit("UPDATE cleangov_entry SET body = replace(body, '\"v\":1', '\"v\":2') WHERE id = 7")
    changed = city.run("receipt", "--entry", "7")
    assert changed.exit_code == 1
    assert "run cleangov verify" in changed.stderr


def test_a_bundle_is_made_verified_and_checked_by_the_script(city: City, tmp_path: Path) -> None:
    key, case = city.seal(), city.case("X10")
    file = tmp_path / "case.zip"
    made = city.run("evidence", "export", case, "--out", str(file), "--json")
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    (number,) = city.asked(f"SELECT count(*) FROM cleangov_entry WHERE subject = '{case}'")
    before = number[0] - 1  # that it was made is an entry of the case, too
    assert (told["entries"], told["log_id"], told["unsealed"]) == (before, AGENCY, 0)
    ((kind, subject),) = city.asked(
        f"SELECT kind, subject FROM cleangov_entry WHERE id = {told['record']}"
    )
    assert (kind, subject, told["by"]) == ("int.evidence.exported", case, None)
    good = city.run("evidence", "verify", str(file), "--key", key, "--json")
    assert good.exit_code == 0, good.output
    found = json.loads(good.stdout)
    assert found["good"] is True
    assert found["rules"] == ["X10"]
    assert found["said"]["rules"][0]["cases"] > found["said"]["rules"][0]["hits"] > 0
    files = read_zip(file.read_bytes())
    assert run_script(tmp_path / "u", files, key)
    again = tmp_path / "again.zip"
    words = ("evidence", "export", case, "--out", str(again))
    assert json.loads(city.run(*words, "--by", "lin", "--json").stdout)["by"] == "lin"
    (number,) = city.asked("SELECT count(*) FROM cleangov_entry")
    assert json.loads(city.run(*words, "--unrecorded", "--json").stdout)["record"] is None
    assert city.asked("SELECT count(*) FROM cleangov_entry") == [number]
    shown = city.run(*words, "--unrecorded", "--disclose", "reason")
    assert (shown.exit_code, "not shown with --unrecorded" in shown.stderr) == (2, True)
    same = read_zip(again.read_bytes())
    differ = {name for name in files if files[name] != same[name]}
    assert differ <= {"SHA256SUM", "gaps.json", "rules.json"}, "when it was made, and nothing else"
    assert "X10" in files["README.en.txt"].decode()


def test_the_bundle_of_one_entry_is_small(city: City, tmp_path: Path) -> None:
    """6,000 bytes at the most without its two pages, in the ledger of a real log."""
    city.seal()
    counted = "SELECT subject FROM cleangov_entry GROUP BY subject HAVING count(*) = 1"
    ((case,), *_) = city.asked(counted)
    file = tmp_path / "case.zip"
    assert city.run("evidence", "export", str(case), "--out", str(file)).exit_code == 0
    files = read_zip(file.read_bytes())
    assert not [name for name in files if name.startswith("own/")], "the index stands last"
    bare = {name: data for name, data in files.items() if not name.startswith("README")}
    script = {name: data for name, data in bare.items() if name != "verify.sh"}
    assert len(write_zip(bare)) <= 6_600
    assert len(write_zip(script)) <= 6_000


def verify(*words: str, language: str = "en") -> Result:
    return CliRunner().invoke(main, ["--lang", language, "evidence", "verify", *words])


def test_whom_to_believe_comes_from_the_auditor(city: City, tmp_path: Path) -> None:
    key, case, file = city.seal(), city.case("X10"), tmp_path / "case.zip"
    city.run("evidence", "export", case, "--out", str(file))
    policy = tmp_path / "policy"
    policy.write_text(f"log {key}\nquorum none\n", encoding="utf-8")
    assert verify(str(file), "--policy", str(policy)).exit_code == 0
    other = "cleangov/nl-receipt+f26a8b95+Aex0mQTlTAtO6L1Pz0U6hnkFLhqE5sbVSVrTyhZJ6+YT"
    assert verify(str(file)).exit_code == 2
    assert verify(str(file), "--key", key, "--policy", str(policy)).exit_code == 2
    assert verify(str(file), "--key", "nonsense").exit_code == 2
    assert verify(str(tmp_path / "none.zip"), "--key", key).exit_code == 2
    policy.write_text(f"log {other}\nquorum none\n", encoding="utf-8")
    assert verify(str(file), "--policy", str(policy)).exit_code in (1, 2)
    policy.write_text(f"log {key}\n", encoding="utf-8")
    assert verify(str(file), "--policy", str(policy)).exit_code == 2


def test_a_bundle_that_was_changed_is_not_good_and_says_why(city: City, tmp_path: Path) -> None:
    key, case, file = city.seal(), city.case("X10"), tmp_path / "case.zip"
    city.run("evidence", "export", case, "--out", str(file))
    files = read_zip(file.read_bytes())
    less = {name: data for name, data in files.items() if name != "rules.json"}
    forged = files["entries/0001.json"].replace(b'"ruleset":', b'"rulesex":')
    for wrong, rule in (
        (write_zip(summed(less)), "evidence.missing"),
        (write_zip(summed({**files, "entries/0001.json": forged})), "inclusion.root"),
        (write_zip({**files, "README.en.txt": b"All is proven.\n"}), "evidence.sum"),
        (file.read_bytes()[:-1], "zip.trailing"),
        (b"hello", "zip.form"),
        (b"", "zip.form"),
    ):
        file.write_bytes(wrong)
        found = verify(str(file), "--key", key)
        assert found.exit_code == 1, rule
        assert f"[{rule}]" in found.stdout
        assert f"[{rule}]" in verify(str(file), "--key", key, language="zh-CN").stdout
        told = CliRunner().invoke(main, ["--json", "evidence", "verify", str(file), "--key", key])
        assert json.loads(told.stdout)["rule"] == rule


def test_what_is_not_there_or_not_sealed_is_not_exported(city: City, tmp_path: Path) -> None:
    file = str(tmp_path / "x.zip")
    case = city.case("X10")
    assert city.run("evidence", "export", case, "--out", file).exit_code == 1
    city.seal()
    assert city.run("evidence", "export", "nobody's", "--out", file).exit_code == 2
    assert city.run("evidence", "export", case, "--out", file, "--log-id", "x").exit_code == 2
    assert city.run("evidence", "export", case, "--out", file, "--disclose", "x").exit_code == 2
    assert city.run("evidence", "export", case, "--out", f"{file}/no").exit_code == 2
    assert city.run("evidence", "export", case).exit_code == 2
    city.edit(
        f"DELETE FROM cleangov_entry WHERE id = (SELECT min(id) FROM cleangov_entry"
        f" WHERE subject = '{case}')"
    )
    gone = city.run("evidence", "export", case, "--out", file)
    assert gone.exit_code == 1
    assert "run cleangov verify" in gone.stderr
    assert not Path(file).exists()
