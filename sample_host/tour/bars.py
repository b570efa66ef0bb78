"""What the bar shows: a sentence, and buttons that do what a hand would do on the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

CASE: Final = "/cases/YT-CF-2026-0417"
PERMIT: Final = "/permits/YT-XK-2026-0088"
PROJECT: Final = "/projects/YT-GC-2025-12"
#: Where the auditor's pages begin; they are the plugin's own.
OVERSIGHT: Final = "/cleangov/"
#: Where they show what the rules saw in real logs.
REAL: Final = f"{OVERSIGHT}real"
#: Where a visitor is the database administrator; a scene beside the tour, without its bar.
ADMINISTRATOR: Final = "/demo/administrator"
#: The steps of the scenes, each with its form.
DECIDE: Final = f"{CASE}/decide"
CORRECT: Final = f"{PERMIT}/request_correction"
FILE: Final = f"{PROJECT}/request_variation"
INBOX: Final = "/inbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button of the bar: a form of its own, a second button of a form that stands on the
    page already, or a link.

    :param action: where a form of its own posts.
    :param fields: its hidden fields; a key of the catalogue stands for its text.
    :param form: id of a form on the page that it sends.
    :param name: what it adds to that form; empty where nothing.
    :param value: the value of it.
    :param link: path that it leads to.
    """

    action: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
    name: str = ""
    value: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What the bar shows.

    :param scene: number of the scene; None after the last.
    :param key: key of the sentence that says whose turn it is and what to press.
    :param label: words of a button on the page that the sentence names.
    :param do: the button that does it.
    :param following: the button that leaves the scene as it is and goes on to the next.
    :param note: key of a side note, if any.
    :param sum: sum that the note names, in fen.
    """

    scene: int | None
    key: str
    label: str = ""
    do: Button | None = None
    following: Button | None = None
    note: str | None = None
    sum: int | None = None


def become(person: str, onward: str) -> Button:
    """Make the button that signs somebody in and goes to a page.

    :param person: id.
    :param onward: path.
    """
    return Button(action="/who", fields={"person": person, "next": onward})


def take(step: str, attempt: str, **fields: str) -> Button:
    """Make the button that takes a step as its form would be sent.

    :param step: path of the step.
    :param attempt: the attempt of the form that stands on the page.
    :param fields: what is typed.
    """
    return Button(action=step, fields={**fields, "attempt_id": attempt})
