"""The scenes in their order: what the bar says and does wherever somebody stands in them."""

from collections.abc import Iterator
from typing import Final

from .bars import CASE, CORRECT, PROJECT, Bar, Button, become
from .fine import fine
from .oversight import leave, oversight
from .stage import Stage
from .variation import variation
from .window import window

#: Only scenes that exist are announced.
SCENES: Final = 5


def bar(stage: Stage) -> Bar:
    """Say what the bar shows. Each press of a button leads on, and none leads round.

    :param stage: what there is.
    """
    scene = _scene(stage)
    if scene == 1:
        # Who has not begun a scene may pass over it once something later was played.
        is_free = stage.who == "chen-jing" or _later(stage, 1)
        return fine(stage, _onward(stage, 1) if is_free else None)
    if scene == 2:
        is_free = stage.who == "liu-min" or _later(stage, 2)
        return window(stage, _onward(stage, 2) if is_free else None)
    if scene == 3:
        return variation(stage, _onward(stage, 3))
    return oversight(stage, is_played=is_played(stage))


def start(stage: Stage) -> Button:
    """Answer where the tour begins: with the first scene that was not played.

    :param stage: what there is.
    """
    return next((begin for _, begin in _unplayed(stage)), leave(stage))


def is_played(stage: Stage) -> bool:
    """Answer whether every scene of the officers was played.

    :param stage: what there is.
    """
    return not any(_unplayed(stage))


def _scene(stage: Stage) -> int:
    """Answer the scene somebody stands in: their own, else the first that was not played."""
    unplayed = [scene for scene, _ in _unplayed(stage)]
    own = {"liu-min": 2, "zhao-lei": 3, "he-ping": 3, "lin-lan": 4}.get(stage.who or "")
    if own in unplayed or own == 4:
        return own
    return unplayed[0] if unplayed else 4


def _unplayed(stage: Stage) -> Iterator[tuple[int, Button]]:
    story = stage.story
    if not story.is_decided:
        yield 1, become("chen-jing", CASE)
    if not story.is_noticed:
        yield 2, become("liu-min", CORRECT)
    if not stage.is_filed:
        yield 3, become("zhao-lei", PROJECT)


def _onward(stage: Stage, scene: int) -> Button:
    """Make the button that leaves a scene and begins the next one that was not played."""
    return next((begin for number, begin in _unplayed(stage) if number > scene), leave(stage))


def _later(stage: Stage, scene: int) -> bool:
    """Answer whether a later scene of the officers was played."""
    played = {2: stage.story.is_noticed, 3: stage.is_filed}
    return any(done for number, done in played.items() if number > scene)
