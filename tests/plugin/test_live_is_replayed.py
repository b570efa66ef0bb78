"""What the rules said in the flow comes out again from the entries, whoever wrote at once."""

import os
import random
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from cleangov_hooks import Event, breaker
from cleangov_plugin.desk.backtested import rechecking
from cleangov_plugin.desk.backtested.differing import Differences, open_differences
from cleangov_plugin.desk.backtested.differing_words import DIFFERING
from cleangov_plugin.desk.backtested.rechecking import Rechecked, recheck
from cleangov_plugin.desk.shelf import Shelf
from cleangov_plugin.rules import bound, facts, facts_at_once
from cleangov_plugin.rules.frame import FactValue
from cleangov_plugin.store import rulebook
from tests.plugin.conftest import MakeHost
from tests.plugin.day import BAND
from tests.plugin.inside import bodies, outcomes, rows, tick
from tests.support.small_host import SmallHost

WRITERS = 8
CASES = 12
TURNS = 400 if os.environ.get("DO_FULL_COUNTS") else 12
KINDS = (
    "enf.intent.notified",
    "enf.defence.received",
    "enf.facts.supplemented",
    "enf.decision.made",
    "enf.notice.served",
    "enf.penalty.added",
)


class Writer:
    """An officer's process: transactions of some events in cases that others work on, too."""

    def __init__(self, host: SmallHost, number: int) -> None:
        self.host, self.number, self.chance = host, number, random.Random(number)
        self.sent: list[Event] = []

    def work(self) -> None:
        for turn in range(TURNS):
            with self.host.engine.connect() as connection, connection.begin() as transaction:
                events = [self.event(turn, n) for n in range(self.chance.randint(1, 3))]
                self.host.write_on(connection, *events)
                if self.chance.random() < 0.1:
                    transaction.rollback()
                    continue
            self.sent += events

    def event(self, turn: int, n: int) -> Event:
        kind = self.chance.choice(KINDS)
        days = self.chance.choice((0, 0, 0, 1, 60, 61))
        at = self.host.clock + timedelta(days=days)
        changes: dict[str, Any] = {}
        if self.chance.random() < 0.03:  # told long after it happened
            at -= timedelta(days=40)
        same = [e for e in self.sent if e.kind == kind]
        if same and self.chance.random() < 0.05:
            wrong = self.chance.choice(same)
            changes = {"supersedes": wrong.id, "case_id": wrong.case_id}
        else:
            changes = {"case_id": f"C-{self.chance.randrange(CASES)}"}
        yuan = self.chance.choice((None, 500, 800, 1_200))
        id_ = f"w{self.number}-{turn}-{n}"
        return self.host.event(kind, yuan, id=id_, at=at, **changes, **BAND)


def worked(host: SmallHost) -> None:
    """Let all write at once, and then do what is owed."""
    writers = [Writer(host, number) for number in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(Writer.work, writers))
    for _ in range(20):
        if not tick(host).settled:
            break


def certain(host: SmallHost) -> None:
    """Have one case in which a day makes the difference, however the writers met."""
    noticed = host.event("enf.notice.served", case_id="A-certain", **BAND)
    host.write(noticed)
    on_the_day = host.clock + timedelta(days=60)
    host.write(host.event("enf.penalty.added", 800, case_id="A-certain", at=on_the_day, **BAND))


def checked(host: SmallHost) -> Rechecked:
    """Work everything out again, and open a finding for what differs."""
    desk = host.plugin.desk
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = Shelf().ledger(connection, host.authority.id)
        assert ledger is not None
        differences = Differences.of_ledger(connection, ledger.log_id)
        found = recheck(connection, ledger, met=differences.met)
    with desk.database.own_transaction() as connection:
        number = open_differences(connection, ledger, differences, desk.settings, host.now())
    assert number == len(differences.new)
    return found


@contextmanager
def off_by_one() -> Iterator[None]:
    """Seed a mistake: a span is a day too long."""
    right: Callable[..., FactValue] = facts.OPERATIONS["elapsed_since"]

    def wrong(source: Any, frame: Any) -> FactValue:
        found = right(source, frame)
        return found if found.value is None else FactValue(int(str(found.value)) + 1)

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(facts.OPERATIONS, "elapsed_since", wrong)  # type: ignore[arg-type]
        patch.delitem(facts_at_once.MAKERS, "elapsed_since")  # type: ignore[arg-type]
        patch.setattr(bound, "_KNOWN", {})  # what was compiled before is right
        yield


def started(make_host: MakeHost) -> SmallHost:
    host = make_host(pool_size=WRITERS)
    host.start()
    assert host.plugin.desk is not None
    # A busy machine leaves nothing out, however slow eight at once are.
    breaker(host.plugins, "cleangov", "cleangov_enforcement_events").limit = sys.maxsize
    return host


def test_the_same_comes_out_of_what_eight_wrote_at_once(make_host: MakeHost) -> None:
    host = started(make_host)
    worked(host)
    found = checked(host)
    assert (found.share, found.different, found.shown) == ("100.00 %", 0, [])
    assert found.same == len(rows(host, "entry"))
    assert rows(host, "finding", rule_id=DIFFERING) == []
    said = [result for body in bodies(host) for result in outcomes(body).values()]
    assert said.count("hit") > 5
    assert said.count("cannot_be_checked") > 5


@pytest.mark.parametrize("is_live", [True, False])
def test_a_mistake_on_one_side_is_seen_and_named(
    make_host: MakeHost, monkeypatch: pytest.MonkeyPatch, *, is_live: bool
) -> None:
    monkeypatch.setattr(rechecking, "SHOWN", 10_000)
    if is_live:
        with off_by_one():
            host = started(make_host)
            worked(host)
            certain(host)
            assert checked(host).share == "100.00 %"  # both sides have it: nothing tells
        found = checked(host)
    else:
        host = started(make_host)
        worked(host)
        certain(host)
        with off_by_one():
            found = checked(host)
            assert checked(host).different == found.different
    assert found.different > 0
    assert found.share != "100.00 %"
    assert all(each.values_then != each.values_now for each in found.shown)
    turned = [each for each in found.shown if each.then != each.now]
    assert "A-certain" in {each.case for each in turned}
    assert all("E60" in str(each.then) + str(each.now) for each in turned)
    opened = rows(host, "finding", rule_id=DIFFERING)
    assert {int(row["part"]) for row in opened} == {each.row for each in found.shown}
    assert {(row["owner"], row["state"], row["actor"]) for row in opened} == {
        ("supervision", "open", None)
    }
    assert all(row["due_on"] for row in opened)
    checked(host)  # another night: each is opened once, and none is closed by itself
    assert rows(host, "finding", rule_id=DIFFERING) == opened


def test_entries_by_rules_no_longer_in_force_are_counted_apart(make_host: MakeHost) -> None:
    host = started(make_host)
    host.write(host.event("enf.decision.made", 800, **BAND))
    database = host.plugin.desk.database
    with database.own_transaction() as connection:
        rulebook.bump(connection, host.authority.id, ruleset=1)
    found = checked(host)
    assert (found.same, found.different, found.older, found.share) == (0, 0, 1, "—")


def test_where_nobody_kept_what_was_seen_it_cannot_be_checked(make_host: MakeHost) -> None:
    host = started(make_host)
    host.write(host.event("enf.decision.made", 800, **BAND))
    with host.engine.begin() as connection:
        entry = (
            "cleangov_entry" if connection.dialect.name == "sqlite" else "cleangov.cleangov_entry"
        )
        connection.exec_driver_sql(f"UPDATE {entry} SET snapshot = ''")
    found = checked(host)
    assert (found.same, found.different, found.unseen, found.share) == (0, 0, 1, "—")
