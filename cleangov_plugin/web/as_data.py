"""What waits, as data: for hosts and scripts that want to know it and draw nothing of it."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

from cleangov_hooks import AnswerKind, Step, Term
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.prompting.choices import RECORD_WRONG
from cleangov_plugin.desk.prompting.inbox import requests
from cleangov_plugin.desk.prompting.reading import panel
from cleangov_plugin.desk.prompting.views import ChoiceView, PanelView, RequestView

from .words import word

#: How far the request to a second person is, by the note that the panel shows of it.
_STATES: Final = {
    "panel.recused.open": "recused",
    "panel.recused.agreed": "recused",
    "panel.waiting": "waiting",
    "panel.agreed": "agreed",
    "panel.refused": "refused",
    "panel.lapsed": "lapsed",
}
#: The two ways to decide a request: value of the button, kind of answer, word on it.
_DECISIONS: Final = (
    ("approve", AnswerKind.SECOND_PERSON_APPROVED, "inbox.approve"),
    ("refuse", AnswerKind.SECOND_PERSON_REFUSED, "inbox.refuse"),
)


def _panel(desk: Desk, step: Step | None, language: str) -> str:  # noqa: ARG001 - as all slots
    """Say where the attempt of a page stands; whoever asks has not shown it to anybody."""
    view = panel(desk, step, mark=False) if step else None
    if step is None or view is None:
        return ""
    return _written([_standing(step.case_id, view)])


def _standing(case_id: str, view: PanelView) -> Mapping[str, Any]:
    known = (_STATES[note.key] for note in view.notes if note.key in _STATES)
    return {
        "case_id": case_id,
        "state": next(known, "held"),
        "headline": view.headline,
        "choices": [_choice(view, choice) for choice in view.choices],
        **({"term": term_said(view.term)} if view.term else {}),
    }


def term_said(term: Term | None) -> Mapping[str, Any] | None:
    """Say as data what term a held step would end.

    :param term: the term; None where none runs.
    """
    if term is None:
        return None
    moments = {name: getattr(term, name).isoformat() for name in ("ends_at", "waits_until")}
    named = {"clock": term.clock, "title": term.title, "last_day": term.last_day.isoformat()}
    return {**named, **moments, "way_out": list(term.way_out)}


def _choice(view: PanelView, choice: ChoiceView) -> Mapping[str, Any]:
    # That a record is wrong is a second button of the form that says the prompt is.
    is_second = choice.code == RECORD_WRONG
    code = next(c.code for c in view.choices if c.kind is choice.kind) if is_second else choice.code
    return {
        "kind": choice.kind.value,
        "label": choice.label,
        "needs_text": choice.needs_text,
        "form": f"cleangov-{view.id}-{code}",
        "name": "cleangov_about" if is_second else "",
        "value": "record" if is_second else "",
        **_basis(choice),
    }


def _basis(choice: ChoiceView) -> Mapping[str, Any]:
    """Say what a choice asks for besides words; of most choices nothing."""
    asked = {
        "reasons": [asdict(reason) for reason in choice.reasons],
        "approver_role": choice.approver_role,
        "latest": choice.latest.isoformat() if choice.latest else None,
    }
    return {name: value for name, value in asked.items() if value}


def _inbox(desk: Desk, step: Step | None, language: str) -> str:  # noqa: ARG001 - as all slots
    """Say what the person who is signed in is asked."""
    person = desk.host.person()
    found = requests(desk, person, language) if person else ()
    return _written(_asked(request, language) for request in found)


def _asked(request: RequestView, language: str) -> Mapping[str, Any]:
    return {
        "case_id": request.case_id,
        "state": "own" if request.is_own else "asked",
        "headline": request.headline,
        "choices": [] if request.is_own else [_decision(request, *d, language) for d in _DECISIONS],
    }


def _decision(
    request: RequestView, value: str, kind: AnswerKind, key: str, language: str
) -> Mapping[str, Any]:
    return {
        "kind": kind.value,
        "label": word(key, language),
        "needs_text": kind is AnswerKind.SECOND_PERSON_REFUSED,
        "form": f"cleangov-{request.id}",
        "name": "cleangov_choice",
        "value": value,
    }


def _written(found: Iterable[Mapping[str, Any]]) -> str:
    """Write a list as JSON; nothing where nothing waits."""
    listed = list(found)
    return json.dumps(listed, ensure_ascii=False) if listed else ""


#: The slots that can be had as data.
AS_DATA: Final[Mapping[str, Callable[[Desk, Step | None, str], str]]] = {
    "step.panel": _panel,
    "person.inbox": _inbox,
}
