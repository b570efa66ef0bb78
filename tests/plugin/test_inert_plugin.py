"""Attached and able to do nothing: the platform runs, the reason is said once, events are kept."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cleangov_plugin import plugin as plugin_module
from cleangov_plugin.plugin import CleanGov
from cleangov_plugin.store.columns import SCHEMA
from tests.plugin.conftest import MakeHost
from tests.plugin.day import BAND, SLOTS, day
from tests.plugin.inside import aged, one, rows, tick
from tests.support.small_host import SmallHost

Spoil = Callable[[SmallHost, Path], None]


def prefix(host: SmallHost) -> str:
    return "" if host.engine.dialect.name == "sqlite" else f"{SCHEMA}."


def executed(host: SmallHost, statement: str) -> None:
    with host.engine.begin() as connection:
        connection.exec_driver_sql(statement.format(s=prefix(host)))


def revision(number: str) -> Spoil:
    statement = f"UPDATE {{s}}cleangov_alembic_version SET version_num = '{number}'"
    return lambda host, _: executed(host, statement)


def without_tables(host: SmallHost, _: Path) -> None:
    executed(host, "DROP TABLE {s}cleangov_alembic_version")


def without_one_table(host: SmallHost, _: Path) -> None:
    executed(host, "DROP TABLE {s}cleangov_pseudonym")


def setting(name: str, value: str) -> Spoil:
    return lambda host, _: host.settings.update({name: value})


def without_database(host: SmallHost, _: Path) -> None:
    del host.settings["CLEANGOV_DATABASE_URL"]


def keys_below_a_file(host: SmallHost, folder: Path) -> None:
    (folder / "a file").write_text("no folder", encoding="utf-8")
    host.settings["CLEANGOV_KEYS"] = str(folder / "a file" / "keys")


def a_short_key(host: SmallHost, folder: Path) -> None:
    keys = folder / "short"
    keys.mkdir()
    (keys / "pseudonym-1.key").write_bytes(b"too short")
    host.settings["CLEANGOV_KEYS"] = str(keys)


def a_broken_rule(host: SmallHost, folder: Path) -> None:
    rules = folder / "rules"
    rules.mkdir()
    (rules / "X1.yaml").write_text("id: [", encoding="utf-8")
    host.settings["CLEANGOV_RULES"] = str(rules)


def unknown_zone(host: SmallHost, _: Path) -> None:
    from dataclasses import replace

    host.authority = replace(host.authority, zone="Mars/Olympus_Mons")


def a_service_that_fails(host: SmallHost, _: Path) -> None:
    def agency() -> Any:
        raise RuntimeError("陈静 is not signed in")

    host.agency = agency  # type: ignore[method-assign]


def a_mount_that_fails(host: SmallHost, _: Path) -> None:
    def mount(_: Any) -> bool:
        raise AssertionError("the platform is serving already")

    host.mount = mount  # type: ignore[method-assign]


#: What is wrong, and a word of the remedy.
SPOILT: dict[str, tuple[Spoil, str]] = {
    "missing tables": (without_tables, "cleangov db upgrade"),
    "one missing table": (without_one_table, "cleangov db upgrade"),
    "older tables": (revision("0000"), "cleangov db upgrade"),
    "newer tables": (revision("9999"), "release of the plugin"),
    "unknown setting": (setting("CLEANGOV_SPOOOL_KB", "1"), "Did you mean CLEANGOV_SPOOL_KB"),
    "setting out of range": (setting("CLEANGOV_PASS_MINUTES", "0"), "1 to 60"),
    "setting that is no number": (setting("CLEANGOV_DUE_DAYS", "ten"), "whole number"),
    "size of the spool itself": (setting("CLEANGOV_SPOOL_KB", "much"), "whole number"),
    "no database": (without_database, "SQLAlchemy URL"),
    "no address": (setting("CLEANGOV_DATABASE_URL", "nonsense"), "SQLAlchemy URL"),
    "no driver": (setting("CLEANGOV_DATABASE_URL", "nosuch://host/db"), "SQLAlchemy URL"),
    "nobody listens": (
        setting("CLEANGOV_DATABASE_URL", "postgresql+psycopg://127.0.0.1:1/city"),
        "cleangov doctor",
    ),
    "no folder of the database": (
        setting("CLEANGOV_DATABASE_URL", "sqlite:////no/such/folder/city.db"),
        "cleangov doctor",
    ),
    "keys that cannot be written": (keys_below_a_file, "CLEANGOV_KEYS"),
    "a damaged key": (a_short_key, "backup"),
    "no rules": (setting("CLEANGOV_RULES", "/no/such/folder"), "folder of the rule files"),
    "a broken rule": (a_broken_rule, "X1.yaml"),
    "unknown zone": (unknown_zone, "IANA"),
    "a service of the host fails": (a_service_that_fails, "cleangov doctor"),
    "pages cannot be mounted": (a_mount_that_fails, "cleangov doctor"),
}


@pytest.mark.parametrize("wrong", SPOILT)
def test_whatever_is_wrong_the_platform_runs_and_the_reason_is_said_once(
    make_host: MakeHost,
    plain: Any,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    wrong: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    tables, _ = plain
    host = make_host()
    spoil, remedy = SPOILT[wrong]
    spoil(host, tmp_path)
    host.start()
    assert host.plugin.desk is None
    day(host)
    assert host.dump() == tables
    assert [o for report in host.reports for o in report.troubles if o.error] == []
    said = [r for r in caplog.records if r.name.startswith("cleangov") and r.levelno >= 40]
    assert len(said) == 1
    assert remedy in said[0].getMessage()
    assert host.plugin.inert.reason in said[0].getMessage()
    event = host.event("enf.decision.made", 1_001, **BAND)
    assert [host.show(slot, event) for slot in SLOTS] == [""] * len(SLOTS)
    assert host.gate(event).reason == "no_plugin"
    written = tables.count(b"d-case")
    assert host.plugin.inert.kept == written
    assert len(list((tmp_path / "host" / "spool").glob("*.event.json"))) == written
    assert not any(name in caplog.text for name in ("陈静", "chen", "C-1", "p-1"))


def test_what_was_kept_while_inert_is_recorded_when_the_reason_is_gone(
    make_host: MakeHost,
) -> None:
    host = make_host()
    revision("9999")(host, Path())
    host.start()
    host.write(host.event("enf.intent.notified", 800))
    host.write(host.event("enf.defence.received"))
    undone = host.event("enf.decision.made", 900)
    with host.engine.connect() as connection:
        host.write_on(connection, undone)
        connection.rollback()
    revision("0008")(host, Path())
    again = make_host()
    again.start()
    aged(again)
    ticked = tick(again)
    assert (ticked.settled, ticked.withdrawn) == (2, 1)
    assert len(rows(again, "entry")) == 2


def test_a_full_spool_is_counted_and_never_grows_beyond_its_size(
    make_host: MakeHost, tmp_path: Path
) -> None:
    host = make_host(settings={"CLEANGOV_SPOOL_KB": "3"})
    revision("9999")(host, tmp_path)
    host.start()
    for _ in range(10):
        host.write(host.event("enf.intent.notified", 800))
    inert = host.plugin.inert
    assert inert.kept >= 1
    assert inert.lost >= 1
    assert inert.kept + inert.lost == 10
    files = list((tmp_path / "host" / "spool").iterdir())
    assert sum(path.stat().st_size for path in files) <= 3 * 1024


class Unspeakable:
    """What a host takes for an event, and cannot even be named."""

    def __repr__(self) -> str:
        raise RuntimeError


def test_what_is_no_event_does_not_cost_the_events_after_it(make_host: MakeHost) -> None:
    host = make_host()
    revision("9999")(host, Path())
    host.start()
    events = [Unspeakable(), host.event("enf.intent.notified", 800)]
    with host.engine.begin() as connection:
        host.call("cleangov_enforcement_events", events=events, connection=connection)
    assert host.plugin.inert.kept == 2
    assert [o for report in host.reports for o in report.troubles if o.error] == []


def test_before_the_host_is_ready_the_plugin_does_nothing(host: SmallHost) -> None:
    plugin = CleanGov()
    assert plugin.cleangov_slot("step.panel", None, "html") is None
    plugin.cleangov_enforcement_events([host.event("enf.intent.notified", 800)], None)
    assert plugin.inert.lost == 1


def test_without_the_package_of_holidays_it_runs_and_says_what_is_missing(
    make_host: MakeHost, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(*_: Any) -> Any:
        from cleangov_plugin.domain.errors import IntakeError

        raise IntakeError("working days need the package 'holidays'.", where="calendar")

    monkeypatch.setattr(plugin_module, "calendar_days", missing)
    host = make_host()
    for table in ("calendar_day", "calendar_version"):
        executed(host, f"DELETE FROM {{s}}cleangov_{table}")
    executed(host, "UPDATE {s}cleangov_revision SET calendar = 0")
    host.start()
    assert host.plugin.desk is not None
    assert "holidays" in caplog.text
    host.write(host.event("enf.decision.made", 1_001, **BAND))
    assert one(host, "finding")["due_on"] == "2026-03-24"  # counted by weekdays


def test_the_url_of_the_database_is_never_logged_with_its_password(
    make_host: MakeHost, caplog: pytest.LogCaptureFixture
) -> None:
    host = make_host()
    url = "postgresql+psycopg://city:s3cret-word@127.0.0.1:1/city"
    host.settings["CLEANGOV_DATABASE_URL"] = url
    host.start()
    assert host.plugin.desk is None
    assert "s3cret-word" not in caplog.text


def test_switched_off_while_inert_nothing_is_written_either(
    make_host: MakeHost, tmp_path: Path
) -> None:
    host = make_host()
    revision("9999")(host, tmp_path)
    host.start()
    host.switch.touch()
    host.write(host.event("enf.intent.notified", 800))
    assert not (tmp_path / "host" / "spool").exists()
    assert (host.plugin.inert.kept, host.plugin.inert.lost) == (0, 0)


def test_a_host_that_lacks_services_is_told_which(caplog: pytest.LogCaptureFixture) -> None:
    plugin = CleanGov()
    plugin.cleangov_host_ready(object())  # type: ignore[arg-type]
    assert plugin.desk is None
    assert "the host offers no" in plugin.inert.reason
    assert "language" in plugin.inert.reason
    assert caplog.text.count("inert, the platform") == 1
