"""Rules of every kind of event, replayed: steps of whatever name are judged and counted."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.log_replaying import few_rules, replay, subjects
from tests.intake.log_building import csv_document, csv_log, written_mapping

ROWS = """案号,环节,时间,写入,到期
A1,现场检查,2026-03-02T10:00:00+08:00,2026-03-10 09:00:00,
A1,罚款,2026-03-03T10:00:00+08:00,2026-03-10 09:00:00,2026-03-03 12:00:00
B2,现场检查,2026-03-03T10:00:00+08:00,2026-03-10 09:00:00,
B2,送达,2026-03-04T10:00:00+08:00,2026-03-10 09:00:00,2026-03-03 12:00:00
C3,现场检查,2026-03-04T10:00:00+08:00,,
"""


def attribute(name: str) -> dict[str, Any]:
    label = {"zh": "时间", "en": "time"}
    told = {"name": name, "type": "datetime", "zone": "Asia/Shanghai"}
    return {**told, "privacy": "public", "label": label}


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    names = {"case": "案号", "step": "环节", "at": "时间", "written": "写入", "due": "到期"}
    return written_mapping(
        tmp_path,
        **csv_document(
            {"names": names},
            steps={"罚款": {"kind": "enf.decision.made"}},
            recorded_at={"name": "written", "zone": "Asia/Shanghai"},
            attributes={"recorded": attribute("written"), "due": attribute("due")},
            derived=[],
            actor={"name": "step"},
        ),
    )


def test_each_step_is_judged_by_its_two_clocks_and_its_due_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mapping: Path
) -> None:
    few_rules(tmp_path, monkeypatch, "X11", "X13")
    url = f"sqlite:///{tmp_path / 'city.db'}"
    told = replay(url, csv_log(tmp_path, ROWS), mapping, tmp_path / "keys")
    # eight days in A1, seven in B2; C3 tells one clock alone and is looked at by no rule
    assert told["rules"] == {
        "X11": {"cases": 2, "hits": 1, "cannot_be_checked": 0},
        "X13": {"cases": 2, "hits": 1, "cannot_be_checked": 0},
    }
    assert subjects(url, "X13") == {"A1"}
    assert subjects(url, "X11") == {"B2"}
    assert (told["checkpoints"], told["gaps"]) == (5, 0)
