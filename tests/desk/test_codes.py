"""The files of the codes' keys: agreed upon, private, and written over when a day is over."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cleangov_plugin.desk import codes as module
from cleangov_plugin.desk.codes import Codes, begin_file, read_begin
from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.ledger.entry_code import entry_code, epoch_in, epoch_of, read_key

LOG = "CN-330105"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LEAF = bytes(32)
STATE = f"code-{LOG}.state"


@pytest.fixture(autouse=True)
def _no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write each day's key, though the days of a test take no time."""
    monkeypatch.setattr(module, "_PACE", 0.0)


def opened(folder: Path, now: datetime = NOON, log_id: str = LOG) -> Codes:
    codes = Codes(folder)
    codes.open(log_id, now)
    return codes


def code(codes: Codes, now: datetime, log_id: str = LOG) -> bytes:
    found = codes.code(log_id, now, LEAF)
    assert found is not None
    return found


def right(folder: Path, now: datetime) -> bytes:
    """Answer the code of a moment, worked out from the first key."""
    key = read_begin(begin_file(folder, LOG)).on(epoch_of(now))
    return entry_code(key.key, key.epoch, LOG, LEAF)


def test_the_first_start_writes_the_first_key_and_when_it_was(tmp_path: Path) -> None:
    opened(tmp_path / "keys")
    begun = read_begin(begin_file(tmp_path / "keys", LOG))
    assert (begun.first, begun.epoch, begun.log_id) == (NOON, 0, LOG)
    newest = read_key((tmp_path / "keys" / STATE).read_bytes())
    assert newest == begun.on(epoch_of(NOON))
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert modes == {0o600}


@pytest.mark.parametrize("data", [b"", b"junk", b"\xff" * 3_000])
def test_another_file_is_no_first_key_and_no_fault_of_the_folder(
    tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "given.key"
    path.write_bytes(data)
    with pytest.raises(SettingsError, match="not the file with the first key"):
        read_begin(path)


def test_codes_of_each_day_are_those_of_the_first_key(tmp_path: Path) -> None:
    codes = opened(tmp_path)
    for days in (0, 0, 1, 2, 40):
        assert code(codes, NOON + days * DAY) == right(tmp_path, NOON + days * DAY)


def test_a_later_start_goes_on_without_the_first_key(tmp_path: Path) -> None:
    wanted = [code(opened(tmp_path), NOON), right(tmp_path, NOON + 3 * DAY)]
    begin_file(tmp_path, LOG).unlink()  # the auditor took it away
    assert code(opened(tmp_path), NOON) == wanted[0]
    assert code(opened(tmp_path), NOON + 3 * DAY) == wanted[1]
    assert not begin_file(tmp_path, LOG).exists()


def test_the_key_of_a_day_is_written_over_when_it_is_over(tmp_path: Path) -> None:
    codes = opened(tmp_path)
    old = (tmp_path / STATE).read_bytes()
    os.link(tmp_path / STATE, tmp_path / "the same bytes of the disk")
    codes.turn(NOON + DAY)
    assert read_key((tmp_path / STATE).read_bytes()).epoch == epoch_of(NOON) + 1
    assert (tmp_path / "the same bytes of the disk").read_bytes() == bytes(len(old))
    kept = {path.name for path in tmp_path.iterdir()} - {"the same bytes of the disk"}
    assert kept == {STATE, begin_file(tmp_path, LOG).name}


def test_what_a_killed_process_left_is_written_over_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = opened(tmp_path)
    (tmp_path / f".{STATE}.77.abcd").write_bytes((tmp_path / STATE).read_bytes())
    codes.turn(NOON + DAY)
    assert (tmp_path / f".{STATE}.77.abcd").exists(), "another process may be writing it just now"
    monkeypatch.setattr(module, "_OLD", -1.0)
    codes.turn(NOON + 2 * DAY)
    assert not (tmp_path / f".{STATE}.77.abcd").exists()


@pytest.mark.parametrize("minutes", [1, 4])
def test_a_clock_put_back_at_midnight_is_served_with_the_newer_key(
    tmp_path: Path, minutes: int
) -> None:
    codes = opened(tmp_path)
    begin_file(tmp_path, LOG).unlink()
    midnight = NOON + timedelta(hours=12)
    newer = code(codes, midnight + timedelta(seconds=1))
    assert code(codes, midnight - timedelta(minutes=minutes)) == newer
    assert code(codes, midnight + timedelta(minutes=9)) == newer


def test_no_key_is_turned_back_once_the_first_was_taken_away(tmp_path: Path) -> None:
    codes = opened(tmp_path)
    begin_file(tmp_path, LOG).unlink()
    assert epoch_in(code(codes, NOON + 9 * DAY)) == epoch_of(NOON) + 9
    assert epoch_in(code(codes, NOON)) == epoch_of(NOON) + 9
    assert epoch_in(code(codes, NOON + 10 * DAY)) == epoch_of(NOON) + 10


def test_a_log_that_is_replayed_anew_begins_again_from_the_first_key(tmp_path: Path) -> None:
    for _ in range(2):
        codes = opened(tmp_path)
        for days in range(4):
            assert code(codes, NOON + days * DAY) == right(tmp_path, NOON + days * DAY)
        codes.close()
    assert read_key((tmp_path / STATE).read_bytes()).epoch == epoch_of(NOON) + 3


@pytest.mark.parametrize("year", [1, 1969, 2080, 9998])
def test_a_clock_that_nobody_believes_stops_nothing(tmp_path: Path, year: int) -> None:
    codes = opened(tmp_path, NOON.replace(year=year))
    assert len(code(codes, NOON.replace(year=year))) == 20
    assert len(code(codes, NOON)) == 20
    assert len(code(opened(tmp_path / "b"), NOON.replace(year=year))) == 20


def test_a_clock_that_stood_wrong_at_the_first_start_is_put_right(tmp_path: Path) -> None:
    codes = opened(tmp_path)
    for days in (-400, -399, -1, 0, 1):
        assert code(codes, NOON + days * DAY) == right(tmp_path, NOON + days * DAY)


def test_every_ledger_has_keys_of_its_own(tmp_path: Path) -> None:
    codes = opened(tmp_path)
    codes.open("../城/*", NOON)
    assert code(codes, NOON)[4:] != code(codes, NOON, "../城/*")[4:]
    assert codes.code("a third", NOON, LEAF) is not None
    assert len(list(tmp_path.glob("code-begin-*.key"))) == 3


def test_threads_that_start_together_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(opened, [tmp_path] * 8))
        found = set(pool.map(lambda codes: code(codes, NOON + DAY), rings))
    assert found == {right(tmp_path, NOON + DAY)}


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from cleangov_plugin.desk.codes import Codes\n"
        f"codes, log = Codes(Path(sys.argv[1])), {LOG!r}\n"
        "codes.open(log, datetime(2026, 3, 10, 12, tzinfo=UTC))\n"
        "print(codes.code(log, datetime(2026, 3, 12, 12, tzinfo=UTC), bytes(32)).hex())\n"
    )
    words = [sys.executable, "-c", script, str(tmp_path)]
    started = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = {process.communicate(timeout=60)[0].strip() for process in started}
    assert said == {right(tmp_path, NOON + 2 * DAY).hex()}


def test_a_folder_that_becomes_read_only_stops_no_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError

    codes = opened(tmp_path)
    monkeypatch.setattr(module, "_replace", full)
    assert code(codes, NOON + DAY) == right(tmp_path, NOON + DAY)


@pytest.mark.parametrize("data", [b"", b"nonsense", bytes(200)])
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    opened(tmp_path)
    (tmp_path / STATE).write_bytes(data)
    with pytest.raises(SettingsError, match=r"code-CN-330105\.state"):
        opened(tmp_path)
    assert Codes(tmp_path).code(LOG, NOON, LEAF) is None, "in the host's step it is only missing"


def test_the_file_of_another_ledger_is_refused(tmp_path: Path) -> None:
    opened(tmp_path)
    opened(tmp_path, log_id="other")
    (tmp_path / "code-other.state").write_bytes((tmp_path / STATE).read_bytes())
    with pytest.raises(SettingsError, match="code-other"):
        opened(tmp_path, log_id="other")


def test_the_newest_key_is_no_first_key(tmp_path: Path) -> None:
    opened(tmp_path).turn(NOON + DAY)
    with pytest.raises(SettingsError, match="first key"):
        read_begin(tmp_path / STATE)
    with pytest.raises(SettingsError):
        read_begin(tmp_path / "none")
