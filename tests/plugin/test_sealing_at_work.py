"""The running platform seals what it records, within the seconds that are stated."""

import time
from pathlib import Path

import pytest

from cleangov_plugin.desk.sealed import steady
from cleangov_plugin.desk.sealed.outside import Outside, signer_of
from cleangov_plugin.desk.verified.alarms import Verified
from cleangov_plugin.desk.verified.evidence import Evidence
from cleangov_plugin.desk.verified.verifying import verify
from tests.plugin.conftest import MakeHost
from tests.plugin.inside import rows
from tests.support.small_host import SmallHost

#: Seconds that a busy machine may take; the platform itself waits for one.
_PATIENCE = 20.0


@pytest.fixture
def sealing(make_host: MakeHost, tmp_path: Path) -> SmallHost:
    heads = str(tmp_path / "heads")
    host = make_host(settings={"CLEANGOV_SEAL_SECONDS": "1", "CLEANGOV_HEADS": heads})
    host.start()
    return host


def notify(host: SmallHost, *numbers: int) -> None:
    for number in numbers:
        host.write(host.event("enf.intent.notified", 800, case_id=f"C-{number}"))


def sealed(host: SmallHost) -> int:
    return len([row for row in rows(host, "leaf") if row["lane"] is not None])


def wait_for(host: SmallHost, number: int) -> None:
    end = time.monotonic() + _PATIENCE
    while sealed(host) < number:
        assert time.monotonic() < end, "nobody sealed it"
        time.sleep(0.05)
    while not (outside(host).head() or b"").count(b"\n"):
        assert time.monotonic() < end, "nobody published it"
        time.sleep(0.05)


def outside(host: SmallHost) -> Outside:
    return Outside(Path(host.settings["CLEANGOV_HEADS"]), host.authority.id)


def verified(host: SmallHost) -> Verified:
    host.plugin.close()  # no sealing in the middle of it
    signer = signer_of(Path(host.settings["CLEANGOV_KEYS"]), host.authority.id, is_made=False)
    assert signer is not None
    with host.plugin.desk.database.own_transaction(is_reading=True) as connection:
        return verify(connection, Evidence(outside=outside(host), key=signer.verifier))


def test_what_is_recorded_is_sealed_without_anybody_asking(sealing: SmallHost) -> None:
    notify(sealing, 1, 2)
    wait_for(sealing, 2)
    notify(sealing, 3)
    wait_for(sealing, 3)
    found = verified(sealing)
    assert (found.alarms, found.unsealed) == ([], 0)
    assert found.leaves > 3


def test_a_transaction_that_stays_open_is_sealed_after_its_commit(sealing: SmallHost) -> None:
    event = sealing.event("enf.intent.notified", 800, case_id="C-9")
    with sealing.engine.begin() as connection:
        sealing.write_on(connection, event)
        time.sleep(1.5)  # longer than the seconds after which sealing looks
        assert sealed(sealing) == 0
    wait_for(sealing, 1)
    assert verified(sealing).alarms == []


def test_an_idle_platform_has_no_thread(
    sealing: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steady, "_LONGEST", 0.5)
    notify(sealing, 1)
    wait_for(sealing, 1)
    thread = sealing.plugin._steady._thread
    thread.join(_PATIENCE)
    assert not thread.is_alive()
    notify(sealing, 2)
    wait_for(sealing, 2)


def test_what_fails_is_counted_said_once_and_stops_nobody(
    sealing: SmallHost, caplog: pytest.LogCaptureFixture
) -> None:
    outside(sealing).own.parent.mkdir(parents=True, exist_ok=True)
    outside(sealing).own.write_text("a file where a folder should be")
    for number in (1, 2):
        notify(sealing, number)
        assert sealing.plugin._steady.seal_once() is None
    assert len(rows(sealing, "entry")) == 2
    assert sealing.plugin.desk.counters.numbers["sealing.failed"] >= 2
    said = [record for record in caplog.records if record.getMessage().startswith("sealing:")]
    assert len(said) == 1


def test_without_the_setting_nothing_runs(host: SmallHost) -> None:
    notify(host, 1)
    assert host.plugin._steady._thread is None
    assert rows(host, "leaf") == []
