"""A back-test of a small ledger on both databases: as known then, and again to the byte."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.util import find_spec
from typing import Any

import pytest

from cleangov_plugin.desk import own_process
from cleangov_plugin.desk.backtested import running, second, words
from cleangov_plugin.desk.backtested.parts import Engine, Wanted
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.store import rulebook, rules_in_force
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.sieve import Sieve
from tests.desk.backtested.backtest_log import (
    DECISION,
    NOTICE,
    at,
    cases_of,
    rule,
    run,
    small_log,
    write,
    written,
)
from tests.rules.rule_building import BOTH
from tests.store.samples import LOG, NOON, record


@pytest.fixture
def ours(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    with database.own_transaction() as connection:
        rulebook.save_agency(connection, LOG, {"zh": "云汀"}, "Asia/Shanghai", "CN")
    yield database
    database.dispose()


def test_what_is_new_gone_kept_and_cannot_be_checked(ours: Database) -> None:
    small_log(ours)
    loose = rule("amount > facts.noticed and amount > 1000元")
    found = run(ours, rule(), loose)
    assert cases_of(found) == {
        "looked_at": 4, "new": 1, "kept": 1, "cannot_be_checked": 1, "clear": 1,
    }  # fmt: skip
    assert found["missing"] == {f"{NOTICE}.amount": 1}
    back = run(ours, loose, rule())
    assert (back["cases"]["gone"], back["cases"]["kept"]) == (1, 1)
    (line,) = back["most_affected"]
    assert (line["case"], line["first"]["change"]) == ("heavier", "gone")
    assert line["first"]["values"]["amount"] == {"money": "CNY:80000"}


def test_a_binding_that_begins_later_is_tested_as_if_in_force_and_its_tier_stops(
    ours: Database,
) -> None:
    small_log(ours)
    told = run(ours, rule())["prompts"]["draft"]
    assert (told["prompts"], told["by_tier"], told["officers"]) == (2, {"3": 2}, 1)


def test_units_steps_and_months_add_up(ours: Database) -> None:
    small_log(ours)
    found = run(ours, rule())
    assert {line["key"]: line["new"] for line in found["by_unit"]} == {"U2": 1, "U3": 1}
    for name in ("by_unit", "by_step", "by_month"):
        assert sum(line["looked_at"] for line in found[name]) == found["events"]["looked_at"]


def test_days_are_those_of_the_place_and_history_before_them_counts(ours: Database) -> None:
    late = NOON + timedelta(hours=13)  # 01:00 of the next day in Shanghai
    written(
        ours,
        at(1, NOTICE, "a", 500),
        at(2, DECISION, "a", 800, occurred_at=late, recorded_at=late),
    )
    assert run(ours, rule(), last=date(2026, 3, 10))["cases"]["looked_at"] == 0
    assert run(ours, rule(), first=date(2026, 3, 11))["cases"]["new"] == 1


def test_what_its_evaluation_could_not_see_is_not_known(ours: Database) -> None:
    """The notice is in a row before the decision's, and was committed after it was judged."""
    written(ours, at(1, NOTICE, "a", 500))
    blind = "id:0" if str(ours.url).startswith("sqlite") else "3:3:"
    with ours.own_transaction() as connection:
        write(connection, at(2, DECISION, "a", 800), blind)
    assert cases_of(run(ours, rule())) == {"looked_at": 1, "cannot_be_checked": 1}


def test_a_corrected_notice_counts_as_it_was_corrected(ours: Database) -> None:
    first = at(1, NOTICE, "a", 500)
    written(
        ours, first, at(2, NOTICE, "a", 900, supersedes=first.event_id), at(3, DECISION, "a", 800)
    )
    assert cases_of(run(ours, rule())) == {"looked_at": 1, "clear": 1}


def test_nothing_is_written_and_an_empty_ledger_says_so(ours: Database) -> None:
    found = run(ours, rule())
    assert found["cautions"] == [{"code": "nothing_looked_at"}]
    with ours.own_transaction(is_reading=True) as connection:
        assert rules_in_force.load(connection, LOG) == (0, [])


def test_the_same_again_gives_the_same_bytes_though_the_ledger_has_grown(ours: Database) -> None:
    small_log(ours)
    saved = running.written(run(ours, rule(), rule("amount > 1000元")))
    written(ours, at(20, DECISION, "later", 5_000))
    with ours.own_transaction(is_reading=True) as connection:
        again = running.repeat(connection, saved, "T01.backtest.json")
    assert again.is_same
    assert again.differing == ()


def test_what_has_changed_since_is_named(ours: Database) -> None:
    small_log(ours)
    saved = run(ours, rule())
    saved["manifest"]["zone_sha256"] = "0" * 64
    saved["manifest"]["entries"] += 1
    with ours.own_transaction(is_reading=True) as connection:
        again = running.repeat(connection, running.written(saved), "T01.backtest.json")
    assert not again.is_same
    assert again.differing == ("entries", "zone_sha256")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "",
        lambda _: "[]",
        lambda _: "{}",
        lambda _: "[" * 100_000,
        lambda s: s.replace("cleangov.backtest/1", "cleangov.backtest/2"),
        lambda s: s.replace('"base_rate": 1000', '"base_rate": "1000"'),
        lambda s: s.replace('"base_rate": 1000', '"base_rate": 1e3'),
        lambda s: s.replace('"from": null', '"from": "yesterday"'),
        lambda s: s.replace('"last_row"', '"__class__"').replace('"before_xid"', '"__class__"'),
        lambda s: s.replace(f'"log_id": "{LOG}"', '"log_id": ["x"]'),
    ],
)
def test_a_file_that_is_no_saved_back_test_is_refused(ours: Database, spoil: Any) -> None:
    small_log(ours)
    text = spoil(running.written(run(ours, rule())))
    with (
        ours.own_transaction(is_reading=True) as connection,
        pytest.raises(RuleError, match="no saved back-test"),
    ):
        running.repeat(connection, text, "T01.backtest.json")


def test_it_is_told_in_both_languages_with_the_rules_own_words(ours: Database) -> None:
    small_log(ours)
    texts = {
        "headline": BOTH,
        "body": {"zh": "罚款 {amount:money}", "en": "a fine of {amount:amount}"},
    }
    found = run(ours, rule(texts=texts), rule("amount > 1000元", texts=texts))
    zh, en = ("\n".join(words.lines(found, tag)) for tag in ("zh-CN", "en"))
    assert "回测 T01@1" in zh
    told = [line.strip() for line in zh.splitlines() if "罚款" in line]
    assert told == ["新增: 罚款 800 元"]  # the other one is kept: both sides stop it
    assert "new: a fine of 800" in en
    assert "cannot check" in en
    json.loads(running.written(found))


def test_nobody_is_named_by_pseudonym_neither(ours: Database) -> None:
    small_log(ours)
    draft = rule("amount > facts.noticed and actor == facts.who and actor != 'x'")
    draft["facts"]["who"] = {"latest": "actor", "of": NOTICE}
    found = run(ours, draft)
    assert found["cases"]["new"] == 2
    assert record().actor is not None
    assert str(record().actor) not in running.written(found)


# ---- DuckDB --------------------------------------------------------------------------------------


@pytest.mark.skipif(
    find_spec("duckdb_engine") is None, reason="the extra 'duckdb' is not installed"
)
def test_duckdb_says_the_same_of_snapshots_corrections_and_what_is_plain(
    ours: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_log(ours)
    written(
        ours,
        at(11, NOTICE, "corrected", 900),
        at(12, NOTICE, "corrected", 500, supersedes="E11"),
        at(13, DECISION, "corrected", 800),
        at(14, NOTICE, "not seen", 500),
    )
    with ours.own_transaction() as connection:
        write(connection, at(15, DECISION, "not seen", 800), "id:0" if sqlite(ours) else "1:1:")
        write(connection, at(16, NOTICE, "at once", 500))
        write(connection, at(17, DECISION, "at once", 500))
    live: list[int] = []
    sift = Sieve.sifted

    def noting(self: Sieve, cases: Any) -> Any:
        found = sift(self, cases)
        live.extend(len(case) for place, case in enumerate(cases) if place in found.live)
        return found

    monkeypatch.setattr(Sieve, "sifted", noting)
    both = [run(ours, rule(), engine=engine) for engine in (Engine.DUCKDB, Engine.PYTHON)]
    assert running.written(both[0]) == running.written(both[1])
    assert cases_of(both[0]) == {
        "looked_at": 7, "new": 3, "cannot_be_checked": 2, "clear": 2
    }  # fmt: skip
    assert len(live) == 5


def sqlite(ours: Database) -> bool:
    return ours.url.get_backend_name() == "sqlite"


# ---- Two processes -----------------------------------------------------------------------------


def by_two(ours: Database) -> dict[str, Any]:
    with ours.own_transaction(is_reading=True) as connection:
        wanted = Wanted(log_id=LOG, draft=rule(), against=rule("amount > 1000元"))
        return running.backtest(connection, wanted, beside=second.Beside(ours))


@pytest.mark.thorough
def test_two_processes_give_the_bytes_that_one_gives(
    ours: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_log(ours)
    alone = running.written(run(ours, rule(), rule("amount > 1000元")))
    monkeypatch.setattr(running, "WORTH", 1)
    answered: list[Any] = []
    ask = second._answer

    def asking(process: Any) -> Any:
        answered.append(ask(process))
        return answered[-1]

    monkeypatch.setattr(second, "_answer", asking)
    assert running.written(by_two(ours)) == alone
    (part,) = answered
    assert part is not None
    assert 0 < part.entries < 8


@pytest.mark.parametrize("program", ["raise SystemExit(1)", "print('no answer')", "import nothing"])
def test_a_second_process_that_does_not_answer_leaves_its_half_to_the_first(
    ours: Database, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    small_log(ours)
    alone = running.written(run(ours, rule(), rule("amount > 1000元")))
    monkeypatch.setattr(running, "WORTH", 1)
    monkeypatch.setattr(own_process, "_PROGRAM", program)
    assert running.written(by_two(ours)) == alone


def test_where_no_process_can_be_started_one_does_it_all(
    ours: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_log(ours)
    monkeypatch.setattr(running, "WORTH", 1)
    monkeypatch.setattr(own_process.sys, "executable", "/nowhere/python")
    assert by_two(ours)["events"]["looked_at"] == 4
