"""What the element asks for: whose it is, from where, with which token; and a no as data."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cleangov_plugin.desk.origins import read_origins
from cleangov_plugin.domain.errors import SettingsError
from tests.support.small_host import SmallHost

DESK = "https://desk.example"
DATA = {"Accept": "application/json"}


@pytest.fixture
def database() -> str:
    """What the database does is tested with the verbs."""
    return "sqlite"


@pytest.fixture
def host(database_url: str, tmp_path: Path) -> Iterator[SmallHost]:
    host = SmallHost(database_url, tmp_path, {"CLEANGOV_ORIGINS": DESK})
    host.tongue = "en"
    host.start()
    host.write(host.event("enf.intent.notified", 800))
    host.write(host.event("enf.defence.received"))
    yield host
    host.close()


@pytest.fixture
def prompt(host: SmallHost) -> str:
    (prompt,) = host.gate(host.event("enf.decision.made", 2000)).prompts
    return prompt.id


def forms(html: str) -> dict[str, tuple[str, dict[str, str]]]:
    """List the forms of a page: action and hidden fields, by the end of their id."""
    found = {}
    for id_, action, inner in re.findall(
        r'<form id="cleangov-([^"]+)"[^>]* action="([^"]+)"[^>]*>(.*?)</form>', html, re.DOTALL
    ):
        fields = re.findall(r'name="([^"]+)" value="([^"]*)"', inner)
        found[id_.partition("-")[2]] = (action, dict(fields))
    return found


def page_of(host: SmallHost, prompt: str) -> Any:
    return host.app.test_client().get(f"/cleangov/prompts/{prompt}")


def send(host: SmallHost, form: tuple[str, dict[str, str]], **headers: str) -> Any:
    action, fields = form
    given = {**DATA, **{name.replace("_", "-"): text for name, text in headers.items()}}
    return host.app.test_client().post(action, data=fields, headers=given)


def test_the_page_of_a_prompt_is_its_officers_alone(host: SmallHost, prompt: str) -> None:
    page = page_of(host, prompt)
    assert page.status_code == 200
    assert "Back to 800" in page.text
    host.sign_in("liu")
    assert page_of(host, prompt).status_code == 404
    host.who = None
    assert page_of(host, prompt).status_code == 401
    host.sign_in("chen")
    assert page_of(host, "0" * 32).status_code == 404


def test_an_answer_for_a_script_says_where_it_goes_on_and_the_same_key_says_it_again(
    host: SmallHost, prompt: str
) -> None:
    form = forms(page_of(host, prompt).text)["back"]
    first = send(host, form, Idempotency_Key="key-of-one-press")
    assert (first.status_code, first.json["goes_on"]) == (200, True)
    assert send(host, form, Idempotency_Key="key-of-one-press").json == first.json
    other = send(host, form, Idempotency_Key="key-of-another")
    assert (other.status_code, other.json["reason"]) == (409, "gone")
    assert other.content_type == "application/problem+json"
    assert "no longer stands" in other.json["title"]
    page = page_of(host, prompt)
    assert page.status_code == 200
    assert "Go back to the page you came from" in page.text


def test_a_form_sent_twice_by_a_browser_is_one_answer(host: SmallHost, prompt: str) -> None:
    action, fields = forms(page_of(host, prompt).text)["back"]
    client = host.app.test_client()
    ways = {client.post(action, data=fields).headers["Location"] for _ in range(2)}
    assert len(ways) == 1


def test_a_key_that_came_with_another_answer_is_refused(host: SmallHost, prompt: str) -> None:
    found = forms(page_of(host, prompt).text)
    send(host, found["wrong"], Idempotency_Key="key-of-one-press")
    answer = send(host, found["back"], Idempotency_Key="key-of-one-press")
    assert (answer.status_code, answer.json["reason"]) == (409, "key")


def test_seen_needs_the_token_of_its_own_form_and_its_officer(host: SmallHost, prompt: str) -> None:
    found = forms(page_of(host, prompt).text)
    (action, fields), other = found["seen"], found["back"][1]["cleangov_token"]
    assert send(host, (action, {"cleangov_token": other})).json["reason"] == "expired"
    host.sign_in("liu")
    assert send(host, (action, fields)).json["reason"] == "expired"
    host.sign_in("chen")
    assert send(host, (action, fields)).json == {"is_new": True}
    assert send(host, (action, fields)).json == {"is_new": False}
    send(host, found["back"])
    assert send(host, (action, fields)).json == {"is_new": False}, "it is answered: that stands"


def test_only_an_origin_of_the_settings_may_read_and_post(host: SmallHost, prompt: str) -> None:
    path, client = f"/cleangov/prompts/{prompt}", host.app.test_client()
    form = forms(page_of(host, prompt).text)["wrong"]
    for origin, may in ((DESK, True), ("https://desk.example.evil", False), ("null", False)):
        page = client.get(path, headers={"Origin": origin})
        assert ("Access-Control-Allow-Origin" in page.headers) is may
        assert "Origin" in page.headers["Vary"]
        answer = send(host, form, Origin=origin)
        assert (answer.status_code == 200) is may
    before = client.options(f"{path}/answers", headers={"Origin": DESK})
    assert before.headers["Access-Control-Allow-Headers"] == "Idempotency-Key"
    assert before.headers["Access-Control-Allow-Credentials"] == "true"
    for other in ("/cleangov/", "/cleangov/mine", "/cleangov/doctor"):
        page = client.get(other, headers={"Origin": DESK})
        assert "Access-Control-Allow-Origin" not in page.headers


def test_a_device_learns_whose_words_it_may_keep_by_a_tag_that_is_no_name(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, tags = host.app.test_client(), []
    for person in ("chen", "liu", "chen"):
        host.sign_in(person)
        tags.append(client.get("/cleangov/whose").json["who"])
    assert tags[0] == tags[2] != tags[1]
    assert re.fullmatch(r"[0-9a-f]{16}", tags[0])
    host.who = None
    assert client.get("/cleangov/whose").json == {"who": ""}
    monkeypatch.setattr(host, "person", lambda: 1 // 0)
    assert client.get("/cleangov/whose").status_code == 503, "a host that cannot say who is there"
    host.switch.touch()
    assert client.get("/cleangov/whose").status_code == 503, "switched off says nothing of anybody"


@pytest.mark.parametrize(
    ("age", "given"),
    [("600", "03:00"), ("999999", "02:00"), ("99999999", None), ("-5", None), ("x", None)],
)
def test_an_answer_that_waited_on_a_device_is_as_old_as_it_says_and_no_older_than_its_prompt(
    host: SmallHost, prompt: str, age: str, given: str | None
) -> None:
    host.move(hours=1, minutes=10)  # the prompt was made at ten o'clock: 02:00 UTC
    action, fields = forms(page_of(host, prompt).text)["wrong"]
    answer = send(host, (action, {**fields, "cleangov_age": age}))
    assert answer.status_code == 200
    with host.engine.connect() as connection:
        at = connection.exec_driver_sql("SELECT client_at FROM cleangov_answer").scalar_one()
    assert at == (given and f"2026-03-10T{given}:00.000000Z")


@pytest.mark.parametrize(
    "text",
    ["*", "null", "http://desk.example", "https://desk.example/", "https://Desk.example", "desk"],
)
def test_what_is_no_origin_is_refused_when_the_settings_are_read(text: str) -> None:
    with pytest.raises(SettingsError, match="no origin"):
        read_origins(f"{DESK} {text}")
    assert read_origins(f" {DESK}  http://localhost:5173 ") == {DESK, "http://localhost:5173"}
