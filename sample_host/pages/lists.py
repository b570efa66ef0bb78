"""The lists: cases, permits, projects, the inbox and the people of the city."""

from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import Connection, select

from .. import tables, visit
from ..city import here
from ..database import reading
from ..flow import FLOWS
from ..matter import Act
from ..people import PEOPLE, Official
from ..rows import act_from, listed
from .places import flow_at

pages = Blueprint("lists", __name__)


@pages.get("/<any(cases, permits, projects):path>")
def matters(path: str) -> str:
    """List the matters of a stream; a citizen sees their own."""
    flow = flow_at(path)
    who = visit.who()
    with reading(here().engine) as connection:
        found = listed(connection, flow.stream, who.party if who else None)
    return render_template("list.html", flow=flow, matters=found)


@pages.get("/inbox")
def inbox() -> str:
    """Show what waits for a person, what they were told, and what plugins ask them."""
    who = visit.who()
    waiting: list[dict[str, Any]] = []
    told: list[Act] = []
    if who is not None:
        with reading(here().engine) as connection:
            waiting = _waiting(connection, who)
            told = _told(connection, who)
    return render_template("inbox.html", waiting=waiting, told=told, flows=FLOWS)


@pages.get("/people")
def people() -> str:
    """Show who works in the city, with units and roles."""
    return render_template("people.html", people=PEOPLE.values())


def _waiting(connection: Connection, who: Official) -> list[dict[str, Any]]:
    """List the matters in which the next step of the main line is this person's."""
    found = []
    for flow in FLOWS.values():
        for matter in listed(connection, flow.stream, who.party):
            step = _main_step(flow.open_to(who, matter))
            if step is not None and matter.state != flow.states[-1]:
                found.append({"flow": flow, "matter": matter, "step": step})
    return found


def _main_step(steps: tuple[Any, ...]) -> Any:
    return next((step for step in steps if not step.is_aside), None)


def _told(connection: Connection, who: Official) -> list[Act]:
    message, act = tables.message, tables.act
    query = (
        select(act)
        .join(message, message.c.act_id == act.c.id)
        .where(message.c.person_id == who.id)
        .order_by(message.c.at.desc(), act.c.id)
        .limit(30)
    )
    return [act_from(row) for row in connection.execute(query).mappings()]


