"""The spool keeps whole events within its bound."""

from pathlib import Path

from cleangov_plugin.desk.spool import Spool


def test_events_come_back_whole(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", 10_000)
    assert spool.put('{"id": "1", "text": "王记面馆"}')
    assert [text for _, text in spool.events()] == ['{"id": "1", "text": "王记面馆"}']


def test_a_full_spool_says_so_and_keeps_what_it_has(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 100)
    assert spool.put("x" * 60)
    assert not spool.put("y" * 60)
    assert spool.waiting() == 1
    assert spool.size() == 60


def test_a_spool_without_a_folder_keeps_nothing() -> None:
    assert not Spool(None, 1000).put("{}")


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not Spool(tmp_path / "file" / "spool", 1000).put("{}")


def test_a_half_written_file_is_never_read(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 1000)
    spool.put("{}")
    (tmp_path / ".123.half").write_text('{"id": ')
    assert spool.waiting() == 1
