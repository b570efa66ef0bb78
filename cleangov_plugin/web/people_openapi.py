"""The forms for scripts as OpenAPI 3.1: what a front end that draws everything itself may call."""

from collections.abc import Mapping
from typing import Any, Final

_JSON: Final = "application/json"
_TEXT: Final = {"type": "string"}
_STATUSES: Final[Mapping[str, str]] = {
    "400": "The form is garbled.",
    "401": "Nobody is signed in.",
    "403": "The form is not from a page of ours, or its token is for another form or person.",
    "404": "There is no such thing, or it is not theirs.",
    "409": "It was not taken; `reason` says why.",
    "503": "Supervision is not ready, switched off, or busy.",
}
_ABOUT: Final = (
    "The person is known by the platform's own session; forms carry the token that stands in the "
    "panel (`cleangov_token`). Send `Accept: application/json`: without it these are the forms of "
    "a browser, and answer with pages and redirects. See docs/element.md."
)
_TOKEN: Final = {"cleangov_token": {**_TEXT, "description": "Of this form and this person."}}
_ANSWER: Final = {
    **_TOKEN,
    "cleangov_choice": {**_TEXT, "description": "Code of a choice."},
    "cleangov_about": {**_TEXT, "description": "`record`: the record is wrong, not the rule."},
    "cleangov_text": {**_TEXT, "description": "The officer's words."},
    "cleangov_reason": {**_TEXT, "description": "Code of a reason of the choice."},
    "cleangov_evidence": {**_TEXT, "description": "Number of a document."},
    "cleangov_approver": {**_TEXT, "description": "Id of who approved."},
    "cleangov_until": {**_TEXT, "description": "The day to which it is put off."},
    "cleangov_second": {**_TEXT, "description": "Id of whom the officer asks."},
    "cleangov_back": {**_TEXT, "description": "As it stands in the form; the token binds it."},
    "cleangov_onward": {**_TEXT, "description": "As it stands in the form; the token binds it."},
    "cleangov_once": {**_TEXT, "description": "In place of the header Idempotency-Key."},
    "cleangov_age": {**_TEXT, "description": "Seconds for which a device kept the answer."},
}


def people_openapi(base: str) -> dict[str, Any]:
    """Describe what scripts may call on behalf of the person who is signed in.

    :param base: path below which the routes are, ``/cleangov``.
    :return: an OpenAPI 3.1 document in JSON's own types.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "CleanGov, for front ends",
            "version": "1",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0"},
        },
        "servers": [{"url": base}],
        "paths": {
            "/prompts/{id}": {"get": _shown()},
            "/prompts/{id}/answers": {"post": _form("Answer a prompt.", _ANSWER, "Answered")},
            "/prompts/{id}/seen": {"post": _form("A prompt was seen.", _TOKEN, "Seen")},
            "/requests/{id}": {"post": _decision("approve", "refuse", "A second person decides.")},
            "/doubts/{id}": {"post": _decision("uphold", "decline", "A doubt is answered.")},
            "/follow-ups/{id}": {"post": _decision("agree", "decline", "What follows is decided.")},
            "/notes/{id}": {"get": _receipt()},
            "/whose": {
                "get": {
                    "operationId": "whose",
                    "summary": "Whose words a device may keep, by a tag that is no name.",
                    "responses": _responses("Whose", ("503",)),
                }
            },
        },
        "components": {"schemas": _schemas()},
    }


def _shown() -> dict[str, Any]:
    page = {"description": "The page.", "content": {"text/html": {"schema": _TEXT}}}
    others = _responses("", ("401", "404", "409", "503"))
    return {
        "operationId": "prompt",
        "summary": "A prompt as a page: its forms hold the tokens.",
        "parameters": [_ID],
        "responses": {"200": page, **others},
    }


def _receipt() -> dict[str, Any]:
    text = {"description": "The receipt.", "content": {"text/plain": {"schema": _TEXT}}}
    others = _responses("", ("401", "404", "503"))
    others["404"]["description"] = "There is no such note, or it is not sealed into the ledger yet."
    return {
        "operationId": "note",
        "summary": "The receipt of a note to oversight, by its number.",
        "parameters": [_ID],
        "responses": {"200": text, **others},
    }


def _form(about: str, fields: Mapping[str, Any], answer: str) -> dict[str, Any]:
    schema = {"type": "object", "properties": fields, "required": ["cleangov_token"]}
    statuses = ("400", "401", "403", "409", "503")
    responses = _responses(answer, statuses)
    return {
        "operationId": answer.lower(),
        "summary": about,
        "parameters": [_ID, *([_ONCE] if answer == "Answered" else [])],
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": schema}},
        },
        "responses": responses,
    }


_ID: Final = {"name": "id", "in": "path", "required": True, "schema": _TEXT}
_ONCE: Final = {"name": "Idempotency-Key", "in": "header", "schema": _TEXT}


def _decision(yes: str, no: str, about: str) -> dict[str, Any]:
    choice = {**_TEXT, "enum": [yes, no]}
    words = {**_TEXT, "description": "Words; a no needs some."}
    form = _form(about, {**_TOKEN, "cleangov_choice": choice, "cleangov_text": words}, "Decided")
    return {**form, "operationId": f"{yes}_or_{no}"}


def _responses(answer: str, statuses: tuple[str, ...]) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    good = {_JSON: {"schema": {"$ref": f"#/components/schemas/{answer}"}}}
    return {
        **({"200": {"description": "Done.", "content": good}} if answer else {}),
        **{s: {"description": _STATUSES[s], "content": problem} for s in statuses},
    }


def _schemas() -> dict[str, Any]:
    way = _of(method={**_TEXT, "enum": ["GET", "POST"]}, url=_TEXT)
    flag = {"type": "boolean"}
    return {
        "Answered": {
            "oneOf": [
                {"$ref": "#/components/schemas/Taken"},
                {"$ref": "#/components/schemas/Sealed"},
            ]
        },
        "Taken": _of(attempt_id=_TEXT, goes_on=flag, next=way),
        # What is for oversight alone: number and address of the receipt are told this once.
        "Sealed": _of(
            attempt_id=_TEXT, goes_on={"const": False}, note=_TEXT, receipt=_TEXT, next=way
        ),
        "Decided": _of(goes_on={"const": False}, next=way),
        "Seen": _of(is_new=flag),
        "Whose": _of(who=_TEXT),
        "Problem": _of(type=_TEXT, title=_TEXT, status={"type": "integer"}, reason=_TEXT),
    }


def _of(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }
