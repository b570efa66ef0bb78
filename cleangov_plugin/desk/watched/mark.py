"""How far a view was read: a file beside the keys, so that a restart goes on where it was.

Numbers are given when a row is inserted and seen when it is committed, so a smaller one may come
after a greater one. The mark therefore stays behind: what is above it is read again each time, and
it moves only over numbers that have been seen for a while.
"""

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cleangov_plugin.domain.errors import SettingsError

#: How the names of files begin, for whoever looks how the plugin is.
FILES: Final = "watched-*.json"
_VERSION: Final = 1
#: Heights that are remembered; where there are more looks than that, the mark comes later.
_MOST: Final = 3_600


@dataclass(slots=True, kw_only=True)
class Mark:
    """How far a view was read.

    :param view: the view's name.
    :param source: how the platform is called in the ledger.
    :param since: what was recorded before is not told: POSIX seconds.
    :param low: every number up to this one was told, or is among the refused.
    :param counted: how many rows there were up to it.
    :param heights: since when (POSIX seconds) the view is known to be as high as a number.
    :param refused: why rows were refused, by number: each is asked for again.
    :param looked_at: when the view was read last: POSIX seconds.
    :param recounted_at: when the rows up to the mark were counted last: POSIX seconds.
    """

    view: str
    source: str
    since: float
    low: int = 0
    counted: int = 0
    heights: list[tuple[float, int]] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    looked_at: float = 0.0
    recounted_at: float = 0.0

    def rise(self, now: float, height: int, late_s: float) -> int:
        """Take note how high the view is, and answer up to where it has been that high for long.

        :param now: POSIX seconds.
        :param height: the highest number that was told, with all that were seen below it.
        :param late_s: seconds after which no smaller number is expected any more.
        :return: the number up to which the mark may move.
        """
        last = self.heights[-1][1] if self.heights else self.low
        if height > last and len(self.heights) < _MOST:
            self.heights.append((now, height))
        old = [number for at, number in self.heights if now - at >= late_s]
        self.heights = [(at, number) for at, number in self.heights if now - at < late_s]
        return max([self.low, *old])

    def begin_again(self) -> None:
        """Go back to the beginning: what was told is known, and what came late is not."""
        self.low = self.counted = 0
        self.heights = []

    def looked(self) -> datetime:
        """Answer when the view was read last."""
        return datetime.fromtimestamp(self.looked_at, UTC)


def read_mark(path: Path) -> Mark | None:
    """Read a mark.

    :param path: its file.
    :return: None where there is none.
    :raises SettingsError: where the file is not one.
    """
    try:
        found = json.loads(path.read_bytes())
        return Mark(**_typed(found))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as problem:
        what = f"this file does not say how far a view was read ({type(problem).__name__})."
        remedy = "Move it away and name the day to begin with: --since. What was told is known."
        raise SettingsError(what, where=str(path), remedy=remedy) from None


def write_mark(path: Path, mark: Mark) -> None:
    """Write a mark, whole or not at all.

    :param path: its file.
    :param mark: what is written.
    :raises SettingsError: where it cannot be written.
    """
    document = {"v": _VERSION, **{name: getattr(mark, name) for name in Mark.__slots__}}
    document["refused"] = {str(no): why for no, why in mark.refused.items()}
    draft = path.with_suffix(f".{os.getpid()}.draft")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        draft.replace(path)
    except OSError as problem:
        what = f"how far the view was read cannot be kept ({type(problem).__name__})."
        raise SettingsError(what, where=str(path), remedy="Set CLEANGOV_KEYS.") from None


def _typed(found: dict[str, Any]) -> dict[str, Any]:
    """Check what was read: it may have been edited by hand, or be of a newer release."""
    if found.keys() - {"v"} != set(Mark.__slots__) or found["v"] != _VERSION:
        raise ValueError("another version")
    numbers = {name: int(found[name]) for name in ("low", "counted")}
    moments = {name: float(found[name]) for name in ("since", "looked_at", "recounted_at")}
    heights = [(float(at), int(number)) for at, number in found["heights"]]
    refused = {int(no): str(why) for no, why in found["refused"].items()}
    texts = {name: str(found[name]) for name in ("view", "source")}
    return {**texts, **numbers, **moments, "heights": heights, "refused": refused}
