"""Somebody who presses the tour bar's buttons in a real browser, and what is left in the end."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.browser.going import arriving
from tests.browser.test_scenes import Visit

#: Presses from the front page to the auditor's desk, Start among them (demo.md 12.6).
MOST = 15
PRESSES = 14


class Tourist(Visit):
    """Somebody who presses the bar's buttons."""

    presses = 0

    def begin(self) -> None:
        """Press Start on the front page."""
        self._press(".start")

    def do(self) -> None:
        """Press [do it for me]."""
        self._press(".tour .do")

    def onward(self) -> None:
        """Press [next scene]."""
        self._press(".tour .following")

    def said(self) -> str:
        """Answer the sentence of the bar."""
        return " ".join(self.page.locator(".tour p").inner_text().split())

    def play(self, most: int = MOST) -> list[str]:
        """Press [do it for me] until there is no bar; answer what it said before each press."""
        said = []
        while self.page.locator(".tour .do").count():
            assert len(said) < most, said
            said.append(self.said())
            self.do()
        return said

    def _press(self, what: str) -> None:
        self.presses += 1
        with arriving(self.page):
            self.page.locator(what).first.click()


def database(folder: Path) -> Callable[[str], list[tuple[Any, ...]]]:
    """Ask the demo's database itself."""

    def rows(query: str) -> list[tuple[Any, ...]]:
        engine = sa.create_engine(f"sqlite:///{folder / 'city.db'}", poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]

    return rows


def check_done(folder: Path) -> None:
    """What the officers' scenes left in the database is what the story says, in both tables."""
    rows = database(folder)
    assert rows("SELECT state, fine_minor FROM city_case WHERE no = 'YT-CF-2026-0417'") == [
        ("decided", 80_000)
    ]
    assert rows(
        "SELECT no, amount_minor, requested_by FROM city_variation"
        " WHERE project_no = 'YT-GC-2025-12' AND no > 'V3'"
    ) == [("V4", 49_000_000, "zhao-lei")]
    ((role, state, asked, decided),) = rows(
        "SELECT role, state, requested_by, decided_by FROM cleangov_second_request"
    )
    assert (role, state) == ("chief_engineer", "approved")
    assert asked != decided, "two people"
    notices = rows(
        "SELECT details FROM city_act WHERE matter_no = 'YT-XK-2026-0088'"
        " AND step = 'request_correction' ORDER BY ordinal"
    )
    assert len(notices) == 2
    assert all("招牌效果图" in details for (details,) in notices), "one notice names it all"
    assert sorted(rows("SELECT kind FROM cleangov_answer")) == [
        ("corrected",),
        ("corrected",),
        ("second_person_approved",),
        ("second_person_asked",),
    ]
    written = rows(
        "SELECT kind, body FROM cleangov_entry WHERE body LIKE '%e.attempt%' ORDER BY id"
    )
    assert [kind for kind, _ in written] == [
        "enf.decision.made",
        "prm.correction.requested",
        "prj.variation.requested",
    ]
    assert all("e.prompt.0" in body and "e.answer" in body for _, body in written)
