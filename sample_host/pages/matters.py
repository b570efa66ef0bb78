"""The page of a case, permit or project, and the steps taken on it."""

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort, g, jsonify, redirect, render_template, request, session
from werkzeug.wrappers import Response

from cleangov_hooks import Money, Prompt, Step, Verdict

from .. import visit
from ..city import here
from ..database import reading
from ..events import event_of, plan_act, step_of
from ..flow import Flow, StepType
from ..forms import Filled, fill, first_texts
from ..host import slot
from ..matter import Matter
from ..people import Official
from ..rows import load
from ..taking import Held, Try, call_off, take
from ..writing import Conflict
from .places import flow_at, matter_path, may_read, me, step_path

pages = Blueprint("matters", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form of a step as the page shows it.

    :param step: the step.
    :param raw: the text of each field.
    :param errors: key of the message by field name.
    :param attempt_id: the attempt it belongs to.
    :param token: pass token to send again.
    :param prompts: prompts to show where no plugin fills the slots.
    :param is_held: whether the step waits.
    :param problem: key of a message about the whole form.
    """

    step: StepType
    raw: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    attempt_id: str
    token: str | None = None
    prompts: tuple[Prompt, ...] = ()
    is_held: bool = False
    problem: str | None = None


@pages.get("/<any(cases, permits, projects):path>/<no>")
def show(path: str, no: str) -> str:
    """Show a matter with the first step its reader may take."""
    flow, matter = _found(path, no)
    steps = flow.open_to(visit.who(), matter)
    main = next((step for step in steps if not step.is_aside), None)
    return _page(flow, matter, _opened(flow, matter, main) if main else None)


@pages.get("/<any(cases, permits, projects):path>/<no>/<name>")
def show_step(path: str, no: str, name: str) -> str | Response:
    """Show a matter with one of its steps open; a step that is over leads back to the matter."""
    flow, matter = _found(path, no)
    step = flow.step(name)
    if step is None or step is flow.opening:
        abort(404)
    if not step.may_be_taken_by(visit.who(), matter):
        return redirect(matter_path(flow, no), 303)
    return _page(flow, matter, _opened(flow, matter, step))


@pages.post("/<any(cases, permits, projects):path>/<no>/<name>")
def take_step(path: str, no: str, name: str) -> Any:
    """Take a step, or show it again with what was typed and the reason why it waits."""
    flow, matter, step, who = _allowed(path, no, name)
    if not step.may_be_taken_by(who, matter):
        return _page(flow, matter, None, problem="conflict.changed"), 409
    this = _try(flow, step, matter, who)
    form = Form(
        step=step,
        raw=dict(this.filled.raw),
        errors=dict(this.filled.errors),
        attempt_id=this.attempt_id,
        token=this.token,
    )
    if form.errors:
        _stand(flow, matter, form, this.filled)
        return _page(flow, matter, form), 422
    try:
        outcome = take(here(), this, _stand(flow, matter, form, this.filled))
    except Conflict as problem:
        _, changed = _found(path, no)
        return _page(flow, changed, None, problem=problem.key), 409
    if isinstance(outcome, Held):
        return _held(flow, matter, this, form, outcome.verdict), 409
    visit.drop_draft(step_path(flow, matter, step))
    session["notes"] = list(outcome.notes)[:3]
    return redirect(f"{matter_path(flow, no)}?done={this.attempt_id}#done", 303)


@pages.post("/<any(cases, permits, projects):path>/<no>/<name>/cancel")
def cancel(path: str, no: str, name: str) -> Response:
    """Give an attempt up: the kept form is forgotten, and the plugins are told."""
    flow, matter, step, who = _allowed(path, no, name)
    this = _try(flow, step, matter, who)
    form = Form(step=step, raw=dict(this.filled.raw), attempt_id=this.attempt_id)
    call_off(here(), this, _stand(flow, matter, form, this.filled), "cancelled")
    visit.drop_draft(step_path(flow, matter, step))
    return redirect(matter_path(flow, no), 303)


@pages.post("/<any(cases, permits, projects):path>/<no>/<name>/draft")
def edited(path: str, no: str, name: str) -> Response:
    """Tell the plugins what is being typed, and answer the hint that stands beside it."""
    flow, matter, step, who = _allowed(path, no, name)
    if not step.may_be_taken_by(who, matter):
        abort(409)
    this = _try(flow, step, matter, who)
    form = Form(step=step, raw=dict(this.filled.raw), attempt_id=this.attempt_id)
    place = _stand(flow, matter, form, this.filled)
    named = {entry.name for entry in step.fields} & set(request.form.get("changed", "").split(","))
    report = here().call(
        "cleangov_step_edited",
        step=place,
        draft=place.proposed,
        changed=frozenset(named or {entry.name for entry in step.fields}),
    )
    prompts = [prompt for value in report.values for prompt in value]
    html = slot(here(), "step.hint", place)
    return jsonify(hint=html or render_template("prompts.html", prompts=prompts))


def _found(path: str, no: str) -> tuple[Flow, Matter]:
    flow = flow_at(path)
    with reading(here().engine) as connection:
        matter = load(connection, flow.stream, no)
    if matter is None or not may_read(visit.who(), matter):
        abort(404)
    return flow, matter


def _allowed(path: str, no: str, name: str) -> tuple[Flow, Matter, StepType, Official]:
    flow, matter = _found(path, no)
    step = flow.step(name)
    if step is None or step is flow.opening:
        abort(404)
    who = me()
    is_party = who.party == matter.party.id and "citizen" in step.roles
    if not is_party and not step.roles & who.roles - {"citizen"}:
        abort(403)
    return flow, matter, step, who


def _try(flow: Flow, step: StepType, matter: Matter, who: Official) -> Try:
    return Try(
        flow=flow,
        step=step,
        matter=matter,
        who=who,
        filled=fill(step, matter, request.form),
        attempt_id=visit.attempt_id(request.form.get("attempt_id")),
        token=request.form.get("cleangov_pass") or None,
    )


def _opened(flow: Flow, matter: Matter, step: StepType) -> Form:
    """Open a step's form, with what was held before, and tell the plugins that it is open."""
    kept = visit.draft(step_path(flow, matter, step)) or {}
    asked = request.args.get("attempt_id") or kept.get("attempt")
    form = Form(
        step=step,
        raw={**first_texts(step, matter), **kept.get("raw", {})},
        attempt_id=visit.attempt_id(asked),
        token=kept.get("token"),
        is_held=bool(kept),
    )
    place = _stand(flow, matter, form, fill(step, matter, form.raw))
    report = here().call("cleangov_step_opened", step=place)
    prompts = tuple(prompt for value in report.values for prompt in value)
    return Form(
        step=step,
        raw=form.raw,
        attempt_id=form.attempt_id,
        token=form.token,
        prompts=prompts,
        is_held=form.is_held,
    )


def _stand(flow: Flow, matter: Matter, form: Form, filled: Filled) -> Step:
    """Say where the officer stands, for the hooks and for the slots of this page."""
    who = visit.who()
    planned = plan_act(flow, form.step, matter, who, filled, here().clock.now()) if who else None
    path = step_path(flow, matter, form.step)
    g.step = step_of(
        flow,
        form.step,
        matter,
        who,
        language=visit.language(),
        urls=(path, path),
        raw=form.raw,
        proposed=event_of(planned, matter, attempt_id=form.attempt_id) if planned else None,
        attempt_id=form.attempt_id,
    )
    step: Step = g.step
    return step


def _held(flow: Flow, matter: Matter, this: Try, form: Form, verdict: Verdict) -> str:
    """Show a held step again; nothing that was typed is lost, here or after a detour."""
    token = verdict.pass_token or this.token
    visit.keep_draft(step_path(flow, matter, this.step), this.attempt_id, form.raw, token)
    held = Form(
        step=form.step,
        raw=form.raw,
        attempt_id=form.attempt_id,
        token=token,
        prompts=verdict.prompts,
        is_held=True,
    )
    return _page(flow, matter, held)


def _page(flow: Flow, matter: Matter, form: Form | None, problem: str | None = None) -> str:
    who = visit.who()
    done = request.args.get("done") if request.method == "GET" else None
    if done and matter.acts:
        g.done_step = _done(flow, matter, visit.attempt_id(done))
    return render_template(
        "matter.html",
        flow=flow,
        matter=matter,
        form=form,
        steps=flow.open_to(who, matter),
        base=matter_path(flow, matter.no),
        may_read_file=who is not None,
        is_official=who is not None and who.party is None,
        problem=problem,
        notes=session.pop("notes", ()) if done else (),
        total=_total(matter),
    )


def _done(flow: Flow, matter: Matter, attempt: str) -> Step | None:
    """Say which step was just taken, so that the page can say what became of it."""
    last = matter.acts[-1]
    step = flow.step(last.step)
    if step is None:
        return None
    path = matter_path(flow, matter.no)
    return step_of(
        flow,
        step,
        matter,
        visit.who(),
        language=visit.language(),
        urls=(path, path),
        raw={},
        proposed=event_of(last, matter, attempt_id=attempt),
        attempt_id=attempt,
    )


def _total(matter: Matter) -> Money:
    return Money(minor=matter.approved_minor())


