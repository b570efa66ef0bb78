"""Whatever becomes of a request or a follow-up by itself is told by an entry, and alarms nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cleangov_plugin import plugin
from cleangov_plugin.desk.answers.second_person import decide
from cleangov_plugin.desk.checkpoint import entering
from cleangov_plugin.desk.checkpoint.entering import Owed
from cleangov_plugin.domain.terms import GapReason
from tests.attacks.on_asked import asked, asks, begun, platform
from tests.attacks.scene import Scene
from tests.plugin.inside import one, rows, tick
from tests.plugin.kinds_of_answer import gives, person
from tests.plugin.steps import outside
from tests.plugin.weighed import decision

CLEAN = (0, [])


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take its time."""
    monkeypatch.setattr(entering, "EVENT_MS", 10_000)
    monkeypatch.setattr(plugin, "_USUAL_MS", 10_000)


def _unchecked(scene: Scene) -> set[str]:
    return {str(what["code"]) for log in scene.told.values() for what in log["unchecked"]}


def test_what_ends_without_a_decision_is_told_and_no_alarm(scene: Scene) -> None:
    asked(scene)
    with platform(scene) as host:
        asks(host, "C-30")  # nobody answers, and nobody is next
        asks(host, "C-31")
        gives(host, rows(host, "prompt", subject="C-31")[0]["prompt_id"], "take_back")
        asks(host, "C-34")  # the step is written all the same
        begun(host, "C-34")
        host.write(replace(decision(host, "S4", case="C-34"), attempt_id="a-C-34"))
        asks(host, "C-35")
        begun(host, "C-35")
        given_up = host.attempt(decision(host, "S4", case="C-35"))
        host.call("cleangov_step_aborted", attempt=given_up, reason="closed")
        begun(host, "C-32")
        gives(host, outside(host)[1].id, "step_back", text="认识当事人")
        (waiting,) = rows(host, "follow_up", state="open", kind="recusal")
        gives(host, waiting["prompt_id"], "take_back")
        begun(host, "C-33")
        event, prompt = outside(host)
        until = (host.clock + timedelta(days=2)).date()
        gives(host, prompt.id, "later", reason="signing", until=until)
        host.take(event)
        host.move(days=12)
        tick(host)
        case_of = {row["prompt_id"]: row["subject"] for row in rows(host, "prompt")}
        states = {case_of[row["prompt_id"]]: row["state"] for row in rows(host, "second_request")}
        assert (states["C-30"], states["C-24"]) == ("expired", "upheld")
        assert {states[case] for case in ("C-31", "C-34", "C-35")} == {"withdrawn"}
        assert {row["state"] for row in rows(host, "follow_up")} >= {"withdrawn", "missed"}
        host.move(minutes=1)
    assert scene.verify() == CLEAN
    scene.seal()
    assert scene.verify() == CLEAN


def test_what_is_owed_its_entry_is_said_and_no_alarm(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(scene)
    with platform(scene) as host:

        def busy(*_: object, **__: object) -> None:
            raise Owed(GapReason.BUSY)

        with monkeypatch.context() as patched:
            patched.setattr("cleangov_plugin.desk.checkpoint.recording.enter", busy)
            begun(host, "C-40")
            gives(host, outside(host)[1].id, "step_back", text="认识当事人")
            waiting = one(host, "second_request", state="open")["request_id"]
            liu = person(host, "liu", "reviewer")
            decide(host.plugin.desk, waiting, liu, agrees=True, reason="")
        host.move(minutes=1)
        assert scene.verify() == CLEAN
        assert "asked_owed" in _unchecked(scene)
        tick(host)
        host.move(minutes=1)
    assert scene.verify() == CLEAN
    assert "asked_owed" not in _unchecked(scene)
