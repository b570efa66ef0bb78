"""The OpenAPI 3.1 description: made of the very shapes that read what callers send."""

from collections.abc import Mapping
from typing import Any, Final

from cleangov_plugin.intake.served import documents
from cleangov_plugin.intake.served.shapes import MOST

from .problems import PROBLEMS

BASE: Final = "/cleangov/api/v1"
ANSWERS: Final = f"{BASE}/answers"
_JSON: Final = "application/json"
_PROMPT: Final[Mapping[str, Any]] = {
    "type": "object",
    "required": ["id", "tier", "rules", "headline", "body", "basis", "choices", "language"],
    "properties": {
        "id": {"type": "string"},
        "attempt_id": {"type": ["string", "null"]},
        "tier": {"type": "integer", "minimum": 0, "maximum": 5},
        "rules": {"type": "array", "items": {"type": "string"}},
        "headline": {"type": "string"},
        "body": {"type": "array", "items": {"type": "string"}},
        "basis": {"type": "array", "items": {"type": "string"}},
        "choices": {"type": "array", "items": {"type": "object"}},
        "field": {"type": ["string", "null"]},
        "language": {"type": "string"},
    },
}
_PROBLEM: Final[Mapping[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"enum": [f"urn:cleangov:problem:{code}" for code in PROBLEMS]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "where": {"type": "string"},
        "gate_id": {"type": "string"},
        "answer_url": {"type": "string"},
        "prompts": {"type": "array", "items": {"$ref": "#/components/schemas/Prompt"}},
    },
}
_BODIES: Final = {
    "Step": documents.STEP.schema,
    "Gate": documents.GATE.schema,
    "Answer": documents.ANSWER.schema,
    "Abort": documents.ABORT.schema,
    "Inbox": documents.INBOX.schema,
    "Decision": documents.DECISION.schema,
    "Event": documents.EVENT.schema,
    "Records": documents.RECORDS.schema,
}
_CALLS: Final[tuple[tuple[str, str, str, str, tuple[str, ...]], ...]] = (
    ("/steps", "Step", "Hints beside a form that is opened or edited.", "Prompts", ()),
    ("/gate", "Gate", "May this step be taken?", "Verdict", ("Idempotency-Key", "CleanGov-Pass")),
    ("/answers", "Answer", "Take an officer's answer.", "Answered", ("Idempotency-Key",)),
    ("/aborts", "Abort", "An attempt ended without its event.", "Aborted", ()),
    ("/inbox", "Inbox", "What waits for a second person.", "Requests", ()),
    ("/decisions", "Decision", "A second person decides.", "Decided", ("Idempotency-Key",)),
    ("/events", "Batch", "Record what has happened.", "Results", ()),
    ("/records", "Records", "Which of these were never told?", "Compared", ()),
)


def openapi() -> dict[str, Any]:
    """Describe the API.

    :return: an OpenAPI 3.1 document in JSON's own types.
    """
    paths: dict[str, Any] = {
        path: {"post": _call(path, body, about, answer, headers)}
        for path, body, about, answer, headers in _CALLS
    }
    attempt = {"name": "attempt_id", "in": "path", "required": True, "schema": {"type": "string"}}
    paths["/attempts/{attempt_id}"] = {
        "get": {
            "operationId": "attempt",
            "summary": "Where an attempt of the officer stands, with the pass that is good now.",
            "parameters": [attempt, *map(_header, ("CleanGov-Officer",))],
            "security": [{"signed": []}],
            "responses": _responses("Standing"),
        }
    }
    for path, name, about in (
        ("/", "discovery", "Declared kinds, and the fields each call needs."),
        ("/health", "health", "Whether the service is alive and ready."),
        ("/openapi.json", "openapi", "This document."),
    ):
        paths[path] = {
            "get": {
                "operationId": name,
                "summary": about,
                "responses": {"200": {"description": "It.", "content": {_JSON: {"schema": {}}}}},
            }
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "CleanGov", "version": "1", "license": {"name": "Apache-2.0"}},
        "servers": [{"url": BASE}],
        "paths": paths,
        "components": {"schemas": _schemas(), "securitySchemes": {"signed": _SIGNED}},
    }


_SIGNED: Final = {
    "type": "apiKey",
    "in": "header",
    "name": "CleanGov-Signature",
    "description": "HMAC-SHA-256, with CleanGov-Key, CleanGov-Time and CleanGov-Nonce.",
}


def _call(
    path: str, body: str, about: str, answer: str, headers: tuple[str, ...]
) -> dict[str, Any]:
    content = {_JSON: {"schema": {"$ref": f"#/components/schemas/{body}"}}}
    return {
        "operationId": path[1:],
        "summary": about,
        "parameters": [_header(name) for name in ("CleanGov-Officer", *headers)],
        "security": [{"signed": []}],
        "requestBody": {"required": True, "content": content},
        "responses": _responses(answer),
    }


def _header(name: str) -> dict[str, Any]:
    is_needed = name == "Idempotency-Key"
    return {"name": name, "in": "header", "required": is_needed, "schema": {"type": "string"}}


def _responses(answer: str) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    good = {_JSON: {"schema": {"$ref": f"#/components/schemas/{answer}"}}}
    statuses = sorted({str(status) for status, _, _ in PROBLEMS.values()})
    return {
        "200": {"description": "Done.", "content": good},
        **{status: {"description": "Not done.", "content": problem} for status in statuses},
    }


def _schemas() -> dict[str, Any]:
    text, maybe = {"type": "string"}, {"type": ["string", "null"]}
    prompts = {"type": "array", "items": {"$ref": "#/components/schemas/Prompt"}}
    result = {"source": text, "id": text, "status": text, "detail": text, "where": text}
    number = {"type": "integer"}
    request = {
        **dict.fromkeys(("id", "case_id", "headline", "until"), text),
        "body": {"type": "array", "items": text},
        **{key: {"type": "boolean"} for key in ("is_own", "as_deputy")},
    }
    follow_up = {
        **dict.fromkeys(("id", "kind", "case_id", "headline", "reason", "document", "words"), text),
        "until": text,
        "body": {"type": "array", "items": text},
        "is_own": {"type": "boolean"},
    }
    results = {"type": "array", "items": _of(**result, is_kept={"type": "boolean"})}
    event = {"$ref": "#/components/schemas/Event"}
    return {
        **_BODIES,
        "Batch": {"type": "array", "items": event, "minItems": 1, "maxItems": MOST},
        "Prompt": _PROMPT,
        "Problem": _PROBLEM,
        "Prompts": _of(prompts=prompts),
        "Verdict": _of(
            attempt_id=text, decision=text, reason=text, prompts=prompts, **{"pass": maybe}
        ),
        "Answered": _of(
            attempt_id=text, goes_on={"type": "boolean"}, state=maybe, **{"pass": maybe}
        ),
        "Aborted": _of(attempt_id=text),
        "Requests": _of(
            requests={"type": "array", "items": _of(**request)},
            follow_ups={"type": "array", "items": _of(**follow_up)},
        ),
        "Decided": _of(request_id=text, agrees={"type": "boolean"}),
        "Standing": _of(attempt_id=text, case_id=text, state=text, **{"pass": maybe}),
        "Compared": _COMPARED,
        "Results": _of(kept=number, left=number, results=results),
    }


_COMPARED: Final = {
    "type": "object",
    "properties": {
        "kind": {"type": "string"},
        "told": {"type": "integer"},
        "young": {"type": "integer"},
        "untold": {"type": "array", "items": {"type": "string"}},
    },
}


def _of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}
