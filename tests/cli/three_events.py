"""A small log of three events, and ``cleangov replay`` over it by a rulebook of two."""

from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.log_replaying import few_rules, run
from tests.intake.log_building import csv_log

HEADING = "案号,环节,时间,经办人,金额,备注,结束\n"
AT = "2026-03-10T10:00:00+08:00"


def small_log(folder: Path, *rows: str, name: str = "log.csv") -> Path:
    return csv_log(folder, HEADING + "".join(f"{row}\n" for row in rows), name=name)


def three(folder: Path, name: str = "log.csv") -> Path:
    end = "2026-03-20T09:00:00+08:00"
    return small_log(
        folder,
        f"A1,罚款,{AT},chen,800,对老板说的话,{end}",
        f"A1,送达,2026-03-12T10:00:00+08:00,liu,,,{end}",
        "B2,罚款,2026-03-11T10:00:00+08:00,,500,,",
        name=name,
    )


def told(url: str, log: Path, mapping: Path, *words: str) -> Result:
    keys = ("--keys", str(log.parent / "keys"))
    return run(url, "replay", str(log), "--mapping", str(mapping), *keys, *words)


@pytest.fixture(autouse=True)
def _few_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rulebook of two: a replay reads all of it each time."""
    few_rules(tmp_path, monkeypatch)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'city.db'}"
