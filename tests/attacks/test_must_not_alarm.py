"""What is no attack is silent: verifying with all the evidence finds nothing.

The cases are those of the catalogue. Killed processes, forks and witnesses that are away have
tests of their own, which are named at the end.
"""

import itertools
import json
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import unquote

import pytest
import sqlalchemy as sa

from cleangov_plugin import plugin
from cleangov_plugin.desk.checkpoint import entering
from tests.attacks.scene import BASIS, Scene
from tests.support import postgres
from tests.support.small_host import SmallHost

CLEAN = (0, [])
ROOT = Path(__file__).parents[2]
#: Cases that are played elsewhere.
ELSEWHERE = (
    (
        "tests/desk/test_receipts_kept.py::"
        "test_a_killed_process_loses_what_was_not_written_and_raises_no_alarm"
    ),
    "tests/desk/test_receipts_kept.py::test_a_fork_inherits_no_lines",
    (
        "tests/desk/sealed/test_witnesses.py::"
        "test_a_witness_that_is_away_stops_nothing_and_is_asked_again"
    ),
    "tests/desk/sealed/test_witnesses.py::test_being_away_for_more_than_a_day_is_an_alarm",
    (
        "tests/attacks/test_asked_and_silent.py::"
        "test_what_ends_without_a_decision_is_told_and_no_alarm"
    ),
    ("tests/attacks/test_asked_and_silent.py::test_what_is_owed_its_entry_is_said_and_no_alarm"),
    (
        "tests/attacks/test_lost_tail.py::"
        "test_what_was_lost_before_it_was_sealed_is_declared_and_named"
    ),
)


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take its time."""
    monkeypatch.setattr(entering, "EVENT_MS", 10_000)
    monkeypatch.setattr(plugin, "_USUAL_MS", 10_000)


@contextmanager
def working(scene: Scene) -> Iterator[SmallHost]:
    """Have the platform run on the ledger, an hour after the last entry."""
    settings = {"CLEANGOV_RECEIPTS": str(scene.folder / "receipts")}
    host = SmallHost(scene.url, scene.folder, settings)
    host._numbers = itertools.count(1_000)
    host.move(hours=3)
    host.start()
    yield host
    host.close()


def write(host: SmallHost) -> None:
    host.write(host.event("enf.defence.received", statement="words"))


def test_rollbacks_and_savepoints(scene: Scene) -> None:
    with working(scene) as host:
        with host.engine.connect() as connection:
            host.write_on(connection, host.event("enf.notice.served"))
            connection.rollback()
        with host.engine.begin() as connection:
            host.write_on(connection, host.event("enf.notice.served"))
            undone = connection.begin_nested()
            host.write_on(connection, host.event("enf.defence.received", statement="undone"))
            undone.rollback()
            kept = connection.begin_nested()
            host.write_on(connection, host.event("enf.defence.received", statement="kept"))
            kept.commit()
        write(host)
    assert len(scene.tail()) == 7
    assert scene.verify() == CLEAN
    scene.seal()
    assert scene.verify() == CLEAN


def test_a_late_commit_over_several_batches(scene: Scene) -> None:
    with working(scene) as host:
        if scene.is_sqlite:  # one writer: what is late there is what comes later
            write(host)
            scene.seal()
        else:
            with host.engine.begin() as connection:
                host.write_on(connection, host.event("enf.notice.served"))
                for _ in range(2):
                    host.move(minutes=1)
                    write(host)
                    scene.seal()
                    assert scene.verify() == CLEAN
        assert scene.verify() == CLEAN
    scene.seal()
    assert scene.verify() == CLEAN
    assert scene.tail() == []


def test_idle_batches_and_new_processes(scene: Scene) -> None:
    for _ in range(2):
        scene.seal()
        scene.seal()
        with working(scene) as host:
            host._numbers = itertools.count(2_000 + len(scene.sealed()))
            write(host)
    assert scene.verify() == CLEAN


@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_clock_that_is_put_right_by_five_minutes(scene: Scene, minutes: int) -> None:
    with working(scene) as host:
        write(host)
        scene.seal()
        host.move(minutes=minutes)
        write(host)
    assert scene.verify() == CLEAN
    scene.seal()
    assert scene.verify() == CLEAN


def test_a_rotation_of_keys_with_both_for_a_while(scene: Scene) -> None:
    scene.given["policy"] = ""
    done = scene.run("seal", "--new-key", "--json")
    assert done.exit_code == 0, done.output
    assert scene.verify() == CLEAN, "whoever has the old key alone"
    scene.given["key"] = json.loads(done.stdout)["cg"]["key"]
    kept, scene.given["seen"] = scene.given["seen"], ""
    assert scene.verify() == CLEAN, "whoever has the new key"
    assert Path(kept).exists()
    (scene.folder / "keys" / "tree-1.key").unlink()
    scene.seal()
    assert scene.verify() == CLEAN


def test_a_lawful_erasure(scene: Scene) -> None:
    rows = scene.personal()[:2]
    for row in rows:
        words = ("erase", "--entry", str(row), "--field", "statement", "--by", "wu", "--yes")
        done = scene.run(*words, "--basis", BASIS)
        assert done.exit_code == 0, done.output
        assert scene.one("disc", row) is None
    assert scene.verify() == CLEAN
    scene.seal()
    assert scene.verify() == CLEAN


def test_a_migration_that_adds_a_column_once_it_is_sealed(scene: Scene) -> None:
    scene.raw("ALTER TABLE {s}cleangov_entry ADD COLUMN remark TEXT")
    scene.seal()
    assert scene.verify() == CLEAN


def test_the_files_are_written_anew(scene: Scene) -> None:
    if scene.is_sqlite:
        with closing(sqlite3.connect(scene.url.removeprefix("sqlite:///"))) as connection:
            connection.execute("VACUUM")
    else:
        engine = sa.create_engine(
            scene.url, poolclass=sa.pool.NullPool, isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM FULL")
            connection.exec_driver_sql("CLUSTER cleangov.cleangov_entry USING pk_cleangov_entry")
        engine.dispose()
    assert scene.verify()[1] == [], "CLUSTER is a note in the catalogue and no change of the tables"
    scene.seal()
    assert scene.verify() == CLEAN


def test_a_dump_that_is_restored(scene: Scene, request: pytest.FixtureRequest) -> None:
    if scene.is_sqlite:
        path = Path(scene.url.removeprefix("sqlite:///"))
        with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(f"{path}.new")) as new:
            new.executescript("\n".join(old.iterdump()))
        scene.url += ".new"
    else:
        install = postgres.installed()
        if install is None:
            pytest.skip("no pg_dump on this machine")
        url = sa.make_url(scene.url)
        place = ["-h", unquote(str(url.query["host"])), "-U", str(url.username)]
        tool = install / "bin"
        dump = subprocess.run(
            [tool / "pg_dump", *place, str(url.database)], check=True, capture_output=True
        )
        scene.raw("DROP SCHEMA cleangov CASCADE", "DROP TABLE host_case")
        subprocess.run(
            [tool / "psql", "-q", "-v", "ON_ERROR_STOP=1", *place, str(url.database)],
            check=True,
            input=dump.stdout,
            capture_output=True,
        )
    assert scene.verify() == CLEAN
    scene.seal()
    with working(scene) as host:
        write(host)
    assert scene.verify() == CLEAN


def test_a_loss_that_was_declared_is_said_and_is_no_alarm(scene: Scene) -> None:
    scene.put_back()
    journal = scene.folder / "receipts"
    before = {path.name: path.read_bytes() for path in journal.iterdir()}
    lost = {name for name, lines in before.items() if _tells_of_lost(lines)}
    mixed = journal / min(lost)  # one that also tells of what is there, and was cut at its end
    still = next(lines for name, lines in before.items() if name not in lost)
    before[mixed.name] += still + b'{"at":'
    mixed.write_bytes(before[mixed.name])
    words = ["recover", "--log-id", "cg", "--reason", "disk failed", "--by", "archive", "--json"]
    would = json.loads(scene.run(*words).stdout)["receipts"]
    assert {file["file"] for file in would} == lost
    assert {path.name for path in journal.iterdir()} == set(before), "nothing was done yet"
    done = scene.run(*words, "--yes")
    assert done.exit_code == 0, done.output
    told = {file["file"]: file for file in json.loads(done.stdout)["receipts"]}
    assert told.keys() == lost
    for name, file in told.items():
        assert (journal / file["moved_to"]).read_bytes() == before[name], "as it was"
        assert file["kept"] == (len(still.splitlines()) if name == mixed.name else 0)
    (kept,) = journal.glob("receipts-*-kept-*.jsonl")
    assert kept.read_bytes() == still
    scene.seal()
    assert scene.verify() == CLEAN
    (lost,) = [what for what in scene.told["cg"]["unchecked"] if what["code"] == "lost"]
    assert (lost["values"]["first"], lost["values"]["last"]) == (scene.first, scene.size - 1)


def _tells_of_lost(lines: bytes) -> bool:
    return any(json.loads(line)["no"] > 4 for line in lines.splitlines())


def test_39_an_entry_of_an_old_transaction_is_sealed_all_the_same(scene: Scene) -> None:
    first = scene.tail()[0]
    scene.edit("UPDATE {s}cleangov_entry SET xid = 3 WHERE id = :row", row=first)
    assert scene.verify() == CLEAN
    scene.seal()
    assert scene.tail() == []
    assert scene.verify() == CLEAN


def test_55_lines_of_others_under_a_head_are_left_aside(scene: Scene) -> None:
    path = scene.own / "checkpoint"
    line = "— somebody.example AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
    path.write_text(path.read_text(encoding="utf-8") + line * 20, encoding="utf-8")
    assert scene.verify() == CLEAN


def test_a_copy_of_the_heads_may_be_behind(scene: Scene) -> None:
    scene.seal()
    (scene.own / "checkpoint").write_bytes((scene.audit / "kept.note").read_bytes())
    assert scene.verify() == CLEAN, "the newer head was signed just now"


@pytest.mark.parametrize("test", ELSEWHERE)
def test_what_is_played_elsewhere_is_there(test: str) -> None:
    path, _, name = test.partition("::")
    assert re.search(rf"^def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
