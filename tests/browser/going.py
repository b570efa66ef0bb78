"""Clicking onward: a click answers before the page it leads to has come, so it is waited for."""

from typing import Any


def go_by(page: Any, button: Any) -> None:
    """Click on a link or a button, and wait until the page behind it is there.

    :param page: the page it stands on.
    :param button: what is clicked on.
    """
    with page.expect_navigation():
        button.click()
