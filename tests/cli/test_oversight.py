"""``cleangov oversight``: a key is made once, and what is sealed to it is opened with it alone."""

import os
from pathlib import Path

from tests.cli.log_replaying import run

NONE = "sqlite://"


def test_what_is_sealed_is_opened_with_the_secret_key_alone(tmp_path: Path) -> None:
    folder, other = tmp_path / "oversight", tmp_path / "other"
    assert run(NONE, "oversight", "new-key", str(folder)).exit_code == 0
    assert run(NONE, "oversight", "new-key", str(other)).exit_code == 0
    if os.name != "nt":
        assert (folder / "oversight.secret").stat().st_mode & 0o077 == 0
    public = (folder / "oversight.pub").read_text()
    note, box = tmp_path / "note", tmp_path / "note.box"
    note.write_text("某领导打招呼 / a call from above")
    sealed = run(NONE, "oversight", "seal", str(note), str(box), "--key", public)
    assert sealed.exit_code == 0, sealed.output
    assert "打招呼".encode() not in box.read_bytes()
    opened = run(NONE, "oversight", "open", str(box), "--keys", str(folder))
    assert (opened.exit_code, opened.stdout) == (0, note.read_text())
    wrong = run(NONE, "oversight", "open", str(box), "--keys", str(other))
    assert (wrong.exit_code, "sealed to another key" in wrong.stderr) == (2, True)
    purpose = ["--keys", str(folder), "--purpose", "complaint"]
    assert run(NONE, "oversight", "open", str(box), *purpose).exit_code == 2


def test_a_key_that_is_there_stays(tmp_path: Path) -> None:
    assert run(NONE, "oversight", "new-key", str(tmp_path)).exit_code == 0
    before = (tmp_path / "oversight.secret").read_bytes()
    again = run(NONE, "oversight", "new-key", str(tmp_path))
    assert (again.exit_code, "it stays" in again.stderr) == (2, True)
    assert (tmp_path / "oversight.secret").read_bytes() == before
    assert before.decode().strip() not in again.output
