"""The OpenAPI page of `cleangov serve`: every route and status is there, and each can be had."""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client

from cleangov_plugin.intake.served.shapes import LARGEST
from cleangov_plugin.web.served.door import Door
from cleangov_plugin.web.served.openapi import BASE, openapi
from cleangov_plugin.web.served.routes import machines
from tests.cli.served_calling import event
from tests.cli.served_here import MARK, Signer, signed_service

DOCS = Path(__file__).parents[2] / "docs"
SAID = json.loads(json.dumps(openapi()))
ACTOR = {"id": "chen", "roles": ["chief"]}
RECORD = {"id": "e-1", "case_id": "C-1", "occurred_at": "2026-03-10T10:00:00+08:00"}
GOOD: dict[str, Any] = {
    "/steps": {"phase": "opened", "event": event("e-1", 500)},
    "/gate": {"attempt_id": "a-1", "event": event("e-1", 500)},
    "/answers": {"prompt_id": "p-1", "choice": "back"},
    "/aborts": {"attempt_id": "a-1", "event": event("e-1", 500), "reason": "cancelled"},
    "/inbox": {"actor": ACTOR},
    "/decisions": {"request_id": "r-1", "actor": ACTOR, "agrees": True},
    "/ties": {"attempt_id": "a-1", "ties": [{"second_id": "liu", "tie": "no"}]},
    "/events": [event("e-1", 500)],
    "/records": {"kind": "enf.decision.made", "records": [RECORD]},
}
#: Nobody holds a prompt, a request or an attempt of theirs there.
NOBODYS = ("/answers", "/decisions", "/ties", "/attempts/{attempt_id}")
SIGNED = [*GOOD, "/attempts/{attempt_id}"]


def call(app: Any, path: str, document: Any = None, **more: Any) -> Any:
    """Sign a document and send it; `more` is what else the request says."""
    head = {
        "CleanGov-Signature": MARK,
        "CleanGov-Officer": "chen",
        "Idempotency-Key": f"once{path.replace('/', '-')}",
        **more.pop("headers", {}),
    }
    sent = {"method": "POST" if document is not None else "GET", "json": document, **more}
    if "data" in sent:
        del sent["json"]
    return Client(app).open(BASE + path.replace("{attempt_id}", "a-9"), headers=head, **sent)


@pytest.fixture(scope="module")
def app(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signer]:
    folder = tmp_path_factory.mktemp("openapi")
    (folder / "cleangov.db").write_bytes(_sqlite_template.read_bytes())
    with signed_service(f"sqlite:///{folder / 'cleangov.db'}", folder) as found:
        found.switch = folder / "seen/off"
        yield found


def test_the_pages_in_docs_are_current() -> None:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate_openapi.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, text in module.documents().items():
        there = (DOCS / "openapi" / name).read_text(encoding="utf-8")
        assert there == text, "run: python docs/generate_openapi.py"


def test_every_route_is_described_and_no_other(app: Signer) -> None:
    routes = {
        (rule.rule.removeprefix(BASE).replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routes == {(path, method) for path, item in SAID["paths"].items() for method in item}


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(SAID)
    for part in text.split('"$ref": "#/components/schemas/')[1:]:
        assert part.partition('"')[0] in SAID["components"]["schemas"]


def provoked(app: Signer, path: str) -> dict[str, Any]:
    """Answer a response for each status that a call can have, by status."""
    good = GOOD.get(path)
    held = {"attempt_id": "a-2", "event": event("e-2", 2000)}
    name = path.replace("/", "-")
    found = [
        call(app, path, good, headers={"CleanGov-Signature": "0" * 64}),
        call(app, path, good, environ_overrides={"CONTENT_LENGTH": str(LARGEST + 1)}),
        call(app, path, data="[", method="GET" if good is None else "POST",
             environ_overrides={"CONTENT_LENGTH": "9"}),
        call(app, path, good, headers={"Idempotency-Key": "short"}),
        call(app, path, good, headers={"CleanGov-Officer": "li", "Idempotency-Key": f"hers{name}"}),
        call(app, path, held if path == "/gate" else good,
             headers={"Idempotency-Key": f"step{name}"}),
    ]  # fmt: skip
    if path not in NOBODYS:
        found.append(call(app, path, good))
    app.switch.touch()
    try:
        found.append(call(app, path, good))
    finally:
        app.switch.unlink()
    return {str(response.status_code): response for response in found}


@pytest.mark.parametrize("path", SIGNED)
def test_every_status_that_is_described_can_be_had(app: Signer, path: str) -> None:
    (method,) = SAID["paths"][path]
    described = SAID["paths"][path][method]["responses"]
    found = provoked(app, path)
    # Nobody holds a prompt, a request or an attempt of theirs here: those are had elsewhere.
    without = {"200"} if path in NOBODYS else set()
    if path in (
        "/answers",
        "/ties",
    ):  # it is their answer, whoever they are: there has to be somebody
        found["403"] = call(app, path, GOOD[path], headers={"CleanGov-Officer": ""})
    assert set(found) == set(described) - without
    for status, response in found.items():
        (kind,) = described[status]["content"]
        assert response.mimetype == kind


def test_a_service_that_is_not_ready_says_so() -> None:
    door = Door(desk_of=lambda: None, keys={}, once=None, refusals=None, gate_ms=50)  # type: ignore[arg-type]
    inert = Flask("inert")
    inert.register_blueprint(machines(door, lambda: None))
    assert Client(inert).get(f"{BASE}/").status_code == 503
    assert Client(inert).get(f"{BASE}/health").json == {"alive": True, "state": "inert"}
    assert set(SAID["paths"]["/"]["get"]["responses"]) == {"200", "503"}


def test_whole_numbers_may_be_written_with_a_point_and_stay_exact(app: Signer) -> None:
    body = json.dumps([event("e-7", 500)])
    for text, is_kept in (("500.0", True), ("5e2", True), ("500.5", False), ("1e300", False),
                          ("9007199254740993.0", True), ("1e999999999999", False)):  # fmt: skip
        sent = body.replace("500", text).replace("e-7", f"e-{text}")
        response = call(app, "/events", data=sent, method="POST")
        assert response.json["results"][0]["is_kept"] is is_kept, (text, response.json)


def test_what_no_column_can_hold_is_no_trouble_that_goes_away(
    database_url: str, tmp_path: Path
) -> None:
    nul = "a\0b"
    asked = {
        "/answers": {"prompt_id": nul, "choice": nul, "text": nul},
        "/aborts": {**GOOD["/aborts"], "attempt_id": nul},
        "/inbox": {"actor": {"id": "chen", "roles": [nul]}},
        "/decisions": {**GOOD["/decisions"], "request_id": nul},
        "/ties": {**GOOD["/ties"], "attempt_id": nul},
        "/records": {"kind": "enf.decision.made", "records": [{**RECORD, "case_id": nul}]},
    }
    with signed_service(database_url, tmp_path) as app:
        for path, document in asked.items():
            response = call(app, path, document)
            assert (response.status_code, "U+0000" in response.json["detail"]) == (422, True), path
        assert call(app, "/attempts/a%00b").status_code == 404
        response = call(app, "/events", [event(nul, 500)])
        assert response.json["results"][0]["status"] == "invalid", "kept as it came"
