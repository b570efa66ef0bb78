"""Opening a matter: a clue, an application, a contract."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request
from sqlalchemy import Connection, func, or_, select

from cleangov_hooks import Step

from .. import tables, visit
from ..city import here
from ..database import reading
from ..events import event_of, plan_act, step_of
from ..flow import Flow
from ..forms import Filled, fill, first_texts
from ..matter import Matter, PartyRow, Texts
from ..people import Official
from ..taking import Held, Try, take
from ..writing import Conflict, next_number
from .places import flow_at, matter_path, me

pages = Blueprint("opening", __name__)


@pages.get("/<any(cases, permits, projects):path>/new")
def show(path: str) -> str:
    """Show the form that opens a matter."""
    flow, who = _allowed(path)
    raw = first_texts(flow.opening, None)
    this = _try(flow, who, raw)
    here().call("cleangov_step_opened", step=_stand(this))
    return _page(this)


@pages.post("/<any(cases, permits, projects):path>/new")
def open_(path: str) -> Any:
    """Open a matter, or show the form again with what was typed."""
    flow, who = _allowed(path)
    this = _try(flow, who, request.form)
    place = _stand(this)
    if this.filled.errors:
        return _page(this), 422
    try:
        outcome = take(here(), this, place)
    except Conflict as problem:
        return _page(this, problem=problem.key), 409
    if isinstance(outcome, Held):
        return _page(this, held=outcome), 409
    return redirect(f"{matter_path(flow, this.matter.no)}?done={this.attempt_id}#done", 303)


def _allowed(path: str) -> tuple[Flow, Official]:
    flow, who = flow_at(path), me()
    if not flow.opening.roles & who.roles:
        abort(403)
    return flow, who


def _try(flow: Flow, who: Official, form: Any) -> Try:
    filled = fill(flow.opening, None, form)
    with reading(here().engine) as connection:
        matter = _new_matter(connection, flow, who, filled)
    return Try(
        flow=flow,
        step=flow.opening,
        matter=matter,
        who=who,
        filled=filled,
        attempt_id=visit.attempt_id(request.form.get("attempt_id")),
        token=request.form.get("cleangov_pass") or None,
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
        own=_own(flow, filled),
    )


def _own(flow: Flow, filled: Filled) -> dict[str, Any]:
    values = filled.values
    if flow.path == "cases":
        code = values.get("violation_code", "CG-101")
        return {"violation_code": code, "tier": "ordinary", "fine_minor": None}
    if flow.path == "permits":
        return {"permit_kind": values.get("permit_kind", ""), "result": None}
    minor = filled.amount.minor if filled.amount else 0
    return {"contract_minor": minor, "limit_minor": 50_000_000, "paid_minor": 0}


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


def _stand(this: Try) -> Step:
    planned = plan_act(
        this.flow, this.step, this.matter, this.who, this.filled, here().clock.now()
    )
    place = step_of(
        this.flow,
        this.step,
        this.matter,
        this.who,
        language=visit.language(),
        urls=(f"/{this.flow.path}/new",) * 2,
        raw=this.filled.raw,
        proposed=event_of(planned, this.matter, attempt_id=this.attempt_id),
        attempt_id=this.attempt_id,
    )
    g.step = place
    return place


def _page(this: Try, *, problem: str | None = None, held: Held | None = None) -> str:
    is_sent = request.method == "POST"
    return render_template(
        "new.html",
        flow=this.flow,
        matter=None,
        this=this,
        form=replace(this, token=held.verdict.pass_token if held else this.token),
        raw=this.filled.raw,
        errors=this.filled.errors if is_sent else {},
        prompts=held.verdict.prompts if held else (),
        is_held=held is not None,
        problem=problem,
    )
