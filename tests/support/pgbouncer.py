"""A real PgBouncer for tests, in transaction pooling, before the PostgreSQL of the tests."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import sqlalchemy as sa

#: Server connections that all clients together share.
POOL = 2
_PLACES = ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin")


def installed() -> str | None:
    """Answer the program; None where it is not installed."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path=os.pathsep.join(_PLACES))


def release(program: str) -> tuple[int, int]:
    """Answer its release: from 1.21 on it can keep prepared statements for its clients."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"(\d+)\.(\d+)", said.stdout)
    assert found is not None, said.stdout
    return int(found[1]), int(found[2])


@contextmanager
def pooled(url: str) -> Iterator[str]:
    """Run PgBouncer before a server, and answer the URL of the same database through it."""
    program = installed()
    assert program is not None
    target = sa.make_url(url)
    host = str(target.query.get("host") or target.host)
    base = Path(tempfile.mkdtemp(prefix="cgpb-", dir="/tmp"))
    try:
        _settings(base, host, target.port or 5432, target.username or "postgres", program)
        account = None if os.geteuid() else _owner(base, host)
        process = subprocess.Popen(
            [program, "-q", str(base / "pgbouncer.ini")],
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=base,
        )
        try:
            through = f"postgresql+psycopg://{target.username}@/{target.database}"
            through += f"?host={quote(str(base))}&port=6432"
            _wait(through, process, base / "log")
            yield through
        finally:
            process.terminate()
            process.wait(10)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _settings(base: Path, host: str, port: int, user: str, program: str) -> None:
    lines = [
        "[databases]",
        f"* = host={host} port={port} user={user}",
        "[pgbouncer]",
        "pool_mode = transaction",
        "listen_addr =",
        "listen_port = 6432",
        f"unix_socket_dir = {base}",
        "auth_type = any",
        f"default_pool_size = {POOL}",
        f"logfile = {base / 'log'}",
    ]
    if release(program) >= (1, 21):
        lines.append("max_prepared_statements = 0")  # as the older releases are
    (base / "pgbouncer.ini").write_text("\n".join(lines) + "\n")


def _owner(base: Path, host: str) -> pwd.struct_passwd:
    """Give the folder to whom the server's socket belongs: PgBouncer does not run as root."""
    socket = Path(host)
    uid = socket.stat().st_uid if socket.is_dir() else 0
    account = pwd.getpwuid(uid) if uid else pwd.getpwnam("nobody")
    for path in (base, *base.iterdir()):
        os.chown(path, account.pw_uid, account.pw_gid)
    return account


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(url.replace("+psycopg", "", 1), prepare_threshold=None).close()
            return
        except psycopg.OperationalError as problem:
            if process.poll() is not None or time.monotonic() > deadline:
                said = log.read_text(errors="replace") if log.exists() else ""
                raise RuntimeError(f"{problem}\n{said}") from problem
            time.sleep(0.02)
