"""Mistakes made on purpose are refused, or shown with a concrete case, in words one can read."""

import os
import re

import pytest

from .authoring_mistakes import EACH, EACH_OF_ALL, Mistake, mistakes, table
from .mistake_operators import OPERATORS

_EACH, _ENOUGH = (EACH_OF_ALL, 15) if os.environ.get("DO_FULL_COUNTS") else (EACH, 10)


@pytest.fixture(scope="module")
def found() -> list[Mistake]:
    return list(mistakes(_EACH))


pytestmark = pytest.mark.long


def test_nineteen_of_twenty_mistakes_are_refused_or_shown(found: list[Mistake]) -> None:
    print("\n".join(table(found)))
    missed = [mistake for mistake in found if mistake.fate == "missed"]
    assert len(missed) <= 0.05 * len(found), [(m.operator, m.rule, m.changed) for m in missed]


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_made_enough_and_none_is_blind(found: list[Mistake], operator: str) -> None:
    of = [mistake for mistake in found if mistake.operator == operator]
    assert len(of) >= _ENOUGH
    assert sum(mistake.fate != "missed" for mistake in of) >= 0.8 * len(of)


def test_every_refusal_names_the_place_and_is_said_in_chinese(found: list[Mistake]) -> None:
    refused = [mistake for mistake in found if mistake.fate == "refused"]
    for mistake in refused:
        assert re.match(r"(rule\.yaml:\d+[ :]|rule\.yaml: |[A-Z0-9]+\.)", mistake.message)
        assert re.search(r"[一-鿿]", mistake.chinese), mistake.message
        said = mistake.chinese.partition("：")[
            2
        ]  # before it stands the place, in the author's words
        assert not re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,} ", said), said
        assert "Error" not in mistake.message
