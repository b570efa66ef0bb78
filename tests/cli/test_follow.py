"""``cleangov follow`` as a process of its own, beside an agency that writes and seals."""

import json
import random
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
from tests.desk.followed.oversight import Agency
from tests.desk.sealed.test_recovering import Backup
from tests.store.samples import LOG

#: Seconds that a busy machine may take.
_PATIENCE = 120.0


class TwoSides:
    """Processes of an agency and of oversight; nothing is shared but what the agency shows."""

    def __init__(self, url: str, engine: sa.Engine, target: str, folder: Path) -> None:
        self.agency = Agency(engine, folder)
        self.url, self.target, self.folder = url, target, folder
        self.theirs = ["--heads", str(folder / "heads"), "--keys", str(folder / "keys")]
        self.ours = ["--heads", str(folder / "own.heads"), "--keys", str(folder / "own.keys")]
        self.key = self.agency.signer.verifier.text
        self.running: list[subprocess.Popen[str]] = []

    def start(self, *words: str) -> subprocess.Popen[str]:
        self.running.append(
            subprocess.Popen(
                [sys.executable, "-m", "cleangov_plugin.cli.main", "--lang", "en", *words],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return self.running[-1]

    def sealing(self) -> subprocess.Popen[str]:
        words = ["--database", self.url, "seal", "--watch", "--every", "0.2", *self.theirs]
        return self.start(*words, "--bundles", str(self.folder / "bundles"))

    def words(self, source: str) -> list[str]:
        return ["follow", "--from", source, "--to", self.target, "--key", self.key, *self.ours]

    def follow(self, source: str) -> tuple[int, str]:
        result = run(self.url, *self.words(source))
        return result.exit_code, result.output

    def copied(self) -> list[str | None]:
        prefix = "cleangov." if self.target.startswith("postgres") else ""
        query = (
            f"SELECT COALESCE(f.meta, e.body) FROM {prefix}cleangov_leaf f"
            f" LEFT JOIN {prefix}cleangov_entry e ON e.log_id = f.log_id AND e.lane = f.lane"
            " AND e.no = f.no ORDER BY f.idx"
        )
        engine = sa.create_engine(self.target, poolclass=sa.pool.NullPool)
        try:
            with engine.connect() as connection:
                return list(connection.exec_driver_sql(query).scalars())
        except sa.exc.DBAPIError:  # it is not there yet
            return []
        finally:
            engine.dispose()

    def wait_for(self, number: int) -> None:
        end = time.monotonic() + _PATIENCE
        while sum('"subject":' in (text or "") for text in self.copied()) < number:
            assert time.monotonic() < end, "nobody copied it"
            time.sleep(0.2)

    def verify(self) -> tuple[int, str]:
        result = run(self.target, "verify", "--copy", "--key", self.key, *self.ours)
        return result.exit_code, result.output


@pytest.fixture
def sides(
    engine: sa.Engine, database_url: str, empty_url: str, tmp_path: Path
) -> Iterator[TwoSides]:
    database = Database(database_url, patience_ms=5_000)
    with database.own_transaction() as connection:
        rulebook.save_agency(connection, LOG, {"zh": "局", "en": "Bureau"}, "Asia/Shanghai", "CN")
    database.dispose()
    found = TwoSides(database_url, engine, empty_url, tmp_path)
    yield found
    found.agency.database.dispose()
    for process in found.running:
        process.kill()
        process.communicate()


def test_two_processes_and_the_database_is_put_back_and_wiped_under_them(sides: TwoSides) -> None:
    agency = sides.agency
    agency.write(0, 30)
    sealing = sides.sealing()
    following = sides.start(*sides.words(sides.url), "--watch", "--every", "0.2")
    sides.wait_for(30)
    backup = Backup(agency)
    agency.write(30, 60)
    sides.wait_for(60)
    sealing.send_signal(signal.SIGTERM)
    assert sealing.wait(_PATIENCE) == 0
    assert sides.copied() == agency.bodies()
    assert following.poll() is None
    kept = sides.copied()

    backup.put_back()
    said = following.stdout
    assert said is not None
    while "REFUSED" not in (line := said.readline()):
        assert line, "it ended"
    assert "is back at" in line
    following.send_signal(signal.SIGTERM)
    following.communicate(timeout=_PATIENCE)
    assert following.returncode == 1, "it was told to end while it refused"

    agency.forget_heads()
    agency.grow(100, 180)
    status, told = sides.follow(sides.url)
    assert (status, "two stories of one ledger" in told) == (1, True)
    agency.edit("DELETE FROM {s}cleangov_tree_head", "DELETE FROM {s}cleangov_leaf")
    status, told = sides.follow(sides.url)
    assert (status, "no signed head" in told) == (1, True)
    assert sides.copied() == kept
    assert sides.verify() == (0, sides.verify()[1])


def test_killed_at_random_it_comes_to_the_same_copy(sides: TwoSides) -> None:
    sides.agency.write_many(0, 2_500)
    sides.agency.seal()
    dice = random.Random(7)
    for _ in range(4):
        process = sides.start(*sides.words(sides.url))
        time.sleep(dice.uniform(0.3, 2.5))
        process.kill()
        process.communicate()
    assert sides.follow(sides.url)[0] == 0
    assert sides.copied() == sides.agency.bodies()
    assert sides.verify()[0] == 0


def test_bundles_by_folder_with_the_first_key_trusted_once(sides: TwoSides) -> None:
    sides.agency.write(0, 20)
    bundles = str(sides.folder / "bundles")
    sealed = run(sides.url, "seal", *sides.theirs, "--bundles", bundles)
    assert sealed.exit_code == 0, sealed.output
    words = ["follow", "--from", bundles, "--to", sides.target, *sides.ours, "--json"]
    nobody = run(sides.url, *words)
    assert (nobody.exit_code, "--trust-first" in nobody.output) == (2, True)
    first = run(sides.url, *words, "--trust-first")
    assert first.exit_code == 0, first.output
    told = json.loads(first.stdout)[LOG]
    assert told["added"] == len(sides.agency.bodies())
    assert told["witness"].startswith(f"cleangov-follower/{LOG}+")
    assert json.loads(run(sides.url, *words).stdout)[LOG]["added"] == 0, "the key is pinned"
    (sides.folder / "keys" / "tree-1.key").write_bytes(bytes(32))
    sides.agency.forget_heads()
    assert run(sides.url, "seal", *sides.theirs, "--bundles", bundles).exit_code == 0
    refused = run(sides.url, *words)
    assert (refused.exit_code, json.loads(refused.stdout)[LOG]["refused"]) == (1, "head")


def test_what_it_cannot_use_is_said_with_what_to_do(sides: TwoSides, tmp_path: Path) -> None:
    sides.agency.grow(0, 3)
    for source, target, told in (
        (sides.url, sides.url, "a copy in the agency's own database is none"),
        (str(tmp_path), sides.url, "it is an agency's"),
        (str(tmp_path / "nothing"), sides.target, "seal --bundles"),
        ("mysql://x/y", sides.target, "no database that the plugin works with"),
    ):
        words = ["follow", "--from", source, "--to", target, "--key", sides.key, *sides.ours]
        result = run(sides.url, *words)
        assert (result.exit_code, told in result.output) == (2, True), result.output


def test_a_folder_of_its_own_holds_everything(sides: TwoSides, tmp_path: Path) -> None:
    sides.agency.grow(0, 3)
    folder = tmp_path / "oversight"
    result = run(sides.url, "follow", "--from", sides.url, "--to", str(folder), "--trust-first")
    assert result.exit_code == 0, result.output
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "heads" / LOG / "checkpoint").exists()
    copy = f"sqlite:///{folder / 'copy.db'}"
    places = ["--heads", str(folder / "heads"), "--keys", str(folder / "keys")]
    assert run(copy, "verify", "--copy", "--key", sides.key, *places).exit_code == 0
