"""The place in memory is given back, and nobody gets one who named another or has no room."""

import os
from pathlib import Path

import pytest

from tests.support.folder_in_memory import NAMED, held_in_memory

#: A process that is over: its number is larger than any that Linux gives.
_OVER = (1 << 22) + 1


def test_a_place_is_given_and_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAMED, raising=False)
    killed, running = (tmp_path / f"cleangov-tests-{pid}" for pid in (_OVER, 1))
    for left in (killed, running, tmp_path / "somebody's"):
        left.mkdir()
    with held_in_memory(tmp_path, 1) as place:
        assert place is not None
        assert os.environ[NAMED] == str(place)
        assert place.stat().st_mode & 0o777 == 0o711
        (place / "file").touch()
        assert not killed.exists()
    assert NAMED not in os.environ
    assert sorted(left.name for left in tmp_path.iterdir()) == [running.name, "somebody's"]


@pytest.mark.parametrize("why", ["named", "no room", "no such place"])
def test_it_stays_on_the_disk(why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAMED, raising=False)
    if why == "named":
        monkeypatch.setenv(NAMED, "/elsewhere")
    memory = tmp_path / "none" if why == "no such place" else tmp_path
    with held_in_memory(memory, 1 << 60 if why == "no room" else 1) as place:
        assert place is None
        assert os.environ.get(NAMED) == ("/elsewhere" if why == "named" else None)
    assert list(tmp_path.iterdir()) == []
