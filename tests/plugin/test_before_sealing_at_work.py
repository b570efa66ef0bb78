"""What the running platform leaves before anything is sealed: codes, receipts, and gaps."""

from datetime import datetime
from pathlib import Path

import pytest

from cleangov_plugin.desk import receipts
from cleangov_plugin.desk.codes import begin_file, read_begin
from cleangov_plugin.desk.sealed.outside import Outside
from cleangov_plugin.desk.verified.alarms import Verified
from cleangov_plugin.desk.verified.receipts_check import Journal
from cleangov_plugin.desk.verified.verifying import Evidence, verify
from tests.plugin.conftest import MakeHost
from tests.plugin.inside import rows, tick
from tests.plugin.steps import opened
from tests.support.listeners import of_the_plugin
from tests.support.small_host import SmallHost


@pytest.fixture
def host(make_host: MakeHost, tmp_path: Path) -> SmallHost:
    host = make_host(settings={"CLEANGOV_RECEIPTS": str(tmp_path / "receipts")})
    host.start()
    return host


def journal(host: SmallHost) -> Journal:
    return Journal.of(Path(host.settings["CLEANGOV_RECEIPTS"]))


def verified(host: SmallHost, now: datetime | None = None) -> Verified:
    host.plugin.close()
    log_id = host.authority.id
    evidence = Evidence(
        outside=Outside(Path(host.settings["CLEANGOV_KEYS"]), log_id),
        code_key=read_begin(begin_file(Path(host.settings["CLEANGOV_KEYS"]), log_id)),
        receipts=journal(host),
        now=now,
    )
    with host.plugin.desk.database.own_transaction(is_reading=True) as connection:
        return verify(connection, evidence)


def edit(host: SmallHost, *statements: str) -> None:
    prefix = "" if host.engine.dialect.name == "sqlite" else "cleangov."
    with host.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("{s}", prefix))


def test_every_entry_has_its_code_and_its_receipt(host: SmallHost) -> None:
    for number in range(3):
        host.write(host.event("enf.intent.notified", 800, case_id=f"C-{number}"))
    with host.engine.connect() as connection:
        host.write_on(connection, host.event("enf.intent.notified", 800, case_id="C-9"))
        connection.rollback()
    assert verified(host).alarms == []
    assert [len(bytes(row["mac"])) for row in rows(host, "entry")] == [20] * 3
    assert sum(1 for _ in journal(host).lines()) == 3
    edit(host, "DELETE FROM {s}cleangov_entry WHERE id = (SELECT max(id) FROM {s}cleangov_entry)")
    assert [alarm.code for alarm in verified(host).alarms] == ["receipt_gone"]


def test_what_was_owed_has_both_once_it_is_settled(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> object:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("cleangov_plugin.store.entries.append", fail)
        host.write(host.event("enf.intent.notified", 800))
    assert tick(host).settled == 1
    assert verified(host).alarms == []
    assert sum(1 for _ in journal(host).lines()) == 1


_HUNG = {
    "sqlite": (
        "CREATE TRIGGER swallows BEFORE INSERT ON cleangov_entry BEGIN SELECT RAISE(IGNORE); END",
    ),
    "postgresql": (
        """CREATE FUNCTION swallowed() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN RETURN NULL; END'""",
        """CREATE TRIGGER swallows BEFORE INSERT ON cleangov.cleangov_entry
        FOR EACH ROW EXECUTE FUNCTION swallowed()""",
    ),
}
_TAKEN = {
    "sqlite": ("DROP TRIGGER swallows",),
    "postgresql": (
        "DROP TRIGGER swallows ON cleangov.cleangov_entry",
        "DROP FUNCTION swallowed",
    ),
}


def test_31_an_event_whose_entry_is_swallowed_becomes_a_gap_and_is_not_lost(
    host: SmallHost,
) -> None:
    hung, taken = _HUNG[host.engine.dialect.name], _TAKEN[host.engine.dialect.name]
    edit(host, *hung)
    host.write(host.event("enf.intent.notified", 800))
    assert rows(host, "entry") == []
    assert [(row["state"], row["detail"]) for row in rows(host, "gap")] == [("owed", "StoreError")]
    edit(host, *taken)
    assert tick(host).settled == 1
    assert len(rows(host, "entry")) == 1
    assert verified(host).alarms == []


def test_a_journal_that_cannot_be_written_stops_no_step(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "_LATE", 0.0)
    Path(host.settings["CLEANGOV_RECEIPTS"]).write_text("a file")
    host.write(host.event("enf.intent.notified", 800))
    opened(host)
    assert len(rows(host, "entry")) == 1
    assert host.plugin.desk.counters.numbers["receipts.failed"] >= 1


def test_nothing_hangs_on_the_hosts_connections(host: SmallHost) -> None:
    with host.engine.connect() as connection:
        host.write_on(connection, host.event("enf.intent.notified", 800))
        heard = of_the_plugin(connection)
        connection.commit()
    assert not heard
    assert not of_the_plugin(host.engine)
    assert not of_the_plugin(host.engine.pool)
