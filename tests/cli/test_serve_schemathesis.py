"""What `cleangov serve` publishes is what it does: schemathesis calls it, each call signed."""

import itertools
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from werkzeug.test import Client

from cleangov_plugin.web.served.openapi import BASE, openapi
from tests.cli.served_here import MARK, signed_service

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
checks = pytest.importorskip("schemathesis.specs.openapi.checks")

SAID = json.loads(json.dumps(openapi()))
CALLS = [(method.upper(), path) for path, item in sorted(SAID["paths"].items()) for method in item]
SIGNED = [call for call in CALLS if "security" in SAID["paths"][call[1]][call[0].lower()]]
MODES = schemathesis.GenerationMode


def some(examples: int) -> settings:
    """The same documents at each run."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # each try is a call: what fails is told as it was drawn
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@contextmanager
def described(url: str, folder: Path) -> Iterator[Any]:
    """Hold a service open; answer its published description."""
    with signed_service(url, folder) as app:
        yield schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", app)


@pytest.fixture(scope="module")
def api(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The description of one service for all of these tests."""
    folder = tmp_path_factory.mktemp("schemathesis")
    (folder / "cleangov.db").write_bytes(_sqlite_template.read_bytes())
    with described(f"sqlite:///{folder / 'cleangov.db'}", folder) as found:
        yield found


def tell_ours(case: Any, number: int) -> None:
    """Let a document be of the authority and a kind that the service keeps, and its officer's."""
    body = case.body
    events = (
        body if isinstance(body, list) else [body.get("event")] if isinstance(body, dict) else []
    )
    for event in events:
        if isinstance(event, dict) and isinstance(event.get("data"), dict):
            event["data"]["agency_id"] = "yunting"
            event["data"]["stream"] = "enforcement"
            event["data"]["actor"] = event["data"].get("actor") or {"id": "chen"}
            event["data"]["attempt_id"] = None  # as the document around it says
            event["type"] = "enf.decision.made"
    case.headers["CleanGov-Officer"] = officer_of(body)
    case.headers.pop("CleanGov-Pass", None)
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"fits{case.path.replace('/', '-')}-{number:08d}"
    if isinstance(body, dict) and "records" in body:
        body["kind"] = "enf.decision.made"


def officer_of(body: Any) -> str:
    """Answer who acts in a document, as the header has it."""
    document = body if isinstance(body, dict) else {}
    event = document.get("event")
    data = event.get("data") if isinstance(event, dict) else None
    actor = data.get("actor") if isinstance(data, dict) else document.get("actor")
    name = actor.get("id") if isinstance(actor, dict) else "chen"
    return quote(name if isinstance(name, str) else "chen", safe="")


def told(case: Any) -> tuple[int, Any]:
    """Sign a case, send it, hold the answer against what is published; answer what it says."""
    response = case.call(headers={"CleanGov-Signature": MARK})
    assert response.status_code != 503, response.text  # what was not foreseen is called busy
    loose = [checks.positive_data_acceptance]  # 422 has reasons that no schema can say
    if case.path == "/events":  # what does not fit is named one by one, in a good answer
        loose += [checks.negative_data_rejection]
    head = {"CleanGov-Signature": MARK}
    case.validate_response(response, headers=head, excluded_checks=loose)
    return response.status_code, response.json()


def fits(api: Any, method: str, path: str, examples: int) -> None:
    """Send what fits the description; it must be read."""
    numbers = itertools.count()

    @some(examples)
    @given(api[path][method].as_strategy(generation_mode=MODES.POSITIVE))
    def read(case: Any) -> None:
        tell_ours(case, next(numbers))
        status, said = told(case)
        if status == 422:  # no event of the contract: control characters, no currency
            assert said["type"] == "urn:cleangov:problem:shape", said
            assert not said["where"].startswith("body"), (said, case.body)
        if path == "/events":
            assert {each["is_kept"] for each in said["results"]} == {True}, said
        assert status not in (400, 401, 403), said

    read()


def spoilt(api: Any, method: str, path: str, examples: int) -> None:
    """Send what does not fit the description; it must be refused."""

    @some(examples)
    @given(api[path][method].as_strategy(generation_mode=MODES.NEGATIVE))
    def refused(case: Any) -> None:
        told(case)

    refused()


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_what_fits_is_read_and_answered_as_published(api: Any, method: str, path: str) -> None:
    fits(api, method, path, 8)


@pytest.mark.parametrize(("method", "path"), SIGNED)
def test_what_does_not_fit_is_refused_as_published(api: Any, method: str, path: str) -> None:
    spoilt(api, method, path, 8)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_full_count_on_both_databases(database_url: str, tmp_path: Path) -> None:
    with described(database_url, tmp_path) as api:
        for method, path in SIGNED:
            fits(api, method, path, 100)
            spoilt(api, method, path, 100)


@pytest.mark.parametrize(("method", "path"), SIGNED)
def test_what_is_not_signed_is_refused_whatever_it_says(api: Any, method: str, path: str) -> None:
    @some(3)
    @given(api[path][method].as_strategy(generation_mode=MODES.POSITIVE))
    def unsigned(case: Any) -> None:
        tell_ours(case, 0)
        parts = {"CleanGov-Key": "old-1", "CleanGov-Nonce": "nonce-of-a-thief"}
        parts["CleanGov-Time"] = str(int(time.time()))
        for headers in ({}, parts, {**parts, "CleanGov-Signature": "0" * 64}):
            response = case.call(headers=headers)
            case.validate_response(response, headers=headers)
            assert response.status_code == 401, response.text

    unsigned()


@pytest.mark.parametrize("path", sorted(SAID["paths"]))
def test_another_method_is_told_which_there_are(api: Any, path: str) -> None:
    (known,) = (method.upper() for method in SAID["paths"][path])
    client = Client(api.app)
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - {known}:
        response = client.open(BASE + path.replace("{attempt_id}", "a"), method=method)
        assert (response.status_code, response.mimetype) == (405, "application/problem+json")
        assert known in response.headers["Allow"].split(", ")
    assert client.get(f"{BASE}/nowhere").status_code == 404
