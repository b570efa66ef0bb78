"""Scene 2: Liu Min at the permit window asks for a second paper."""

from cleangov_hooks import AnswerKind

from .bars import CORRECT, Bar, Button, become, take
from .fine import what_was_decided
from .stage import Stage, press


def window(stage: Stage, onward: Button | None) -> Bar:
    """Say what Liu Min can do.

    :param stage: what there is.
    :param onward: the button that leaves the scene as it is; None for who has not begun it.
    """
    begin = become("liu-min", CORRECT)
    if stage.who != "liu-min":
        note = what_was_decided(stage) if stage.story.is_decided else None
        sum_ = stage.story.fine if note else None
        return Bar(scene=2, key="tour.2.be", do=begin, following=onward, note=note, sum=sum_)
    sheet = stage.open_at(CORRECT)
    if sheet is None:
        return Bar(scene=2, key="tour.2.go", do=begin, following=onward)
    both = stage.notice.control(AnswerKind.CORRECTED) if stage.notice else None
    if both is not None:
        return Bar(scene=2, key="tour.2.held", label=both.label, do=press(both), following=onward)
    if stage.notice is not None or stage.is_held(sheet):
        return Bar(scene=2, key="tour.2.waits", following=onward)
    second = take(CORRECT, sheet.attempt, items="tour.2.items")
    return Bar(scene=2, key="tour.2.type", do=second, following=onward)
