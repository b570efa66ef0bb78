"""What a log has and nobody can read stops the file, or counts as unknown and is named."""

import gzip
import json
from pathlib import Path

import pytest

from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.intake.event_logs import EventLog
from cleangov_plugin.intake.mapping import find_mapping
from tests.cli.log_replaying import run

HEAD = "case_id,step,occurred_at,actor,attributes\n"


def permits(folder: Path, *odd: dict[str, str]) -> Path:
    """Write a log of permits, an event for each set of odd attributes."""
    rows = [HEAD]
    for number, attributes in enumerate(odd):
        told = json.dumps(attributes).replace('"', '""')
        rows.append(f'M9-{number},01_HOOFD_010,2012-03-01T00:00:00+01:00,560,"{told}"\n')
    path = folder / "events.csv.gz"
    path.write_bytes(gzip.compress("".join(rows).encode()))
    return path


def test_odd_values_of_a_municipality_count_as_unknown_and_are_named(tmp_path: Path) -> None:
    odd = [
        {"dueDate": "2915-01-01T00:00:00", "SUMleges": "12.5"},
        {"dueDate": "soon", "SUMleges": "n/a"},
        {"dueDate": "2012-04-01T00:00:00", "dateFinished": "0012-03-02 00:00:00"},
    ]
    log = EventLog(permits(tmp_path, *odd), find_mapping("bpic2015"))
    events = [each.event for each in log.translated()]
    assert ["due" in event.attributes for event in events] == [False, False, True]
    assert events[2].recorded_at == events[2].occurred_at
    assert {name: found.number for name, found in log.odd.found.items()} == {
        "due": 2,
        "fee": 1,
        "recorded": 1,
        "recorded_at": 1,
    }
    first = log.odd.found["due"]
    assert first.where == "events.csv.gz:2"
    assert "2915" in first.what


def test_where_the_mapping_does_not_say_so_the_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("case_id,step,occurred_at,actor,attributes\nA,Confirmation of receipt,soon,,\n")
    with pytest.raises(IntakeError, match="soon"):
        list(EventLog(path, find_mapping("receipt")).translated())


def test_the_report_says_how_many_and_where_the_first_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    path = permits(tmp_path, {"dueDate": "<b>\u4e0d\u8be6</b>"}, {"dueDate": "9999"})
    words = ("replay", str(path), "--mapping", "bpic2015", "--keys", str(tmp_path / "keys"))
    found = run(url, *words, "--lang", "en")
    assert found.exit_code == 0, found.output
    assert "due: 2 values could not be read and count as unknown, the first at" in found.output
    again = run(url, *words, "--lang", "zh-CN", "--json")
    assert json.loads(again.stdout)["odd"]["due"]["number"] == 2
