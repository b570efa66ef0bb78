"""The line after a step, and answers over HTTP by the plugin's own forms."""

import html
import re
from dataclasses import replace
from typing import Any

import pytest

from cleangov_hooks import Event
from tests.plugin.day import BAND
from tests.plugin.inside import one, rows
from tests.support.small_host import SmallHost

APPROVED = {"cleangov_reason": "head", "cleangov_evidence": "城管批〔2026〕7 号"}

# ---- The line after a step -------------------------------------------------------------------


def said(host: SmallHost, event: Event) -> str:
    return re.sub(r"<[^>]+>", "", host.show("step.done", event)).strip()


def test_a_step_whose_duties_are_done_is_said_to_be_complete(host: SmallHost) -> None:
    event = host.event("enf.decision.made", 700, violation_code="CG-101", **BAND)
    host.write(event)
    assert said(host, event).startswith("已记录 · 您本案应尽步骤齐全")
    host.tongue = "en"
    assert said(host, event).startswith("Recorded · all duties of this step done")


def test_what_could_not_be_checked_is_said(host: SmallHost) -> None:
    event = host.event("enf.decision.made", 700)
    host.write(event)
    assert "项无法核验）" in said(host, event)


def test_what_is_left_to_explain_is_said(host: SmallHost) -> None:
    event = host.event("enf.decision.made", 1_001, **BAND)
    host.write(event)
    assert said(host, event).startswith("已记录 · 有 1 项需要说明")


def test_a_settled_hit_is_nothing_to_explain(host: SmallHost) -> None:
    event = host.event("enf.decision.made", 1_001, **BAND)
    (prompt,) = host.gate(event).prompts
    host.answer(prompt.id, "deviation", "approved")
    host.take(event)
    assert said(host, event).startswith("已记录 · 您本案应尽步骤齐全")


def test_an_event_whose_check_is_owed_is_said_to_be_received(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    event = host.event("enf.decision.made", 700, **BAND)
    with monkeypatch.context() as broken:
        broken.setattr("cleangov_plugin.store.entries.append", fail)
        host.write(event)
    assert said(host, event) == "已收到 · 核验稍后补做"


# ---- Answers over HTTP -----------------------------------------------------------------------


def held(host: SmallHost) -> tuple[Event, str]:
    event = host.event("enf.decision.made", 1_001, **BAND)
    (prompt,) = host.gate(event).prompts
    return event, prompt.id


def form(host: SmallHost, event: Event, id_: str) -> tuple[str, dict[str, str]]:
    """Read one of our forms out of the end of the page: where it posts, and its fields."""
    page = host.show("page.end", event)
    (text,) = re.findall(rf'<form id="cleangov-{id_}".*?</form>', page, re.DOTALL)
    action = re.search(r'action="([^"]+)"', text)
    assert action is not None
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', text)
    return action[1], {name: html.unescape(value) for name, value in fields}


def posted(host: SmallHost, path: str, fields: dict[str, str], **headers: str) -> Any:
    return host.app.test_client().post(path, data=fields, headers=headers)


def test_an_answer_by_our_form_goes_on_to_the_hosts_step_in_the_same_click(
    host: SmallHost,
) -> None:
    event, prompt_id = held(host)
    path, fields = form(host, event, f"{prompt_id}-deviation")
    answer = posted(host, path, {**fields, **APPROVED})
    assert (answer.status_code, answer.location) == (307, "/cases/C-1/made")
    assert one(host, "answer_basis")["evidence"] == APPROVED["cleangov_evidence"]
    assert host.gate(event).decision == "pass_recorded"


def test_an_answer_that_leaves_the_prompt_standing_comes_back_to_its_page(
    host: SmallHost,
) -> None:
    event, prompt_id = held(host)
    path, fields = form(host, event, f"{prompt_id}-deviation")
    answer = posted(host, path, fields | {"cleangov_reason": "head"})  # without a document
    assert answer.status_code == 409
    assert "请注明文件" in answer.get_data(as_text=True)
    assert rows(host, "answer") == []


@pytest.mark.parametrize(
    ("change", "headers", "status"),
    [
        ({"cleangov_token": "1.forged"}, {}, 403),
        ({"cleangov_back": "/elsewhere"}, {}, 403),
        ({"cleangov_onward": "//evil.example/"}, {}, 403),
        ({"cleangov_choice": "approve"}, {}, 409),
        ({}, {"Origin": "https://evil.example"}, 403),
        ({}, {"Sec-Fetch-Site": "cross-site"}, 403),
    ],
    ids=str,
)
def test_a_form_that_is_not_ours_is_refused(
    host: SmallHost, change: dict[str, str], headers: dict[str, str], status: int
) -> None:
    event, prompt_id = held(host)
    path, fields = form(host, event, f"{prompt_id}-deviation")
    answer = posted(host, path, {**fields, **APPROVED, **change}, **headers)
    assert answer.status_code == status
    assert rows(host, "answer") == []
    assert "location" not in answer.headers


def test_a_form_is_good_for_who_saw_it(host: SmallHost) -> None:
    event, prompt_id = held(host)
    path, fields = form(host, event, f"{prompt_id}-deviation")
    host.sign_in("liu")
    assert posted(host, path, {**fields, **APPROVED}).status_code == 403
    host.who = None
    assert posted(host, path, {**fields, **APPROVED}).status_code == 401
    assert host.show("page.end", event) == ""
    assert rows(host, "answer") == []


def test_a_second_person_decides_by_our_form(host: SmallHost) -> None:
    host.sign_in("zhao")
    contract = host.event("prj.variation.approved", 1_000).amount
    event = host.event("prj.variation.requested", 900, contract_amount=contract)
    (prompt,) = host.gate(event).prompts
    path, fields = form(host, event, f"{prompt.id}-chief_engineer")
    answer = posted(host, path, fields)
    assert (answer.status_code, answer.location) == (
        303,
        "/cases/C-1?attempt_id=a-C-1#cleangov-panel",
    )
    request = one(host, "second_request")
    host.sign_in("he")
    path, fields = form(host, replace(event, actor=None), request["request_id"])
    refused = {**fields, "cleangov_choice": "refuse"}
    assert posted(host, path, refused).status_code == 409  # a no needs words
    assert posted(host, path, {**fields, "cleangov_choice": "approve"}).status_code == 303
    assert one(host, "second_request")["state"] == "approved"
    host.sign_in("zhao")
    assert host.gate(event).decision == "pass_recorded"
