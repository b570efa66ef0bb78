"""An agency with a few sealed entries, and an oversight that follows it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.desk.followed.oversight import Agency, Oversight


@pytest.fixture
def agency(engine: sa.Engine, tmp_path: Path) -> Iterator[Agency]:
    found = Agency(engine, tmp_path)
    found.grow(0, 12)
    yield found
    found.database.dispose()


@pytest.fixture
def oversight(agency: Agency, empty_url: str, tmp_path: Path) -> Iterator[Oversight]:
    found = Oversight(empty_url, tmp_path, agency)
    yield found
    found.database.dispose()
