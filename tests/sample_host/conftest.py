"""A city with its story told, and people in front of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.support.ends import cities_end
from tests.support.scripted_day import Visit, make_city


@pytest.fixture(autouse=True)
def _cities_end() -> Iterator[None]:
    with cities_end():
        yield


@pytest.fixture(scope="session")
def _told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the story, told once; copies are cheaper than telling it anew."""
    path = tmp_path_factory.mktemp("story") / "city.db"
    with cities_end():
        make_city(f"sqlite:///{path}", PLUGINS=False)
    return path


@pytest.fixture
def url(_told: Path, tmp_path: Path) -> str:
    """URL of a database of its own with the story in it, made without any plugin."""
    path = tmp_path / "city.db"
    path.write_bytes(_told.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def other_url(_told: Path, tmp_path: Path) -> str:
    """URL of another database with the same story."""
    path = tmp_path / "other.db"
    path.write_bytes(_told.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def app(url: str) -> Flask:
    """A city without plugins."""
    return make_city(url, PLUGINS=False)


@pytest.fixture
def be(app: Flask) -> Callable[..., Visit]:
    """Somebody in front of the city: `be("chen-jing")`, or a visitor: `be()`."""

    def _be(who: str | None = None, language: str | None = None) -> Visit:
        visit = Visit(app, who)
        if language is not None:
            visit.get(f"/?lang={language}")
        return visit

    return _be
