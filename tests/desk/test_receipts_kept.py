"""Keeping the receipt journal: by a thread, in processes that fork or are killed, on full disks."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cleangov_plugin.desk import receipts as module
from cleangov_plugin.desk.receipts import ReceiptJournal
from cleangov_plugin.ledger.receipt_line import Receipt
from cleangov_plugin.store.outcomes import Written
from tests.desk.sealed.early_city import EarlyCity
from tests.desk.written_receipts import city, numbers

__all__ = ("city",)


def test_a_thread_writes_them_by_itself(city: EarlyCity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GATHER", 0.05)
    city.write(0, 2)
    until = time.monotonic() + 30
    while city.lines() < 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert city.lines() == 2
    city.write(2, 3)
    while city.lines() < 3 and time.monotonic() < until:
        time.sleep(0.05)
    assert city.lines() == 3


def test_a_host_whose_threads_do_not_run_writes_them_between_requests(
    city: EarlyCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.receipts.tend()
    city.write(0, 1)
    city.receipts.tend()
    assert city.lines() == 0, "it is young yet"
    monkeypatch.setattr(module, "_LATE", 0.0)
    city.receipts.tend()
    assert city.lines() == 1


def test_closing_writes_them_and_a_later_entry_begins_anew(city: EarlyCity) -> None:
    city.write(0, 1)
    city.receipts.close()
    assert city.lines() == 1
    city.write(1, 2)
    city.receipts.close()
    assert city.lines() == 2


def failing(*_: Any) -> Any:
    raise OSError


def test_a_full_disk_is_counted_and_the_lines_come_later(
    city: EarlyCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.write(0, 2)
    with monkeypatch.context() as broken:
        broken.setattr(module.os, "write", failing)
        city.receipts.flush()
    assert (city.counted, city.lines()) == (["receipts.failed"], 0)
    assert numbers(city) == [1, 2]


def test_a_line_that_was_cut_stays_the_last_of_its_file(
    city: EarlyCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    city.write(0, 2)
    with monkeypatch.context() as broken:
        broken.setattr(module.os, "write", lambda file, data: write(file, data[: len(data) - 9]))
        city.receipts.flush()
    city.receipts.flush()
    assert len(list(city.journal.iterdir())) == 2
    found = city.verify()
    assert found.alarms == []
    assert "receipt_cut" in {what.code for what in found.unchecked}


def test_a_broken_line_is_named(city: EarlyCity) -> None:
    city.write(0, 3)
    city.receipts.flush()
    (path,) = city.journal.iterdir()
    first, second, third = path.read_bytes().splitlines(True)
    path.write_bytes(first + b"x" * 9_000 + b"\n" + second.upper() + third)
    alarms = city.alarms()
    assert [(alarm.code, alarm.values["line"]) for alarm in alarms] == [
        ("receipt_line", 2),
        ("receipt_line", 3),
    ]
    assert all(path.name in alarm.said("en") for alarm in alarms)


def test_too_many_that_wait_are_counted_and_not_held(
    city: EarlyCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST", 1)
    city.write(0, 3)
    assert city.counted == ["receipts.lost"] * 2
    assert city.alarms() == []


def test_a_database_that_cannot_be_asked_stops_nothing(city: EarlyCity) -> None:
    city.write(0, 1)
    city.receipts._noted[0] = city.receipts._noted[0]._replace(
        written=Written(row=1, xid=2**62, leaf=bytes(32))  # no transaction of this server
    )
    city.receipts.flush()
    assert city.lines() == 0
    city.receipts.close()


def test_a_transaction_that_stays_open_for_an_hour_is_given_up(
    city: EarlyCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city.engine.connect() as connection, connection.begin() as transaction:
        city.enter(connection, 0)
        city.receipts.flush()
        assert len(city.receipts._noted) == 1
        monkeypatch.setattr(module, "_GIVEN_UP", -1.0)
        city.receipts.flush()
        assert len(city.receipts._noted) == 0
        transaction.rollback()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_inherits_no_lines(city: EarlyCity) -> None:
    """As gunicorn does with --preload: parent and child write what is their own."""
    city.write(0, 2)
    child = os.fork()
    if child == 0:  # pragma: no cover  # another process
        try:
            assert not city.receipts.flush()
            city.receipts.note(
                Written(row=1, xid=None, leaf=bytes(32)),
                Receipt(log_id="x", lane=0, no=1, leaf=bytes(32), at="2026"),
            )
            os._exit(len(city.receipts._noted))
        finally:
            os._exit(99)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 1, "its own, and none of the parent's"
    assert numbers(city) == [1, 2]


@pytest.mark.thorough
def test_a_killed_process_loses_what_was_not_written_and_raises_no_alarm(
    city: EarlyCity, tmp_path: Path
) -> None:
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "import sqlalchemy as sa\n"
        "from tests.desk.sealed.early_city import EarlyCity\n"
        "engine = sa.create_engine(sys.argv[1])\n"
        "Path(sys.argv[2], 'other').mkdir()\n"
        "city = EarlyCity(engine, Path(sys.argv[2], 'other'))\n"
        "city.codes = type(city.codes)(Path(sys.argv[2], 'keys'))\n"
        "city.write(0, 3)\n"
        "city.receipts.flush()\n"
        "city.write(3, 5)\n"
        "connection = engine.connect()\n"
        "city.enter(connection, 5)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    url = city.engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", script, url, str(tmp_path)],
        check=False,
        cwd=Path(__file__).parents[2],
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL
    for path in (tmp_path / "other" / "receipts").iterdir():
        path.rename(city.journal / path.name)
    assert 3 <= city.lines() <= 5
    assert len(city.ids()) == 5
    assert city.alarms() == []
    city.write(6, 8)
    assert city.alarms() == []


def test_no_folder_keeps_none(city: EarlyCity) -> None:
    kept = ReceiptJournal(None, city.database, city.counted.append)
    kept.note(Written(1, None, bytes(32)), Receipt(log_id="x", lane=0, no=1, leaf=bytes(32), at=""))
    kept.tend()
    kept.close()
    assert (city.counted, kept.flush()) == ([], False)
