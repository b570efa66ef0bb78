"""Opening a matter: a clue, an application, a contract."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from sqlalchemy import Connection, func, or_, select

from cleangov_hooks import Verdict
from sample_host import tables, visit
from sample_host.city import here
from sample_host.database import reading
from sample_host.flow import Flow
from sample_host.forms import Filled, fill, first_texts
from sample_host.matter import Matter, PartyRow, Texts
from sample_host.people import Official
from sample_host.taking import Held, Try, take
from sample_host.writing import Conflict, next_number, own_columns

from .form import Form, form_of, opened, stand
from .places import flow_at, matter_path, me, opening_path

pages = Blueprint("opening", __name__)


@pages.get("/<any(cases, permits, projects):path>/new")
def show(path: str) -> str:
    """Show the form that opens a matter."""
    flow, who = _allowed(path)
    kept = visit.draft(opening_path(flow)) or {}
    raw = {**first_texts(flow.opening, None), **kept.get("raw", {})}
    asked = request.args.get("attempt_id") or kept.get("attempt")
    this = _try(flow, who, raw, asked, kept.get("token"))
    return _page(flow, opened(this, is_held=bool(kept)))


@pages.post("/<any(cases, permits, projects):path>/new")
def open_(path: str) -> Any:
    """Open a matter, or show the form again with what was typed."""
    flow, who = _allowed(path)
    form = request.form
    this = _try(flow, who, form, form.get("attempt_id"), form.get("cleangov_pass"))
    place = stand(this)
    if this.filled.errors:
        return _page(flow, form_of(this, errors=this.filled.errors)), 422
    try:
        outcome = take(here(), this, place)
    except Conflict as problem:
        return _page(flow, form_of(this), problem=problem.key), 409
    if isinstance(outcome, Held):
        return _held(this, outcome.verdict), 409
    visit.drop_draft(opening_path(flow))
    visit.finish(this.attempt_id, outcome.notes)
    return redirect(f"{matter_path(flow, this.matter.no)}?done={this.attempt_id}#done", 303)


def _allowed(path: str) -> tuple[Flow, Official]:
    flow, who = flow_at(path), me()
    if not flow.opening.roles & who.roles:
        abort(403)
    return flow, who


def _try(
    flow: Flow, who: Official, form: Mapping[str, str], attempt: str | None, token: str | None
) -> Try:
    filled = fill(flow.opening, None, form)
    with reading(here().engine) as connection:
        matter = _new_matter(connection, flow, who, filled)
    return Try(
        flow=flow,
        step=flow.opening,
        matter=matter,
        who=who,
        filled=filled,
        attempt_id=visit.attempt_id(attempt),
        token=token or None,
    )


def _new_matter(connection: Connection, flow: Flow, who: Official, filled: Filled) -> Matter:
    """Write down what the new matter would be; nothing of it is in the database yet."""
    now = here().clock.now()
    title, place = filled.raw["title"] or "-", filled.raw["place"] or "-"
    return Matter(
        stream=flow.stream,
        no=next_number(connection, flow, now.year),
        title=Texts(zh=title, en=title),
        place=Texts(zh=place, en=place),
        party=_party(connection, filled.raw["party"] or "-"),
        officer_id=who.id,
        state=flow.opening.leads_to or "",
        opened_at=now,
        ordinal=0,
        own=own_columns(flow, filled),
    )


def _party(connection: Connection, name: str) -> PartyRow:
    """Find a party by its name, or give it the next number."""
    party = tables.party
    known = or_(party.c.name_zh == name, party.c.name_en == name)
    row = connection.execute(select(party).where(known).order_by(party.c.id)).mappings().first()
    if row is not None:
        names = Texts(zh=row["name_zh"], en=row["name_en"])
        return PartyRow(id=row["id"], name=names, is_organisation=row["is_organisation"])
    count = connection.execute(select(func.count()).select_from(party)).scalar_one()
    names = Texts(zh=name, en=name)
    return PartyRow(id=f"party-{count + 1:04d}", name=names, is_organisation=True)


def _held(this: Try, verdict: Verdict) -> str:
    """Show a held form again; nothing that was typed is lost."""
    token = verdict.pass_token or this.token
    visit.keep_draft(opening_path(this.flow), this.attempt_id, this.filled.raw, token)
    form = form_of(this, token=token, prompts=verdict.prompts, is_held=True)
    return _page(this.flow, form)


def _page(flow: Flow, form: Form, *, problem: str | None = None) -> str:
    return render_template("new.html", flow=flow, matter=None, form=form, problem=problem)
