"""Switched off by the host: nothing is written and no page shows anything, until it is on again."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.plugin.day import BAND, SLOTS, day
from tests.plugin.inside import counted, rows
from tests.support.small_host import SmallHost


def everything(host: SmallHost) -> dict[str, list[Any]]:
    """Answer all tables of the plugin."""
    names = ("entry", "gap", "attempt", "prompt", "prompt_fate", "answer", "pass", "finding")
    return {name: rows(host, name) for name in (*names, "pseudonym", "second_request", "revision")}


def test_switched_off_nothing_is_written_and_no_page_shows_anything(host: SmallHost) -> None:
    event = host.event("enf.decision.made", 1_001, **BAND)
    (prompt,) = host.gate(event).prompts
    before = everything(host)
    host.switch.touch()
    day(host)
    host.answer(prompt.id, "deviation", "approved")
    assert host.gate(event).reason == "no_plugin"
    assert [host.show(slot, event) for slot in SLOTS] == [""] * len(SLOTS)
    host.abort(event)
    assert everything(host) == before
    assert host.plugin.desk.spool.waiting() == 0
    answers = host.app.test_client().post(f"/cleangov/prompts/{prompt.id}/answers")
    assert answers.status_code == 503
    assert counted(host, "switched_off") > 0
    host.switch.unlink()
    assert host.gate(event).decision == "hold"  # and on again, without a restart


def test_a_switch_that_cannot_be_read_counts_as_on(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> bool:
        raise OSError("no such device")

    monkeypatch.setattr(host, "switched_off", broken)
    assert host.take(host.event("enf.decision.made", 1_001, **BAND)).reason == "no_plugin"
    assert rows(host, "entry") == []
    assert "the kill switch cannot be read: OSError" in caplog.text


def test_the_switch_is_asked_at_each_call_and_asks_no_database(host: SmallHost) -> None:
    statements: list[str] = []
    for engine in (host.engine, host.plugin.desk.database.engine):
        sa.event.listen(engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    host.switch.touch()
    host.call("cleangov_step_opened", step=host.step(host.event("enf.decision.made", 700, **BAND)))
    host.gate(host.event("enf.decision.made", 1_001, **BAND))
    assert statements == []
