"""The receipt journal is pruned of what heads outside cover, and of nothing else."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk import receipts
from cleangov_plugin.desk.receipts import FILES
from cleangov_plugin.desk.sealed.pruning import Pruned, Pruner, prune
from cleangov_plugin.desk.verified.receipts_check import Journal
from cleangov_plugin.ledger.policy import read_policy
from tests.desk.sealed.early_city import EarlyCity
from tests.store.samples import LOG


@pytest.fixture
def city(engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EarlyCity]:
    monkeypatch.setattr(receipts, "_GATHER", 600.0)
    found = EarlyCity(engine, tmp_path)
    yield found
    found.close()


def files(city: EarlyCity) -> list[Path]:
    return sorted(city.journal.glob(FILES))


def aged(city: EarlyCity, days: int = 2) -> None:
    """Make the journal days old, as its names and its files' times say."""
    city.receipts.flush(patience=5)
    day = f"{datetime.now(UTC) - timedelta(days=days):%Y%m%d}"
    for path in files(city):
        other = path.with_name(f"receipts-{day}-{path.name.split('-', 2)[2]}")
        path.rename(other)
        then = time.time() - days * 86_400
        os.utime(other, (then, then))


def pruned(city: EarlyCity, size: int | None = None) -> Pruned:
    sealed = city.seal().size if size is None else size
    return prune(city.database, city.outside, city.journal, sealed)


def test_what_is_sealed_under_a_head_outside_goes_and_nothing_alarms(city: EarlyCity) -> None:
    city.write(0, 5)
    aged(city)
    (path,) = files(city)
    before, size = Journal.of(city.journal), path.stat().st_size
    assert prune(city.database, city.outside, city.journal, 0) == Pruned(), "nothing is sealed"
    city.seal()
    assert pruned(city, 5) == Pruned(), "the head outside does not cover the last one"
    assert pruned(city) == Pruned(1, size)
    assert files(city) == []
    assert list(before.lines()) == [], "who took the journal before finds no line, and no error"
    city.write(5, 7)
    city.receipts.flush(patience=5)
    assert city.verify().alarms == []


def test_a_file_that_goes_while_the_journal_is_taken_breaks_nothing_off(
    city: EarlyCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.write(0, 2)
    city.receipts.flush(patience=5)
    (path,) = files(city)
    gone = path.with_name("receipts-20260101-gone.log")
    monkeypatch.setattr(Path, "glob", lambda folder, pattern: iter([gone, path]))
    assert [each for each, _ in Journal.of(city.journal).files] == [path]


def test_a_file_goes_whole_or_stays_whole(city: EarlyCity) -> None:
    city.write(0, 3)
    size = city.seal().size
    city.write(3, 4)
    aged(city)
    assert pruned(city, size) == Pruned(), "one entry of it is not sealed yet"
    assert pruned(city).files == 1


@pytest.mark.parametrize("days", [0, 1])
def test_a_file_that_may_be_written_to_stays(city: EarlyCity, days: int) -> None:
    city.write(0, 2)
    aged(city, days)
    assert pruned(city) == Pruned()
    assert len(files(city)) == 1


def test_a_full_file_is_left_for_another_and_goes_on_its_day(
    city: EarlyCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "LARGEST_FILE", 300)
    monkeypatch.setattr("cleangov_plugin.desk.sealed.pruning.LARGEST_FILE", 300)
    for number in range(4):
        city.write(number, number + 1)
        city.receipts.flush(patience=5)
    first, second = sorted(files(city), key=lambda path: path.stat().st_mtime_ns)
    assert first.stat().st_size >= 300 > second.stat().st_size
    assert pruned(city) == Pruned(), "it was written to just now"
    then = time.time() - 700
    for path in (first, second):
        os.utime(path, (then, then))
    assert pruned(city).files == 1
    assert files(city) == [second]


def test_what_the_database_says_is_not_believed(city: EarlyCity) -> None:
    """A row of a leaf that says an entry was sealed takes no receipt away."""
    city.write(0, 3)
    aged(city)
    size = city.seal().size
    city.edit(
        "UPDATE {s}cleangov_leaf SET no = 99 WHERE no = 3",
        "UPDATE {s}cleangov_leaf SET no = 3 WHERE no = 1",
        "UPDATE {s}cleangov_leaf SET no = 1 WHERE no = 99",
    )
    assert prune(city.database, city.outside, city.journal, size) == Pruned()


def test_lines_that_somebody_wrote_and_other_ledgers_stay(city: EarlyCity) -> None:
    city.write(0, 2)
    aged(city)
    (path,) = files(city)
    good, old = path.read_bytes(), path.stat().st_mtime
    for strange in (b"no line\n", good.replace(LOG.encode(), b"another")):
        path.write_bytes(good + strange)
        os.utime(path, (old, old))
        assert pruned(city) == Pruned()
    path.write_bytes(good + b'{"at":"2026')  # cut: its entry is told in another file
    os.utime(path, (old, old))
    assert pruned(city).files == 1


def test_witnesses_are_waited_for_and_the_journal_is_looked_at_once_an_hour(
    city: EarlyCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.write(0, 2)
    aged(city)
    size = city.seal().size
    key = city.signer.verifier.text
    policy = read_policy(f"log {key}\nquorum none\n".encode())
    pruner = Pruner(city.journal)
    assert pruner.after(city.database, city.outside, size, policy) == Pruned()
    assert pruner.after(city.database, city.outside, size, None) == Pruned(), "not yet again"
    assert len(files(city)) == 1
    monkeypatch.setattr(time, "monotonic", lambda: 1e9)
    done = pruner.after(city.database, city.outside, size, None)
    assert done is not None
    assert done.files == 1
    assert Pruner(None).after(city.database, city.outside, size, None) == Pruned()
