"""A city whose receipts are written when a test says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk import receipts as module
from cleangov_plugin.ledger.receipt_line import read_receipt
from tests.desk.sealed.early_city import EarlyCity


@pytest.fixture
def city(engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EarlyCity]:
    """A ledger whose journal is written when the test says so, and not by a thread before."""
    monkeypatch.setattr(module, "_GATHER", 600.0)
    found = EarlyCity(engine, tmp_path)
    yield found
    found.close()


def numbers(city: EarlyCity) -> list[int]:
    """Answer the numbers of the entries that have a receipt by now."""
    city.receipts.flush(patience=5)
    lines = [line for path in city.journal.iterdir() for line in path.read_bytes().splitlines(True)]
    return sorted(read_receipt(line).no for line in lines)
