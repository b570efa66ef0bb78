"""Addresses: which flow a path means, and where the pages of a matter are."""

from typing import Final

from flask import abort

from sample_host import visit
from sample_host.flow import FLOWS, Flow, StepType
from sample_host.matter import Matter
from sample_host.people import Official

FLOW_BY_PATH: Final = {flow.path: flow for flow in FLOWS.values()}


def flow_at(path: str) -> Flow:
    """Answer the flow of a path; anything else is not found.

    :param path: ``"cases"``, ``"permits"`` or ``"projects"``.
    """
    if path not in FLOW_BY_PATH:
        abort(404)
    return FLOW_BY_PATH[path]


def matter_path(flow: Flow, no: str) -> str:
    """Answer the path of a matter's page.

    :param flow: its flow.
    :param no: its number.
    """
    return f"/{flow.path}/{no}"


def step_path(flow: Flow, matter: Matter, step: StepType) -> str:
    """Answer the path that a step's form stands on and posts to.

    :param flow: its flow.
    :param matter: the matter.
    :param step: the step.
    """
    return f"{matter_path(flow, matter.no)}/{step.name}"


def opening_path(flow: Flow) -> str:
    """Answer the path that the form that opens a matter stands on and posts to.

    :param flow: its flow.
    """
    return f"/{flow.path}/new"


def is_local(path: str) -> bool:
    """Answer whether a text is a path of this platform and leads nowhere else.

    :param path: what a form says.
    """
    is_path = path.startswith("/") and not path.startswith(("//", "/\\"))
    return is_path and path.isprintable()


def may_read(who: Official | None, matter: Matter) -> bool:
    """Answer whether somebody may see a matter: citizens see their own.

    :param who: the person signed in; a visitor sees what is published.
    :param matter: the matter.
    """
    return who is None or who.party is None or who.party == matter.party.id


def me() -> Official:
    """Answer who is signed in; a step by nobody is refused."""
    who = visit.who()
    if who is None:
        abort(403)
    return who
