"""The tour bar: where the story stands, read from the database, and what comes next.

Only scenes that exist are announced. Each button does what a hand would do: it signs in, goes to
a page, or posts a step's own form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, select

from . import tables

CASE: Final = "/cases/YT-CF-2026-0417"
PROJECT: Final = "/projects/YT-GC-2025-12"
SCENES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button of the bar.

    :param action: where it posts; a path with ``#`` is a link instead.
    :param fields: hidden fields; a key of the catalogue stands for its text.
    """

    action: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What the bar shows.

    :param scene: number of the scene; 0 before the first, one more than there are at the end.
    :param key: key of the sentence that says what to do.
    :param person: id of the person the scene is played as.
    :param do: the button that does it.
    :param following: the button that goes on to the next scene.
    :param note: key of a side note, if any.
    """

    scene: int
    key: str
    person: str | None
    do: Button | None
    following: Button | None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """How far the story is.

    :param is_decided: whether the fine of scene 1 is decided.
    :param is_filed: whether the fourth variation of scene 2 is filed.
    :param held_fine: attempt that is held in scene 1 in this visit, if any.
    :param held_variation: attempt that is held in scene 2 in this visit, if any.
    :param was_held: whether a fine was held in this visit.
    :param was_with_chief: whether this visit has been with the chief engineer meanwhile.
    """

    is_decided: bool
    is_filed: bool
    held_fine: str | None = None
    held_variation: str | None = None
    was_held: bool = False
    was_with_chief: bool = False


def read_story(connection: Connection) -> Story | None:
    """Read how far the story is; None where there is no story in the database.

    :param connection: a connection.
    """
    state = select(tables.case.c.state).where(tables.case.c.no == CASE.rpartition("/")[2])
    found = connection.execute(state).scalar_one_or_none()
    if found is None:
        return None
    fourth = select(tables.variation.c.no).where(
        tables.variation.c.project_no == PROJECT.rpartition("/")[2],
        tables.variation.c.no == "V4",
    )
    is_filed = connection.execute(fourth).first() is not None
    before = ("clue", "filed", "investigated", "notified", "defended", "reviewed", "discussed")
    return Story(is_decided=found not in before, is_filed=is_filed)


def bar(story: Story, person: str | None, path: str) -> Bar:
    """Say what the bar shows.

    :param story: how far the story is.
    :param person: who is signed in.
    :param path: the page that is shown.
    """
    is_at_works = person in ("zhao-lei", "he-ping") and not story.is_filed
    if not story.is_decided and not is_at_works:
        return _fine(story, person, path)
    if not story.is_filed:
        return _variation(story, person, path)
    return Bar(scene=SCENES + 1, key="tour.end", person=None, do=None, following=None)


def become(person: str, onward: str) -> Button:
    """Make the button that signs somebody in and goes to a page.

    :param person: id.
    :param onward: path.
    """
    return Button(action="/who", fields={"person": person, "next": onward})


def _fine(story: Story, person: str | None, path: str) -> Bar:
    following = become("zhao-lei", PROJECT)
    begin = become("chen-jing", CASE)
    if person != "chen-jing":
        return Bar(scene=1, key="tour.1.be", person="chen-jing", do=begin, following=following)
    if not path.startswith(CASE):
        return Bar(scene=1, key="tour.1.go", person="chen-jing", do=begin, following=following)
    typed = "800" if story.held_fine else "2000"
    return Bar(
        scene=1,
        key="tour.1.held" if story.held_fine else "tour.1.type",
        person="chen-jing",
        do=_post(CASE, "decide", story.held_fine, amount=typed, kind_of_penalty="fine"),
        following=following,
    )


def _variation(story: Story, person: str | None, path: str) -> Bar:
    begin = become("zhao-lei", PROJECT)
    if person == "he-ping":
        return Bar(scene=2, key="tour.2.agree", person="he-ping", do=None, following=begin)
    if person != "zhao-lei":
        note = "tour.1.note" if story.was_held else "tour.1.calm"
        return Bar(scene=2, key="tour.2.be", person="zhao-lei", do=begin, following=None, note=note)
    if not path.startswith(PROJECT):
        return Bar(scene=2, key="tour.2.go", person="zhao-lei", do=begin, following=None)
    if story.held_variation and not story.was_with_chief:
        chief = become("he-ping", "/inbox")
        return Bar(scene=2, key="tour.2.held", person="zhao-lei", do=None, following=chief)
    return Bar(
        scene=2,
        key="tour.2.again" if story.held_variation else "tour.2.type",
        person="zhao-lei",
        do=_fourth(story),
        following=None,
    )


def _fourth(story: Story) -> Button:
    return _post(
        PROJECT,
        "request_variation",
        story.held_variation,
        amount="490000",
        cause="ground",
        reason="tour.2.reason",
    )


def _post(place: str, step: str, attempt: str | None, **fields: str) -> Button:
    kept = {"attempt_id": attempt} if attempt else {}
    return Button(action=f"{place}/{step}", fields={**fields, **kept})
