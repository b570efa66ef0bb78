"""Random well-typed expressions, and random events for them, with boundaries and unknowns."""

from datetime import UTC, date, datetime
from random import Random
from typing import Any

from cleangov_hooks import Money
from cleangov_plugin.domain.record import Record
from cleangov_plugin.rules import Knowledge, Statistic, StatisticKey
from tests.rules.rule_building import document, event, known

FIELDS: dict[str, dict[str, Any]] = {
    "n": {"type": "integer", "range": [-5, 5]},
    "m": {"type": "integer", "range": [-1_000_000, 1_000_000]},
    "big": {"type": "integer"},
    "limit": {"type": "money", "range": ["0.01元", "1亿元"]},
    "euro": {"type": "money", "currency": "EUR"},
    "fee": {"type": "money", "currency": "any", "range": [-1_000_000, 1_000_000]},
    "paid": {"type": "money", "currency": "any", "range": [-1_000_000, 1_000_000]},
    "grade": {"type": "choice", "choices": ["light", "ordinary", "heavy"]},
    "note": {"type": "text"},
    "memo": {"type": "text"},
    "opened_on": {"type": "date"},
    "closed_on": {"type": "date"},
    "begun": {"type": "datetime"},
    "ended": {"type": "datetime"},
    "stay": {"type": "days"},
    "term": {"type": "working_days"},
    "wait": {"type": "duration"},
    "a": {"type": "boolean"},
    "b": {"type": "boolean"},
    "c": {"type": "boolean", "required": False},
    "tags": {"type": "list"},
    "more": {"type": "list", "range": [1, 3]},
    "sums": {
        "type": "list",
        "range": [0, 3],
        "items": {"type": "money", "range": ["0元", "1万元"]},
    },
    "whole": {"type": "list", "items": {"type": "integer", "range": [-5, 5]}, "range": [0, 4]},
    "held": {"type": "list", "range": [0, 3], "items": {"type": "date"}},
    "marks": {
        "type": "list",
        "range": [0, 3],
        "items": {"type": "choice", "choices": ["light", "heavy"]},
    },
}
PARAMETERS = {
    "k": {"type": "integer", "range": [0, 100], "default": 3},
    "sum": {"type": "money", "range": ["0元", "1亿元"], "default": "800元"},
    "days": {"type": "days", "range": ["0 days", "1000 days"], "default": "30 days"},
    "word": {"type": "text", "default": "道路"},
}
FACTS = {
    "before": {"latest": "n", "of": "enf.a"},
    "seen": {"exists": "enf.a", "where": "b"},
    "total": {"sum": "fee", "of": "enf.a", "range": [-10_000_000, 10_000_000]},
    "count": {"count": "enf.a", "where": "n == current.n"},
    "since": {"elapsed_since": "enf.a", "in": "civil_days"},
    "hours": {"elapsed_since": "enf.a", "in": "duration"},
    "moment": {"first": "begun", "of": "enf.a"},
    "word": {"latest": "note", "of": "enf.a"},
    "least": {"min": "n", "of": "enf.a"},
    "dearest": {"max": "fee", "of": "enf.a"},
    "usual": {"median": "amount", "of": "enf.a", "per": ["grade"], "at_least": 2},
    "mean": {"mean": "amount", "of": "enf.a", "per": ["grade"], "at_least": 3},
    "half": {"quantile": "n", "at": "50%", "of": "enf.a", "per": ["grade"], "at_least": 2},
    "portion": {"share": "enf.a", "where": "b", "per": ["grade", "a"], "toward": ["a"],
                "at_least": 2},
    "cases": {"count": "enf.a", "per": ["grade"], "at_least": 1},
}  # fmt: skip
WORDS = [
    "",
    "道路",
    "road",
    "Road",
    "road ",
    "it's",
    'say "x"',
    "a\\b",
    "100%",
    "é",
    "e\u0301",
    "😀",
]
CENTS = [-1, 0, 1, 3, 799_99, 800_00, 800_01, 80_00, 80_01, 10**9, 10**13]
DAYS = [
    date.min, date(1, 1, 2), date(1969, 12, 31), date(2024, 2, 28), date(2024, 2, 29),
    date(2026, 3, 10), date(2026, 3, 11), date(9999, 12, 1), date.max,
]  # fmt: skip
MOMENTS = [
    datetime.min.replace(tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC),
    datetime(2026, 3, 10, 2, tzinfo=UTC), datetime(2026, 3, 10, 2, 0, 0, 1, UTC),
    datetime(2026, 3, 11, 2, tzinfo=UTC), datetime.fromisoformat("2026-03-11T10:00:00+08:00"),
    datetime.fromisoformat("2026-03-11T09:59:59.999999+08:00"), datetime.max.replace(tzinfo=UTC),
]  # fmt: skip
VALUES: dict[str, list[Any]] = {
    "n": [*range(-5, 6)],
    "m": [-1_000_000, -7, -1, 0, 1, 2, 3, 7, 1_000_000],
    "big": [-(2**53) + 1, -1, 0, 3, 2**53 - 1],
    "limit": [Money(minor=cents) for cents in CENTS if 0 < cents <= 10**10],
    "euro": [Money(minor=cents, currency="EUR") for cents in (-1, 0, 800_00, 800_01)],
    "fee": [Money(minor=m, currency=c) for m in (-3, 0, 1, 5, 800_00) for c in ("EUR", "CNY")],
    "paid": [Money(minor=m, currency=c) for m in (-3, 0, 1, 50, 800_00) for c in ("EUR", "CNY")],
    "grade": ["light", "ordinary", "heavy"],
    "note": WORDS,
    "memo": WORDS,
    "opened_on": DAYS,
    "closed_on": DAYS,
    "begun": MOMENTS,
    "ended": MOMENTS,
    "stay": [-100_000, -1, 0, 1, 29, 30, 31, 100_000],
    "term": [0, 1, 5, 6],
    "wait": [-(10**10), -1, 0, 1, 3600, 86_399, 86_400, 10**10],
    "a": [True, False],
    "b": [True, False],
    "c": [True, False],
    "tags": [(), ("a",), ("a", "b"), ("b",), ("道路", "road", "")],
    "more": [(), ("a",), ("x", "b"), ("y",), ("a", "b", "c", "d"), "a，x", "道路"],
    "sums": [(), ("800元",), (Money(minor=800_01), "0"), ("800.00", "3元", "0.01"), ("0.001",)],
    "whole": [(), (0,), ("3", 1), (-5, 5, "2"), (6,), (1, 1, 1, 1, 1)],
    "held": [(), ("2026-03-10",), (date(2024, 2, 29), "2026-03-11"), ("2026-02-30",)],
    "marks": [(), ("light",), ("heavy", "light"), ("grave",), "light，heavy"],
}
#: Values that no field takes: they count as missing.
GARBAGE = ["3", 3.0, 2**70, -(2**70), Money(minor=1, currency="JPY"), 10**15, b"x", object()]


def rule_document() -> dict[str, Any]:
    """A rule with a name of every kind; expressions are checked in its names."""
    return document("true", fields=FIELDS, parameters=PARAMETERS, facts=FACTS)


class RandomEvents:
    """Events from a seed."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def record(self, at: str = "2026-03-10T10:00:00+08:00", **more: Any) -> Record:
        cents = self.random.choice([None, *CENTS])
        amount = None if cents is None else Money(minor=cents)
        attributes = {name: self.value(name) for name in FIELDS}
        unit = self.random.choice([None, *WORDS])
        return event(at, amount=amount, attributes=attributes, unit=unit, **more)

    def value(self, name: str) -> Any:
        chance = self.random.random()
        if chance < 0.2:
            return None
        return self.random.choice(GARBAGE if chance < 0.25 else VALUES[name])

    def knowledge(self, keys: tuple[StatisticKey, ...]) -> Knowledge:
        """Up to two earlier events, and a figure over other cases for each key."""
        starts = ["2026-02-08T10:00:00+08:00", "2026-03-09T10:00:01+08:00"]
        chosen = starts[: self.random.randrange(3)]
        history = [self.record(at, kind="enf.a", row=n) for n, at in enumerate(chosen, start=1)]
        values = [*CENTS, *range(-5, 6), 33_333, 50_000, 100_000]
        figures = {
            key: Statistic(self.random.choice(values), self.random.randrange(5))
            for key in keys
            if self.random.random() < 0.9
        }
        return known(*history, statistics=figures)
