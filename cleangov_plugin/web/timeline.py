"""The timeline of a case as a drawing: two lines, when it happened and when it was recorded.

Places along the lines are percentages, so that the drawing has any width and its letters keep
their size. Colours come from the style sheet; what matters also has a shape.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cleangov_plugin.desk.review.case_views import PointView

#: Percent between which the lines run, and steps into which they are cut.
_LEFT: Final = 2.0
_RIGHT: Final = 98.0
_STEPS: Final = 200
#: Steps that two labels stay apart.
_APART: Final = 18
#: Connections drawn at the most: a thicket tells nothing.
_MOST_LINKS: Final = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on one of the lines.

    :param x: percent from the left.
    :param shape: ``"hit"``, ``"unknown"`` or ``"plain"``.
    """

    x: str
    shape: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A drawing of a case.

    :param occurred: marks on the upper line.
    :param recorded: marks on the lower line.
    :param links: from upper to lower, percent from the left.
    :param labels: numbers of entries, each with its place.
    :param ticks: moments on the axis: place, text anchor, moment.
    """

    occurred: tuple[Mark, ...]
    recorded: tuple[Mark, ...]
    links: tuple[tuple[str, str], ...]
    labels: tuple[tuple[str, str], ...]
    ticks: tuple[tuple[str, str, datetime], ...]


def timeline(points: Sequence[PointView]) -> Timeline:
    """Draw the entries of a case.

    :param points: the entries, in the order they happened; at least one.
    """
    moments = [moment for point in points for moment in (point.occurred_at, point.recorded_at)]
    scale = _Scale(min(moments), max(moments))
    placed = [(scale.step(p.occurred_at), scale.step(p.recorded_at), p) for p in points]
    links = list(dict.fromkeys((a, b) for a, b, _ in placed))
    return Timeline(
        occurred=_marks((step, point) for step, _, point in placed),
        recorded=_marks((step, point) for _, step, point in placed),
        links=tuple((_percent(a), _percent(b)) for a, b in links[:_MOST_LINKS]),
        labels=tuple(_labels([(step, point.number) for step, _, point in placed])),
        ticks=scale.ticks(),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    first: datetime
    last: datetime

    def step(self, moment: datetime) -> int:
        """Answer the step on which a moment falls; the middle where all are one moment."""
        span = self.last - self.first
        if span <= timedelta(0):
            return _STEPS // 2
        return int((moment - self.first) / span * _STEPS + 0.5)

    def ticks(self) -> tuple[tuple[str, str, datetime], ...]:
        if self.first == self.last:
            return ((_percent(_STEPS // 2), "middle", self.first),)
        middle = self.first + (self.last - self.first) / 2
        return (
            (_percent(0), "start", self.first),
            (_percent(_STEPS // 2), "middle", middle),
            (_percent(_STEPS), "end", self.last),
        )


def _marks(placed: Iterable[tuple[int, PointView]]) -> tuple[Mark, ...]:
    """Keep one mark a step and shape; what matters is drawn last, and so on top."""
    found = {(step, _shape(point)) for step, point in placed}
    order = ("plain", "unknown", "hit")
    ranked = sorted(found, key=lambda item: (order.index(item[1]), item[0]))
    return tuple(Mark(_percent(step), shape) for step, shape in ranked)


def _shape(point: PointView) -> str:
    if point.is_hit:
        return "hit"
    return "unknown" if point.is_unknown else "plain"


def _labels(numbered: Sequence[tuple[int, int]]) -> list[tuple[str, str]]:
    """Label entries by number; those that stand close share one label."""
    groups: list[list[tuple[int, int]]] = []
    for item in numbered:
        if groups and item[0] - groups[-1][0][0] < _APART:
            groups[-1].append(item)
        else:
            groups.append([item])
    return [
        (
            _percent((group[0][0] + group[-1][0]) // 2),
            str(group[0][1]) if len(group) == 1 else f"{group[0][1]}–{group[-1][1]}",
        )
        for group in groups
    ]


def _percent(step: int) -> str:
    return f"{_LEFT + (_RIGHT - _LEFT) * step / _STEPS:.1f}%"
