"""Ledgers for back-tests, each room of tests with a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cleangov_plugin.store.database import Database
from tests.desk.backtested.sieve_ledgers import Ledgers


@pytest.fixture(scope="module")
def ours(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("clear-first") / "ours.db"
    path.write_bytes(_sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def ledgers(ours: Database) -> Ledgers:
    return Ledgers(ours)
