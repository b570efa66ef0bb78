"""What changes for an event and a case, how often officers are stopped, and what to mind."""

from datetime import date
from typing import Any

import pytest

from cleangov_plugin.desk.backtested.asking import Asked, Said, Side
from cleangov_plugin.desk.backtested.cautions import cautions
from cleangov_plugin.desk.backtested.counting import Change, Counts, change
from cleangov_plugin.desk.backtested.prompting import Prompting
from cleangov_plugin.domain.terms import Result, Tier
from tests.store.samples import record

DAY = date(2026, 3, 10)
HIT, CLEAR = Said(result=Result.HIT), Said(result=Result.CLEAR)
UNKNOWN = Said(result=Result.CANNOT_BE_CHECKED, missing=("amount",))
NONE = Said()


@pytest.mark.parametrize(
    ("draft", "against", "expected"),
    [
        (HIT, HIT, Change.KEPT),
        (HIT, CLEAR, Change.NEW),
        (HIT, UNKNOWN, Change.NEW),
        (HIT, None, Change.NEW),
        (CLEAR, HIT, Change.GONE),
        (NONE, HIT, Change.GONE),
        (UNKNOWN, HIT, Change.UNKNOWN),
        (UNKNOWN, None, Change.UNKNOWN),
        (CLEAR, UNKNOWN, Change.CLEAR),
        (NONE, CLEAR, Change.CLEAR),
        (NONE, NONE, None),
        (NONE, None, None),
    ],
)
def test_what_changes_for_an_event(
    draft: Said, against: Said | None, expected: Change | None
) -> None:
    assert change(draft, against) is expected


def asked(row: int, draft: Said, against: Said, **changes: Any) -> Asked:
    said = {Side.DRAFT: draft, Side.AGAINST: against}
    return Asked(record=record(row, **changes), row=row, day=DAY, said=said, others=("E08",))


def test_a_case_that_hits_on_both_sides_is_kept_though_by_different_events() -> None:
    counts = Counts()
    counts.case("A", [asked(1, HIT, CLEAR), asked(2, CLEAR, HIT)])
    counts.case("B", [asked(3, HIT, CLEAR), asked(4, UNKNOWN, CLEAR)])
    counts.case("C", [asked(5, UNKNOWN, HIT)])
    counts.case("D", [asked(6, NONE, NONE)])
    told = counts.told()
    assert told["cases"] == {
        "looked_at": 3, "new": 1, "gone": 0, "kept": 1, "cannot_be_checked": 1, "clear": 0,
    }  # fmt: skip
    assert told["events"]["looked_at"] == 5
    assert told["was_hit_and_cannot_be_checked"] == 1
    assert told["missing"] == {"amount": 2}
    assert told["overlap"] == {"E08": 2}
    assert [line["case"] for line in told["most_affected"]] == ["A", "B"]


def test_at_most_ten_cases_are_shown_and_those_that_change_most() -> None:
    counts = Counts()
    for number in range(30):
        events = [asked(n, HIT, CLEAR) for n in range(1 + number % 3)]
        counts.case(f"{number:02}", events)
    shown = [(line["case"], line["new"]) for line in counts.told()["most_affected"]]
    assert shown == [(f"{number:02}", 3) for number in range(2, 30, 3)]


def test_a_breakdown_past_its_lines_is_one_line_and_loses_nothing() -> None:
    counts = Counts()
    for number in range(250):
        counts.case(str(number), [asked(1, HIT, CLEAR, unit=f"U{number:03}")])
    lines = counts.told()["by_unit"]
    assert len(lines) == 201
    assert (lines[-1]["key"], lines[-1]["keys"]) == (None, 50)
    assert sum(line["new"] for line in lines) == 250


def test_prompts_are_counted_by_officer_and_day_and_the_budget_is_of_tiers_2_and_3() -> None:
    prompting = Prompting()
    for tier in (Tier.CONFIRM, Tier.JUSTIFY, Tier.CONFIRM, Tier.JUSTIFY, Tier.REFUSE):
        prompting.note("a", DAY, tier)
    prompting.note("a", DAY, Tier.INFORM)  # it says something and stops nobody
    prompting.note("b", DAY, None)
    prompting.note(None, DAY, Tier.CONFIRM)
    told = prompting.told()
    assert (told["officers"], told["officer_days"], told["officer_days_with_prompt"]) == (2, 2, 1)
    assert (told["prompts"], told["over_budget"], told["shown"]) == (5, 1, 4)
    assert told["by_tier"] == {"2": 2, "3": 2, "5": 1}
    assert (told["per_day_p50"], told["per_day_p95"], told["per_day_most"]) == (0, 5, 5)
    assert told["without_officer"] == 1


def test_no_day_at_all_is_no_error() -> None:
    told = Prompting().told()
    assert (told["per_day_p50"], told["per_day_p95"], told["per_day_most"]) == (0, 0, 0)


def cases(looked_at: int, new: int = 0, kept: int = 0, unknown: int = 0) -> dict[str, Any]:
    numbers = {"looked_at": looked_at, "new": new, "kept": kept, "cannot_be_checked": unknown}
    return {"cases": numbers}


@pytest.mark.parametrize(
    ("found", "base_rate", "codes"),
    [
        (cases(0), 1_000, ["nothing_looked_at"]),
        (cases(10), 1_000, ["no_hit"]),
        (cases(1_000, new=29), 100_000, ["few_hits"]),
        (cases(1_000, new=15, kept=15), 100_000, []),
        (cases(10_000, new=200), 1_000, []),  # 100 in 200: half of them may be right
        (cases(10_000, new=201), 1_000, ["base_rate"]),
        (cases(1_000, new=100, unknown=100), 100_000, []),
        (cases(1_000, new=100, unknown=101), 100_000, ["much_cannot_be_checked"]),
    ],
)
def test_what_a_reader_is_told_to_mind(
    found: dict[str, Any], base_rate: int, codes: list[str]
) -> None:
    assert [each["code"] for each in cautions(found, base_rate)] == codes


def test_the_base_rate_says_how_many_can_be_right_at_most() -> None:
    (said,) = cautions(cases(2_015, new=492), 1_000)
    assert said["at_most"] == 4  # 20.15 of 492
