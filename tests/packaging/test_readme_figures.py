"""What both READMEs say was tested is counted anew: no figure there is typed and forgotten."""

import re
from pathlib import Path

import pytest

from tests.attacks import test_must_not_alarm as harmless
from tests.attacks.catalogue import NotHere
from tests.attacks.every_row import ROWS
from tests.plugin.day import HOOKS

ROOT = Path(__file__).parents[2]
#: Words around the number of hooks, of attacks and of harmless cases.
SAID = {
    "README.md": (
        r"each of (\d+) hooks",
        r"tested: (\d+) attacks",
        r"silence in (\d+) harmless cases",
    ),
    "README.zh-CN.md": (r"已测：(\d+) 个钩子", r"已测：(\d+) 种攻击", r"(\d+) 种正常情形不误报"),
}


@pytest.mark.parametrize("page", SAID)
def test_the_figures_of_the_readme_are_those_of_the_tests(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    attacks = sum(not isinstance(row, NotHere) for row in ROWS)
    played = [name for name in vars(harmless) if name.startswith("test_")]
    silent = len(played) - 1 + len(harmless.ELSEWHERE)  # one of them names what is played elsewhere
    said = [re.search(words, text) for words in SAID[page]]
    assert [int(found[1]) if found else 0 for found in said] == [len(HOOKS), attacks, silent]
