"""Attempts, prompts, answers, passes and requests: each stands on another, and is decided once."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from cleangov_plugin.domain.terms import AttemptState, Fate
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store import attempts, prompts, second_requests
from cleangov_plugin.store.database import Database
from tests.store.samples import LOG, NOON, RETENTION


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
