"""The clean-hands record of one case: a page to read and print, and the same as a file."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Response, make_response, request
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.evidence.receipts import finder
from cleangov_plugin.desk.own.clean_hands import CleanHands, OwnStep, clean_hands
from cleangov_plugin.desk.review.entry_views import OutcomeView

from .frame import own_frame
from .guarding import page_of
from .links import Links
from .note_page import paper_of
from .pages import page
from .refusals import refused
from .slots import steward_name
from .tongue import language_of
from .words import word

_FORMAT: Final = "cleangov.duties/1"
_LONGEST: Final = 200


def own_case(desk: Desk | None) -> Wire:
    """Show what the person who is signed in is recorded to have done in a case.

    :param desk: the desk; None while the plugin is inert.
    """
    return page_of(desk, _shown)


def _shown(desk: Desk, person: Person) -> Wire:
    language, case_id = language_of(desk.host), request.args.get("case", "").strip()
    found = clean_hands(desk, person, case_id, language) if len(case_id) <= _LONGEST else None
    if found is None:
        return refused("error.not_own_case", 404, desk)
    if request.args.get("as") == "json":
        return _file(found, language)
    if "receipt" in request.args:
        return _receipt(desk, found, request.args["receipt"])
    doubts = [doubt.role for prompt in found.prompts for doubt in prompt.doubts]
    html = page(
        "duties.html",
        **own_frame(desk, person),
        view=found,
        file=Links(desk.host).to("own_case", case=case_id, **{"as": "json"}),
        receipts=[
            Links(desk.host).to("own_case", case=case_id, receipt=f"{step.lane}-{step.no}")
            for step in found.steps
        ],
        stewards={role: steward_name(role, language) for role in doubts},
    )
    return make_response(html)


def _receipt(desk: Desk, view: CleanHands, asked: str) -> Wire:
    """Answer the receipt of one of the steps that stand in the record; of nothing else."""
    step = next((each for each in view.steps if f"{each.lane}-{each.no}" == asked), None)
    find = finder(row=None, event=None, lane=step.lane, no=step.no) if step else None
    if find is None:
        return refused("error.not_own_case", 404, desk)
    return paper_of(desk, find, asked, "duties.later")


def _file(view: CleanHands, language: str) -> Wire:
    """Write the record as a file that a program can read."""
    document = {
        "format": _FORMAT,
        "says": word("duties.says", language),
        "agency": view.log_id,
        "case": view.case_id,
        "officer": view.officer,
        "made_at": view.made_at.isoformat(timespec="seconds"),
        "is_whole": not view.is_cut,
        "steps": [_step(step) for step in view.steps],
        "answers": [
            {"step": prompt.step, "rules": list(prompt.titles), "kind": reply.kind}
            | {"at": reply.at.isoformat(timespec="seconds"), "words": reply.words}
            for prompt in view.prompts
            for reply in prompt.replies
        ],
        "cannot_say": [word(key, language) for key in CANNOT_SAY],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1)
    response = Response(text, content_type="application/json")
    response.headers["Content-Disposition"] = "attachment; filename=cleangov-duties.json"
    return response


def _step(step: OwnStep) -> Mapping[str, Any]:
    return {
        "entry": [step.lane, step.no],
        "event": step.event_id,
        "source": step.source,
        "step": step.step,
        "called": step.label,
        "occurred_at": step.occurred_at.isoformat(timespec="seconds"),
        "precision": step.precision.value,
        "recorded_at": step.recorded_at.isoformat(timespec="seconds"),
        "is_corrected": step.is_corrected,
        "nothing_to_say": list(step.quiet),
        "found": _outcomes(step.found),
        "cannot_be_checked": _outcomes(step.unchecked),
        "judged_by_earlier_rules": step.is_earlier,
    }


def _outcomes(outcomes: Sequence[OutcomeView]) -> list[Mapping[str, Any]]:
    return [
        {"rule": said.rule_id, "version": said.version, "title": said.title}
        | {"result": said.result.value, "text": said.text}
        | {"missing": [field.code for field in said.missing]}
        for said in outcomes
    ]


#: What no such record can say, whatever stands in it.
CANNOT_SAY: Final = ("duties.cannot.motive", "duties.cannot.unreported", "duties.cannot.rules")
