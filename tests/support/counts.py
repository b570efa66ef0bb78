"""How often a test is run: some of its cases always, all of them in the full counts."""

from typing import Any

import pytest


def full(*always: Any, slow: tuple[Any, ...]) -> list[Any]:
    """Answer the parameters of a test.

    :param always: those of every run.
    :param slow: those of the full counts (`do.py test --all`) besides.
    """
    return [*always, *(pytest.param(each, marks=pytest.mark.slow) for each in slow)]
