"""A city with a history, made once for each kind of database, and somebody to look at its pages."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_hooks import Person
from tests.support import review_city
from tests.support.page_check import Checked
from tests.support.small_host import SmallHost

_numbers = itertools.count(1)


def _on_sqlite(template: Path, folder: Path) -> Iterator[str]:
    path = folder / "city.db"
    path.write_bytes(template.read_bytes())
    yield f"sqlite:///{path}"


def _on_postgres(pg_url: str, template: str) -> Iterator[str]:
    name = f"cleangov_city_{next(_numbers)}"
    admin = sa.create_engine(pg_url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield sa.make_url(pg_url).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def shared_city(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SmallHost]:
    """The city, for tests that only look."""
    folder = tmp_path_factory.mktemp("city")
    if request.param == "sqlite":
        urls = _on_sqlite(request.getfixturevalue("_sqlite_template"), folder)
    else:
        names = (request.getfixturevalue(name) for name in ("pg_url", "_pg_template"))
        urls = _on_postgres(*names)
    host = review_city.city(next(urls), folder)
    yield host
    host.close()
    next(urls, None)


@pytest.fixture
def city(shared_city: SmallHost) -> SmallHost:
    """The city with an auditor signed in, who reads Chinese."""
    shared_city.who, shared_city.tongue = review_city.AUDITOR, "zh-CN"
    shared_city.csrf = None
    return shared_city


@pytest.fixture(scope="session")
def _left(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a city left that was closed: its database and its keys, to be copied."""
    folder = tmp_path_factory.mktemp("left")
    review_city.city(next(_on_sqlite(_sqlite_template, folder)), folder).close()
    return folder


@pytest.fixture
def own_city(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallHost]:
    """A city of one's own, for tests that write."""
    if database == "sqlite":
        folder = shutil.copytree(request.getfixturevalue("_left"), tmp_path / "city")
        host = review_city.again(f"sqlite:///{folder / 'city.db'}", folder)
    else:
        host = review_city.city(request.getfixturevalue("database_url"), tmp_path)
    yield host
    host.close()


@pytest.fixture
def get(city: SmallHost) -> Callable[..., Checked]:
    """Open a page as somebody, and check that it is sound: `get("/cleangov/", as_=LEAD)`."""

    def opened(
        path: str,
        *,
        as_: Person | None = review_city.AUDITOR,
        lang: str = "zh-CN",
        status: int = 200,
        **given: Any,
    ) -> Checked:
        city.who, city.tongue = as_, lang
        response = city.app.test_client().get(path, query_string=given or None)
        assert response.status_code == status, response.text
        page = Checked(response.text)
        problems = [
            p for p in page.problems if not p.startswith("leads elsewhere: https://doi.org/")
        ]
        assert problems == []
        assert len(response.data) <= 150 * 1024
        return page

    return opened
