"""What the plugin opens it closes again, also where something fails or the host ends early."""

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from cleangov_plugin.desk.health import checks as health
from cleangov_plugin.desk.settings import Settings
from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.plugin import CleanGov
from cleangov_plugin.store.connecting import connected
from cleangov_plugin.store.database import Database
from sample_host import database as city_database
from tests.plugin.conftest import MakeHost
from tests.plugin.day import BAND
from tests.support.ends import still_open


def test_closed_it_holds_no_connection_and_is_at_work_with_the_next_event(
    make_host: MakeHost,
) -> None:
    host = make_host()
    host.start()
    with still_open() as found:
        assert host.gate(host.event("enf.decision.made", 700, **BAND)).decision == "pass"
        assert len(found) == 1
        host.plugin.close()
        assert found == set()
        assert host.gate(host.event("enf.decision.made", 1_001, **BAND)).decision == "hold"


def test_before_the_host_is_ready_there_is_nothing_to_close() -> None:
    plugin = CleanGov()
    plugin.close()
    assert plugin.desk is None


def test_told_of_another_host_it_leaves_nothing_of_the_first_one_open(make_host: MakeHost) -> None:
    host, other = make_host(), make_host("other")
    host.start()
    plugin, first = host.plugin, host.plugin.desk
    with still_open() as found:
        host.gate(host.event("enf.decision.made", 700, **BAND))
        assert len(found) == 1
        plugin.cleangov_host_ready(other)
        assert found == set()
    assert plugin.desk is not None
    assert plugin.desk is not first


def failing(*_: Any) -> Any:
    """Fail as a server does that is ended in the middle."""
    raise OperationalError("BEGIN", {}, Exception("terminating connection"))


def test_a_look_at_its_health_that_fails_leaves_nothing_open(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_contents", failing)
    with still_open() as found:
        (check,) = health.examine(Settings(database_url=database_url), date(2026, 3, 10))
        assert found == set()
    assert (check.key, check.values) == ("database.unreachable", {"what": "terminating connection"})


def test_a_command_that_finds_no_database_leaves_nothing_open(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "_begin", failing)
    with (
        still_open() as found,
        pytest.raises(SettingsError, match="cannot be reached: terminating"),
        connected(database_url),
    ):
        pass
    assert found == set()


def driver_that_failed(engine: sa.Engine) -> sqlite3.Connection:
    """Open a file that is no database, and answer the connection that could not be prepared."""
    made: list[sqlite3.Connection] = []
    sa.event.listen(engine, "connect", lambda driver, _: made.append(driver), insert=True)
    with pytest.raises(sa.exc.DatabaseError, match="not a database"):
        engine.connect()
    (driver,) = made
    return driver


@pytest.mark.parametrize("whose", ["plugin", "city"])
def test_a_file_that_is_no_database_is_closed_again(whose: str, tmp_path: Path) -> None:
    path = tmp_path / "city.db"
    path.write_text("no database " * 100, encoding="utf-8")
    url = f"sqlite:///{path}"
    engine = Database(url).engine if whose == "plugin" else city_database.open_engine(url)
    driver = driver_that_failed(engine)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        driver.execute("SELECT 1")
