"""The treasury's batch: many payments signed by one person, each in a savepoint of its own."""

from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, abort, render_template, request
from sqlalchemy import Connection

from cleangov_hooks import ActorKind, Money, Stream
from sample_host.city import here
from sample_host.database import writing
from sample_host.flow import FLOWS
from sample_host.forms import Filled, read_sum, typed
from sample_host.people import Official
from sample_host.rows import load
from sample_host.taking import Try, record
from sample_host.writing import Conflict

from .places import me

pages = Blueprint("payments", __name__)

#: What the treasury pays out in one batch at the most, in fen; a demo value.
_MOST_IN_A_BATCH: Final = 800_000_000
#: Characters of a batch that are read at the most.
_MOST_TEXT: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the batch and what became of it.

    :param text: as it was typed.
    :param problem: key of the message; None where it was paid.
    """

    text: str
    problem: str | None = None


@pages.get("/projects/payments")
def show() -> str:
    """Show the empty batch."""
    _finance()
    return render_template("payments.html", text="", lines=(), is_undone=False)


@pages.post("/projects/payments")
def pay() -> Any:
    """Pay line by line; a line that fails is undone alone, or all are if that was asked for."""
    who, text = _finance(), request.form.get("lines", "")[:_MOST_TEXT]
    lines: list[Line] = []
    try:
        _pay_all(who, text, lines, is_whole=request.form.get("whole") == "on")
    except Conflict:
        return render_template("payments.html", text=text, lines=lines, is_undone=True), 409
    return render_template("payments.html", text="", lines=lines, is_undone=False)


def _finance() -> Official:
    who = me()
    if "finance" not in who.roles:
        abort(403)
    return who


def _pay_all(who: Official, text: str, lines: list[Line], *, is_whole: bool) -> None:
    """Pay in one transaction, and note of each line what became of it."""
    left = _MOST_IN_A_BATCH
    with writing(here().engine) as connection:
        for line in filter(None, (line.strip() for line in text.splitlines())):
            problem = None
            try:
                with connection.begin_nested():
                    left -= _pay_one(connection, who, line, left)
            except (Conflict, ValueError) as raised:
                problem = str(raised)
            lines.append(Line(text=line, problem=problem))
        if is_whole and any(line.problem for line in lines):
            raise Conflict("payments.undone")


def _pay_one(connection: Connection, who: Official, text: str, left: int) -> int:
    """Pay one line.

    :return: what was paid, in fen.
    """
    no, _, amount = text.strip().partition(" ")
    flow = FLOWS[Stream.PROJECT]
    step, matter = flow.step("pay"), load(connection, Stream.PROJECT, no)
    if matter is None or step is None or matter.state not in step.after:
        raise Conflict("payments.unknown")
    minor = read_sum(amount)
    if minor <= 0:
        raise ValueError("error.least")
    this = Try(flow=flow, step=step, matter=matter, who=who, filled=_filled(minor), attempt_id="")
    record(here(), connection, this, actor_kind=ActorKind.BATCH)
    if minor > left:  # known only now, when row and event are written: both go back
        raise Conflict("payments.limit")
    return minor


def _filled(minor: int) -> Filled:
    return Filled(raw={"amount": typed(minor)}, values={}, amount=Money(minor=minor), errors={})
