"""``cleangov watch``: a read-only view, told at least once; late rows, bad rows, lost marks."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_plugin.cli.options import Options
from cleangov_plugin.cli.watch import held
from cleangov_plugin.desk.served.event_batches import Told
from cleangov_plugin.desk.watched import watching
from cleangov_plugin.desk.watched.watching import Looked, Watching
from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.store.run import StoreError
from cleangov_plugin.store.watched_view import open_view
from tests.cli.log_replaying import few_rules, query, run
from tests.cli.served_calling import PLATFORM
from tests.support.ends import OpenEngine

COLUMNS = "no, id, kind, stream, case_id, step, occurred_at, recorded_at, actor_id, amount_minor"
TABLE = """CREATE TABLE decisions (no {big} PRIMARY KEY, id {big}, kind text, stream text,
    case_id text, step text, occurred_at {time}, recorded_at {time}, actor_id text,
    amount_minor {big}, attributes text, secret text)"""
VIEW = f"CREATE VIEW supervision_events AS SELECT {COLUMNS}, attributes FROM decisions"
BAND = '{"band_min": {"money": {"minor": 100}}, "band_max": {"money": {"minor": 1000}}}'


class Old:
    """A platform that cannot call, in a database of its own; and the watcher of its view.

    :param engine: writes the platform's rows.
    :param url: of its database.
    :param ledger: of the plugin's.
    :param folder: for the platform's file.
    """

    def __init__(self, engine: sa.Engine, url: str, ledger: str, folder: Path) -> None:
        self.engine, self.url, self.ledger, self.folder = engine, url, ledger, folder
        (folder / "platform.json").write_text(json.dumps(PLATFORM), encoding="utf-8")
        is_sqlite = engine.dialect.name == "sqlite"
        types = {"big": "bigint", "time": "text" if is_sqlite else "timestamptz"}
        with engine.begin() as connection:
            connection.exec_driver_sql(TABLE.format(**types))
            connection.exec_driver_sql(VIEW)

    def put(self, no: int, amount: int = 500, **more: Any) -> None:
        """Insert a row, as the platform does."""
        row = {"no": no, "id": no, "kind": "enf.decision.made", "stream": "enforcement"}
        row |= {"case_id": f"C-{no}", "step": "decide", "actor_id": "chen", "attributes": BAND}
        row |= dict.fromkeys(("occurred_at", "recorded_at"), "2026-03-10 10:00:00+08:00")
        row |= {"amount_minor": amount, **more}
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        with self.engine.begin() as connection:
            connection.execute(sa.text(f"INSERT INTO decisions ({names}) VALUES ({values})"), row)

    def words(self, since: str = "2026-01-01") -> list[str]:
        """Write the command, to look once."""
        places = ["--from", self.url, "--platform", str(self.folder / "platform.json")]
        asked = ["watch", *places, "--source", "old", "--once"]
        return [*asked, *(["--since", since] if since else [])]

    def run(self, since: str = "2026-01-01") -> tuple[int, Any, str]:
        """Look once by the command; answer its status, what it said and complained of."""
        result = run(self.ledger, *self.words(since), "--json")
        lines = [line for line in result.stdout.splitlines() if line.startswith("{")]
        return result.exit_code, json.loads(lines[-1]) if lines else result.output, result.stderr

    @contextmanager
    def watching(self, late: float = 600) -> Iterator[Watching]:
        """Hold a watcher, as the command does that goes on."""
        options = Options(url=self.ledger, is_json=True, language="en")
        place, since = self.folder / "platform.json", datetime(2026, 1, 1)  # noqa: DTZ001
        with held(options, self.url, "supervision_events", place, "old", since, late) as found:
            yield found

    def entries(self) -> list[str]:
        """Answer the ids of events that have entries, in the order of the ledger."""
        asked = "SELECT event_key FROM {s}cleangov_entry WHERE kind = :v0 ORDER BY lane, no"
        found = query(self.ledger, asked, "enf.decision.made")
        return [key.removeprefix("old\t") for (key,) in found]


@pytest.fixture
def old(
    database_url: str,
    tmp_path: Path,
    open_engine: OpenEngine,
    monkeypatch: pytest.MonkeyPatch,
    database: str,
) -> Old:
    """The platform beside us: on PostgreSQL in the same database, on SQLite in a file apart."""
    few_rules(tmp_path, monkeypatch, "E08")
    monkeypatch.setenv("CLEANGOV_KEYS", str(tmp_path / "keys"))
    monkeypatch.delenv("CLEANGOV_DATABASE_URL", raising=False)
    url = f"sqlite:///{tmp_path / 'old.db'}" if database == "sqlite" else database_url
    return Old(open_engine(url), url, database_url, tmp_path)


def test_rows_are_told_once_in_order_and_late_ones_too(old: Old) -> None:
    old.put(1)
    old.put(3, amount=5000)
    with old.watching() as watcher:
        assert watcher.look() == Looked(told=2)
        old.put(2)  # its number was given before, its commit came after
        old.put(4)
        assert watcher.look() == Looked(told=2)
        assert (watcher.look(), watcher.mark.low) == (Looked(), 0)
    assert old.entries() == ["1", "3", "2", "4"]
    hits = query(old.ledger, "SELECT rule_id FROM {s}cleangov_finding")
    assert hits == [("E08",)]  # judged as what a hook tells: 40 yuan over the band
    with old.watching(late=0) as watcher:  # another process: what stands above the mark is known
        assert (watcher.look(), watcher.mark.low) == (Looked(known=4), 4)
        assert watcher.look() == Looked()


def test_without_a_day_it_begins_now_and_says_so(old: Old) -> None:
    old.put(1)
    status, done, said = old.run(since="")
    assert (status, done["told"]) == (0, 0)
    assert "1 rows that are there are not told" in said
    old.put(2, recorded_at="2099-01-01 00:00:00+08:00")
    old.put(3)  # recorded long before the watching began, and inserted now
    status, done, said = old.run(since="")
    assert (done["told"], done["older"], said) == (1, 1, "")
    assert old.run(since="2026-03-01")[1]["told"] == 2  # an earlier day is asked for


def test_a_row_that_is_not_what_was_agreed_waits_and_is_named(old: Old) -> None:
    old.put(1, stream="business", case_id="<b>")
    old.put(2)
    status, done, said = old.run()
    assert (status, done["told"], done["refused"]) == (1, 1, 1)
    assert "no 1: row.data.stream: one of enforcement" in said
    result = run(old.ledger, "doctor", "--json")
    (found,) = [c for c in json.loads(result.stdout)["checks"] if c["key"] == "watched"]
    assert (found["state"], result.exit_code) == ("bad", 1)
    assert "1 rows refused" in found["found"]
    assert "no gate" in found["remedy"]
    with old.watching(late=0) as watcher:
        assert watcher.look() == Looked(known=1, refused=1)
        assert watcher.mark.low == 2  # what waits is remembered by number, and stops nobody
        with old.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE decisions SET stream = 'enforcement' WHERE no = 1")
        assert watcher.look() == Looked(told=1)
        old.put(3, stream="business")
        assert watcher.look() == Looked(refused=1)
        with old.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM decisions WHERE no = 3")
        assert watcher.look() == Looked()
    assert old.entries() == ["2", "1"]


def test_a_lost_mark_costs_time_and_nothing_else(old: Old) -> None:
    for number in range(1, 4):
        old.put(number)
    with old.watching() as watcher:
        assert watcher.look() == Looked(told=3)
    (mark,) = (old.folder / "keys").glob("watched-*.json")
    assert old.url not in mark.read_text()
    mark.unlink()
    with old.watching() as watcher:
        assert watcher.look() == Looked(known=3)
    mark.write_text('{"v": 1, "low": "many"}')
    with pytest.raises(SettingsError, match="how far a view was read"), old.watching():
        pass
    assert old.entries() == ["1", "2", "3"]


def test_a_busy_database_keeps_the_mark_and_the_rest_is_told_later(
    old: Old, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        old.put(number)
    with old.watching(late=0) as watcher:
        answers = iter([Told(status="recorded"), Told(status="busy")])
        with monkeypatch.context() as patched:
            patched.setattr(watching, "tell", lambda *_: next(answers))
            assert (watcher.look(), watcher.mark.low) == (Looked(told=1, is_busy=True), 0)
        assert (watcher.look(), watcher.mark.low) == (Looked(told=2), 3)


def test_rows_that_came_later_than_that_are_found_by_counting(
    old: Old, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_RECOUNT_S", 0.0)
    old.put(1)
    old.put(3)
    with old.watching(late=0) as watcher:
        assert watcher.look() == Looked(told=2)
        old.put(2)
        assert watcher.look() == Looked(late=1)
        assert watcher.look() == Looked(told=1, known=2)
        assert old.entries() == ["1", "3", "2"]
        with old.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM decisions WHERE no = 1")
        assert watcher.look() == Looked(gone=1)
        assert watcher.look() == Looked()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda old: old.engine.dispose(), "the view has no column recorded_at"),
        (lambda old: old.folder.joinpath("platform.json").unlink(), "it cannot be read"),
    ],
)
def test_what_is_missing_is_named(old: Old, change: Callable[[Old], Any], complaint: str) -> None:
    with old.engine.begin() as connection:
        connection.exec_driver_sql("DROP VIEW supervision_events")
        connection.exec_driver_sql(VIEW.replace("recorded_at, ", ""))
    change(old)
    status, said, more = old.run()
    assert status == 2
    assert complaint in f"{said}{more}"


def test_nothing_is_written_where_it_reads(old: Old) -> None:
    old.put(1)
    if old.engine.dialect.name == "sqlite":
        before = (old.folder / "old.db").read_bytes()
        with old.watching() as watcher:
            watcher.look()
        assert (old.folder / "old.db").read_bytes() == before
        assert not list(old.folder.glob("old.db-*"))
    with open_view(old.url, "supervision_events") as view:
        with pytest.raises(StoreError, match=r"read.?only"), view._reading() as connection:
            connection.exec_driver_sql("DELETE FROM decisions")
        assert [row.no for row in view.after(0, 10)] == [1]
