"""What the API answers, as JSON Schema: every member that there is, and no other."""

from collections.abc import Mapping
from typing import Any, Final

from cleangov_hooks import AnswerKind, Decision, Privacy, Stream, ValueType
from cleangov_plugin.domain.terms import AttemptState

from .problems import PROBLEMS

_TEXT: Final = {"type": "string"}
_MAYBE: Final = {"type": ["string", "null"]}
_FLAG: Final = {"type": "boolean"}
_COUNT: Final = {"type": "integer", "minimum": 0}
_MOMENT: Final = {"type": "string", "format": "date-time"}
_TEXTS: Final = {"type": "array", "items": _TEXT}


def _of(*, leaves_out: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    """Describe an object that has all of these, but for what it may leave out."""
    return {
        "type": "object",
        "required": [name for name in properties if name not in leaves_out],
        "properties": properties,
        "additionalProperties": False,
    }


def _one_of(enum: Any) -> dict[str, Any]:
    return {"type": "string", "enum": [member.value for member in enum]}


def _list_of(item: Any) -> dict[str, Any]:
    return {"type": "array", "items": item}


_CHOICE: Final = _of(
    code=_TEXT,
    kind=_one_of(AnswerKind),
    label=_TEXT,
    needs_text=_FLAG,
    is_recommended=_FLAG,
    reasons=_list_of(_of(code=_TEXT, label=_TEXT, needs_text=_FLAG, needs_evidence=_FLAG)),
    approver_role=_MAYBE,
    latest={"type": ["string", "null"], "format": "date"},
)
_PROMPT: Final = _of(
    id=_TEXT,
    attempt_id=_MAYBE,
    tier={"type": "integer", "minimum": 0, "maximum": 5},
    rules=_TEXTS,
    headline=_TEXT,
    body=_TEXTS,
    basis=_TEXTS,
    choices=_list_of(_CHOICE),
    field=_MAYBE,
    language=_TEXT,
)
_PROMPTS: Final = _list_of({"$ref": "#/components/schemas/Prompt"})
_STATE: Final = _one_of(AttemptState)
_PASS: Final[Any] = {"pass": _MAYBE}
_REQUEST: Final = _of(
    id=_TEXT,
    case_id=_TEXT,
    headline=_TEXT,
    body=_TEXTS,
    until=_MOMENT,
    is_own=_FLAG,
    as_deputy=_FLAG,
)
_FOLLOW_UP: Final = _of(
    id=_TEXT,
    kind=_TEXT,
    case_id=_TEXT,
    headline=_TEXT,
    body=_TEXTS,
    reason=_TEXT,
    document=_TEXT,
    words=_TEXT,
    until=_MOMENT,
    is_own=_FLAG,
)
_TERM: Final = _of(
    clock=_TEXT,
    title=_TEXT,
    last_day={"type": "string", "format": "date"},
    ends_at=_MOMENT,
    waits_until=_MOMENT,
    way_out=_TEXTS,
)
#: What became of an event, see docs/serve.md.
_STATUSES: Final = ("recorded", "known", "owed", "invalid", "conflict", "refused", "busy")
_RESULT: Final = _of(
    leaves_out=("source", "id"),
    source=_TEXT,
    id=_TEXT,
    status={"type": "string", "enum": list(_STATUSES)},
    detail=_TEXT,
    where=_TEXT,
    is_kept=_FLAG,
)
_KIND: Final = _of(
    stream=_one_of(Stream),
    attributes=_list_of(_of(code=_TEXT, type=_one_of(ValueType), privacy=_one_of(Privacy))),
)
#: What is said of a request that is not done.
PROBLEM: Final[Mapping[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status"],
    "additionalProperties": False,
    "properties": {
        "type": {"enum": [f"urn:cleangov:problem:{code}" for code in PROBLEMS]},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "where": _TEXT,
        "reason": _TEXT,
        "server_time": {"type": "integer"},
        "gate_id": _TEXT,
        "answer_url": _TEXT,
        "hold_until": {"type": ["string", "null"], "format": "date-time"},
        "decision": _one_of(Decision),
        "prompts": _PROMPTS,
        "notes": _TEXTS,
        "term": {"anyOf": [_TERM, {"type": "null"}]},
        **_PASS,
    },
}


def answers() -> dict[str, Any]:
    """Describe every answer, by the name that OpenAPI gives it.

    :return: schemas by name.
    """
    needs = {"type": "object", "additionalProperties": _TEXTS}
    kinds = {"type": "object", "additionalProperties": _KIND}
    return {
        "Prompt": _PROMPT,
        "Prompts": _of(prompts=_PROMPTS),
        "Verdict": _of(
            attempt_id=_TEXT,
            decision=_one_of((Decision.PASS, Decision.PASS_RECORDED)),
            reason=_TEXT,
            prompts=_PROMPTS,
            notes=_TEXTS,
            **_PASS,
        ),
        "Answered": _of(
            attempt_id=_TEXT,
            goes_on=_FLAG,
            note=_MAYBE,
            state={"anyOf": [_STATE, {"type": "null"}]},
            **_PASS,
        ),
        "Aborted": _of(attempt_id=_TEXT),
        "Requests": _of(requests=_list_of(_REQUEST), follow_ups=_list_of(_FOLLOW_UP)),
        "Decided": _of(request_id=_TEXT, agrees=_FLAG),
        "Kept": _of(attempt_id=_TEXT, kept=_COUNT),
        "Standing": _of(attempt_id=_TEXT, case_id=_TEXT, state=_STATE, **_PASS),
        "Compared": _of(kind=_TEXT, told=_COUNT, young=_COUNT, untold=_TEXTS),
        "Results": _of(kept=_COUNT, left=_COUNT, results=_list_of(_RESULT)),
        "Health": _of(alive=_FLAG, state={"type": "string", "enum": ["inert", "off", "ready"]}),
        "Discovery": _of(api=_TEXT, openapi=_TEXT, agency_id=_TEXT, calls=needs, kinds=kinds),
    }
