"""Preparing and serving the demo: one folder, one line of JSON, and a second time adds nothing."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

from sample_host import create_app
from sample_host.city import of
from sample_host.clock import ZONE
from sample_host.folder import FolderInUseError, empty, used
from sample_host.logs import replaying
from sample_host.serve import config, prepare
from tests.support.scripted_day import NOODLES, Visit, dump_host_tables
from tests.web.test_element_routes import forms

ROOT = Path(__file__).parents[2]


def load(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return loaded(folder, "-m", "sample_host.serve", *more)


def load_without_logs(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Load as ever, but for the logs: to replay both takes most of the time."""
    program = "from sample_host.logs import replaying; replaying.LOGS = (); "
    return loaded(folder, "-c", f"{program}from sample_host import serve; serve.main()", *more)


def loaded(folder: Path, *how: str) -> subprocess.CompletedProcess[str]:
    start, more = how[:2], how[2:]
    command = [sys.executable, *start, "--folder", str(folder), "--load", *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def dump(folder: Path) -> str:
    app = create_app({**config(folder), "PLUGINS": False})
    text = dump_host_tables(of(app).engine)
    of(app).engine.dispose()
    return text


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A folder that was loaded, with a space in its name, and what was said of it."""
    folder = tmp_path_factory.mktemp("demo") / "the demo"
    run = load(folder)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""  # whoever reads the line may have both in one pipe
    return folder, json.loads(run.stdout)


@pytest.fixture
def folder(first: tuple[Path, dict[str, Any]], tmp_path: Path) -> Path:
    """A copy of the folder that was loaded."""
    return Path(shutil.copytree(first[0], tmp_path / "a copy"))


def test_loading_says_one_line_of_what_there_is(first: tuple[Path, dict[str, Any]]) -> None:
    said = first[1]
    assert said["steps"] > 200
    # With the plugin's command line, every case of both logs; without it, none and the reason.
    assert said["cases"] == 612 or (said["cases"] == 0 and said["why"])
    assert said["what"] in ("traffic fines, building permits", "no plugin to replay them")


def test_what_an_officer_tells_oversight_is_read_with_the_demos_own_key(folder: Path) -> None:
    app = create_app(config(folder))
    chen = Visit(app, "chen-jing")
    typed = {"amount": "2000", "kind_of_penalty": "fine", "attempt_id": "told-1"}
    html = chen.take(NOODLES, "decide", expect=409, **typed)
    assert "有人要我这么做" in html
    action, fields = forms(html)["somebody_asked"]
    words = "王副局长来电：给他点教训"
    sealed = chen.client.post(action, data={**fields, "cleangov_text": words})
    assert "已密封给监督方" in sealed.text
    of(app).engine.dispose()
    assert words.encode() not in (folder / "city.db").read_bytes()
    command = [sys.executable, "-m", "cleangov_plugin.cli.main", "--database"]
    command += [f"sqlite:///{folder / 'city.db'}", "oversight", "notes", "--keys"]
    read = subprocess.run(
        [*command, str(folder / "oversight")], capture_output=True, text=True, check=False
    )
    assert (read.returncode, words in read.stdout) == (0, True), read.stderr
    secret = folder / "oversight/oversight.secret"
    assert (secret.stat().st_mode & 0o777, words in html) == (0o600, False)


def test_loading_again_adds_nothing(first: tuple[Path, dict[str, Any]], folder: Path) -> None:
    before = dump(folder)
    again = load(folder)
    assert again.stderr == ""
    told = json.loads(again.stdout)
    assert str(folder) in told["notes"]  # it is a copy: the command names its own folder
    assert {**told, "notes": ""} == {**first[1], "notes": "", "steps": 0}
    assert dump(folder) == before


def test_a_database_that_is_gone_is_made_anew_with_all_its_logs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "_COMMAND", "no_such_plugin")
    for path in folder.glob("city.db*"):
        path.unlink()
    said = prepare(folder)
    assert said["steps"] > 200
    assert said["cases"] == 0  # the memory of the old database does not count


def test_a_step_taken_in_between_stays(folder: Path) -> None:
    app = create_app(config(folder))
    Visit(app, "gao-feng").take("/cases/YT-CF-2026-0168", "serve", service="direct")
    of(app).engine.dispose()
    before = dump(folder)
    prepare(folder)
    assert dump(folder) == before
    assert '"state": "served"' in next(
        line for line in before.splitlines() if "city_case" in line and "2026-0168" in line
    )


def test_what_is_secret_is_for_its_owner_alone_and_stays(folder: Path) -> None:
    first = config(folder)["SECRET_KEY"]
    assert (folder / "session.key").stat().st_mode & 0o777 == 0o600
    assert len(first) == 64
    assert config(folder)["SECRET_KEY"] == first


def test_the_day_of_the_demo_is_fixed_and_goes_on_after_a_restart(folder: Path) -> None:
    app = create_app(config(folder))
    assert "2026年3月10日 星期二 10:0" in Visit(app).get("/")
    of(app).clock.not_before(datetime(2026, 3, 10, 11, 30, tzinfo=ZONE))
    Visit(app, "gao-feng").take("/cases/YT-CF-2026-0168", "serve", service="direct")
    again = create_app(config(folder))
    assert of(again).clock.now() >= datetime(2026, 3, 10, 11, 30, tzinfo=ZONE)
    for one in (app, again):
        of(one).engine.dispose()


@contextmanager
def served(folder: Path, *more: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "sample_host.serve", "--folder", str(folder)]
    process = subprocess.Popen(
        [*command, "--port", str(port), *more],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=20)
    assert said == b""


def fetched(address: str) -> str:
    for _ in range(600):  # a busy machine takes its time to begin
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return str(answer.read().decode())
        except URLError:
            time.sleep(0.1)
    pytest.fail("the city does not answer")


def test_it_serves_quietly_in_the_language_that_was_asked_for(folder: Path) -> None:
    with served(folder, "--lang", "en") as address:
        assert '<html lang="en">' in fetched(address)
        assert "Wang’s Noodles" in fetched(f"{address}{NOODLES}")
    with served(folder) as address:
        assert '<html lang="zh-CN">' in fetched(address)


def test_beginning_anew_forgets_what_the_demo_made_and_nothing_else(folder: Path) -> None:
    before, key = dump(folder), (folder / "session.key").read_text(encoding="ascii")
    app = create_app(config(folder))
    Visit(app, "gao-feng").take("/cases/YT-CF-2026-0168", "serve", service="direct")
    of(app).engine.dispose()
    (folder / "supervision.off").touch()
    (folder / "notes.txt").write_text("mine", encoding="ascii")
    (folder / "check").mkdir()
    assert json.loads((folder / "replayed.json").read_text(encoding="ascii"))
    run = load_without_logs(folder, "--reset")
    assert run.stderr == ""
    # it does not remember that they were replayed, so that the next start would do it again
    assert json.loads((folder / "replayed.json").read_text(encoding="ascii")) == {}
    assert json.loads(run.stdout)["steps"] > 200
    assert dump(folder) == before
    assert (folder / "session.key").read_text(encoding="ascii") != key  # no visit of before counts
    assert not (folder / "supervision.off").exists()
    assert (folder / "notes.txt").read_text(encoding="ascii") == "mine"
    assert (folder / "check").is_dir()


def test_nothing_is_begun_anew_under_a_running_demo(folder: Path) -> None:
    before = dump(folder)
    with served(folder) as address:
        fetched(address)
        run = load(folder, "--reset")
        assert run.returncode == 1
        assert run.stdout == ""
        assert run.stderr == (
            f"another demo is running on {folder}. End it first (Ctrl-C in its terminal), "
            "then begin anew.\n"
        )
        assert dump(folder) == before
        assert "王记面馆" in fetched(f"{address}{NOODLES}")
        assert load(folder).returncode == 0  # a second demo beside it may
    with used(folder, alone=True):  # it let go when it was ended
        pass


def test_a_demo_does_not_start_while_another_begins_anew(folder: Path) -> None:
    with used(folder, alone=True):
        run = load(folder)
    assert run.returncode == 1
    assert "Start again when it is ready" in run.stderr
    with used(folder), used(folder):
        pass  # several may use it


def test_what_cannot_be_removed_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "it is in use")

    monkeypatch.setattr(Path, "unlink", busy)
    with pytest.raises(FolderInUseError, match=r"/[a-z.]+ cannot be removed: it is in use"):
        empty(folder)


@pytest.mark.parametrize("more", [["--lang", "fr"], ["--reset"]])
def test_a_wrong_command_line_is_refused(tmp_path: Path, more: list[str]) -> None:
    folder = tmp_path / "none"
    command = [sys.executable, "-m", "sample_host.serve", "--folder", str(folder), *more]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert not folder.exists()
