"""The treasury's batch: many payments signed by one person, each in a savepoint of its own."""

from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, abort, render_template, request
from sqlalchemy import Connection

from cleangov_hooks import ActorKind, Money, Stream

from ..city import here
from ..database import writing
from ..flow import FLOWS
from ..forms import Filled, read_sum, typed
from ..people import Official
from ..rows import load
from ..taking import Try, record
from ..writing import Conflict
from .places import me

pages = Blueprint("payments", __name__)

#: What the treasury pays out in one batch at the most, in fen; a demo value.
_MOST_IN_A_BATCH: Final = 800_000_000


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
    who, text = _finance(), request.form.get("lines", "")
    is_whole = request.form.get("whole") == "on"
    lines: list[Line] = []
    try:
        with writing(here().engine) as connection:
            lines = _batch(connection, who, text)
            if is_whole and any(line.problem for line in lines):
                raise Conflict("payments.undone")
    except Conflict:
        return render_template("payments.html", text=text, lines=lines, is_undone=True), 409
    return render_template("payments.html", text="", lines=lines, is_undone=False)


def _finance() -> Official:
    who = me()
    if "finance" not in who.roles:
        abort(403)
    return who


def _batch(connection: Connection, who: Official, text: str) -> list[Line]:
    lines, left = [], _MOST_IN_A_BATCH
    for line in filter(None, (line.strip() for line in text.splitlines())):
        problem = None
        try:
            with connection.begin_nested():
                paid = _pay_one(connection, who, line)
                if paid > left:  # known only now, when row and event are written: both go back
                    raise Conflict("payments.limit")
                left -= paid
        except (Conflict, ValueError) as raised:
            problem = str(raised)
        lines.append(Line(text=line, problem=problem))
    return lines


def _pay_one(connection: Connection, who: Official, text: str) -> int:
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
    this = Try(
        flow=flow,
        step=step,
        matter=matter,
        who=who,
        filled=_filled(minor),
        attempt_id="",
    )
    record(here(), connection, this, actor_kind=ActorKind.BATCH)
    return minor


def _filled(minor: int) -> Filled:
    return Filled(raw={"amount": typed(minor)}, values={}, amount=Money(minor=minor), errors={})
