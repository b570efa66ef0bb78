"""Small texts that might take long, or grow large: there is no pattern language to begin with."""

import time
from contextlib import suppress

import pytest

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.rules import compile_rule
from cleangov_plugin.rules.tokens import LONGEST

from .rule_building import BOTH, document

BOMBS = {
    "digits": "1_" * (LONGEST // 2 - 1) + "x",
    "quotes": "'" * LONGEST,
    "an open text": "'" + "a" * (LONGEST - 1),
    "dots": "a." * (LONGEST // 2),
    "units": "1 working " * (LONGEST // 10),
    "minus": "-" * LONGEST,
    "brackets": "(" * (LONGEST // 2) + ")" * (LONGEST // 2),
    "nots": "not " * (LONGEST // 4),
    "alternatives": "a|a" * (LONGEST // 3),
    "a large number": "amount > " + "9" * (LONGEST - 10) + "元",
    "products": "amount > 800元 * " + " * ".join(["9"] * 100),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_condition_is_refused_at_once(name: str) -> None:
    begun = time.process_time()
    with pytest.raises(RuleError):
        compile_rule(document(BOMBS[name]))
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("text", ["[[" * 900, "{" * 1_999, "[[{a" * 400, "]]" * 900])
def test_a_hostile_text_is_read_or_refused_at_once(text: str) -> None:
    begun = time.process_time()
    with suppress(RuleError):
        compile_rule(document(texts={"headline": {"zh": text, "en": text}, "body": BOTH}))
    assert time.process_time() - begun < 1


def test_a_condition_that_is_too_long_says_how_long_one_may_be() -> None:
    with pytest.raises(RuleError, match="characters"):
        compile_rule(document("amount > 800元" + " " * LONGEST))
