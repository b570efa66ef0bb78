"""``cleangov replay --inspect``: a draft, and on the error channel what is left to a person."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cleangov_plugin.cli.main import main
from tests.intake.log_building import csv_log

TEXT = "案号,环节,办理时间\n" + "".join(
    f"A{n // 2},{'立案' if n % 2 else '处罚决定'},2026-03-10 10:0{n}\n" for n in range(6)
)


def run(folder: Path, *words: str) -> Result:
    url = f"sqlite:///{folder / 'city.db'}"
    return CliRunner().invoke(main, ["--database", url, *words])


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return csv_log(tmp_path, TEXT, "gb18030", "export.csv")


def test_a_draft_is_printed_filled_in_and_used(tmp_path: Path, export: Path) -> None:
    result = run(tmp_path, "--lang", "en", "replay", "--inspect", str(export))
    assert result.exit_code == 0
    assert result.stdout.startswith("# Draft of a mapping, from the first 6 rows of 'export.csv'")
    assert result.stderr == (
        "Still to be filled in: agency.zone, agency.country, occurred_at.zone\n"
    )
    assert not (tmp_path / "city.db").exists()
    mine = tmp_path / "mine.yaml"
    mine.write_text(result.stdout, encoding="utf-8")
    words = ("replay", str(export), "--mapping", str(mine), "--keys", str(tmp_path / "keys"))
    refused = run(tmp_path, *words)
    assert refused.exit_code == 2
    assert "still to be filled in: agency.zone (mine.yaml:10)" in refused.stderr
    text = result.stdout.replace('zone: "???"', "zone: Asia/Shanghai").replace('"???"', "CN")
    mine.write_text(text, encoding="utf-8")
    assert json.loads(run(tmp_path, *words, "--json").stdout)["checkpoints"] == 6


def test_it_speaks_both_languages_and_to_machines(tmp_path: Path, export: Path) -> None:
    result = run(tmp_path, "--lang", "zh-CN", "replay", "--inspect", str(export))
    assert result.stdout.startswith("# 映射草稿，据 'export.csv' 的前 6 行写成（csv）。")
    assert result.stderr.startswith("尚须填写：agency.zone")
    told = json.loads(run(tmp_path, "replay", str(export), "--inspect", "--json").stdout)
    assert told["options"] == {"encoding": "gb18030"}
    assert told["fill_in"] == ["agency.zone", "agency.country", "occurred_at.zone"]
    assert [each["role"] for each in told["guesses"] if each["column"]] == ["at", "case", "step"]
    assert {"name": "环节", "of_case": False, "told": 6} in told["columns"]


def test_what_is_missing_or_wrong_is_said(tmp_path: Path, export: Path) -> None:
    result = run(tmp_path, "replay", str(export))
    assert result.exit_code == 2
    assert "--inspect" in result.stderr
    result = run(tmp_path, "replay", "--inspect", str(tmp_path / "gone.csv"))
    assert result.exit_code == 2
    assert "Name a readable file." in result.stderr
    result = run(tmp_path, "replay", "--inspect", str(export.rename(tmp_path / "export.dat")))
    assert result.exit_code == 2
    assert "--format" in result.stderr
    words = ("replay", "--inspect", str(tmp_path / "export.dat"), "--format", "csv")
    assert run(tmp_path, *words).exit_code == 0


def test_the_help_names_every_format_and_the_way_to_a_mapping(tmp_path: Path) -> None:
    text = run(tmp_path, "replay", "--help").stdout
    for word in ("XES", "CSV", "XLSX", "JSON lines", "OCDS", "--inspect", "--format", "时区"):
        assert word in text
