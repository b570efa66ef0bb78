"""How long a prompt was before somebody, and in whose words it was answered: of rules alone."""

import pytest

from cleangov_plugin.prompts.manner import Given, Manner, manners


def given(subject: str = "C-1", **more: object) -> Given:
    return Given(**{"rule_id": "R1", "tier": 3, "subject": subject, **more})  # type: ignore[arg-type]


def only(*answers: Given) -> Manner:
    (found,) = manners(answers).values()
    return found


@pytest.mark.parametrize(
    ("tier", "dwell", "is_hurried"),
    [(3, 2_499, True), (3, 2_500, False), (5, 0, True), (2, 0, False), (3, None, False)],
)
def test_hurried_is_less_than_a_second_and_a_half_after_it_was_seen(
    tier: int, dwell: int | None, is_hurried: bool
) -> None:
    found = only(given(tier=tier, dwell_ms=dwell))
    assert found.hurried == is_hurried
    assert found.timed == (tier >= 3 and dwell is not None)


def test_with_script_and_without_are_told_apart_and_the_middle_is_of_both() -> None:
    times = [(4_000, True), (9_000, False), (5_000, True), (None, False)]
    found = only(*(given(dwell_ms=dwell, has_script=by) for dwell, by in times))
    assert (found.answers, found.seen, found.rendered, found.dwell_ms) == (4, 2, 1, 5_000)


def test_copied_is_the_same_words_in_another_case_whoever_wrote_them() -> None:
    texts = [
        ("C-1", "现场核实，情况属实。"),
        ("C-1", "现场核实，情况属实。"),  # once more in its own case: a second step
        ("C-2", " 现场核实 情况属实 "),  # punctuation makes no words of one's own
        ("C-2", "ＯＫ"),
        ("C-3", "ok!"),
        ("C-4", "……"),  # no words at all
        ("C-5", "情况属实"),
    ]
    found = only(*(given(subject, words=words) for subject, words in texts))
    assert (found.worded, found.copied) == (6, 2)


def test_the_same_words_at_another_rule_are_not_copied() -> None:
    found = manners([given(words="同意"), given("C-2", rule_id="R2", words="同意")])
    assert [manner.copied for manner in found.values()] == [0, 0]


@pytest.mark.parametrize(
    ("hurried", "number", "is_worn"),
    [(29, 29, False), (30, 30, True), (30, 100, False), (41, 100, True)],
)
def test_a_rule_is_named_where_surely_more_than_three_in_ten_say_nothing(
    hurried: int, number: int, is_worn: bool
) -> None:
    soon, later = given(dwell_ms=10), given(dwell_ms=60_000)
    assert only(*[soon] * hurried, *[later] * (number - hurried)).is_worn is is_worn
    words = [given(f"C-{n}", words="同上" if n < hurried else f"{n}") for n in range(number)]
    assert only(*words).is_worn is is_worn
