"""The real logs give the answers that are known of them, and plain SQL agrees case by case."""

from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from cleangov_plugin.intake.rule_files import rulebook_folder
from tests.cli.log_replaying import (
    BOTH,
    NO_NOTICE,
    NOBODY,
    NOT_60,
    PENALTY,
    RULE,
    SAME,
    SENT_LATE,
    backtest,
    dump,
    excerpt,
    flat_rows,
    query,
    replay,
    run,
    second_opinion,
    subjects,
    unknown,
    written,
    xes_excerpt,
)
from tests.rulebook import second_opinions as sql
from tests.rulebook.second_opinions import second_opinion as by_case
from tests.support.shared_data import mapping_of, shared_log

#: What a whole log says on PostgreSQL: in the full counts; its excerpts are tried on both.
on_both_in_full_counts = pytest.mark.parametrize(
    "database",
    [
        "sqlite",
        pytest.param("postgresql", marks=(pytest.mark.postgres, pytest.mark.slow)),
    ],
    indirect=True,
)
NOTHING = {"cases": 0, "hits": 0, "cannot_be_checked": 0}


@on_both_in_full_counts
def test_one_person_checked_and_determined_in_1042_of_1303_cases(
    empty_url: str, tmp_path: Path
) -> None:
    log = shared_log("receipt.xes")
    told = replay(empty_url, log, mapping_of("receipt"), tmp_path / "keys")
    assert set(told) == {
        "cases", "events", "derived_events", "checkpoints", "rules", "gaps", "seconds",
    }  # fmt: skip
    assert all(set(rule) == RULE for rule in told["rules"].values())
    assert (told["cases"], told["events"], told["derived_events"]) == (1434, 8577, 1329)
    assert (told["checkpoints"], told["gaps"]) == (8577 + 1329, 0)
    assert told["rules"]["X10"] == {"cases": 1303, "hits": 1042, "cannot_be_checked": 0}
    assert told["rules"]["E60"] == NOTHING
    # further pairs, and the end against the deadline
    assert told["rules"]["X10A"] == {"cases": 1299, "hits": 880, "cannot_be_checked": 0}
    assert told["rules"]["X10B"] == {"cases": 1283, "hits": 1261, "cannot_be_checked": 0}
    assert told["rules"]["X12"] == {"cases": 1329, "hits": 377, "cannot_be_checked": 0}
    # plain SQL over the flat file agrees case by case
    rows = flat_rows(shared_log("receipt.csv"))
    assert len(second_opinion(rows, BOTH)) == 1303
    assert subjects(empty_url, "X10") == second_opinion(rows, SAME)
    assert unknown(empty_url, "X10") == {}


def test_a_penalty_was_added_on_day_60_in_1544_of_1544_cases(tmp_path: Path) -> None:
    assert_fines(f"sqlite:///{tmp_path / 'fines.db'}", tmp_path)


@pytest.mark.slow
@pytest.mark.postgres
def test_a_penalty_was_added_on_day_60_on_postgresql_too(pg_database: str, tmp_path: Path) -> None:
    assert_fines(pg_database, tmp_path)


def by_duckdb(url: str, saved: Path) -> None:
    """DuckDB says the same of real cases; what it cannot do is said in one line."""
    wanted = ("--engine", "duckdb")
    again = run(url, "rules", "backtest", "--repeat", str(saved), *wanted)
    assert again.exit_code == 0
    assert "DuckDB" not in again.stderr
    (where,) = rulebook_folder().rglob("J11.yaml")
    english = run(url, "rules", "backtest", str(where), *wanted)
    assert "not DuckDB: the condition of a fact reads another fact." in english.stderr
    chinese = run(url, "--lang", "zh-CN", "rules", "backtest", str(where), *wanted)
    assert "不用 DuckDB 计算，改用 Python：事实的条件又引用事实。" in chinese.stderr


def assert_backtests(url: str, folder: Path, rows: list[dict[str, str]]) -> None:
    """A draft with a longer term, case by case as plain SQL has it, and the same again."""
    (shipped,) = rulebook_folder().rglob("E61.yaml")
    draft = folder / "E61.yaml"
    draft.write_text(shipped.read_text("utf-8").replace("default: 90 days", "default: 120 days"))
    now, then = (second_opinion(rows, SENT_LATE % days) for days in (90, 120))
    found = backtest(url, draft, "--save")
    assert {name: n for name, n in found["cases"].items() if n} == {
        "looked_at": 2015,
        "kept": len(now & then),
        "gone": len(now - then),
        "clear": 2015 - len(now),
    }
    assert len(now) == 974
    assert {line["case"] for line in found["most_affected"]} <= now - then
    saved = folder / "E61.backtest.json"
    assert run(url, "rules", "backtest", "--repeat", str(saved)).exit_code == 0
    if find_spec("duckdb_engine") is not None:
        by_duckdb(url, saved)
    saved.write_text(saved.read_text("utf-8").replace('"looked_at": 2015', '"looked_at": 2014'))
    assert run(url, "rules", "backtest", "--repeat", str(saved)).exit_code == 1
    # the same text says the same as it said in the flow
    same = backtest(url, shipped)["cases"]
    assert (same["kept"], same["new"], same["gone"]) == (974, 0, 0)


def assert_fines(url: str, folder: Path) -> None:
    told = replay(url, shared_log("fines.xes"), mapping_of("fines"), folder / "keys")
    assert (told["cases"], told["events"], told["derived_events"]) == (2993, 11003, 0)
    assert (told["checkpoints"], told["gaps"]) == (11003, 0)
    assert told["rules"]["E60"] == {"cases": 1544, "hits": 0, "cannot_be_checked": 0}
    assert told["rules"]["X10"] == NOTHING
    assert told["rules"]["E61"] == {"cases": 2015, "hits": 974, "cannot_be_checked": 0}
    assert told["rules"]["E62"] == {"cases": 1137, "hits": 0, "cannot_be_checked": 0}
    assert told["rules"]["E63"] == {"cases": 83, "hits": 1, "cannot_be_checked": 0}
    assert told["rules"]["E64"] == {"cases": 1137, "hits": 0, "cannot_be_checked": 0}
    # sums of one case are compared in whatever currency it has
    assert told["rules"]["E07"] == {"cases": 2993, "hits": 0, "cannot_be_checked": 0}
    # a rule does not judge an act older than its ground
    assert told["rules"]["E08"] == NOTHING
    rows = flat_rows(shared_log("fines.csv"))
    assert len(second_opinion(rows, PENALTY)) == 1544
    assert subjects(url, "E60") == second_opinion(rows, NOT_60) == set()
    assert_backtests(url, folder, rows)
    # what was imported is for study: nobody owns it, and no clock runs
    owned = "SELECT count(*) FROM {s}cleangov_finding WHERE NOT is_signal OR owner IS NOT NULL"
    assert query(url, owned) == [(0,)]


def moved(day: str, by: int) -> str:
    return (date.fromisoformat(day[:10]) + timedelta(days=by)).isoformat() + day[10:]


def test_plain_sql_agrees_case_by_case_where_the_log_is_spoilt(tmp_path: Path) -> None:
    rows = excerpt(flat_rows(shared_log("fines.csv")), 400)
    penalties = [row for row in rows if row["step"] == "Add penalty"]
    for number, row in enumerate(penalties):
        if number % 10 == 0:
            row["occurred_at"] = moved(row["occurred_at"], (-1, 1, 7)[number % 3])
    unserved = {row["case_id"] for n, row in enumerate(penalties) if n % 15 == 1}
    notice = "Insert Fine Notification"
    rows = [r for r in rows if not (r["step"] == notice and r["case_id"] in unserved)]
    url = f"sqlite:///{tmp_path / 'fines.db'}"
    log = written(tmp_path / "events.csv.gz", rows)
    told = replay(url, log, "road-traffic-fines", tmp_path / "keys")
    wrong, blind = second_opinion(rows, NOT_60), second_opinion(rows, NO_NOTICE)
    assert len(wrong) == (len(penalties) + 9) // 10
    assert blind == unserved
    assert len(blind) > 10
    assert subjects(url, "E60") == wrong
    assert unknown(url, "E60") == {case: {"enf.notice.served"} for case in blind}
    assert told["rules"]["E60"] == {
        "cases": len(penalties),
        "hits": len(wrong),
        "cannot_be_checked": len(blind),
    }


def test_events_without_an_officer_cannot_be_checked_and_are_never_clear(tmp_path: Path) -> None:
    rows = excerpt(flat_rows(shared_log("receipt.csv")), 300)
    steps = [row for row in rows if row["step"][:3] in ("T02", "T04")]
    for number, row in enumerate(steps):
        if number % 5 == 0:
            row["actor"] = ""
    url = f"sqlite:///{tmp_path / 'receipt.db'}"
    log = written(tmp_path / "events.csv.gz", rows)
    told = replay(url, log, "receipt", tmp_path / "keys")
    same, nobody = second_opinion(rows, SAME), second_opinion(rows, NOBODY)
    assert subjects(url, "X10") == same
    assert set(unknown(url, "X10")) - same == nobody - same
    assert len(nobody - same) > 50
    assert told["rules"]["X10"] == {
        "cases": len(second_opinion(rows, BOTH)),
        "hits": len(same),
        "cannot_be_checked": len(nobody - same),
    }
    fields = {name for names in unknown(url, "X10").values() for name in names}
    assert fields == {"actor", "prm.checked.actor", "prm.determined.actor"}


@pytest.mark.parametrize("cases", [50, pytest.param(None, marks=pytest.mark.slow)])
@pytest.mark.parametrize("log", ["receipt", "fines"])
def test_csv_after_xes_of_one_log_adds_nothing_and_says_the_same(
    log: str, cases: int | None, tmp_path: Path
) -> None:
    xes, csv = shared_log(f"{log}.xes"), shared_log(f"{log}.csv")
    if cases is not None:
        csv = written(tmp_path / "events.csv.gz", excerpt(flat_rows(csv), cases))
        xes = xes_excerpt(tmp_path / "log.xes.gz", xes, cases)
    url = f"sqlite:///{tmp_path / 'city.db'}"
    first = replay(url, xes, mapping_of(log), tmp_path / "keys")
    before = dump(url)
    second = replay(url, csv, mapping_of(log), tmp_path / "keys")
    after = dump(url)
    assert {**second, "seconds": 0} == {**first, "seconds": 0}
    assert first["cases"] == (cases or first["cases"])
    assert len(after.pop("cleangov_replay_run")) == len(before.pop("cleangov_replay_run")) + 1
    assert after == before
    # and CSV alone makes the very same rows, their numbers included
    alone = f"sqlite:///{tmp_path / 'alone.db'}"
    replay(alone, csv, mapping_of(log), tmp_path / "keys")
    only = dump(alone)
    only.pop("cleangov_replay_run")
    assert only == before


def assert_permits(told: Any, name: str) -> None:
    assert (told["cases"], told["events"], told["derived_events"]) == (832, 44354, 0), name
    assert (told["checkpoints"], told["gaps"]) == (44354, 0)
    seen = {id_: tuple(rule.values()) for id_, rule in told["rules"].items() if rule["cases"]}
    assert seen == {
        "X10C": (578, 518, 0),
        "P04": (578, 40, 75),
        "X11": (398, 8, 0),
        "X13": (832, 506, 0),
    }


@pytest.mark.slow  # the page of real logs says the same of an excerpt
def test_one_person_reviewed_and_drafted_in_518_of_578_cases(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'permits.db'}"
    log = shared_log("bpic2015.csv")
    assert_permits(replay(url, log, mapping_of("bpic2015"), tmp_path / "keys"), "csv")
    rows = flat_rows(log)
    pair = ("01_HOOFD_370", "01_HOOFD_490_1")
    assert subjects(url, "X10C") == by_case(rows, sql.same(*pair))
    assert subjects(url, "P04") == by_case(rows, sql.RISKY_SAME)
    assert unknown(url, "P04").keys() == by_case(rows, sql.RISK_UNKNOWN)
    assert subjects(url, "X11") == by_case(rows, sql.DONE_AFTER_DUE_DATE)
    assert subjects(url, "X13") == by_case(rows, sql.RECORDED_LATE)
    # the 16 rows that are equal to another in everything are all there
    kinds = "SELECT count(*) FROM {s}cleangov_entry WHERE kind = 'prm.decision.drafted'"
    assert query(url, kinds) == [(sum(row["step"] == pair[1] for row in rows),)]


@pytest.mark.slow
def test_the_permits_say_the_same_as_xes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'permits.db'}"
    log = shared_log("bpic2015.xes")
    assert_permits(replay(url, log, mapping_of("bpic2015"), tmp_path / "keys"), "xes")
    # the flat file writes the municipality before the case
    pair = ("01_HOOFD_370", "01_HOOFD_490_1")
    flat = by_case(flat_rows(shared_log("bpic2015.csv")), sql.same(*pair))
    assert {f"M2-{case}" for case in subjects(url, "X10C")} == flat


@on_both_in_full_counts
def test_46_complaints_were_closed_late(empty_url: str, tmp_path: Path) -> None:
    log = shared_log("nyc311.csv")
    told = replay(empty_url, log, mapping_of("nyc311"), tmp_path / "keys")
    assert (told["cases"], told["events"], told["gaps"]) == (2386, 4695, 0)
    seen = {id_: tuple(rule.values()) for id_, rule in told["rules"].items() if rule["cases"]}
    assert seen == {"X12": (419, 46, 0)}
    assert subjects(empty_url, "X12") == by_case(flat_rows(log), sql.CLOSED_LATE)
    # times are those of New York: the first complaint came at 23:59:08 on Christmas Day
    (first,) = query(
        empty_url,
        "SELECT occurred_at FROM {s}cleangov_entry WHERE subject = :v0 ORDER BY id LIMIT 1",
        "26984072",
    )
    assert first == ("2013-12-26T04:59:08.000000Z",)
