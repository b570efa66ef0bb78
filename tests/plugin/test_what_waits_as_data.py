"""A host may ask what waits as data: the same that the slots show, and nothing counts as shown."""

import json
import re
from datetime import timedelta
from typing import Any

from cleangov_hooks import Event
from tests.plugin.inside import fates
from tests.plugin.test_second_person_at_work import asked, decided, fourth
from tests.support.small_city import TODAY
from tests.support.small_host import SmallHost


def waits(host: SmallHost, slot: str, event: Event | None = None) -> list[dict[str, Any]]:
    """Answer what a slot says as data; nothing where it says nothing."""
    step = host.step(event, f"a-{event.case_id}") if event else None
    report = host.call("cleangov_slot", name=slot, step=step, medium="json")
    (fragment,) = report.values or (None,)
    return json.loads(fragment.content) if fragment else []


def controls(html: str) -> list[tuple[str, str, str]]:
    """List the buttons of a fragment: form, name and value."""
    found = re.findall(r"<button ([^>]*)>", html)
    given = [dict(re.findall(r'(\w+)="([^"]*)"', text)) for text in found]
    return [(g["form"], g.get("name", ""), g.get("value", "")) for g in given]


def test_nothing_waits_and_nothing_is_said(host: SmallHost) -> None:
    event = fourth(host)
    assert waits(host, "step.panel", event) == []
    assert waits(host, "step.panel") == []
    assert waits(host, "person.inbox") == []
    assert waits(host, "step.hint", event) == []  # a slot that is not to be had as data


def test_a_held_step_says_what_can_be_pressed_and_is_not_shown_by_that(host: SmallHost) -> None:
    event = fourth(host)
    (prompt,) = host.take(event).prompts
    (found,) = waits(host, "step.panel", event)
    assert (found["case_id"], found["state"]) == ("C-1", "held")
    assert found["headline"] == "超过 10%，需总工同意（通常 1 个工作日）"
    first = found["choices"][0]
    assert (first["kind"], first["label"]) == ("second_person_asked", "请总工同意")
    assert fates(host, prompt.id) == ["created"]
    pressed = [(c["form"], c["name"], c["value"]) for c in found["choices"]]
    assert pressed == controls(host.show("step.panel", event))
    assert fates(host, prompt.id) == ["created", "rendered"]


def test_while_a_second_person_is_asked_it_waits_and_they_are_told(host: SmallHost) -> None:
    event = asked(host)
    (found,) = waits(host, "step.panel", event)
    assert (found["state"], [c["kind"] for c in found["choices"]]) == ("waiting", ["taken_back"])
    assert waits(host, "person.inbox") == []  # the officer himself is asked nothing
    host.sign_in("he")
    (request,) = waits(host, "person.inbox")
    assert (request["case_id"], request["state"]) == ("C-1", "asked")
    assert [c["kind"] for c in request["choices"]] == [
        "second_person_approved",
        "second_person_refused",
    ]
    assert [c["needs_text"] for c in request["choices"]] == [False, True]
    pressed = [(c["form"], c["name"], c["value"]) for c in request["choices"]]
    assert pressed == controls(host.show("person.inbox"))


def test_what_became_of_it_is_said_until_the_step_is_taken(host: SmallHost) -> None:
    event = asked(host)
    decided(host)
    host.sign_in("zhao")
    (found,) = waits(host, "step.panel", event)
    assert (found["state"], [c["kind"] for c in found["choices"]]) == ("agreed", ["taken_back"])
    host.take(event)
    assert waits(host, "step.panel", event) == []


def test_a_no_and_a_request_past_its_time_can_be_asked_anew(host: SmallHost) -> None:
    event = asked(host)
    decided(host, agrees=False, reason="图纸不全")
    host.sign_in("zhao")
    host.move(minutes=1)
    (found,) = waits(host, "step.panel", event)
    assert found["state"] == "refused"
    ask = found["choices"][0]
    assert ask["kind"] == "second_person_asked"
    host.answer(ask["form"].split("-")[1], "chief_engineer")
    assert waits(host, "step.panel", event)[0]["state"] == "waiting"
    host.move(days=4)
    (found,) = waits(host, "step.panel", event)
    assert found["state"] == "lapsed"
    assert found["choices"]


def test_ones_own_request_is_named_but_not_ones_own_to_decide(host: SmallHost) -> None:
    host.staff = {"reviewer": None}  # the platform does not know who else has the role
    host.sign_in("liu")
    host.write(host.event("enf.intent.notified", 800, at=TODAY - timedelta(days=8)))
    host.write(host.event("enf.defence.received", at=TODAY - timedelta(days=6)))
    (prompt,) = host.gate(host.event("enf.decision.made", 2_000)).prompts
    host.answer(prompt.id, "second_person")
    (request,) = waits(host, "person.inbox")
    assert (request["state"], request["choices"]) == ("own", [])
