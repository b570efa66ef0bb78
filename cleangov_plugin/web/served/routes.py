"""The routes under /cleangov/api/v1: the verbs of the hooks, for hosts that cannot call them."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from cleangov_hooks import BUDGET_MS, Answer, Attempt, Decision, Event, Prompt, Step, strictest
from cleangov_plugin.desk.answers import answering
from cleangov_plugin.desk.checkpoint import aborting
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.prompting import gate, opening
from cleangov_plugin.desk.served.event_batches import Told, tell
from cleangov_plugin.desk.served.passing import is_proof, standing
from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.intake.served import documents
from cleangov_plugin.intake.served.shapes import MOST, parse
from cleangov_plugin.web.as_data import term_said

from .door import Act, Caller, Door, check_event_is_ours, check_officer, read
from .openapi import ANSWERS, BASE, openapi
from .problems import Problem, language, said, written
from .records import records
from .seconds import decision, inbox, ties

_HELD: Final = (Decision.HOLD, Decision.REFUSE)


def machines(door: Door, wake: Callable[[], None]) -> Blueprint:
    """Make the blueprint for machines.

    :param door: who may come in.
    :param wake: called after events were recorded: they may be sealed.
    """
    bp = Blueprint("cleangov_machines", __name__, url_prefix=BASE)
    for path, method, act in (
        ("/steps", "POST", _steps),
        ("/gate", "POST", lambda d, c: door.once_only(c, lambda: _gate(d, c, door.gate_ms))),
        ("/answers", "POST", lambda d, c: door.once_only(c, lambda: (_answer(d, c), True))),
        ("/aborts", "POST", _abort),
        ("/inbox", "POST", inbox),
        ("/decisions", "POST", lambda d, c: door.once_only(c, lambda: (decision(d, c), True))),
        ("/ties", "POST", lambda d, c: door.once_only(c, lambda: (ties(d, c), True))),
        ("/events", "POST", lambda d, c: _events(d, c, wake)),
        ("/records", "POST", records),
    ):
        bp.add_url_rule(path, path[1:], _guarded(door, act), methods=[method])

    def attempt(attempt_id: str) -> Response:
        return door.open(lambda desk, caller: _attempt(desk, caller, attempt_id))

    bp.add_url_rule("/attempts/<attempt_id>", "attempt", attempt)
    bp.add_url_rule("/openapi.json", "openapi", lambda: said(openapi()))
    bp.add_url_rule("/health", "health", lambda: _health(door))
    bp.add_url_rule("/", "discovery", lambda: _discovery(door))
    bp.register_error_handler(HTTPException, _no_route)
    bp.app_errorhandler(404)(_no_route)
    bp.app_errorhandler(405)(_no_route)
    bp.after_request(_headers)
    return bp


def _guarded(door: Door, act: Act) -> Callable[[], Response]:
    return lambda: door.open(act)


def _step(event: Event, attempt_id: str | None) -> Step:
    return Step(
        agency_id=event.agency_id,
        stream=event.stream,
        case_id=event.case_id,
        name=event.step,
        kind=event.kind,
        actor=event.actor,
        language=language(),
        proposed=event,
        attempt_id=attempt_id,
    )


def _steps(desk: Desk, caller: Caller) -> Response:
    asked = read(caller, documents.STEP)
    event: Event = asked["event"]
    check_event_is_ours(desk, event)
    check_officer(caller, event)
    step = _step(event, event.attempt_id)
    if asked["phase"] == "opened":
        found = opening.opened(desk, step, BUDGET_MS["cleangov_step_opened"])
    else:
        found = opening.edited(desk, step, event, BUDGET_MS["cleangov_step_edited"])
    return said({"prompts": [_shown(prompt) for prompt in found]})


def _asked(desk: Desk, caller: Caller, asked: Any) -> Attempt:
    event: Event = asked["event"]
    check_event_is_ours(desk, event)
    check_officer(caller, event)
    if event.attempt_id not in (None, asked["attempt_id"]):
        raise Problem("shape", "the event names another attempt.", where="body.event")
    return Attempt(
        id=asked["attempt_id"],
        step=_step(event, asked["attempt_id"]),
        event=event,
        at=desk.host.now(),
        pass_token=caller.proof or None,
    )


def _gate(desk: Desk, caller: Caller, gate_ms: int) -> tuple[Response, bool]:
    attempt = _asked(desk, caller, read(caller, documents.GATE))
    if attempt.pass_token and not is_proof(desk, attempt):
        raise Problem("pass")
    found = gate.gate(desk, attempt, gate_ms)
    verdict = strictest([found] if found else [], attempt.id)
    desk.counters.add(f"decided.{verdict.decision.value}")
    document: dict[str, Any] = {
        "decision": verdict.decision.value,
        "reason": verdict.reason,
        "prompts": [_shown(prompt) for prompt in verdict.prompts],
        "pass": verdict.pass_token,
        "notes": list(verdict.notes),
    }
    if verdict.decision not in _HELD:
        return said({"attempt_id": attempt.id, **document}), True
    until = verdict.hold_until.isoformat() if verdict.hold_until else None
    document |= {"gate_id": attempt.id, "answer_url": ANSWERS, "hold_until": until}
    document["term"] = term_said(verdict.term)
    return written(Problem("held", **document)), False


def _answer(desk: Desk, caller: Caller) -> Response:
    if not caller.officer:
        raise Problem("officer")
    given = read(caller, documents.ANSWER)
    answer = Answer(**{"text": "", **given}, actor_id=caller.officer, at=desk.host.now())
    done = answering.answer(desk, answer)
    now = standing(desk, done.attempt_id, caller.officer)
    return said(
        {
            "attempt_id": done.attempt_id,
            "goes_on": done.goes_on,
            "note": done.note,
            "state": now.state if now else None,
            "pass": now.proof if now else None,
        }
    )


def _abort(desk: Desk, caller: Caller) -> Response:
    asked = read(caller, documents.ABORT)
    aborting.abort(desk, _asked(desk, caller, asked), asked["reason"])
    return said({"attempt_id": asked["attempt_id"]})


def _attempt(desk: Desk, caller: Caller, attempt_id: str) -> Response:
    is_known = caller.officer and "\0" not in attempt_id  # which no column could hold
    found = standing(desk, attempt_id, caller.officer) if is_known else None
    if found is None:
        raise Problem("unknown")
    return said(
        {
            "attempt_id": found.attempt_id,
            "case_id": found.case_id,
            "state": found.state,
            "pass": found.proof,
        }
    )


def _events(desk: Desk, caller: Caller, wake: Callable[[], None]) -> Response:
    batch = parse(caller.body)
    if not isinstance(batch, list) or not 0 < len(batch) <= MOST:
        raise Problem("shape", f"a list of 1 to {MOST} CloudEvents was expected.", where="body")
    results = [_told(desk, document, place) for place, document in enumerate(batch)]
    wake()
    kept = sum(result["is_kept"] for result in results)
    return said({"kept": kept, "left": len(results) - kept, "results": results})


def _told(desk: Desk, document: Any, place: int) -> dict[str, Any]:
    """Record one event of a batch; what is refused has no row at all, and is named."""
    names = {
        name: str(document[name])[:200]
        for name in ("source", "id")
        if isinstance(document, dict) and isinstance(document.get(name), str)
    }
    try:
        event = documents.EVENT.read(document, f"body[{place}]")
        check_event_is_ours(desk, event)
        told, where = tell(desk, event), ""
    except IntakeError as problem:
        told, where = Told(status="refused", detail=problem.what), problem.where
    except Problem as problem:
        told, where = Told(status="refused", detail=problem.code), f"body[{place}]"
    desk.counters.add(f"served.event.{told.status}")
    is_kept = told.status not in ("refused", "busy")
    return {**names, **asdict(told), "where": where, "is_kept": is_kept}


def _shown(prompt: Prompt) -> dict[str, Any]:
    document = asdict(prompt)
    document["choices"] = [
        {
            **choice,
            "kind": choice["kind"].value,
            "latest": choice["latest"].isoformat() if choice["latest"] else None,
        }
        for choice in document["choices"]
    ]
    return json.loads(json.dumps(document))  # type: ignore[no-any-return]  # tuples become lists


def _health(door: Door) -> Response:
    """Answer in one word, to everybody who asks: a load balancer has no key."""
    desk = door.desk_of()
    try:
        state = "inert" if desk is None else "off" if desk.host.switched_off() else "ready"
    except Exception:
        state = "off"
    return said({"alive": True, "state": state})


def _discovery(door: Door) -> Response:
    """Say which kinds are declared, and which fields each call needs: no person's data."""
    desk = door.desk_of()
    if desk is None:
        return written(Problem("inert"))
    return said(
        {
            "api": BASE,
            "openapi": f"{BASE}/openapi.json",
            "agency_id": desk.host.agency().id,
            "calls": {
                "steps": documents.STEP.schema["required"],
                "gate": documents.GATE.schema["required"],
                "answers": documents.ANSWER.schema["required"],
                "aborts": documents.ABORT.schema["required"],
                "inbox": documents.INBOX.schema["required"],
                "decisions": documents.DECISION.schema["required"],
                "ties": documents.TIES.schema["required"],
                "events": documents.EVENT.schema["required"],
                "records": documents.RECORDS.schema["required"],
                "event.data": documents.DATA.schema["required"],
            },
            "kinds": {
                kind: {
                    "stream": declared.stream.value,
                    "attributes": [
                        {"code": a.code, "type": a.type.value, "privacy": a.privacy.value}
                        for a in declared.attributes
                    ],
                }
                for kind, declared in sorted(desk.types().items())
                if not kind.startswith("cleangov.")
            },
        }
    )


def _no_route(problem: HTTPException) -> Response:
    codes = {405: "method", 413: "too_large"}
    response = written(Problem(codes.get(problem.code or 404, "not_found")))
    for name, value in problem.get_headers():
        if name == "Allow":  # RFC 9110, 15.5.6: a 405 says which methods there are
            response.headers[name] = value
    return response


def _headers(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response
