"""Two processes find what one finds, in the same order; where the second is gone, one finds it."""

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.verified import second as seconds
from cleangov_plugin.desk.verified.alarms import Verified
from cleangov_plugin.desk.verified.evidence import Evidence
from cleangov_plugin.desk.verified.second import Second, SecondGone, second_process
from cleangov_plugin.desk.verified.serving import Server
from cleangov_plugin.desk.verified.stretches import Looking
from cleangov_plugin.desk.verified.together import Together
from cleangov_plugin.desk.verified.verifying import verify
from cleangov_plugin.store import leaf_reader
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.same_state import still_with
from tests.desk.verified.test_runs import EDITS, KEY, Coded

#: Edits of many entries, besides those of one: what is wrong stands in more than one stretch.
MORE = {
    **EDITS,
    "nothing": "UPDATE {s}cleangov_entry SET no = no",
    "all codes": "UPDATE {s}cleangov_entry SET mac = NULL",
    "many bodies": "UPDATE {s}cleangov_entry SET body = replace(body, 'b', 'B')"
    " WHERE no IN (3, 4, 12, 21)",
    "many gone": "DELETE FROM {s}cleangov_entry WHERE no IN (5, 6, 7, 8, 15)",
    "cut off": "DELETE FROM {s}cleangov_leaf WHERE idx > 15",
    "one behind": "UPDATE {s}cleangov_leaf SET idx = 5000000000 WHERE idx = 20",
    "tiles": "DELETE FROM {s}cleangov_tile WHERE level = 0",
    "size": "UPDATE {s}cleangov_tree_head SET size = 4000000000000000000 WHERE size ="
    " (SELECT max(t.size) FROM {s}cleangov_tree_head t)",
}


class Near(Second):
    """The other process within this one: what passes between them is the same."""

    def __init__(self, database: Database) -> None:
        self.server = Server(str(database.url), database.patience_ms)
        self.answers: list[Any] = []
        self.looked = 0
        self.dies_after = 10_000

    def version(self) -> str:
        return self.server.version()

    def begin(self, snapshot: str) -> str:
        return self.server.begin(snapshot)

    def end(self) -> None:
        self.server.end()

    def take(self, *words: Any) -> bool:
        self.server.take(*pickle.loads(pickle.dumps(words)))
        return True

    def ask(self, first: int, until: int) -> None:
        self.looked += 1
        self.answers.append(pickle.dumps(self.server.look(first, until)))

    def answer(self, *, is_awaited: bool) -> Any:
        if self.looked > self.dies_after:
            raise SecondGone
        if not is_awaited and self.looked % 2:  # it takes its time
            return None
        return pickle.loads(self.answers.pop(0)) if self.answers else None

    def close(self) -> None:
        self.server.close()


class Doubled(Coded):
    """A ledger that is verified by one process and by two."""

    def alone(self) -> Verified:
        return self.with_second(None)

    def with_second(self, second: Second | None) -> Verified:
        evidence: dict[str, Any] = {"outside": self.outside, "key": self.signer.verifier}
        with still_with(self.database, second) as (connection, beside, is_joined):
            assert is_joined is (second is not None)
            given = Evidence(**evidence, code_key=KEY, beside=beside, second=second)
            return verify(connection, given)


@pytest.fixture
def doubled(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Doubled]:
    monkeypatch.setattr(leaf_reader, "SLICE", 2)
    monkeypatch.setattr(leaf_reader, "STRETCH", 4)
    found = Doubled(engine, tmp_path)
    found.write(0, 24)
    found.give_codes()
    found.size = found.seal().size
    found.write(24, 26)
    found.give_codes()
    yield found
    found.database.dispose()


def told(found: Verified) -> tuple[object, ...]:
    """Everything that was found, in its order."""
    unchecked = [(each.code, dict(each.values)) for each in found.unchecked]
    return (found.leaves, found.unsealed, [*map(repr, found.alarms)], unchecked)


@contextmanager
def near(doubled: Doubled, *, dies_after: int = 10_000) -> Iterator[Near]:
    second = Near(doubled.database)
    second.dies_after = dies_after
    try:
        yield second
    finally:
        second.close()
    assert second.looked >= 2


@pytest.mark.parametrize("name", MORE)
def test_two_find_what_one_finds_in_the_same_order(doubled: Doubled, name: str) -> None:
    doubled.edit(MORE[name])
    alone = doubled.alone()
    with near(doubled) as second:
        assert told(doubled.with_second(second)) == told(alone)
    with near(doubled, dies_after=1) as second:
        assert told(doubled.with_second(second)) == told(alone), "it was gone in the middle"
    assert bool(alone.alarms) is (name != "nothing")


@pytest.fixture
def real(doubled: Doubled, monkeypatch: pytest.MonkeyPatch) -> Iterator[Second]:
    monkeypatch.setattr(seconds, "WORTH", 1)
    with second_process(doubled.database, 20) as second:
        assert second is not None
        yield second


def watched(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[Together], None], *, is_before: bool = False
) -> list[int]:
    """Do something when the second process is asked first; answer what this one looked at."""
    own: list[int] = []
    original = Together._keep_busy
    each = Looking.each

    def busy(self: Together, first: int) -> None:
        if not own and is_before:
            act(self)
        original(self, first)
        if not own and not is_before:
            act(self)

    def looked(self: Looking, first: int, until: int) -> Any:
        own.append(first)
        return each(self, first, until)

    monkeypatch.setattr(Together, "_keep_busy", busy)
    monkeypatch.setattr(Looking, "each", looked)
    return own


def killed(second: Second) -> None:
    second._process.kill()
    second._process.wait()


def waits(together: Together) -> None:
    while together._asked:
        together._collect(is_awaited=True)


@pytest.mark.parametrize("name", ["nothing", "body", "no code"])
def test_a_second_process_looks_at_leaves(
    doubled: Doubled, real: Second, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubled.edit(MORE[name])
    alone = told(doubled.alone())
    own = watched(monkeypatch, waits)
    assert told(doubled.with_second(real)) == alone
    assert 0 in own
    assert 4 not in own, "the second one looked there"
    assert told(doubled.with_second(real)) == alone, "it is asked again"


@pytest.mark.parametrize("name", ["nothing", "body"])
def test_where_it_is_killed_the_first_looks_at_all(
    doubled: Doubled, real: Second, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubled.edit(MORE[name])
    alone = told(doubled.alone())
    own = watched(monkeypatch, lambda _: killed(real), is_before=True)
    with still_with(doubled.database, real) as (connection, beside, _):
        given = Evidence(
            outside=doubled.outside,
            key=doubled.signer.verifier,
            code_key=KEY,
            beside=beside,
            second=real,
        )
        assert told(verify(connection, given)) == alone
    assert {*range(0, 20, 4)} <= {*own}
    assert not real.take("any", None)
    with still_with(doubled.database, real) as (_, _, is_joined):
        assert not is_joined


_Popen: Final = subprocess.Popen[bytes]


def ended(*words: Any, **how: Any) -> subprocess.Popen[bytes]:
    """Start a process, and go on when it has ended."""
    process = _Popen(*words, **how)
    process.wait()
    return process


def test_where_none_can_be_had_none_is_waited_for(
    doubled: Doubled, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with second_process(doubled.database, seconds.WORTH - 1) as second:
        assert second is None, "it would not be worth it"
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with second_process(doubled.database, seconds.WORTH) as second:
        assert second is None
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", ended)
        with second_process(doubled.database, seconds.WORTH) as second:
            assert second is None, "it ended before it heard a word"
    deaf = tmp_path / "deaf"
    deaf.write_text("#!/bin/sh\nhead -c 1 > /dev/null\n", "utf-8")
    deaf.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(deaf))
    with second_process(doubled.database, seconds.WORTH) as second:
        assert second is not None, "it heard, and ended"
        with still_with(doubled.database, second) as (connection, other, is_joined):
            assert not is_joined
            assert (other is not None) is doubled.database.is_sqlite
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_it_ends_with_the_block(doubled: Doubled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seconds, "WORTH", 1)
    begun: list[Second] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted(doubled, begun)
    assert begun[0]._process.poll() is not None


def interrupted(doubled: Doubled, begun: list[Second]) -> None:
    with second_process(doubled.database, 20) as second, still_with(doubled.database, second):
        assert second is not None
        begun.append(second)
        raise KeyboardInterrupt
