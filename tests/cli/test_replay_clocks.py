"""Terms in a log are found at the moments they would have been: by the clock of the log alone."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cleangov_plugin.cli import feeding
from tests.cli.log_replaying import dump, excerpt, few_rules, flat_rows, query, replay, written
from tests.support.shared_data import shared_log

#: Wabo Art 3.9 (2010): a permit in the ordinary procedure is decided within eight weeks. What
#: becomes of a last day off (Algemene termijnenwet) is left out on both sides.
CLOCK = """
clock: N01
version: 1
title: {zh: 普通程序决定期限, en: Time for deciding in the ordinary procedure}
why: {zh: 八周内作出决定。, en: A decision within eight weeks.}
basis:
  - law: {zh: 荷兰环境许可法（Wabo）, en: Dutch act on environmental permits (Wabo)}
    article: {zh: 第3.9条, en: Art 3.9}
    status: law
starts: [prm.receipt.drafted]
stops: [prm.decided]
term: {length: 56, unit: civil_days}
owner: legal-affairs
review_by: "2027-07-15"
"""
PLACE = ZoneInfo("Europe/Amsterdam")


def with_clock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few_rules(folder, monkeypatch)
    (folder / "rules" / "N01.yaml").write_text(CLOCK, encoding="utf-8")


def midnight(day: str, days: int) -> str:
    """Answer the instant at which a day of the place begins, so many days after another."""
    day_ = datetime.fromisoformat(day[:10]) + timedelta(days=days)
    at = day_.replace(tzinfo=PLACE).astimezone(UTC)
    return f"{at.isoformat(timespec='microseconds')[:26]}Z"


def expected(rows: Sequence[dict[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """Judge the rows without the project: cases over their term, with the moment; and warned.

    Known is what was recorded by then: a case's end counts from the moment it was told.
    """
    first: dict[str, str] = {}
    ended: dict[str, datetime] = {}
    for row in rows:
        if row["step"] == "Confirmation of receipt":
            first.setdefault(row["case_id"], row["occurred_at"])
        told = json.loads(row["attributes"] or "{}").get("enddate")
        if told:
            ended[row["case_id"]] = datetime.fromisoformat(told)
    last = max(
        *(datetime.fromisoformat(row["occurred_at"]) for row in rows), *ended.values()
    ).astimezone(UTC)
    over, warned = {}, {}
    for case, start in first.items():
        # in some cases the phase is said to have ended before it began: that ends no term
        is_end = case in ended and ended[case] >= datetime.fromisoformat(start)
        end = min(ended[case], last) if is_end else last
        for days, found in ((57, over), (40, warned)):
            moment = midnight(start, days)
            if datetime.fromisoformat(moment) <= end:
                found[case] = moment
    return over, warned


def signals(url: str, part: str) -> dict[str, str]:
    statement = "SELECT subject, found_at FROM {s}cleangov_finding WHERE rule_id = 'N01'"
    return dict(query(url, f"{statement} AND part = :v0", part))  # type: ignore[arg-type]


def assert_agrees(
    url: str, log: Path, rows: Sequence[dict[str, str]], folder: Path
) -> tuple[int, int]:
    replay(url, log, "receipt", folder / "keys")
    over, warned = expected(rows)
    assert signals(url, "1.overdue") == over
    assert signals(url, "1.due_soon") == warned
    owned = "SELECT count(*) FROM {s}cleangov_finding WHERE NOT is_signal OR owner IS NOT NULL"
    assert query(url, owned) == [(0,)]
    return len(over), len(warned)


def test_cases_over_eight_weeks_are_those_that_plain_arithmetic_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_clock(tmp_path, monkeypatch)
    rows = excerpt(flat_rows(shared_log("receipt.csv")), 150)
    log = written(tmp_path / "events.csv.gz", rows)
    first, second = (f"sqlite:///{tmp_path / name}" for name in ("one.db", "two.db"))
    over, warned = assert_agrees(first, log, rows, tmp_path)
    assert 5 < over < warned
    # the same file again adds nothing; and how many events come together says nothing
    before = dump(first)
    replay(first, log, "receipt", tmp_path / "keys")
    assert dump(first) == before
    monkeypatch.setattr(feeding, "TOGETHER", 20)
    assert_agrees(second, log, rows, tmp_path)
    # to the day until which a row is kept: it is counted from the day of the log
    running = [dump(url)["cleangov_running_clock"] for url in (first, second)]
    assert running[0] == running[1] != []


@pytest.mark.slow
def test_the_whole_log_agrees_on_postgresql(
    pg_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_clock(tmp_path, monkeypatch)
    log = shared_log("receipt.csv")
    assert assert_agrees(pg_database, log, flat_rows(log), tmp_path) == (394, 613)
