"""``cleangov rules new`` writes what passes; ``coverage`` says which rules can run."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from cleangov_plugin.cli.main import main
from tests.intake.log_building import csv_log, mapping_document

HOST = "sample_host.answers:event_types"


def run(*words: str, language: str = "en") -> Result:
    return CliRunner().invoke(main, ["--lang", language, "rules", *words])


@pytest.mark.parametrize("rule_id", ["E99", "P99", "J99", "X99"])
def test_a_new_rule_passes_check_and_test_as_it_is(tmp_path: Path, rule_id: str) -> None:
    path = tmp_path / f"{rule_id}.yaml"
    assert run("new", rule_id, "--to", str(path)).exit_code == 0
    assert run("check", str(path)).exit_code == 0
    tested = run("test", str(path))
    assert (tested.exit_code, "0 not noticed" in tested.stdout) == (0, True)


def test_a_file_that_is_there_stays_and_an_id_that_is_none_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "E99.yaml"
    path.write_text("mine", encoding="utf-8")
    again = run("new", "E99", "--to", str(path))
    assert (again.exit_code, "it stays" in again.stderr) == (2, True)
    assert path.read_text(encoding="utf-8") == "mine"
    for wrong in ("e99", "../E99", "E"):
        refused = run("new", wrong, "--to", str(tmp_path / "x.yaml"))
        assert (refused.exit_code, "no rule id" in refused.stderr) == (2, True)
    assert not (tmp_path / "x.yaml").exists()
    nowhere = run("new", "E99", "--to", str(tmp_path / "none" / "E99.yaml"))
    assert (nowhere.exit_code, "cannot be written" in nowhere.stderr) == (2, True)


def covered(*words: str) -> dict[str, Any]:
    result = run("coverage", *words, "--json")
    return {each["rule"]: each for each in json.loads(result.stdout)}


def test_what_a_platform_declares_says_which_rules_run() -> None:
    found = covered("--host", HOST)
    verdicts = {rule: each["verdict"] for rule, each in found.items()}
    assert {verdicts[rule] for rule in ("E07", "E08", "J10", "J11", "P02", "X13")} == {"runs"}
    assert (verdicts["P04"], found["P04"]["absent"]) == ("partly", ["prm.decision.drafted"])
    assert verdicts["E61"] == verdicts["X11"] == "never_asked"
    assert "enf.notice.sent" in found["E61"]["absent"]
    assert "enf.decision.made.due_on" in found["X11"]["missing"]


def test_a_log_says_in_how_many_events_a_field_is_told(tmp_path: Path) -> None:
    log, mapping = three_decisions(tmp_path)
    found = covered("--log", str(log), "--mapping", str(mapping))
    assert found["E08"]["verdict"] == "cannot_be_checked"
    assert found["E08"]["missing"] == ["enf.decision.made.band_min", "enf.decision.made.band_max"]
    assert found["E07"]["verdict"] == "partly"
    assert found["E07"]["partial"] == {"enf.decision.made.amount": {"events": 2, "of": 3}}
    assert found["P02"]["verdict"] == "never_asked"
    result = run("coverage", "--log", str(log), "--mapping", str(mapping), language="zh-CN")
    assert result.exit_code == 1
    assert "enf.decision.made.amount：3 件中有 2 件" in result.stdout


STEPS = {
    "告知": {"kind": "enf.intent.notified", "amount": {"name": "sum", "currency": "CNY"}},
    "罚款": {"kind": "enf.decision.made", "amount": {"name": "sum", "currency": "CNY"}},
}


def three_decisions(folder: Path) -> tuple[Path, Path]:
    rows = ("告知,2026-03-01 10:00,甲,800", "罚款,2026-03-02 10:00,甲,800",
            "罚款,2026-03-03 10:00,甲,", "罚款,2026-03-04 10:00,甲,9")  # fmt: skip
    text = "案号,环节,时间,经办人,金额,备注,结束\n"
    text += "".join(f"A{n},{row},,\n" for n, row in enumerate(rows))
    log = csv_log(folder, text, "utf-8", "export.csv")
    mapping = folder / "mine.yaml"
    document = mapping_document(steps=STEPS, derived=[])
    document["occurred_at"] = {"name": "at", "zone": "Asia/Shanghai", "format": "%Y-%m-%d %H:%M"}
    mapping.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return log, mapping


def test_one_of_platform_and_log_is_named() -> None:
    assert run("coverage").exit_code == 2
    assert run("coverage", "--host", HOST, "--mapping", "receipt").exit_code == 2
