"""Figures carried on from night to night are those made anew from all events."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from cleangov_hooks import Money
from cleangov_plugin.desk.figures_by_night import NONE_LEFT, FigureByNight
from cleangov_plugin.domain.record import Record
from cleangov_plugin.rules import Knowledge, compile_rule
from cleangov_plugin.rules.facts import Fact, resolve
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.rules.statistics import figures, sample
from tests.rules.rule_building import document, event

ZONE: Final = ZoneInfo("Asia/Shanghai")
FACTS: Final[dict[str, dict[str, Any]]] = {
    "median": {"median": "n"},
    "mean": {"mean": "n", "at_least": 1},
    "most": {"quantile": "n", "at": "90%", "at_least": 10},
    "count": {"count": "enf.a"},
    "share": {"share": "enf.a", "where": "n > 2", "at_least": 1},
}
DAYS: Final = 25


def fact(name: str, window: str | None) -> Fact:
    written = {"per": ["grade", "firm"], **FACTS[name]}
    if name != "count" and name != "share":
        written["of"] = "enf.a"
    if name == "share":
        written["toward"] = ["grade"]
    if window is not None:
        written["within"] = window
    fields = {"n": {"type": "integer"}, "grade": {"type": "text"}, "firm": {"type": "text"}}
    rule = compile_rule(document("facts.x > 1" if name != "share" else "facts.x > 1%",
                                 fields=fields, facts={"x": written}))  # fmt: skip
    return resolve(rule.facts, rule.fields, {})["x"]


def known(chance: Random, number: int) -> list[tuple[int, int, Record]]:
    """Answer events with the days of knowing them and of correcting them; 99 is never."""
    found = []
    for _ in range(number):
        day = chance.randrange(DAYS)
        came = min(DAYS, day + chance.choice((0, 0, 0, 2, 9)))
        came = max(0, came - chance.choice((0, 0, 0, 0, 3)))  # told before it happened
        at = datetime(2026, 3, 1, 4, tzinfo=UTC) + timedelta(days=day)
        attributes = {"n": chance.randrange(6), "grade": chance.choice("ab")}
        attributes["firm"] = chance.choice(["u", "v", "w", None])
        record = event(at.isoformat(), kind="enf.a", attributes=attributes, amount=Money(minor=1))
        gone = came + chance.randrange(9) if chance.random() < 0.2 else 99
        found.append((came, gone, record))
    return found


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "window"),
    [
        *((name, None) for name in FACTS),  # a count within days is a fact of the moment
        *((name, window) for name in FACTS if name != "count" for window in ("3 days", "10 days")),
    ],
)
def test_each_night_has_the_figures_that_it_would_make_anew(name: str, window: str | None) -> None:
    chance, one = Random(f"{name} {window}"), fact(name, window)
    events, first = known(chance, 160), datetime(2026, 3, 1, tzinfo=ZONE).toordinal()
    carried, stands, turned = FigureByNight(one), dict[Any, Any](), 0
    for night in range(1, DAYS + 15):
        today = first + night
        for came, gone, record in events:
            frame = Frame(record, Knowledge(zone=ZONE))
            it = sample(one, frame)
            since = max(frame.day.toordinal(), first + came) + 1
            if it is not None and came == night - 1:
                carried.put(it, since, carried.end_of(frame))
            if it is not None and gone == night - 1:
                carried.take(it, since, carried.end_of(frame), today)
        for day, touched in carried.nights(today):
            assert day == today, "no night is changed by what is told later"
            stands |= carried.made(touched)
            turned += 1
        there = [r for came, gone, r in events if came < night and gone >= night]
        there = [r for r in there if Frame(r, Knowledge(zone=ZONE)).day.toordinal() < today]
        on = datetime.fromordinal(today).date()
        anew = figures(one, there, ZONE, on=on)
        assert {key: value for key, value in stands.items() if value != NONE_LEFT} == anew
    assert turned > 20
