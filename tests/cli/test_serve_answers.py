"""Every further kind of answer over HTTP: asked for, refused by name, taken, and decided upon."""

import secrets
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.cli.served_calling import PLATFORM, Caller, event, serving
from tests.support.answer_rules import answer_rules

KINDS = [
    {"kind": kind, "stream": "enforcement", "attributes": []}
    for kind in ("enf.intent.notified", "enf.defence.received", "enf.facts.supplemented")
]
CITY = {**PLATFORM, "kinds": [*PLATFORM["kinds"], *KINDS]}
HE = {"id": "he", "roles": ["chief_engineer"]}
LIU = {"id": "liu", "roles": ["reviewer"]}
FILE = {"reference": "〔2026〕3 号", "digest": "0" * 64}


@pytest.fixture
def database() -> str:
    """HTTP is the same over both databases."""
    return "sqlite"


def key() -> str:
    """A key that no other request has."""
    return secrets.token_hex(8)


def held(caller: Caller, case: str, amount: int = 1001) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ask for a step of a case; its one prompt, and the choices by code."""
    asked = {"attempt_id": f"a-{case}", "event": {**event(f"e-{case}", amount), "subject": case}}
    status, told = caller.call("/gate", asked, Idempotency_Key=f"gate-of-{case}")
    assert status == 409, told
    (prompt,) = told["prompts"]
    return prompt, {choice["code"]: choice for choice in prompt["choices"]}


def answers(caller: Caller, prompt: dict[str, Any], code: str, **more: Any) -> tuple[int, Any]:
    """Answer once."""
    given = {"prompt_id": prompt["id"], "choice": code, **more}
    return caller.call("/answers", given, Idempotency_Key=key())


def decides(caller: Caller, follow: str, who: Any, *, agrees: bool, reason: str = "") -> int:
    """Decide about a follow-up; the status."""
    document = {"request_id": follow, "actor": who, "agrees": agrees, "reason": reason}
    head = {"Idempotency_Key": key(), "CleanGov_Officer": who["id"]}
    return caller.call("/decisions", document, **head)[0]


def test_reasons_days_approvers_and_stepping_back_over_http(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEANGOV_RULES", str(answer_rules(tmp_path / "rules")))
    with serving(database_url, tmp_path, CITY) as caller:
        prompt, choices = held(caller, "C-1")
        assert choices["deviation"]["reasons"][0]["needs_evidence"]
        latest = date.fromisoformat(choices["later"]["latest"])
        for more, reason in (
            ({}, "coded_reason"),
            ({"reason": "collective"}, "evidence"),
            ({"reason": "collective", "evidence": {**FILE, "digest": "zz"}}, "evidence"),
        ):
            status, told = answers(caller, prompt, "deviation", **more)
            assert (status, told["reason"]) == (409, reason)
        status, told = answers(caller, prompt, "no_such_choice")
        assert (status, told["reason"]) == (409, "not_offered"), "it is not called over"
        status, told = answers(caller, prompt, "deviation", reason=["collective"])
        assert (status, told["type"]) == (422, "urn:cleangov:problem:shape")
        status, done = answers(caller, prompt, "deviation", reason="collective", evidence=FILE)
        assert (status, done["state"] is not None, bool(done["pass"])) == (200, True, True)

        prompt, _ = held(caller, "C-2")
        day = {"reason": "signing", "until": latest.replace(year=latest.year + 1).isoformat()}
        assert answers(caller, prompt, "later", **day)[1]["reason"] == "until"
        day["until"] = latest.isoformat()
        assert answers(caller, prompt, "later", **day)[1]["pass"]

        prompt, _ = held(caller, "C-3")
        assert answers(caller, prompt, "step_back", text="当事人是亲属")[1]["pass"] is None
        inbox = {"actor": LIU}
        (follow,) = caller.call("/inbox", inbox, CleanGov_Officer="liu")[1]["follow_ups"]
        assert (follow["kind"], follow["words"]) == ("recusal", "当事人是亲属")
        chen = {"id": "chen", "roles": ["reviewer"]}
        assert decides(caller, follow["id"], chen, agrees=True) == 409
        assert decides(caller, follow["id"], {**LIU, "roles": []}, agrees=True) == 409
        assert decides(caller, follow["id"], LIU, agrees=False) == 409
        assert decides(caller, follow["id"], LIU, agrees=False, reason="没有利害关系") == 200


def test_the_glass_over_http_needs_an_approver_with_the_role(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLEANGOV_RULES", str(answer_rules(tmp_path / "rules")))
    with serving(database_url, tmp_path, CITY) as caller:
        before = [
            {
                **event("n-1", 800),
                "type": "enf.intent.notified",
                "time": "2026-03-02T10:00:00+08:00",
            },
            {
                **event("d-1", 1),
                "type": "enf.defence.received",
                "time": "2026-03-04T10:00:00+08:00",
            },
        ]
        assert caller.call("/events", before)[1]["kept"] == 2
        prompt, choices = held(caller, "C-1", 1000)
        assert (prompt["tier"], choices["danger"]["approver_role"]) == (5, "chief_engineer")
        why = {"reason": "life", "text": "墙体正在坍塌"}
        for who in ({"id": "he"}, {"id": "he", "roles": ["officer"]}, {**HE, "id": "chen"}):
            status, told = answers(caller, prompt, "danger", **why, approver=who)
            assert (status, told["reason"][:8]) == (409, "approver"), told
        assert answers(caller, prompt, "danger", **why, approver=HE)[1]["pass"]
        (follow,) = caller.call("/inbox", {"actor": HE}, CleanGov_Officer="he")[1]["follow_ups"]
        assert follow["kind"] == "approval"
        assert decides(caller, follow["id"], HE, agrees=True) == 200
