"""The lists: cases, permits, projects, the inbox and the people of the city."""

from typing import Any

from flask import Blueprint, render_template
from sqlalchemy import Connection, select

from sample_host import tables, visit
from sample_host.city import here
from sample_host.database import reading
from sample_host.flow import FLOWS, StepType
from sample_host.matter import Matter
from sample_host.people import PEOPLE, Official
from sample_host.rows import act_from, listed, titles_of

from .places import flow_at

pages = Blueprint("lists", __name__)


@pages.get("/<any(cases, permits, projects):path>")
def matters(path: str) -> str:
    """List the matters of a stream; a citizen sees their own."""
    flow = flow_at(path)
    who = visit.who()
    with reading(here().engine) as connection:
        found = listed(connection, flow.stream, who.party if who else None)
    held = who.roles if who else frozenset()
    return render_template(
        "list.html",
        flow=flow,
        matters=found,
        may_open=bool(flow.opening.roles & held),
        may_pay=flow.path == "projects" and "finance" in held,
    )


@pages.get("/inbox")
def inbox() -> str:
    """Show what waits for a person, what they were told, and what plugins ask them."""
    who = visit.who()
    waiting: list[dict[str, Any]] = []
    told: list[dict[str, Any]] = []
    if who is not None:
        with reading(here().engine) as connection:
            waiting = _waiting(connection, who)
            told = _told(connection, who)
    return render_template("inbox.html", waiting=waiting, told=told)


@pages.get("/people")
def people() -> str:
    """Show who works in the city, with units and roles."""
    return render_template("people.html", people=PEOPLE.values())


def _waiting(connection: Connection, who: Official) -> list[dict[str, Any]]:
    """List the matters that wait for this person, the longest waiting first."""
    found = []
    for flow in FLOWS.values():
        for matter in reversed(listed(connection, flow.stream, who.party)):
            step = flow.awaited(who, matter)
            if step is not None and _is_theirs(who, step, matter):
                found.append({"flow": flow, "matter": matter, "step": step})
    return found


def _is_theirs(who: Official, step: StepType, matter: Matter) -> bool:
    """Answer whether a step waits for this person, and not for a colleague who has the matter."""
    return who.id == matter.officer_id or not step.roles & PEOPLE[matter.officer_id].roles


def _told(connection: Connection, who: Official) -> list[dict[str, Any]]:
    """List the latest steps that this person was told of, with the matter each stands in."""
    message, act = tables.message, tables.act
    query = (
        select(act)
        .join(message, message.c.act_id == act.c.id)
        .where(message.c.person_id == who.id)
        .order_by(message.c.at.desc(), act.c.id)
        .limit(12)
    )
    acts = [act_from(row) for row in connection.execute(query).mappings()]
    titles = titles_of(connection, [act.matter_no for act in acts])
    return [
        {"act": act, "flow": FLOWS[titles[act.matter_no][0]], "title": titles[act.matter_no][1]}
        for act in acts
    ]
