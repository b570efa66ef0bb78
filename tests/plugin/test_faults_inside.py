"""Our own plugin broken inside: the host is equal byte for byte, and no event is lost unnoticed."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_plugin import plugin as plugin_module
from cleangov_plugin.desk import leads
from cleangov_plugin.desk.answers import answering
from cleangov_plugin.desk.checkpoint import aborting, judging, recording
from cleangov_plugin.desk.prompting import gate, opening
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.store import attempts, entries, gaps, pseudonyms, trails
from tests.plugin.conftest import MakeHost, emptied
from tests.plugin.day import BAND, HOOKS, day, witness
from tests.plugin.inside import attrs, bodies, counted, one, outcomes, rows, tick
from tests.support.small_host import SmallHost

EVENTS = tuple(hook for hook in HOOKS if hook.endswith("_events"))
#: The verb behind each hook, as the plugin knows it.
VERBS: dict[str, tuple[Any, str]] = {
    "cleangov_host_ready": (plugin_module, "open_desk"),
    "cleangov_step_opened": (opening, "opened"),
    "cleangov_step_edited": (opening, "edited"),
    "cleangov_step_gate": (gate, "gate"),
    "cleangov_step_aborted": (aborting, "abort"),
    "cleangov_prompt_answered": (answering, "answer"),
    "cleangov_slot": (plugin_module, "render"),
    **{hook: (recording, "record") for hook in EVENTS},
}


class InsideError(BaseException):
    """Not an Exception: as a panic of a native library is none."""


def failing_sql(desk: Any, *_: Any, **__: Any) -> None:
    database = getattr(desk, "database", None)
    if database is None:
        raise sa.exc.OperationalError("SELECT", {}, Exception("no desk yet"))
    with database.own_transaction() as connection:
        connection.exec_driver_sql("SELECT nonsense FROM nowhere")


def raising(problem: BaseException) -> Callable[..., Any]:
    def act(*_: Any, **__: Any) -> Any:
        raise problem

    return act


#: Hooks of the host that ours calls, too: not where it is broken.
ASKED_BY_OURS = ("event_types", "host_records", "host_ready", "relation")
FAULTS: dict[str, Callable[..., Any]] = {
    "exception": raising(RuntimeError("personal text")),
    "our own exception": raising(CleanGovError("it is so.", where="here")),
    "base exception": raising(InsideError("personal text")),
    "import error": raising(ModuleNotFoundError("babel")),
    "sql error": failing_sql,
    "wrong type": lambda *_, **__: object(),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_breaks_behind_a_hook_the_host_is_the_same(
    make_host: MakeHost,
    plain: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: str,
) -> None:
    tables, calls = plain
    host = make_host()
    before, after = witness(), witness()
    with monkeypatch.context() as broken:
        broken.setattr(*VERBS["cleangov_host_ready"], FAULTS[fault])
        host.start(before=before, after=after)
        day(host)
    assert host.dump() == tables
    assert before.calls == after.calls
    assert before.calls - calls in (Counter(), {"cleangov_event_types": 6})  # of six spooled events
    host = make_host()
    host.start(before=before, after=after)
    for hook, verb in VERBS.items():
        emptied(host)
        before.calls.clear(), after.calls.clear()
        with monkeypatch.context() as broken:
            broken.setattr(*verb, FAULTS[fault])
            day(host)
        assert host.dump() == tables, hook
        assert before.calls == after.calls, hook
        asked_by_ours = {f"cleangov_{name}" for name in ASKED_BY_OURS}
        assert {n: calls[n] for n in calls if n not in asked_by_ours} == {
            n: before.calls[n] for n in before.calls if n not in asked_by_ours
        }, hook
    assert "personal text" not in caplog.text


# ---- Events: a gap in the host's transaction, else the spool, else a number ------------------

#: What is broken in the store, and how far an event has come by then.
STORE: dict[str, tuple[Any, str]] = {
    "reading what is known": (judging, "read"),
    "judging": (judging, "evaluate"),
    "the trail of the attempt": (trails, "trail"),
    "writing the entry": (entries, "append"),
    "the people behind pseudonyms": (pseudonyms, "add_missing"),
    "opening findings": (leads, "open_findings"),
    "using the pass": (attempts, "use_pass"),
    "closing the attempt": (attempts, "close_attempt"),
}


def decided(host: SmallHost) -> Any:
    """Take a fine through the gate, held first and then justified; answer its event."""
    host.open_case()
    event = host.event("enf.decision.made", 1_001, attempt_id=f"a-{host.case}", **BAND)
    (prompt,) = host.gate(event).prompts
    host.answer(prompt.id, "deviation", "approved by the head")
    assert host.gate(event).decision == "pass_recorded"
    return event


@pytest.mark.parametrize("place", STORE)
def test_an_event_that_fails_anywhere_is_owed_with_the_business_row_and_made_good_by_catch_up(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    event = decided(host)
    late = host.event("enf.decision.made", 1_200, case_id=host.open_case(), **BAND)
    with monkeypatch.context() as broken:
        broken.setattr(*STORE[place], raising(MemoryError()))
        host.write(event)
        if place == "opening findings":
            host.write(late)
    owed = rows(host, "gap")
    assert [(gap["reason"], gap["detail"]) for gap in owed] in (
        [("error", "MemoryError")],
        [],  # this event opened no finding
    )
    if place == "opening findings":
        assert len(owed) == 1
    assert rows(host, "finding") == []
    ticked = tick(host)
    assert (ticked.settled, ticked.waiting, ticked.given_up) == (len(owed), 0, 0)
    assert {gap["state"] for gap in rows(host, "gap")} == {"settled"}
    assert_is_whole(host, event)
    if place == "opening findings":
        assert one(host, "finding")["subject"] == late.case_id


def assert_is_whole(host: SmallHost, event: Any) -> None:
    """Assert that everything that belongs to the entry of a justified fine is there."""
    body = bodies(host, subject=event.case_id)[-1]
    assert outcomes(body)["E08"] == "suppressed"
    assert attrs(body)["e.answer"] == one(host, "answer")["answer_id"]
    people = {row["identity"] for row in rows(host, "pseudonym")}
    assert people == {"chen", "p-1"}
    attempt = one(host, "attempt", subject=event.case_id)
    assert (attempt["state"], attempt["event_key"]) == ("done", f"small\t{event.id}")
    assert one(host, "pass")["used_at"] is not None


def test_without_a_place_for_gaps_an_event_waits_in_the_spool_until_the_tick(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(entries, "append", raising(RuntimeError()))
        broken.setattr(gaps, "add", raising(RuntimeError()))
        host.write(host.event("enf.intent.notified", 800))
    assert host.plugin.desk.spool.waiting() == 1
    assert counted(host, "spooled") == 1
    assert tick(host).settled == 1
    assert len(rows(host, "entry")) == 1
    assert host.plugin.desk.spool.waiting() == 0


@pytest.mark.parametrize("spool", [{"CLEANGOV_SPOOL": ""}, {"CLEANGOV_SPOOL_KB": "0"}])
def test_without_gaps_and_spool_an_event_is_counted(
    make_host: MakeHost, monkeypatch: pytest.MonkeyPatch, spool: dict[str, str]
) -> None:
    host = make_host(settings=spool)
    host.start()
    with monkeypatch.context() as broken:
        broken.setattr(entries, "append", raising(RuntimeError()))
        broken.setattr(gaps, "add", raising(RuntimeError()))
        host.write(host.event("enf.intent.notified", 800))
    assert counted(host, "lost") == 1
    assert b"e0001" in host.dump()


def test_the_whole_verb_broken_loses_no_event(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(recording, "record", raising(RuntimeError()))
        host.write(host.event("enf.intent.notified", 800))
    assert one(host, "gap")["reason"] == "error"
    assert tick(host).settled == 1


def dropped(host: SmallHost, *names: str) -> None:
    """Take tables away under the running plugin."""
    prefix = "" if host.engine.dialect.name == "sqlite" else "cleangov."
    end = "" if host.engine.dialect.name == "sqlite" else " CASCADE"
    with host.engine.begin() as connection:
        for name in names:
            connection.exec_driver_sql(f"DROP TABLE {prefix}cleangov_{name}{end}")


def test_a_table_that_is_gone_costs_the_host_nothing(host: SmallHost) -> None:
    dropped(host, "entry")
    host.write(host.event("enf.intent.notified", 800))
    assert one(host, "gap")["reason"] == "error"
    dropped(host, "gap")
    host.write(host.event("enf.intent.notified", 900))
    assert host.plugin.desk.spool.waiting() == 1
    assert host.take(host.event("enf.decision.made", 2_000)).decision == "pass"
    assert host.dump().count(b"C-1") == 3


def test_a_savepoint_undoes_on_postgresql_what_a_failed_event_had_written(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(pseudonyms, "add_missing", raising(RuntimeError()))
        host.write(host.event("enf.intent.notified", 800))
    is_undone = host.engine.dialect.name == "postgresql"
    assert len(rows(host, "entry")) == (0 if is_undone else 1)
    tick(host)
    assert len(rows(host, "entry")) == 1
