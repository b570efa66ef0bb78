"""The tour in a real browser goes on through a restart of the real server."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

from tests.browser.going import go_by
from tests.browser.tourist import PRESSES, Tourist, check_done

ROOT = Path(__file__).parents[2]


class Server:
    """`python -m sample_host.serve`, always on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [*self._command, "--port", str(self.port)]
        self._process = subprocess.Popen(command, cwd=ROOT)
        for _ in range(300):
            try:
                urllib.request.urlopen(self.url, timeout=10).close()
                return
            except URLError:
                time.sleep(0.1)
        pytest.fail("the city does not answer")

    def end(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=20)
            self._process = None

    def begin_anew(self) -> subprocess.CompletedProcess[str]:
        """Empty the folder and tell the story again, as `do.py demo --reset` does."""
        command = [*self._command, "--load", "--reset"]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    @property
    def _command(self) -> list[str]:
        return [sys.executable, "-m", "sample_host.serve", "--folder", str(self.folder)]


@pytest.fixture
def server(told: Path, tmp_path: Path) -> Iterator[Server]:
    server = Server(Path(shutil.copytree(told, tmp_path / "demo")))
    server.start()
    yield server
    server.end()


@pytest.mark.parametrize(
    ("language", "script"), [("zh-CN", False), pytest.param("en", True, marks=pytest.mark.slow)]
)
def test_a_restart_in_the_middle_is_not_noticed(
    server: Server, open_page: Callable[..., Any], language: str, script: bool
) -> None:
    page = open_page(java_script_enabled=script, locale=language)
    tourist = Tourist(page, server.url, language)
    tourist.begin()
    for number in range(1, PRESSES):
        if number in (2, 5, 8, 9, 11):  # held; held; held; asked and waiting; agreed to
            server.end()
            server.start()
        if number == 9:  # one presses what the page of before shows, another looks again first
            page.reload()
        tourist.do()
    assert page.url == f"{server.url}/cleangov/"
    check_done(server.folder)


@pytest.mark.slow
def test_the_story_begun_anew_finds_the_old_page_harmless(
    server: Server, open_page: Callable[..., Any]
) -> None:
    page = open_page()
    tourist = Tourist(page, server.url, "zh-CN")
    tourist.begin()
    for _ in range(7):
        tourist.do()
    refused = server.begin_anew()
    assert refused.returncode == 1
    assert "another demo is running" in refused.stderr
    tourist.do()  # nothing happened to the running one
    assert tourist.says("waiting")
    server.end()
    assert server.begin_anew().returncode == 0
    server.start()
    tourist.do()  # a button of the visit before
    assert "页面已过期" in page.locator("main").inner_text()
    go_by(page, page.locator("main a"))
    tourist.presses = 0
    tourist.begin()
    tourist.play()
    assert tourist.presses == PRESSES
    check_done(server.folder)
