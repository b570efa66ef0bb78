"""The host merges what all gates decided: the strictest wins, no prompt is lost."""

import itertools
from datetime import UTC, datetime

import pytest

from cleangov_hooks import Decision, Prompt, Verdict, strictest

UNTIL = datetime(2026, 3, 12, tzinfo=UTC)


def verdict(decision: Decision, name: str, **more: object) -> Verdict:
    prompt = Prompt(id=name, attempt_id="t1", tier=2, rules=(), headline=name)
    return Verdict(decision=decision, attempt_id="t1", prompts=(prompt,), reason=name, **more)


def test_nobodys_verdict_is_a_pass() -> None:
    assert strictest([], "t1") == Verdict(
        decision=Decision.PASS, attempt_id="t1", reason="no_plugin"
    )


@pytest.mark.parametrize(("weak", "strong"), [*itertools.combinations(Decision, 2)])
def test_the_strictest_wins_in_either_order(weak: Decision, strong: Decision) -> None:
    both = [verdict(weak, "weak"), verdict(strong, "strong", hold_until=UNTIL)]
    for verdicts in (both, both[::-1]):
        merged = strictest(verdicts, "t1")
        assert (merged.decision, merged.reason) == (strong, "strong")
        assert merged.hold_until == UNTIL
        assert [p.id for p in merged.prompts] == ["strong", "weak"]


def test_a_pass_earned_at_one_plugin_and_the_notes_of_all_are_kept() -> None:
    merged = strictest(
        [
            verdict(Decision.HOLD, "a", notes=("one",)),
            verdict(Decision.PASS_RECORDED, "b", pass_token="token", notes=("two",)),
        ],
        "t1",
    )
    assert merged.pass_token == "token"
    assert merged.notes == ("one", "two")


def test_the_order_of_strictness_is_pass_recorded_hold_refuse() -> None:
    assert list(Decision) == [
        Decision.PASS,
        Decision.PASS_RECORDED,
        Decision.HOLD,
        Decision.REFUSE,
    ]
