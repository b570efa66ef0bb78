"""Pages of ``cleangov serve``: in with a ticket, once; and with nothing else."""

import logging
import re
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient

from cleangov_plugin.desk.served.tickets import Ticket, write_ticket
from tests.web.signing_in.local_provider import ED, KEY

PAGE = Path(__file__).parents[3] / "docs/sign-in.md"


def ticket(key_id: str = "yun-1", key: Any = KEY, **more: Any) -> str:
    now = int(time.time())
    said = {"person": "wu", "name": "吴敏", "audience": "yunting", "roles": ("auditor",)}
    said |= {"at": now, "until": now + 60, "once": f"once-{time.perf_counter_ns()}", **more}
    return write_ticket(Ticket(**said), key_id, key)  # type: ignore[arg-type]


def shown(browser: FlaskClient, text: str, onward: str = "/cleangov/") -> str:
    """Follow the platform's link, as far as the page that names the person."""
    answer = browser.get("/cleangov/sign-in", query_string={"ticket": text, "next": onward})
    assert answer.status_code == 200, answer.text
    return answer.text


def pressed(browser: FlaskClient, text: str, onward: str = "/cleangov/", **headers: str) -> Any:
    """Press the button of that page."""
    form = {"ticket": text, "next": onward, "pressed": "1"}
    headers.setdefault("Origin", "http://localhost")
    return browser.post("/cleangov/sign-in", data=form, headers=headers)


def enter(browser: FlaskClient, text: str, onward: str = "/cleangov/") -> Any:
    """Go the whole way in."""
    shown(browser, text, onward)
    return pressed(browser, text, onward)


def test_nobody_sees_a_page_and_a_ticket_opens_it_once(served: Flask) -> None:
    with served.test_client() as browser:
        assert browser.get("/cleangov/").status_code == 401
        assert browser.get("/").location == "/cleangov/", "the way back leads to no bare data"
        text = ticket()
        page = shown(browser, text, "/cleangov/findings")
        assert "您是 吴敏（wu）" in page
        assert browser.get("/cleangov/").status_code == 401, "nobody is let in by a link alone"
        answer = pressed(browser, text, "/cleangov/findings")
        assert (answer.status_code, answer.location) == (303, "/cleangov/findings")
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        cookie = answer.headers["Set-Cookie"]
        assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Path=/cleangov"))
        findings = browser.get("/cleangov/findings")
        assert findings.status_code == 200
        assert "吴敏" in findings.text
    with served.test_client() as other:
        assert enter(other, text).status_code == 403
        assert other.get("/cleangov/").status_code == 401


def test_a_platform_that_signs_with_ed25519_and_posts_the_ticket(served: Flask) -> None:
    with served.test_client() as browser:
        text = ticket("yun-2", Ed25519PrivateKey.from_private_bytes(ED))
        theirs = {"Origin": "https://platform.example"}
        posted = browser.post("/cleangov/sign-in", data={"ticket": text}, headers=theirs)
        assert "您是 吴敏（wu）" in posted.text
        assert pressed(browser, text).location == "/cleangov/"
        assert browser.get("/cleangov/").status_code == 200
        assert "/cleangov/sign-out" in browser.get("/cleangov/sign-out").text
        foreign = {"Origin": "https://evil.example"}
        assert browser.post("/cleangov/sign-out", headers=foreign).status_code == 403
        assert browser.get("/cleangov/").status_code == 200
        own = {"Origin": "http://localhost"}
        assert browser.post("/cleangov/sign-out", headers=own).status_code == 200
        assert browser.get("/cleangov/").status_code == 401


def test_without_a_role_there_is_no_list(served: Flask) -> None:
    with served.test_client() as browser:
        assert enter(browser, ticket(roles=())).status_code == 303
        assert browser.get("/cleangov/findings").status_code == 403


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/", "https://evil.example", "/admin", "/cleangov/\\e"]
)
def test_the_way_on_stays_here(served: Flask, elsewhere: str) -> None:
    with served.test_client() as browser:
        assert enter(browser, ticket(), elsewhere).location == "/cleangov/"


def test_a_link_of_somebody_else_signs_nobody_in_by_itself(served: Flask) -> None:
    theirs = ticket(person="mallory", name="马某")
    with served.test_client() as browser:
        enter(browser, ticket())
        page = shown(browser, theirs)
        assert "您是 马某（mallory）" in page
        assert "现在登录的是 吴敏" in page
        for elsewhere in ("https://evil.example", "null"):  # a form that sends itself
            assert pressed(browser, theirs, Origin=elsewhere).status_code == 200
        assert "吴敏" in browser.get("/cleangov/findings").text
        assert "Sign in as 马某" in pressed(browser, theirs, **{
            "Origin": "https://evil.example", "Accept-Language": "en",
        }).text  # fmt: skip
    with served.test_client() as other:  # which was not shown whom it lets in
        assert pressed(other, theirs).status_code == 200
        assert other.get("/cleangov/").status_code == 401


def test_a_name_in_a_ticket_is_text(served: Flask) -> None:
    with served.test_client() as browser:
        assert "<b>" not in shown(browser, ticket(name="<b>吴</b>", person='"><b>'))


def forged() -> dict[str, str]:
    now = int(time.time())
    head, claims, signature = ticket().split(".")
    flipped = ("A" if signature[0] != "A" else "B") + signature[1:]
    public = Ed25519PrivateKey.from_private_bytes(ED).public_key().public_bytes_raw()
    return {
        "another key": ticket(key=bytes(32)),
        "an unknown key": ticket("yun-9"),
        "the public half as a shared key": ticket("yun-2", public),
        "another authority": ticket(audience="linzhou"),
        "over": ticket(at=now - 300, until=now - 90),
        "not yet": ticket(at=now + 120, until=now + 150),
        "far too long": ticket(until=now + 3_600),
        "backwards": ticket(until=now - 1),
        "changed": f"{head}.{claims}.{flipped}",
        "padded": f"{head}.{claims}.{signature}=",
        "cut": f"{head}.{claims}",
        "no person": ticket(person=""),
        "a number": ticket(name=7),
        "a true": ticket(at=True),
        "short once": ticket(once="x"),
        "not ASCII": "票.据.一",
        "huge": "a" * 10_000,
        "many roles": ticket(roles=tuple(f"r{n}" for n in range(51))),
    }


def test_what_is_forged_over_or_for_others_lets_nobody_in_and_is_told(
    served: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "cleangov")
    with served.test_client() as browser:
        for name, text in forged().items():
            answer = browser.post("/cleangov/sign-in", data={"ticket": text})
            assert answer.status_code == 403, name
            assert "Set-Cookie" not in answer.headers, name
            assert pressed(browser, text).status_code == 403, name
        assert browser.get("/cleangov/").status_code == 401
    said = {record.getMessage().rpartition(" ")[2] for record in caplog.records}
    assert said >= {"shape", "signature", "audience", "clock"}
    assert "not written" not in caplog.text


def test_the_words_of_the_page_write_a_ticket_that_is_taken(served: Flask) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    room: dict[str, Any] = {}
    exec(compile(code, "sign-in.md", "exec"), room)
    text = room["ticket"]("yun-1", KEY, "yunting", "wu", "吴敏", ["auditor"])
    with served.test_client() as browser:
        assert enter(browser, text).status_code == 303


def test_a_cookie_that_is_old_or_was_changed_is_nobody(
    served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served.test_client() as browser:
        enter(browser, ticket())
        cookie = browser.get_cookie("cleangov_session", path="/cleangov")
        assert cookie is not None
        with monkeypatch.context() as later:
            later.setattr("cleangov_plugin.web.signing_in.session.LONGEST_S", -1)
            enter(browser, ticket())
            assert browser.get("/cleangov/").status_code == 401
        head, _, tail = cookie.value.partition(".")
        browser.set_cookie("cleangov_session", f"{head[:-2]}xx.{tail}", path="/cleangov")
        assert browser.get("/cleangov/").status_code == 401
