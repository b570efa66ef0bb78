"""The page of a case, permit or project, and the steps taken on it."""

from typing import Any

from flask import Blueprint, abort, g, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response

from cleangov_hooks import Step, Verdict
from sample_host import visit
from sample_host.city import here
from sample_host.database import reading
from sample_host.events import event_of, step_of
from sample_host.flow import Flow, StepType
from sample_host.forms import fill, first_texts
from sample_host.host import slot
from sample_host.matter import Matter
from sample_host.people import Official
from sample_host.rows import load
from sample_host.taking import Held, Try, call_off, take
from sample_host.writing import Conflict

from .form import Form, form_of, opened, path_of, stand
from .places import flow_at, matter_path, may_read, me, step_path

pages = Blueprint("matters", __name__)


@pages.get("/<any(cases, permits, projects):path>/<no>")
def show(path: str, no: str) -> str:
    """Show a matter with the first step its reader may take."""
    flow, matter = _found(path, no)
    step = flow.first_open_to(visit.who(), matter)
    return _page(flow, matter, _opened(flow, matter, step) if step else None)


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
    this = _sent(path, no, name)
    if not this.step.may_be_taken_by(this.who, this.matter):
        return _page(this.flow, this.matter, None, problem="conflict.changed"), 409
    place = stand(this)
    if this.filled.errors:
        return _page(this.flow, this.matter, form_of(this, errors=this.filled.errors)), 422
    try:
        outcome = take(here(), this, place)
    except Conflict as problem:
        flow, changed = _found(path, no)
        return _page(flow, changed, None, problem=problem.key), 409
    if isinstance(outcome, Held):
        return _held(this, outcome.verdict), 409
    visit.drop_draft(path_of(this))
    visit.finish(this.attempt_id, outcome.notes)
    return redirect(f"{matter_path(this.flow, no)}?done={this.attempt_id}#done", 303)


@pages.post("/<any(cases, permits, projects):path>/<no>/<name>/cancel")
def cancel(path: str, no: str, name: str) -> Response:
    """Give an attempt up: the kept form is forgotten, and the plugins are told."""
    this = _sent(path, no, name)
    call_off(here(), this, stand(this), "cancelled")
    visit.drop_draft(path_of(this))
    return redirect(matter_path(this.flow, no), 303)


@pages.post("/<any(cases, permits, projects):path>/<no>/<name>/draft")
def edited(path: str, no: str, name: str) -> Response:
    """Tell the plugins what is being typed, and answer the hint that stands beside it."""
    this = _sent(path, no, name)
    if not this.step.may_be_taken_by(this.who, this.matter):
        abort(409)
    place = stand(this)
    names = {entry.name for entry in this.step.fields}
    named = names & set(request.form.get("changed", "").split(","))
    report = here().call(
        "cleangov_step_edited",
        step=place,
        draft=place.proposed,
        changed=frozenset(named or names),
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


def _sent(path: str, no: str, name: str) -> Try:
    """Read a posted form; whose step it never is, is refused."""
    flow, matter = _found(path, no)
    step = flow.step(name)
    if step is None or step is flow.opening:
        abort(404)
    who = me()
    is_party = who.party == matter.party.id and "citizen" in step.roles
    if not is_party and not step.roles & who.roles - {"citizen"}:
        abort(403)
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
    """Open a step's form, with what was held before."""
    kept = visit.draft(step_path(flow, matter, step)) or {}
    raw = {**first_texts(step, matter), **kept.get("raw", {})}
    this = Try(
        flow=flow,
        step=step,
        matter=matter,
        who=me(),
        filled=fill(step, matter, raw),
        attempt_id=visit.attempt_id(request.args.get("attempt_id") or kept.get("attempt")),
        token=kept.get("token"),
    )
    return opened(this, is_held=bool(kept))


def _held(this: Try, verdict: Verdict) -> str:
    """Show a held step again; nothing that was typed is lost, here or after a detour."""
    token = verdict.pass_token or this.token
    visit.keep_draft(path_of(this), this.attempt_id, this.filled.raw, token)
    form = form_of(this, token=token, prompts=verdict.prompts, is_held=True)
    return _page(this.flow, this.matter, form)


def _page(flow: Flow, matter: Matter, form: Form | None, problem: str | None = None) -> str:
    who, g.form = visit.who(), form
    notes = visit.finished(request.args.get("done", "")) if request.method == "GET" else None
    if notes is not None and matter.acts:
        g.done_step = _done(flow, matter, who, request.args["done"])
    steps = flow.open_to(who, matter)
    return render_template(
        "matter.html",
        flow=flow,
        matter=matter,
        form=form,
        others=[step for step in steps if form is None or step.name != form.step.name],
        base=matter_path(flow, matter.no),
        may_read_file=who is not None,
        is_official=who is not None and who.party is None,
        problem=problem,
        notes=notes or (),
    )


def _done(flow: Flow, matter: Matter, who: Official | None, attempt: str) -> Step | None:
    """Say which step was just taken, so that the page can say what became of it."""
    last = matter.acts[-1]
    step = flow.step(last.step)
    if step is None:
        return None
    path = matter_path(flow, matter.no)
    return step_of(
        step,
        matter,
        who,
        language=visit.language(),
        urls=(path, path),
        raw={},
        proposed=event_of(last, matter, attempt_id=attempt),
        attempt_id=attempt,
    )
