"""The forms for scripts answer what their OpenAPI page says, whatever is sent."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from cleangov_plugin.web.people_openapi import people_openapi
from tests.support.small_host import SmallHost
from tests.web.letter_writing import opened, token
from tests.web.test_doubts_on_pages import MINE, STEWARD, action, pressed
from tests.web.test_element_routes import DATA, forms

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
checks = pytest.importorskip("schemathesis.specs.openapi.checks")

SAID = json.loads(json.dumps(people_openapi("/cleangov")))
CALLS = [(method.upper(), path) for path, item in SAID["paths"].items() for method in item]
FEW = settings(
    max_examples=5,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # each try is a call: what fails is told as it was drawn
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def database() -> str:
    """What the database does is tested with the verbs."""
    return "sqlite"


@pytest.fixture
def host(database_url: str, tmp_path: Path) -> Iterator[SmallHost]:
    host = SmallHost(database_url, tmp_path)
    host.start()
    host.write(host.event("enf.intent.notified", 800))
    host.write(host.event("enf.defence.received"))
    yield host
    host.close()


def tokens(host: SmallHost) -> tuple[str, dict[str, str]]:
    """Answer a prompt that stands, and the fields of a form that answers it."""
    (prompt,) = host.gate(host.event("enf.decision.made", 2000)).prompts
    page = host.app.test_client().get(f"/cleangov/prompts/{prompt.id}").text
    return prompt.id, forms(page)["wrong"][1]


# What is only looked at asks for nothing that could be wrong.
@pytest.mark.thorough
@pytest.mark.parametrize(
    ("mode", "method", "path"),
    [("POSITIVE", *call) for call in CALLS]
    + [("NEGATIVE", *call) for call in CALLS if call[0] == "POST"],
)
def test_what_is_sent_is_answered_as_published(
    host: SmallHost, mode: str, method: str, path: str
) -> None:
    api = schemathesis.openapi.from_wsgi("/cleangov/openapi.json", host.app)
    prompt, fields = tokens(host)

    @FEW
    @given(api[path][method].as_strategy(generation_mode=schemathesis.GenerationMode[mode]))
    def sent(case: Any) -> None:
        if mode == "POSITIVE" and "prompts" in path and method == "POST":
            case.path_parameters["id"] = prompt
            case.body.update(fields)
        response = case.call(headers=DATA)
        assert response.status_code != 503, response.text
        # Fields that we do not know are a host's own, and none of ours to refuse.
        loose = [checks.negative_data_rejection, checks.positive_data_acceptance]
        case.validate_response(response, headers=DATA, excluded_checks=loose)

    sent()


def test_what_the_element_calls_is_described(host: SmallHost) -> None:
    routes = {
        rule.endpoint: (rule.rule.removeprefix("/cleangov"), rule.methods)
        for rule in host.app.url_map.iter_rules()
        if rule.endpoint.startswith("cleangov.")
    }
    for name in ("prompt", "answer", "seen", "decide", "settle", "follow", "whose"):
        path, methods = routes[f"cleangov.{name}"]
        path = path.partition("<")[0] + ("{id}" if "<" in path else "") + path.partition(">")[2]
        assert {method.upper() for method in SAID["paths"][path]} == methods - {"HEAD", "OPTIONS"}


def test_an_answer_and_its_refusals_are_data(host: SmallHost) -> None:
    prompt, fields = tokens(host)
    client, path = host.app.test_client(), f"/cleangov/prompts/{prompt}/answers"
    good = {**fields, "cleangov_text": "the rule does not fit"}
    found = [client.post(path, data={}, headers=DATA), client.post(path, data=good, headers=DATA)]
    found.append(client.post(path, data={**good, "cleangov_text": "no"}, headers=DATA))
    host.who = None
    found.append(client.post(path, data=good, headers=DATA))
    host.switch.touch()
    found.append(client.post(path, data=good, headers=DATA))
    assert [response.status_code for response in found] == [403, 200, 409, 401, 503]
    assert {response.mimetype for response in found[2:]} == {"application/problem+json"}


def test_a_doubt_is_answered_by_a_script_as_by_a_browser(own_city: SmallHost) -> None:
    pressed(own_city)
    page = opened(own_city, MINE, STEWARD)
    path = action(page)
    own_city.who = STEWARD
    sent = {"cleangov_choice": "uphold", "cleangov_text": "it will be changed"}
    sent["cleangov_token"] = token(page, path)
    done = own_city.app.test_client().post(path, data=sent, headers=DATA)
    assert (done.status_code, done.json["goes_on"]) == (200, False)
    sent["cleangov_choice"] = "decline"
    again = own_city.app.test_client().post(path, data=sent, headers=DATA)
    assert (again.status_code, again.mimetype) == (409, "application/problem+json")
