"""Whatever people type is shown as they typed it, and does nothing."""

from collections.abc import Callable

import pytest
from flask import Flask

from cleangov_hooks import Decision, Prompt, Verdict, hookimpl
from sample_host.city import of
from sample_host.forms import read_sum
from sample_host.pages.places import is_local
from tests.support.page_check import Checked
from tests.support.scripted_day import DRAIN, NOODLES, Visit, dump_host_tables, make_city

HOSTILE = (
    """"><script>alert(1)</script>""",
    """'onfocus='alert(1)' autofocus='""",
    """</textarea><img src=x onerror=alert(1)>""",
    """{{ 7777 * 3 }}{% raw %}${7777*3}""",
    """</title><svg onload=alert(1)>""",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_every_text_of_a_case_is_shown_and_does_nothing(
    be: Callable[..., Visit], text: str
) -> None:
    chen = be("chen-jing")
    named = {"title": text, "place": text, "party": text}
    chen.post("/cases/new", {**named, "violation_code": "CG-101", "clue_source": "patrol"})
    case = "/cases/YT-CF-2026-0691"
    be("sun-ying").take(case, "file", opinion=text)
    chen.take(case, "investigate", officers="2", tier="ordinary", findings=text)
    chen.take(case, "notify", amount="700", kind_of_penalty="fine")
    chen.take(case, "defend", channel="oral", statement=text)
    be("tang-wen").take(case, "review", result="agree", opinion=text)
    chen.take(case, "discuss", expect=403, members=text, conclusion=text)
    be("sun-ying").take(case, "discuss", members=text, conclusion=text)
    chen.take(case, "decide", expect=422, amount=text, kind_of_penalty=text, reason=text)
    chen.take(case, "decide", amount="700", kind_of_penalty="fine", reason=text)
    be("wang-xiulan").take(NOODLES, "complaint", complaint=text)
    for who in ("chen-jing", None):
        for path in ("/cases", case, NOODLES, "/inbox"):
            assert_harmless(be(who).get(path), text if path in ("/cases", case) else None)
    assert text in Checked(be("chen-jing").get(case)).text


@pytest.mark.parametrize("text", HOSTILE)
def test_every_text_of_a_project_is_shown_and_does_nothing(
    be: Callable[..., Visit], text: str
) -> None:
    zhao = be("zhao-lei")
    refused = zhao.take(
        DRAIN, "request_variation", expect=422, amount=text, cause=text, reason=text
    )
    assert_harmless(refused, text)
    zhao.take(DRAIN, "request_variation", amount="1", cause="ground", reason=text)
    assert_harmless(zhao.get(DRAIN), text)
    lines = f"{text}\nYT-GC-2025-12 {text}"
    assert_harmless(be("qian-yu").post("/projects/payments", {"lines": lines}, expect=200), text)


def assert_harmless(html: str, text: str | None) -> None:
    page = Checked(html)
    assert page.problems == []
    sources = {element.given.get("src", "") for element in page.elements if element.tag != "img"}
    assert len(page.found("script")) == 1
    assert sources - {""} == {"/static/edit.js"}
    assert {image.given["src"] for image in page.found("img")} == {"/static/city.svg"}
    assert not page.found("svg")
    assert "23331" not in html
    if text is not None:
        values = {value for element in page.elements for value in element.given.values()}
        assert text in page.text or text in values


class Loud:
    """A plugin that holds every step and says hostile things, without any slot."""

    @hookimpl
    def cleangov_step_gate(self, attempt: object) -> Verdict:
        text = "".join(HOSTILE)
        prompt = Prompt(
            id=text,
            attempt_id=None,
            tier=5,
            rules=(),
            headline=text,
            body=(text,),
            basis=(text,),
            language=text,
        )
        return Verdict(
            decision=Decision.HOLD,
            attempt_id="x",
            prompts=(prompt,),
            pass_token=text,
            notes=(text,),
        )


def test_prompts_are_shown_by_the_city_where_a_plugin_has_no_slot(url: str) -> None:
    app = make_city(url, PLUGINS=False, guests=[("loud", Loud())])
    chen = Visit(app, "chen-jing")
    form = {"amount": "800", "kind_of_penalty": "fine", "attempt_id": "held"}
    html = chen.post(f"{NOODLES}/decide", form, expect=409)
    assert_harmless(html, "".join(HOSTILE))
    assert_harmless(chen.get(f"{NOODLES}/decide"), None)
    with of(app).engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT state FROM city_case WHERE no LIKE '%0417'")
        assert found.scalar_one() == "reviewed"


@pytest.mark.parametrize(
    "query",
    ["?lang=%22%3E%3Cscript%3E", "?done=%22%3E", "?attempt_id=%22%3E%3Cb%3E", "?x=%3C%22&x=2"],
)
def test_what_stands_in_the_address_does_nothing(be: Callable[..., Visit], query: str) -> None:
    assert_harmless(be("chen-jing").get(f"{NOODLES}{query}"), None)


@pytest.mark.parametrize(
    "path",
    ["//evil.example/", "https://evil.example", "/\\evil.example", "evil", "", "/a\nb", "/\tb"],
)
def test_nobody_is_led_away(be: Callable[..., Visit], path: str) -> None:
    assert not is_local(path)
    visit = be()
    visit.post("/who", {"person": "chen-jing", "next": path})
    with visit.client.session_transaction() as session:
        token = session["csrf"]
    form = {"person": "chen-jing", "next": path, "csrf_token": token}
    assert visit.client.post("/who", data=form).headers["Location"] == "/"


@pytest.mark.parametrize("given", [None, "", "wrong"])
@pytest.mark.parametrize("path", ["/who", f"{NOODLES}/decide", "/supervision", "/cases/new"])
def test_a_form_from_elsewhere_is_refused(
    be: Callable[..., Visit], path: str, given: str | None
) -> None:
    chen = be("chen-jing")
    form = {"amount": "1"} if given is None else {"amount": "1", "csrf_token": given}
    assert chen.client.post(path, data=form).status_code == 400


def test_the_token_may_come_in_a_header(be: Callable[..., Visit]) -> None:
    chen = be("chen-jing")
    with chen.client.session_transaction() as session:
        token = session["csrf"]
    form = {"amount": "800", "kind_of_penalty": "fine"}
    path, headers = f"{NOODLES}/decide/draft", {"X-CSRFToken": token}
    assert chen.client.post(path, data=form, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("2000", 200_000),
        ("2,000.5", 200_050),
        ("¥２０００", 200_000),
        (" 800 元 ", 80_000),
        ("-0.01", -1),
        ("100000000000", 10**13),
    ],
)
def test_sums_are_read_as_people_type_them(text: str, fen: int) -> None:
    assert read_sum(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8oo",
        "1.234",
        "1e5",
        "NaN",
        "∞",
        "--1",
        "1,00",
        "0x10",
        "100000000000.01",
        "9" * 400,
        "½",
    ],
)
def test_what_is_no_sum_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^error\.sum$"):
        read_sum(text)


@pytest.mark.parametrize(
    "form",
    [
        {"officers": "1", "tier": "ordinary", "findings": "x"},
        {"officers": "２", "tier": "free", "findings": "x"},
        {"officers": "2.5", "tier": "ordinary", "findings": "x"},
        {"officers": "2", "tier": "ordinary", "findings": "x" * 2001},
        {"officers": "2", "tier": "ordinary"},
        {},
    ],
)
def test_what_a_form_does_not_allow_is_not_written(
    be: Callable[..., Visit], app: Flask, form: dict[str, str]
) -> None:
    before = dump_host_tables(of(app).engine)
    be("gao-feng").take("/cases/YT-CF-2026-0633", "investigate", expect=422, **form)
    assert dump_host_tables(of(app).engine) == before


def test_control_characters_are_left_out(be: Callable[..., Visit]) -> None:
    text = "a\x00b\x07c\u202ed\r\ne"
    form = {"officers": "２", "tier": "ordinary", "findings": text}
    gao = be("gao-feng")
    gao.take("/cases/YT-CF-2026-0633", "investigate", **form)
    assert "abcd\ne" in gao.get("/cases/YT-CF-2026-0633")


def test_a_request_too_large_is_refused(be: Callable[..., Visit]) -> None:
    chen = be("chen-jing")
    answer = chen.client.post(f"{NOODLES}/decide", data={"reason": "x" * 1_100_000})
    assert answer.status_code == 413
