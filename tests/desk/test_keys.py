"""Key files: made once, private, and refused when damaged."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cleangov_plugin.desk.keys import PURPOSES, open_keys
from cleangov_plugin.domain.errors import SettingsError


def test_each_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    keys = open_keys(tmp_path / "keys")
    assert len({keys.key(purpose) for purpose in PURPOSES}) == len(PURPOSES)


def test_the_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    open_keys(tmp_path)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("*.key")}
    assert modes == {0o600}


def test_a_second_start_reads_the_same_keys(tmp_path: Path) -> None:
    assert open_keys(tmp_path) == open_keys(tmp_path)


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(open_keys, [tmp_path] * 8))
    assert {ring.key("pass") for ring in rings} == {open_keys(tmp_path).key("pass")}


def test_the_newest_key_signs_and_the_old_one_is_kept(tmp_path: Path) -> None:
    old = open_keys(tmp_path).key("pass")
    (tmp_path / "pass-2.key").write_bytes(b"n" * 32)
    ring = open_keys(tmp_path)
    assert ring.key("pass") == b"n" * 32
    assert ring.by_id["pass", 1] == old


def test_a_cut_key_is_refused_by_name(tmp_path: Path) -> None:
    open_keys(tmp_path)
    (tmp_path / "form-1.key").write_bytes(b"short")
    with pytest.raises(SettingsError, match=r"form-1\.key.*32 bytes"):
        open_keys(tmp_path)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("")
    with pytest.raises(SettingsError, match="CLEANGOV_KEYS"):
        open_keys(tmp_path / "keys")
