"""The worth of past hits is bounded from below, and a place of the day is kept for the better."""

from dataclasses import replace
from datetime import date
from math import sqrt

import pytest

from cleangov_plugin.prompts.panel import Hit, ordered
from cleangov_plugin.prompts.weights import Weight, lower_bound
from tests.prompts.test_panel import HEAVIER


def by_floats(good: int, number: int) -> float:
    """The textbook's own formula, in floats."""
    z = 1.96
    share = good / number
    root = z * sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    return max(0.0, (share + z * z / (2 * number) - root) / (1 + z * z / number))


def test_the_lower_end_is_wilsons() -> None:
    for number in (*range(1, 40), 97, 1_000, 1_000_003):
        for good in {0, 1, number // 3, number - 1, number}:
            assert lower_bound(good, number) == pytest.approx(
                by_floats(good, number) * 1e6, abs=1.1
            )


def test_nothing_known_is_nothing_and_more_of_the_same_is_more() -> None:
    assert lower_bound(0, 0) == lower_bound(0, 10) == 0
    assert lower_bound(1, 1) < lower_bound(5, 5) < lower_bound(50, 50) < 1_000_000


@pytest.mark.parametrize(("good", "number"), [(2, 1), (-1, 3)])
def test_more_than_there_are_is_refused(good: int, number: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        lower_bound(good, number)


@pytest.mark.parametrize(("better", "places"), [(0, 3), (1, 2), (2, 1), (3, 1), (9, 1)])
def test_a_place_is_kept_for_each_better_panel_and_one_is_always_left(
    better: int, places: int
) -> None:
    assert Weight(better=better).places(3) == places


def test_among_equals_the_more_precise_comes_first_then_what_is_due_sooner() -> None:
    today = date(2026, 3, 10)
    late = replace(HEAVIER, rule_id="A", values={"due": date(2026, 5, 1)})
    past = replace(HEAVIER, rule_id="B", values={"due": date(2026, 3, 9)})
    soon = replace(HEAVIER, rule_id="C", values={"due": today})
    hits = [Hit(outcome=each) for each in (past, late, soon)]

    def names(weights: dict[str, Weight], on: date | None) -> list[str]:
        return [hit.outcome.rule_id for hit in ordered(hits, weights, on)]

    assert names({}, today) == ["C", "A", "B"]
    assert names({"B": Weight(precision=1)}, today) == ["B", "C", "A"]
    assert names({}, None) == ["A", "B", "C"]
