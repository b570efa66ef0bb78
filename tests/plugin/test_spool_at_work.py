"""What waits in the spool: recorded once where the host has its row, withdrawn where it has not."""

from pathlib import Path
from typing import Any

import pytest

from cleangov_hooks import Event, hookimpl
from cleangov_plugin.desk.wire import to_text
from tests.plugin.conftest import MakeHost
from tests.plugin.inside import aged, rows, tick
from tests.plugin.steps import opened
from tests.support.small_host import Declares, SmallHost


def spooled(host: SmallHost, *, is_written: bool = True) -> Event:
    """Put an event into the spool, with or without its business row."""
    event = host.event("enf.intent.notified", 800)
    if is_written:
        with host.engine.begin() as connection:
            host.insert(connection, event)
    assert host.plugin.desk.spool.put(to_text(event))
    return event


def test_an_event_whose_transaction_is_still_open_is_not_taken_for_undone(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    with host.engine.connect() as connection:
        with monkeypatch.context() as broken:
            broken.setattr("cleangov_plugin.store.entries.append", fail)
            broken.setattr("cleangov_plugin.store.gaps.add", fail)
            host.write_on(connection, host.event("enf.intent.notified", 800))
        ticked = tick(host) if host.engine.dialect.name != "sqlite" else None
        connection.commit()
    assert ticked is None or (ticked.withdrawn, ticked.waiting) == (0, 1)
    assert tick(host).settled == 1
    assert len(rows(host, "entry")) == 1


def test_an_event_that_the_host_has_undone_is_withdrawn_once_no_transaction_can_be_open(
    host: SmallHost,
) -> None:
    spooled(host, is_written=False)
    assert (tick(host).withdrawn, host.plugin.desk.spool.waiting()) == (0, 1)
    aged(host)
    assert (tick(host).withdrawn, host.plugin.desk.spool.waiting()) == (1, 0)
    assert rows(host, "entry") == []


def test_a_spooled_event_is_recorded_once(host: SmallHost) -> None:
    event = spooled(host)
    assert host.plugin.desk.spool.put(to_text(event))
    assert tick(host).settled == 2
    assert len(rows(host, "entry")) == 1
    assert host.plugin.desk.spool.waiting() == 0


def test_the_first_page_that_is_opened_empties_the_spool(host: SmallHost) -> None:
    spooled(host)
    opened(host)
    assert (len(rows(host, "entry")), host.plugin.desk.spool.waiting()) == (1, 0)
    spooled(host)
    opened(host)
    assert host.plugin.desk.spool.waiting() == 1  # the next look is due in a minute


def test_a_spooled_event_is_sought_on_every_page_of_the_hosts_records(host: SmallHost) -> None:
    spooled(host)
    for _ in range(5):  # two records a page
        host.write(host.event("enf.intent.notified", 800))
    last = spooled(host)
    assert tick(host).settled == 2
    assert rows(host, "entry", event_key=f"small\t{last.id}") != []


def test_where_the_host_cannot_say_what_it_holds_a_spooled_event_waits(
    make_host: MakeHost,
) -> None:
    class Failing(Declares):
        fails = True

        @hookimpl
        def cleangov_host_records(self, kind: str, since: Any, cursor: str | None) -> Any:
            if Failing.fails:
                raise RuntimeError
            return super().cleangov_host_records(kind, since, cursor)

    host = make_host()
    host.module = Failing
    host.start()
    spooled(host, is_written=False)
    ticked = tick(host)
    assert (ticked.settled, ticked.withdrawn, ticked.waiting) == (0, 0, 1)
    aged(host)
    assert tick(host).waiting == 1
    Failing.fails = False
    assert tick(host).withdrawn == 1
    assert rows(host, "entry") == []


def test_a_damaged_file_is_put_aside_where_somebody_finds_it(
    host: SmallHost, tmp_path: Path
) -> None:
    folder = tmp_path / "host" / "spool"
    folder.mkdir(exist_ok=True)
    (folder / "1.event.json").write_text("{", encoding="utf-8")
    (folder / "2.event.json").write_bytes(b"\xff\xfe")
    assert tick(host).given_up == 2
    assert sorted(path.name for path in folder.iterdir()) == [
        "1.unreadable.json",
        "2.unreadable.json",
    ]
    assert tick(host).given_up == 0
