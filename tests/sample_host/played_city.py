"""A city with its plugin, on a copy of the demo's folder, to be played and started anew."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from sample_host import serve as demo
from sample_host.app import create_app
from sample_host.city import of
from sample_host.story import tell
from tests.support.ends import cities_end

Make = Callable[..., Flask]


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo's folder with the story told under the plugin's eyes."""
    folder = tmp_path_factory.mktemp("played") / "told"
    folder.mkdir()
    with cities_end():
        tell(of(create_app(demo.config(folder))))
    return folder


@pytest.fixture
def folder(told: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(told, tmp_path / "demo"))


@pytest.fixture
def make(folder: Path) -> Iterator[Make]:
    """Start the city anew on the folder as it stands, the one before ended."""
    made: list[Flask] = []

    def _make(**settings: Any) -> Flask:
        while made:
            of(made.pop()).engine.dispose()
        made.append(create_app({**demo.config(folder), **settings}))
        return made[-1]

    yield _make
    for app in made:
        of(app).engine.dispose()


def begin_anew(told: Path, folder: Path) -> None:
    """Put the database back to the beginning of the story, under a running city."""
    with (
        closing(sqlite3.connect(told / "city.db")) as source,
        closing(sqlite3.connect(folder / "city.db")) as target,
    ):
        source.backup(target)


def rows(app: Flask, query: str) -> list[tuple[Any, ...]]:
    with of(app).engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def check_played(app: Flask) -> None:
    """The officers' scenes ended as the story has it."""
    assert rows(app, "SELECT fine_minor FROM city_case WHERE no = 'YT-CF-2026-0417'") == [(80_000,)]
    assert rows(
        app,
        "SELECT no, amount_minor, requested_by FROM city_variation"
        " WHERE project_no = 'YT-GC-2025-12' AND no > 'V3'",
    ) == [("V4", 49_000_000, "zhao-lei")]
    notices = rows(
        app,
        "SELECT details FROM city_act WHERE matter_no = 'YT-XK-2026-0088'"
        " AND step = 'request_correction' ORDER BY ordinal",
    )
    assert len(notices) == 2
    assert "招牌效果图" in notices[1][0], "one notice names everything again"
