"""One command for each thing one does with this project: demo, test, bench, browser, wheelhouse.

Standard library only. It keeps an environment in .venv, with what constraints.txt pins by hash.
"""

import argparse
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("DO_VENV") or ROOT / ".venv")
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
DEMO = ROOT / ".demo"
STAMP = VENV / "cleangov-stamp.txt"
LISTS = {"demo": "constraints-demo.txt", "test": "constraints.txt"}
UV = ["--only-binary=:all:", "--require-hashes", "-r", str(ROOT / "constraints-uv.txt")]
PIP = ["install", "-qq", "--no-compile"]  # most of what is installed is never imported
QUICK = ["postgres", "browser", "wheel", "slow", "long", "thorough"]  # what it leaves out
QUIET = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PYTHONUTF8": "1"}
NO_PIP = """this Python has neither ensurepip nor pip, so nothing can be installed. What helps:
  Debian, Ubuntu: sudo apt-get install python3-venv     uv on the PATH
  a folder from `do.py wheelhouse DIR` of another machine: do.py demo --wheelhouse DIR"""
NO_NETWORK = "Without a network: do.py wheelhouse DIR elsewhere, then here --wheelhouse DIR\n"


def _on_path(*names: str) -> "list[str]":
    return [path for path in map(shutil.which, names) if path]


def _run_again_under_a_newer_python() -> None:
    """Run this under another Python, or stop; what stands below is read by 3.11 and newer alone."""
    for path in _on_path("python3.13", "python3.12", "python3.11"):
        if not subprocess.call([path, "-c", ""], stderr=subprocess.DEVNULL):
            os.execv(path, [path, *sys.argv])
    sys.exit(f"\ncleangov: Python 3.11 or newer is needed; this is {sys.version.split()[0]}")


if sys.version_info < (3, 11):
    _run_again_under_a_newer_python()


def main() -> int:
    """Run the subcommand named on the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that cannot show 中文 still gets the rest
            stream.reconfigure(errors="replace", line_buffering=True)
    os.environ.update({key: os.environ.get(key, value) for key, value in QUIET.items()})
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # a server of ours ends with us
    arguments, extra = _parser().parse_known_args()
    arguments.extra = extra
    if extra and arguments.command != "test":
        _stop(f"unknown arguments: {' '.join(extra)}")
    try:
        return int(arguments.run(arguments) or 0)
    except subprocess.CalledProcessError as problem:
        sys.stderr.write(f"\ncleangov: failed: {' '.join(map(str, problem.cmd))}\n")
        if problem.output:
            sys.stderr.write(problem.output.decode(errors="replace"))
        sys.stderr.write(NO_NETWORK if "install" in problem.cmd else "")
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="do.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="install, load, serve a small city with the plugin")
    zh = os.environ.get("LANG", "").startswith("zh")
    demo.add_argument("--lang", choices=("zh", "en"), default="zh" if zh else "en")
    demo.add_argument("--reset", action="store_true", help="begin the story anew")
    demo.add_argument("--check", action="store_true", help="play one case over HTTP and end")
    demo.add_argument("--port", type=int, default=8010, help="the next free one is taken")
    demo.add_argument("--no-browser", action="store_true", help="do not open a browser")
    test = commands.add_parser("test", help="run the tests; further arguments go to pytest")
    test.add_argument("--quick", action="store_true", help="SQLite only, no browser, < 2 minutes")
    test.add_argument("--all", action="store_true", help="the full counts too")
    bench = commands.add_parser("bench", help="measure; one JSON line each")
    browser = commands.add_parser("browser", help="find or install a browser, print its path")
    house = commands.add_parser("wheelhouse", help="download what an offline machine needs")
    house.add_argument("folder", type=Path, metavar="DIR")
    house.add_argument("--test", action="store_true", help="what the tests need, too")
    runs = {demo: run_demo, test: run_test, bench: run_bench, browser: run_browser}
    for command, run in {**runs, house: run_wheelhouse}.items():
        command.set_defaults(run=run)
    for command in runs:
        command.add_argument("--wheelhouse", type=Path, metavar="DIR", help="install from here")
    return parser


def install(level: str, wheelhouse: Path | None, *, numbered: bool = False) -> None:
    """Bring the environment to a level, if it is not there already.

    :param level: ``"demo"`` or ``"test"``; the second includes the first.
    :param wheelhouse: folder of wheels to install from instead of a network.
    :param numbered: whether the steps are lines 1 and 2 of the demo.
    """
    digest = hashlib.sha256(f"{ROOT} {sys.version_info[:2]}".encode())
    for name in ("pyproject.toml", *LISTS.values()):
        digest.update((ROOT / name).read_bytes())
    stamp = digest.hexdigest()
    found = STAMP.read_text("utf-8").split() if STAMP.exists() else []
    is_there = found in ([stamp, level], [stamp, "test"])
    installers: list[list[str]] = []
    with _line("[1/4] virtual environment", numbered):
        if not is_there:
            if found and found[0] != stamp and Path(sys.prefix) != VENV:  # not what runs this
                shutil.rmtree(VENV)
            installers = _make_environment(wheelhouse)
    with _line("[2/4] install", numbered):
        if not is_there:
            _install_by(installers, level, wheelhouse)
            STAMP.write_text(f"{stamp} {level}", "utf-8")


def _install_by(installers: list[list[str]], level: str, wheelhouse: Path | None) -> None:
    """Install with the first installer that can; uv does not read all settings that pip has."""
    offline = ["--no-index", "--find-links", str(wheelhouse.resolve())] if wheelhouse else []
    for installer in installers:
        try:
            _call([*installer, *offline, "--require-hashes", "-r", str(ROOT / LISTS[level])])
            _call([*installer, "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
        except subprocess.CalledProcessError:
            if installer is installers[-1]:
                raise
        else:
            return


def _make_environment(wheelhouse: Path | None) -> list[list[str]]:
    """Make the environment and answer the commands that install into it, the quickest first."""
    with_pip = [str(PYTHON), "-m", "pip"]
    if _succeeds([*with_pip, "--version"]) or _succeeds([sys.executable, "-m", "venv", VENV]):
        return _installers(with_pip, wheelhouse)
    _call([sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)])
    outer = [sys.executable, "-m", "pip", "--python", str(PYTHON)]  # Debian without python3-venv
    if _succeeds([*outer, "--version"]):
        return _installers(outer, wheelhouse)
    for folder in filter(None, (wheelhouse, Path("/usr/share/python-wheels"))):
        for wheel in sorted(folder.glob("pip-*.whl"), reverse=True):
            return _installers([str(PYTHON), str(wheel / "pip")], wheelhouse)
    if not _on_path("uv") and _succeeds(["apt-get", "install", "-y", "python3-venv"]):  # root alone
        return _make_environment(wheelhouse)
    return _installers([], wheelhouse) or _stop(NO_PIP)


def _installers(pip: list[str], wheelhouse: Path | None) -> list[list[str]]:
    """Answer what installs into the environment: uv, which pip brings where it can; then pip."""
    uv = _on_path("uv")
    if pip and not uv and not wheelhouse and _succeeds([*pip, *PIP, *UV]):
        uv = [str(PYTHON.with_name("uv"))]
        asked = [*pip, "config", "get", "global.index-url"]
        told = subprocess.run(asked, capture_output=True, check=False).stdout.decode().strip()
        mirror = os.environ.get("PIP_INDEX_URL", told)
        os.environ.update({"UV_DEFAULT_INDEX": mirror} if mirror else {})
    found = [[path, "pip", "install", "-q", "--python", str(PYTHON)] for path in uv]
    return [*found, [*pip, *PIP]] if pip else found


def _call(command: list[str]) -> None:
    """Run a command quietly; what it said is shown if it fails."""
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=-1, stderr=-2, cwd=ROOT)


def _succeeds(command: list[object]) -> bool:
    try:
        _call([str(part) for part in command])
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


@contextmanager
def _line(text: str, shown: bool = True) -> Iterator[None]:
    """Print a step, and the seconds it took."""
    started = time.monotonic()
    if shown:
        print(f"  {text}", end="", flush=True)
    yield
    if shown:
        print(f"    {time.monotonic() - started:.0f} s")


def _stop(message: str) -> NoReturn:
    sys.exit(f"\ncleangov: {message}")


def run_demo(arguments: argparse.Namespace) -> int:
    """Install, migrate, load and serve; or play one case and end."""
    if not 0 < arguments.port < 65536:
        _stop("a port is a number from 1 to 65535")
    install("demo", arguments.wheelhouse, numbered=True)
    DEMO.mkdir(mode=0o700, exist_ok=True)
    DEMO.chmod(0o700)  # it may be an older one, which others could read
    folder = DEMO / "check" if arguments.check else DEMO
    host = [str(PYTHON), "-m", "sample_host.serve", "--folder", str(folder)]
    anew = ["--reset"] if arguments.reset or arguments.check else []
    with _line("[3/4] database"):
        load = subprocess.run([*host, "--load", *anew], cwd=ROOT, capture_output=True, check=False)
        if load.returncode:
            _stop(load.stderr.decode(errors="replace").strip())
        loaded = json.loads(load.stdout)
        print(f", {loaded['cases']} real cases ({loaded['what']}), 1 small story", end="")
    port = _free_port(arguments.port)
    address = f"http://127.0.0.1:{port}/"
    server = subprocess.Popen([*host, "--port", str(port), "--lang", arguments.lang], cwd=ROOT)
    try:
        _wait_for(server, port)
        print(f"  [4/4] ready:  {address}     中文 / English · Ctrl-C to stop")
        print(loaded.get("notes", ""), end="")
        if arguments.check:
            player = [str(PYTHON), str(ROOT / "tests/support/play_case.py"), address]
            return subprocess.run(player, cwd=ROOT, check=False).returncode
        if not arguments.no_browser and "CI" not in os.environ:
            webbrowser.open(f"{address}?lang={arguments.lang}")
        return server.wait()
    finally:
        server.terminate()
        server.wait()


def _free_port(wanted: int) -> int:
    """Answer the port, or the next one that nobody listens on."""
    for port in range(wanted, min(wanted + 100, 65536)):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    _stop(f"no port is free from {wanted} to {wanted + 99}")


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(300):
        if server.poll() is not None:
            _stop("the demo ended at its start; what it said stands above")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    _stop("the demo did not answer within 30 seconds")


def run_test(arguments: argparse.Namespace) -> int:
    """Run the tests that were asked for."""
    started, environment = time.monotonic(), dict(os.environ)
    install("test", arguments.wheelhouse)
    left_out = QUICK if arguments.quick else [] if arguments.all else ["slow"]
    if not arguments.quick and "CLEANGOV_CHROMIUM" not in environment:
        environment["CLEANGOV_CHROMIUM"] = _browser()
    environment |= {"DO_FULL_COUNTS": "1"} if arguments.all else {}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what one process compiles serves many
    marks = ["-m", " and ".join(f"not {mark}" for mark in left_out)] if left_out else []
    tests = [str(PYTHON), "tests/support/second_try.py", "-n", "auto", "--dist", "loadfile"]
    run = subprocess.run([*tests, *marks, *arguments.extra], cwd=ROOT, env=environment, check=False)
    if left_out:
        print(f"left out: tests marked {', '.join(left_out)}  (do.py test --all runs every one)")
    print(f"{time.monotonic() - started:.0f} s with installation")
    return run.returncode


def run_bench(arguments: argparse.Namespace) -> int:
    """Run every benchmark; each prints one JSON line."""
    install("test", arguments.wheelhouse)
    paths = sorted((ROOT / "benchmarks").glob("[!_]*.py"))
    return max(subprocess.run([PYTHON, path], cwd=ROOT, check=False).returncode for path in paths)


def run_browser(arguments: argparse.Namespace) -> None:
    """Print the path of a browser that works."""
    install("test", arguments.wheelhouse)
    print(_browser())


def _browser() -> str:
    found = subprocess.run([PYTHON, "tests/support/browser.py"], stdout=-1, check=False, cwd=ROOT)
    return found.stdout.decode().strip() if not found.returncode else sys.exit(1)  # it has said why


def run_wheelhouse(arguments: argparse.Namespace) -> None:
    """Download every wheel that an offline machine like this one needs, pip included."""
    install("demo", None)
    download = [str(PYTHON), "-m", "pip", "download", "-q", "-d", str(arguments.folder)]
    _call([*download, "--require-hashes", "-r", LISTS["test" if arguments.test else "demo"]])
    _call([*download, "--no-deps", "pip"])
    print(f"{sum(1 for _ in arguments.folder.glob('*.whl'))} wheels in {arguments.folder}")


if __name__ == "__main__":
    sys.exit(main())
