"""What a rule saw as a drawing: bars under a line.

Places and heights are percentages of the drawing, so that it has any width and its letters keep
their size. Colours come from the style sheet; what matters also has a shape and a number.
"""

from dataclasses import dataclass
from typing import Final

from cleangov_plugin.desk.review.finding_views import BarsView

#: Pixels: of the whole drawing, of the stretch for bars, and above it.
_HEIGHT: Final = 172
_STRETCH: Final = 116
_TOP: Final = 24
#: The line itself, in thousandths.
_WHOLE: Final = 1_000
#: Thousandths of the line that the stretch shows at the least; more where a bar is higher.
_LEAST: Final = 1_100
_MOST: Final = 4_000
#: Percent of its place that a bar is wide.
_WIDTH: Final = 56


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    :param x: left edge, percent.
    :param width: percent.
    :param middle: middle, percent.
    :param y: upper edge, pixels.
    :param height: pixels.
    :param share: what is written above it, percent; empty where it cannot be told.
    :param is_cut: whether it goes on beyond the drawing.
    """

    x: str
    width: str
    middle: str
    y: int
    height: int
    share: str
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A drawing of what a rule saw.

    :param height: pixels.
    :param line: where the line is, pixels from above.
    :param floor: where the bars stand, pixels from above.
    :param bars: the bars.
    :param low: least share, whole percent.
    :param high: greatest share, whole percent.
    :param number: how many bars there are.
    """

    height: int
    line: int
    floor: int
    bars: tuple[Bar, ...]
    low: str
    high: str
    number: int


def drawn(view: BarsView) -> Drawing:
    """Draw what a rule saw.

    :param view: the values; at least one.
    """
    shares = view.shares
    top = min(max((_LEAST, *shares)), _MOST)
    floor = _TOP + _STRETCH
    each = 100 / len(view.bars)
    return Drawing(
        height=_HEIGHT,
        line=floor - _STRETCH * _WHOLE // top,
        floor=floor,
        bars=tuple(
            _bar(number, each, bar.share, top, floor) for number, bar in enumerate(view.bars)
        ),
        low=percent(min(shares)) if shares else "",
        high=percent(max(shares)) if shares else "",
        number=len(view.bars),
    )


def percent(thousandths: int) -> str:
    """Write a share in whole percent, cut off: what is below the line is never shown upon it.

    :param thousandths: the share.
    """
    return str(thousandths // 10)


def _bar(number: int, each: float, share: int | None, top: int, floor: int) -> Bar:
    height = _STRETCH * min(max(share or 0, 0), top) // top
    if share is not None and share < _WHOLE:  # never seen upon the line, however near
        height = min(height, _STRETCH * _WHOLE // top - 1)
    left = number * each + each * (100 - _WIDTH) / 200
    return Bar(
        x=f"{left:.1f}%",
        width=f"{each * _WIDTH / 100:.1f}%",
        middle=f"{(number + 0.5) * each:.1f}%",
        y=floor - height,
        height=height,
        share="" if share is None else f"{percent(share)}%",
        is_cut=share is not None and share > top,
    )
