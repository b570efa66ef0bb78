"""``cleangov seal --watch`` as a process of its own, and two of them at once."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.store import rulebook
from cleangov_plugin.store.database import Database
from tests.cli.log_replaying import run
from tests.store.samples import LOG, write_entry

#: Seconds that a busy machine may take.
_PATIENCE = 60.0


class Workers:
    """Workers that seal one database into one folder."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.places = ["--heads", str(folder / "heads"), "--keys", str(folder / "keys")]
        self.running: list[subprocess.Popen[str]] = []

    def start(self) -> subprocess.Popen[str]:
        words = ["--database", self.url, "--lang", "en", "seal", "--watch", "--every", "0.1"]
        self.running.append(
            subprocess.Popen(
                [sys.executable, "-m", "cleangov_plugin.cli.main", *words, *self.places],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        said = self.running[-1].stderr
        assert said is not None
        assert "Ctrl-C ends it" in said.readline()
        return self.running[-1]

    def verify(self) -> tuple[int, str]:
        result = run(self.url, "verify", *self.places)
        return result.exit_code, result.stdout


@pytest.fixture
def workers(engine: sa.Engine, database_url: str, tmp_path: Path) -> Iterator[Workers]:
    database = Database(database_url, patience_ms=5_000)
    with database.own_transaction() as connection:
        rulebook.save_agency(connection, LOG, {"zh": "局", "en": "Bureau"}, "Asia/Shanghai", "CN")
    database.dispose()
    found = Workers(database_url, tmp_path)
    yield found
    for process in found.running:
        process.kill()
        process.communicate()


def sealed(engine: sa.Engine) -> int:
    prefix = "" if engine.dialect.name == "sqlite" else "cleangov."
    query = f"SELECT count(*) FROM {prefix}cleangov_leaf WHERE lane IS NOT NULL"
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(query).scalar_one())


def wait_for(engine: sa.Engine, number: int) -> None:
    end = time.monotonic() + _PATIENCE
    while sealed(engine) < number:
        assert time.monotonic() < end, "nobody sealed it"
        time.sleep(0.05)


def test_two_workers_seal_what_is_written_meanwhile_and_end_when_told(
    workers: Workers, engine: sa.Engine
) -> None:
    processes = [workers.start(), workers.start()]
    for number in range(120):
        with engine.begin() as connection:
            write_entry(connection, number)
    wait_for(engine, 120)
    for process in processes:
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
    said = [process.communicate(timeout=_PATIENCE) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    added = sum(int(line.split()[1]) for out, _ in said for line in out.splitlines())
    assert added == 120, "each entry by one of them, once"
    assert workers.verify() == (0, workers.verify()[1])


def test_a_worker_goes_on_after_what_it_could_not_do(
    workers: Workers, engine: sa.Engine, tmp_path: Path
) -> None:
    (tmp_path / "heads").write_text("a file where a folder should be")
    process = workers.start()
    assert process.stderr is not None
    assert "CLEANGOV_HEADS" in process.stderr.readline()
    (tmp_path / "heads").unlink()
    with engine.begin() as connection:
        write_entry(connection, 1)
    wait_for(engine, 1)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=_PATIENCE)
    assert process.returncode == 0
