"""Clicking onward: a click answers before the page it leads to has come, so it is waited for."""

from contextlib import AbstractContextManager
from typing import Any


def arriving(page: Any) -> AbstractContextManager[Any]:
    """Wait, at the end of the block, until another page has come and is whole.

    A navigation would not do: the element writes the address it goes to into the history before it
    loads it, and that counts as one although the old page still stands there.

    :param page: the page that is left within the block.
    """
    waiting: AbstractContextManager[Any] = page.expect_event("load")
    return waiting


def go_by(page: Any, button: Any) -> None:
    """Click on a link or a button, and wait until the page behind it is there.

    :param page: the page it stands on.
    :param button: what is clicked on.
    """
    with arriving(page):
        button.click()
