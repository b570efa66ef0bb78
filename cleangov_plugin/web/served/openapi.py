"""The OpenAPI 3.1 description: made of the very shapes that read what callers send."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from cleangov_plugin.desk.served.signing import TOKEN

from .answer_schemas import PROBLEM, answers
from .bodies import BODIES
from .problems import PROBLEMS

BASE: Final = "/cleangov/api/v1"
ANSWERS: Final = f"{BASE}/answers"
_JSON: Final = "application/json"
#: Said of any call that has to be signed, by the door.
_DOOR: Final = (
    "unsigned", "signature", "clock", "replayed", "shape", "too_large", "inert", "off", "busy",
)  # fmt: skip
_ONCE: Final = ("no_key", "key_reused")
_OURS: Final = ("agency", "officer")


class _Call(NamedTuple):
    """A call that is signed: what is sent, what is answered, what it may be refused for."""

    body: str
    about: str
    answer: str
    refusals: tuple[str, ...]
    headers: tuple[str, ...] = ()


_CALLS: Final[Mapping[str, _Call]] = {
    "/steps": _Call("Step", "Hints beside a form that is opened or edited.", "Prompts", _OURS),
    "/gate": _Call(
        "Gate",
        "May this step be taken?",
        "Verdict",
        (*_OURS, *_ONCE, "pass", "held"),
        ("Idempotency-Key", "CleanGov-Pass"),
    ),
    "/answers": _Call(
        "Answer",
        "Take an officer's answer.",
        "Answered",
        (*_ONCE, "officer", "answer"),
        ("Idempotency-Key",),
    ),
    "/aborts": _Call("Abort", "An attempt ended without its event.", "Aborted", _OURS),
    "/inbox": _Call("Inbox", "What waits for a second person.", "Requests", ("officer",)),
    "/decisions": _Call(
        "Decision",
        "A second person decides.",
        "Decided",
        (*_ONCE, "officer", "answer"),
        ("Idempotency-Key",),
    ),
    "/ties": _Call(
        "Ties",
        "What ties people who might decide to the officer.",
        "Kept",
        (*_ONCE, "officer", "unknown"),
        ("Idempotency-Key",),
    ),
    "/events": _Call("Batch", "Record what has happened.", "Results", ()),
    "/records": _Call("Records", "Which of these were never told?", "Compared", ("kind",)),
}
#: Path, name, what it answers, its schema, what it may be refused for; nobody signs these.
_OPEN: Final = (
    (
        "/",
        "discovery",
        "Declared kinds, and the fields each call needs.",
        "Discovery",
        ("inert",),
    ),
    ("/health", "health", "Whether the service is alive and ready.", "Health", ()),
    ("/openapi.json", "openapi", "This document.", "", ()),
)
_HEADERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "CleanGov-Officer": {"type": "string", "description": "Percent-encoded UTF-8."},
    "Idempotency-Key": {"type": "string", "pattern": f"^{TOKEN.pattern}$"},
    "CleanGov-Pass": {"type": "string", "description": "What an answer has earned."},
}
_SIGNED: Final = {
    "type": "apiKey",
    "in": "header",
    "name": "CleanGov-Signature",
    "description": "HMAC-SHA-256, with CleanGov-Key, CleanGov-Time and CleanGov-Nonce.",
}


def openapi() -> dict[str, Any]:
    """Describe the API.

    :return: an OpenAPI 3.1 document in JSON's own types.
    """
    paths: dict[str, Any] = {path: {"post": _call(path, call)} for path, call in _CALLS.items()}
    attempt = {"name": "attempt_id", "in": "path", "required": True, "schema": {"type": "string"}}
    paths["/attempts/{attempt_id}"] = {
        "get": {
            "operationId": "attempt",
            "summary": "Where an attempt of the officer stands, with the pass that is good now.",
            "parameters": [attempt, _header("CleanGov-Officer")],
            "security": [{"signed": []}],
            "responses": _responses("Standing", (*_DOOR, "unknown")),
        }
    }
    for path, name, about, answer, refusals in _OPEN:
        responses = _responses(answer, refusals)
        paths[path] = {"get": {"operationId": name, "summary": about, "responses": responses}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "CleanGov", "version": "1", "license": {"name": "Apache-2.0"}},
        "servers": [{"url": BASE}],
        "paths": paths,
        "components": {
            "schemas": {**BODIES, **answers(), "Problem": PROBLEM},
            "securitySchemes": {"signed": _SIGNED},
        },
    }


def _call(path: str, call: _Call) -> dict[str, Any]:
    content = {_JSON: {"schema": {"$ref": f"#/components/schemas/{call.body}"}}}
    return {
        "operationId": path[1:],
        "summary": call.about,
        "parameters": [_header(name) for name in ("CleanGov-Officer", *call.headers)],
        "security": [{"signed": []}],
        "requestBody": {"required": True, "content": content},
        "responses": _responses(call.answer, (*_DOOR, *call.refusals)),
    }


def _header(name: str) -> dict[str, Any]:
    is_needed = name == "Idempotency-Key"
    return {"name": name, "in": "header", "required": is_needed, "schema": _HEADERS[name]}


def _responses(answer: str, codes: tuple[str, ...]) -> dict[str, Any]:
    """Say what a call answers: the good, and by status which problems."""
    schema: dict[str, Any] = {"$ref": f"#/components/schemas/{answer}"} if answer else {}
    responses: dict[str, Any] = {
        "200": {"description": "Done.", "content": {_JSON: {"schema": schema}}}
    }
    for status in sorted({PROBLEMS[code][0] for code in codes}):
        told = [code for code in PROBLEMS if code in codes and PROBLEMS[code][0] == status]
        responses[str(status)] = {
            "description": " ".join(PROBLEMS[code][2] for code in told),
            "content": {"application/problem+json": {"schema": _one_of(told)}},
        }
    return responses


def _one_of(codes: list[str]) -> dict[str, Any]:
    types = {"enum": [f"urn:cleangov:problem:{code}" for code in codes]}
    return {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": {"type": types}}]}
