"""What a reader of a page looks at: its rows, its cases, its links and its words."""

import re
from collections.abc import Callable

from tests.support.page_check import Checked

Get = Callable[..., Checked]


def rows(page: Checked) -> list[str]:
    """Answer the texts of a table's rows, its head left out."""
    return [row.text for row in page.found("tr", role="row")][1:]


def cases(page: Checked) -> list[str]:
    """Answer the cases a page links to, in order."""
    links = [e.given["href"] for e in page.found("a") if "/cases/cg/" in e.given.get("href", "")]
    return [link.rpartition("/")[2] for link in links]


def link(page: Checked, text: str) -> str:
    """Answer where a link leads; empty where there is none of that text."""
    return next((e.given["href"] for e in page.found("a") if e.text.strip() == text), "")


def plain(page: Checked) -> str:
    return re.sub(r"\s+", " ", page.text)
