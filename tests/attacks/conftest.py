"""The ledger that is attacked: told once for each kind of database, copied for each attack."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin import plugin
from cleangov_plugin.desk.checkpoint import entering
from tests.attacks.scene import Scene, tell
from tests.support.ends import opened

_numbers = itertools.count(1)


def _administer(url: str, statement: str) -> None:
    with opened(url, isolation_level="AUTOCOMMIT") as engine, engine.connect() as connection:
        connection.exec_driver_sql(statement)


def _named(url: str, name: str) -> str:
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def _told_sqlite(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told-sqlite")
    path = folder / "city.db"
    shutil.copy(_sqlite_template, path)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(entering, "EVENT_MS", 10_000)  # a busy machine may take its time
        patched.setattr(plugin, "_USUAL_MS", 10_000)
        tell(f"sqlite:///{path}", folder, lambda: shutil.copy(path, folder / "older.db"))
    assert not path.with_name("city.db-wal").exists()
    return folder


@pytest.fixture(scope="session")
def _told_postgresql(
    pg_url: str, _pg_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, str]]:
    folder, name = tmp_path_factory.mktemp("told-postgresql"), f"cleangov_told_{next(_numbers)}"
    _administer(pg_url, f"CREATE DATABASE {name} TEMPLATE {_pg_template}")

    def halfway() -> None:
        _administer(pg_url, f"CREATE DATABASE {name}_older TEMPLATE {name}")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(entering, "EVENT_MS", 10_000)
        patched.setattr(plugin, "_USUAL_MS", 10_000)
        tell(_named(pg_url, name), folder, halfway)
    yield folder, name
    for each in (name, f"{name}_older"):
        _administer(pg_url, f"DROP DATABASE {each} WITH (FORCE)")


@pytest.fixture
def scene(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """A copy of the ledger, and of all that is kept away from it."""
    folder = tmp_path / "place"
    if database == "sqlite":
        shutil.copytree(request.getfixturevalue("_told_sqlite"), folder)
        yield Scene(
            f"sqlite:///{folder / 'city.db'}", folder, lambda: f"sqlite:///{folder / 'older.db'}"
        )
        return
    told, template = request.getfixturevalue("_told_postgresql")
    shutil.copytree(told, folder)
    url, name = request.getfixturevalue("pg_url"), f"cleangov_attacked_{next(_numbers)}"
    _administer(url, f"CREATE DATABASE {name} TEMPLATE {template}")
    made = [name]

    def older() -> str:
        made.append(f"{name}_older")
        _administer(url, f"CREATE DATABASE {made[-1]} TEMPLATE {template}_older")
        return _named(url, made[-1])

    yield Scene(_named(url, name), folder, older)
    for each in made:
        _administer(url, f"DROP DATABASE {each} WITH (FORCE)")
