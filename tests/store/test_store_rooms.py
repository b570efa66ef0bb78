"""Rules, calendars, figures, attempts, prompts, gaps, findings, people, schema."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

import cleangov_migrations
from cleangov_plugin.calendar.working import Calendar
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.domain.terms import AttemptState, Fate, GapReason
from cleangov_plugin.ledger.body import stamp
from cleangov_plugin.rules.knowledge import Statistic, StatisticKey
from cleangov_plugin.store import (
    attempts,
    calendars,
    findings,
    gaps,
    knowledge,
    prompts,
    pseudonyms,
    rulebook,
    schema,
    second_requests,
    statistics,
    tables,
)
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.run import Busy, StoreError
from cleangov_plugin.store.schema import SchemaState
from tests.store.samples import NOON, RETENTION, record, request, write
from tests.support.ends import OpenEngine

LOG = "CN-330105"


@pytest.fixture
def ours(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


def _rule(threshold: int = 10, **changes: Any) -> dict[str, Any]:
    bindings = [{"id": "J10-gate", "tier": 4, "parameters": {"limit": f"{threshold} %"}}]
    return {"id": "J10", "version": 1, "title": {"zh": "变更"}, "bindings": bindings, **changes}


def test_rules_are_synced_once_and_a_changed_file_is_a_new_edition(ours: Database) -> None:
    with ours.own_transaction() as connection:
        assert rulebook.sync(connection, LOG, [_rule()], NOON).ruleset == 1
        again = rulebook.sync(connection, LOG, [_rule()], NOON)
        assert (again.ruleset, again.added, again.retired) == (1, (), ())
        changed = rulebook.sync(connection, LOG, [_rule(20)], NOON)
        assert (changed.ruleset, changed.added) == (2, ("J10-gate",))
        assert rulebook.load(connection, LOG) == (2, [_rule(20)])
        renamed = rulebook.sync(connection, LOG, [_rule(20, title={"zh": "别名"})], NOON)
        assert (renamed.ruleset, renamed.added) == (3, ("J10",))


def test_a_rule_whose_file_is_gone_is_retired_and_can_come_back(ours: Database) -> None:
    with ours.own_transaction() as connection:
        rulebook.sync(connection, LOG, [_rule()], NOON)
        gone = rulebook.sync(connection, LOG, [], NOON)
        assert (gone.ruleset, gone.retired) == (2, ("J10", "J10-gate"))
        assert rulebook.load(connection, LOG) == (2, [])
        assert rulebook.document(connection, LOG, "J10", 1)["title"] == {"zh": "变更"}
        rulebook.sync(connection, LOG, [_rule()], NOON)
        assert rulebook.load(connection, LOG) == (3, [_rule()])


def test_a_binding_never_takes_the_place_of_another_rules_binding(ours: Database) -> None:
    """Silently, the first rule would lose its gate."""
    bound = [{"id": "gate", "tier": 5}]
    documents = [_rule(), _rule(id="E07", bindings=bound), _rule(id="E08", bindings=bound)]
    with ours.own_transaction() as connection:
        with pytest.raises(StoreError, match="two bindings are called 'gate'"):
            rulebook.sync(connection, LOG, documents, NOON)
        with pytest.raises(StoreError, match="two rules are called 'J10'"):
            rulebook.sync(connection, LOG, [_rule(), _rule(bindings=[])], NOON)
        assert rulebook.load(connection, LOG) == (0, [])


@pytest.mark.postgres
def test_rules_are_read_of_one_revision_though_it_goes_up_meanwhile(
    pg_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(pg_database)
    with database.own_transaction() as connection:
        rulebook.sync(connection, LOG, [_rule(10)], NOON)
    asked = rulebook.revisions

    def meanwhile(connection: sa.Connection, log_id: str) -> tuple[int, int]:
        found = asked(connection, log_id)
        monkeypatch.setattr(rulebook, "revisions", asked)
        with database.own_transaction() as other:
            rulebook.sync(other, LOG, [_rule(20)], NOON)
        return found

    with database.own_transaction(is_reading=True) as connection:
        monkeypatch.setattr(rulebook, "revisions", meanwhile)
        assert rulebook.load(connection, LOG) == (2, [_rule(20)])
    database.dispose()


def test_the_order_of_a_rules_keys_is_kept(ours: Database) -> None:
    document = {"version": 1, "id": "Z", "facts": {"b": 1, "a": 2}, "bindings": []}
    with ours.own_transaction() as connection:
        rulebook.sync(connection, LOG, [document], NOON)
        assert list(rulebook.load(connection, LOG)[1][0]["facts"]) == ["b", "a"]


def test_an_agency_is_kept_and_changed(ours: Database) -> None:
    with ours.own_transaction() as connection:
        rulebook.save_agency(connection, LOG, {"zh": "甲"}, "Asia/Shanghai", "CN")
        rulebook.save_agency(connection, LOG, {"zh": "乙"}, "Asia/Shanghai", "CN")
        expected = {"log_id": LOG, "names": {"zh": "乙"}, "zone": "Asia/Shanghai", "country": "CN"}
        assert rulebook.agencies(connection) == [expected]


@dataclass(frozen=True)
class _Day:
    date: date
    is_working: bool
    is_provisional: bool = False
    label: str = ""


def _days() -> list[_Day]:
    first = date(2026, 2, 9)
    return [
        _Day(first + timedelta(days=n), n % 7 < 5, label="调休上班" if n == 3 else "")
        for n in range(21)
    ]


def test_a_calendar_comes_back_as_ordinals_and_is_versioned(ours: Database) -> None:
    days = _days()
    with ours.own_transaction() as connection:
        assert calendars.load(connection, LOG) is None
        assert calendars.store(connection, LOG, days, source="t", now=NOON) == 1
        assert calendars.store(connection, LOG, days, source="t", now=NOON) == 1
        made = replace(days[5], is_working=True)
        days[5] = made
        assert calendars.store(connection, LOG, days, source="t", now=NOON) == 2
        assert rulebook.revisions(connection, LOG) == (0, 2)
        old, new = calendars.load(connection, LOG, 1), calendars.load(connection, LOG)
        assert old is not None
        assert new is not None
        for stored, expected in ((old, 5), (new, 6)):
            calendar = Calendar(
                stored.version, stored.first, stored.ordinals, stored.provisional_years
            )
            assert calendar.working_days_between(date(2026, 2, 8), date(2026, 2, 15)) == expected
        assert calendars.labels(connection, LOG, 2, date(2026, 2, 1), date(2026, 3, 1)) == {
            date(2026, 2, 12): "调休上班"
        }


@pytest.mark.parametrize("days", [[], [_days()[0], _days()[2]]])
def test_a_calendar_with_a_hole_is_refused(ours: Database, days: list[_Day]) -> None:
    with ours.own_transaction() as connection, pytest.raises(CleanGovError):
        calendars.store(connection, LOG, days, source="t", now=NOON)


def test_figures_are_read_as_of_the_day(ours: Database) -> None:
    key, other = StatisticKey("E08.median", '["U2"]'), StatisticKey("E08.median", '["U3"]')
    with ours.own_transaction() as connection:
        for day, value in ((date(2026, 3, 1), 100), (date(2026, 3, 5), 200)):
            figures = {key: Statistic(value, 7)}
            statistics.write(connection, LOG, "E08.median", day, figures)
            statistics.write(connection, LOG, "E08.median", day, figures)
        for day, expected in (("2026-02-28", None), ("2026-03-04", 100), ("2026-03-05", 200)):
            asked = request(record(1), statistics=(key, other), day=day)
            found = knowledge.read(connection, asked).statistics
            assert found == ({} if expected is None else {key: Statistic(expected, 7)})
        assert statistics.newest_day(connection, LOG, "E08.median") == date(2026, 3, 5)


def test_figures_are_made_from_all_cases_without_corrected_events(ours: Database) -> None:
    with ours.own_transaction() as connection:
        for number in range(1, 5):
            write(connection, record(number, case_id=f"c{number}"))
        write(connection, record(9, case_id="c4", supersedes="E4"))
        found = statistics.records(
            connection, LOG, ["enf.decision.made"], since=NOON, until=NOON + timedelta(minutes=9)
        )
        assert [r.event_id for r in found] == ["E1", "E2", "E3"]


def _attempt(digest: str = "aa") -> attempts.AttemptRow:
    return attempts.AttemptRow(
        log_id=LOG,
        attempt_id="A1",
        stream="enforcement",
        subject="c",
        kind="enf.decision.made",
        step="decide",
        actor="p1",
        unit="U2",
        digest=digest,
        event="{}",
        context=None,
        ruleset=1,
        calendar=1,
    )


def _prompt(id_: str = "P1") -> prompts.PromptRow:
    return prompts.PromptRow(
        prompt_id=id_,
        log_id=LOG,
        attempt_id="A1",
        subject="c",
        step="decide",
        actor="p1",
        tier=2,
        rules='["E07@1"]',
        outcomes="[]",
        digest="aa",
        created_at=stamp(NOON),
        expires_at=None,
    )


def _answer() -> prompts.AnswerRow:
    return prompts.AnswerRow(
        answer_id="W1",
        prompt_id="P1",
        choice="put_back",
        kind="corrected",
        answered_by="p1",
        digest="aa",
        answered_at=stamp(NOON),
        client_at=None,
        words="我改正了",
    )


def test_attempt_prompt_answer_and_pass_stand_on_one_another(ours: Database) -> None:
    with ours.own_transaction() as connection:
        attempts.save_attempt(connection, _attempt(), NOON, RETENTION)
        attempts.save_attempt(connection, _attempt("bb"), NOON + timedelta(hours=1), RETENTION)
        found = attempts.attempt(connection, LOG, "A1")
        assert found is not None
        assert (found["digest"], found["opened_at"]) == ("bb", stamp(NOON))
        assert prompts.save_prompt(connection, _prompt(), RETENTION)
        assert not prompts.save_prompt(connection, _prompt(), RETENTION)
        assert prompts.save_answer(connection, _answer(), RETENTION)
        assert not prompts.save_answer(connection, _answer(), RETENTION)
        row = attempts.PassRow(
            pass_id="S1",
            log_id=LOG,
            attempt_id="A1",
            prompt_id="P1",
            answer_id="W1",
            digest="bb",
            issued_at=stamp(NOON),
            expires_at=stamp(NOON + timedelta(minutes=10)),
        )
        attempts.issue_pass(connection, row, RETENTION)
        late = NOON + timedelta(minutes=11)
        for digest, now, is_good in (("bb", NOON, True), ("cc", NOON, False), ("bb", late, False)):
            good = attempts.valid_pass(connection, LOG, "A1", digest, now)
            assert (good is not None) is is_good
        assert attempts.use_pass(connection, "S1", NOON)
        assert not attempts.use_pass(connection, "S1", NOON)
        held = AttemptState.HELD
        assert attempts.decide_attempt(connection, LOG, "A1", held, now=NOON, reason="hit")
        done = AttemptState.DONE
        assert attempts.close_attempt(connection, LOG, "A1", done, event_key="y\tE1")
        assert [a["words"] for a in prompts.answers_of(connection, ["P1"])] == ["我改正了"]
        assert [p["prompt_id"] for p in prompts.prompts_of(connection, LOG, "A1")] == ["P1"]


def test_what_the_gate_decided_is_written_with_the_attempt(ours: Database) -> None:
    until = NOON + timedelta(days=3)
    held = attempts.Decided(
        state=AttemptState.WAITING, decision="hold", reason="hit", hold_until=until
    )
    passed = attempts.Decided(state=AttemptState.PASSED, decision="pass", reason="clear")
    later = NOON + timedelta(hours=1)
    with ours.own_transaction() as connection:
        attempts.save_attempt(connection, _attempt(), NOON, RETENTION, held)
        found = attempts.attempt(connection, LOG, "A1")
        assert found is not None
        assert (found["state"], found["hold_until_at"]) == ("waiting", stamp(until))
        attempts.save_attempt(connection, _attempt("bb"), later, ("other", None), passed)
        found = attempts.attempt(connection, LOG, "A1")
    assert found is not None
    decided = ("passed", "pass", "clear", stamp(later), None)
    names = ("state", "decision", "reason", "decided_at", "hold_until_at")
    assert tuple(found[name] for name in names) == decided
    assert (found["opened_at"], found["retention_class"]) == (stamp(NOON), RETENTION[0])


def test_an_attempt_of_which_nothing_was_decided_is_open(ours: Database) -> None:
    with ours.own_transaction() as connection:
        attempts.save_attempt(connection, _attempt(), NOON, RETENTION)
        found = attempts.attempt(connection, LOG, "A1")
    assert found is not None
    assert (found["state"], found["decision"], found["decided_at"]) == ("open", None, None)


def test_a_prompt_without_its_attempt_is_refused(ours: Database) -> None:
    with pytest.raises(IntegrityError), ours.own_transaction() as connection:
        prompts.save_prompt(connection, _prompt(), RETENTION)


def test_every_fate_is_kept_and_the_last_one_is_final(ours: Database) -> None:
    with ours.own_transaction() as connection:
        attempts.save_attempt(connection, _attempt(), NOON, RETENTION)
        prompts.save_prompt(connection, _prompt(), RETENTION)
        for fate, is_taken in (
            (Fate.RENDERED, True),
            (Fate.RENDERED, False),
            (Fate.SEEN, True),
            (Fate.ANSWERED, True),
            (Fate.EXPIRED, False),
        ):
            assert prompts.set_fate(connection, "P1", fate, NOON) is is_taken
        kept = [fate for fate, _ in prompts.fates(connection, "P1")]
        assert kept == [Fate.CREATED, Fate.RENDERED, Fate.SEEN, Fate.ANSWERED]
        assert not prompts.set_fate(connection, "P9", Fate.SEEN, NOON)


def test_a_request_to_a_second_person_is_decided_once(ours: Database) -> None:
    row = second_requests.RequestRow(
        request_id="R1",
        log_id=LOG,
        attempt_id="A1",
        prompt_id="P1",
        digest="aa",
        role="leader",
        requested_by="p1",
        asked=None,
        requested_at=stamp(NOON),
        expires_at=stamp(NOON + timedelta(days=3)),
    )
    with ours.own_transaction() as connection:
        attempts.save_attempt(connection, _attempt(), NOON, RETENTION)
        prompts.save_prompt(connection, _prompt(), RETENTION)
        second_requests.ask(connection, row, RETENTION)
        roles = frozenset({"leader"})
        assert len(second_requests.waiting(connection, LOG, roles=roles)) == 1
        assert second_requests.waiting(connection, LOG, roles=frozenset({"clerk"})) == []
        approved = second_requests.APPROVED
        for is_first in (True, False):
            done = second_requests.decide(connection, "R1", approved, decided_by="p2", now=NOON)
            assert done is is_first
        found = second_requests.find(connection, "R1")
        assert found is not None
        assert (found["state"], found["decided_by"]) == (approved, "p2")
        assert len(second_requests.of_attempt(connection, LOG, "A1")) == 1


def test_the_days_budget_of_prompts_runs_out(ours: Database) -> None:
    day = date(2026, 3, 10)
    with ours.own_transaction() as connection:
        spent = [
            prompts.spend(connection, LOG, "p1", day, limit=2, retention=RETENTION)
            for _ in range(3)
        ]
        assert spent == [True, True, False]


def _gap(connection: sa.Connection, id_: str = "E1") -> None:
    gaps.add(
        connection,
        LOG,
        event="{}",
        event_key=id_,
        reason=GapReason.ERROR,
        detail="KeyError",
        now=NOON,
        retention=RETENTION,
    )


def test_a_gap_rolls_back_with_the_host_and_is_settled_once(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        _gap(connection)
        connection.rollback()
        assert gaps.owed(connection) == []
        _gap(connection, "E1")
        _gap(connection, "E2")
        connection.commit()
        one, two = gaps.owed(connection)
        assert gaps.tried(connection, one.id, NOON)
        assert gaps.owed(connection, limit=1)[0].tries == 1
        assert gaps.settle(connection, one.id, NOON)
        assert not gaps.settle(connection, one.id, NOON)
        assert gaps.tried(connection, two.id, NOON, gives_up=True)
        assert list(gaps.counts(connection, LOG).values()) == [0, 1, 1]


def _finding(**changes: Any) -> findings.FindingDraft:
    values: dict[str, Any] = {
        "log_id": LOG,
        "rule_id": "E07",
        "rule_version": 1,
        "binding_id": "E07-event",
        "subject": "c1",
        "part": "",
        "is_signal": False,
        "severity": "void",
        "visibility": "officer",
        "state": "open",
        "owner": "supervision",
        "due_on": "2026-03-24",
        "stream": "enforcement",
        "step": "decide",
        "unit": None,
        "actor": "p1",
        "event_key": "y\tE1",
        "event_id": "E1",
        "shown_values": '{"amount":1}',
        "occurred_at": stamp(NOON),
        "found_at": stamp(NOON),
        "retention_class": "case",
        "retain_until": None,
    }
    return findings.FindingDraft(**{**values, **changes})


def test_a_finding_is_opened_once(connection: sa.Connection) -> None:
    again, part = _finding(event_key="y\tE2"), _finding(part="2")
    assert findings.open_findings(connection, [_finding()]).opened == (_finding(),)
    result = findings.open_findings(connection, [again, part])
    assert (result.opened, result.known, result.busy) == ((part,), (again,), ())
    connection.commit()
    assert findings.open_findings(connection, [_finding()]).known == (_finding(),)
    rows = list(findings.find(connection, findings.Query(log_id=LOG, rule_id="E07", limit=9)))
    assert [row["event_id"] for row in rows] == ["E1", "E1"]
    assert rows[0]["shown_values"] == {"amount": 1}
    assert findings.counts(connection, LOG) == {"E07": 1}


@pytest.mark.parametrize("changes", [{"owner": None}, {"due_on": None}])
def test_a_finding_without_owner_or_due_date_cannot_exist(
    connection: sa.Connection, changes: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError):
        findings.open_findings(connection, [_finding(**changes)])
    connection.rollback()
    signal = _finding(is_signal=True, state="signal", **changes)
    assert findings.open_findings(connection, [signal]).opened == (signal,)


@pytest.mark.postgres
def test_a_finding_that_another_transaction_is_opening_is_busy(
    pg_database: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(pg_database)
    with engine.connect() as one, engine.connect() as two:
        findings.open_findings(one, [_finding()])
        assert findings.open_findings(two, [_finding()]).busy == (_finding(),)


def test_people_are_kept_once_and_can_be_forgotten(connection: sa.Connection) -> None:
    people = [("n1", "officer", "zhang.wei"), ("n2", "party", "li.si"), ("n1", "officer", "x")]
    pseudonyms.add_missing(connection, LOG, people, (), RETENTION)
    found = knowledge.read(connection, request(record(1), pseudonyms=("n1", "n2", "n3")))
    assert found.pseudonyms == {"n1", "n2"}
    pseudonyms.add_missing(connection, LOG, [("n2", "party", "other")], (), RETENTION)
    assert pseudonyms.identities(connection, LOG, ["n2", "n9"]) == {"n2": "li.si"}
    assert pseudonyms.erase(connection, LOG, "n2", NOON)
    assert not pseudonyms.erase(connection, LOG, "n2", NOON)
    assert pseudonyms.identities(connection, LOG, ["n2"]) == {}


@pytest.mark.postgres
def test_a_person_whom_another_transaction_names_first_is_not_waited_for(
    pg_database: str, open_engine: OpenEngine
) -> None:
    engine = open_engine(pg_database)
    people = [("n1", "officer", "zhang.wei"), ("n2", "party", "li.si")]
    with engine.connect() as one, engine.connect() as two:
        pseudonyms.add_missing(one, LOG, people, (), RETENTION)
        two.exec_driver_sql("SET LOCAL lock_timeout = '5s'")  # or the test would hang, not fail
        with pytest.raises(Busy):
            pseudonyms.add_missing(two, LOG, people[::-1], (), RETENTION)
        pseudonyms.add_missing(two, LOG, people, {"n1", "n2"}, RETENTION)
        one.rollback()
        pseudonyms.add_missing(two, LOG, people, (), RETENTION)
        two.commit()
        assert pseudonyms.identities(one, LOG, ["n1", "n2"]) == {"n1": "zhang.wei", "n2": "li.si"}


def test_the_schema_is_examined(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        assert schema.examine(connection).state is SchemaState.RIGHT
        assert schema.examine(connection).revision == schema.WANTED == cleangov_migrations.head()
        before = schema.fingerprint(connection)
        prefix = "" if connection.dialect.name == "sqlite" else "cleangov."
        version = f"{prefix}{schema.VERSION_TABLE}"
        for number, state in (("0001", SchemaState.OLDER), ("0003", SchemaState.NEWER)):
            connection.exec_driver_sql(f"UPDATE {version} SET version_num = '{number}'")
            assert schema.examine(connection).state is state
        assert schema.fingerprint(connection) == before
        connection.exec_driver_sql(f"ALTER TABLE {prefix}cleangov_gap ADD COLUMN more TEXT")
        assert schema.fingerprint(connection) != before


def test_no_tables_at_all_are_missing(empty_url: str, open_engine: OpenEngine) -> None:
    engine = open_engine(empty_url)
    with engine.connect() as connection:
        found = schema.examine(connection)
        assert (found.state, found.revision) == (SchemaState.MISSING, None)
        assert "cleangov_entry" in found.missing


def test_our_own_transaction_commits_or_leaves_nothing(ours: Database) -> None:
    def failing() -> None:
        with ours.own_transaction() as connection:
            _gap(connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    with ours.own_transaction() as connection:
        assert gaps.owed(connection) == []
        _gap(connection)
    with ours.own_transaction(is_reading=True) as connection:
        assert len(gaps.owed(connection)) == 1


def test_our_own_transaction_waits_for_a_lock_but_not_long(
    ours: Database, engine: sa.Engine
) -> None:
    import time

    with engine.connect() as host:
        if ours.is_sqlite:
            host.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            host.exec_driver_sql("LOCK TABLE cleangov.cleangov_gap")
        started = time.monotonic()
        with pytest.raises(OperationalError), ours.own_transaction() as connection:
            _gap(connection)
        assert time.monotonic() - started < 2


def test_reading_needs_no_write_lock_on_sqlite(ours: Database, engine: sa.Engine) -> None:
    with engine.connect() as host:
        if ours.is_sqlite:
            host.exec_driver_sql("BEGIN IMMEDIATE")
        with ours.own_transaction(is_reading=True) as connection:
            assert gaps.owed(connection) == []


def test_what_has_read_goes_on_to_write_though_others_wrote_meanwhile(
    ours: Database, engine: sa.Engine
) -> None:
    with ours.own_reading_first() as connection:
        assert gaps.owed(connection) == []
        with engine.begin() as host:
            _gap(host)
        ours.turn_to_writing(connection)
        _gap(connection)
    with ours.own_transaction(is_reading=True) as connection:
        assert len(gaps.owed(connection)) == 2


def test_what_goes_on_to_write_leaves_nothing_where_it_fails(ours: Database) -> None:
    def failing() -> None:
        with ours.own_reading_first() as connection:
            ours.turn_to_writing(connection)
            _gap(connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    with ours.own_transaction(is_reading=True) as connection:
        assert gaps.owed(connection) == []


def test_a_forked_process_shares_no_connection(ours: Database) -> None:
    with ours.own_transaction() as connection:
        _gap(connection)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if ours.engine.pool.checkedin() == 0:  # type: ignore[attr-defined]
                code = 0
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    with ours.own_transaction() as connection:
        assert len(gaps.owed(connection)) == 1


def test_a_url_without_driver_takes_the_one_we_test_with() -> None:
    assert Database("postgresql://h/d").url.drivername == "postgresql+psycopg"


def test_no_foreign_key_crosses_from_one_side_to_the_other() -> None:
    sides = {table.name: table.info["side"] for table in tables.metadata.sorted_tables}
    assert set(sides.values()) == {"agency", "oversight"}
    for table in tables.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            assert sides[key.referred_table.name] == sides[table.name]


def test_every_row_about_a_case_or_a_person_says_how_long_it_is_kept() -> None:
    personal = {"subject", "actor", "identity", "case_id", "event", "words", "prompt_id"}
    about = [t for t in tables.metadata.sorted_tables if personal & set(t.columns.keys())]
    assert len(about) == 14
    for table in about:
        assert {"retention_class", "retain_until"} <= set(table.columns.keys()), table.name


def test_every_unique_key_of_the_ledger_holds_the_partition_key() -> None:
    entry = tables.entry
    keys = [c for c in entry.constraints if isinstance(c, sa.UniqueConstraint)]
    for key in [*keys, entry.primary_key]:
        assert {"log_id", "part"} <= set(key.columns.keys())
