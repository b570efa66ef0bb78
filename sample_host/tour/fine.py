"""Scene 1: Chen Jing decides a fine, heavier than the owner was told of."""

from typing import Final

from cleangov_hooks import AnswerKind

from .bars import CASE, DECIDE, Bar, Button, become, take
from .stage import Sheet, Stage, press

#: The fine of which the owner was told, in yuan, and what Chen Jing types instead.
_NOTICED: Final = 800
_HEAVIER: Final = 2000


def fine(stage: Stage, onward: Button | None) -> Bar:
    """Say what Chen Jing can do.

    :param stage: what there is.
    :param onward: the button that leaves the scene as it is; None for who has not begun it.
    """
    begin = become("chen-jing", CASE)
    if stage.who != "chen-jing":
        return Bar(scene=1, key="tour.1.be", do=begin, following=onward)
    sheet = stage.open_at(DECIDE)
    if sheet is None:
        return Bar(scene=1, key="tour.1.go", do=begin, following=onward)
    back = stage.fine.control(AnswerKind.CORRECTED) if stage.fine else None
    if back is not None:
        return Bar(scene=1, key="tour.1.held", label=back.label, do=press(back), following=onward)
    is_held = stage.fine is not None or stage.is_held(sheet)
    return Bar(
        scene=1,
        key="tour.1.waits" if is_held else "tour.1.type",
        do=_decide(sheet, _NOTICED if is_held else _HEAVIER),
        following=onward,
    )


def _decide(sheet: Sheet, yuan: int) -> Button:
    return take(DECIDE, sheet.attempt, amount=str(yuan), kind_of_penalty="fine")


def what_was_decided(stage: Stage) -> str:
    """Name the side note on the scene; that something else was typed first is nobody's business.

    :param stage: what there is, the fine decided.
    """
    fine = stage.story.fine
    if fine is None:
        return "tour.1.none"
    if fine > _NOTICED * 100:
        return "tour.1.heavier" if "fine" in stage.seen else "tour.1.unstopped"
    return "tour.1.note" if "fine" in stage.seen else "tour.1.calm"
