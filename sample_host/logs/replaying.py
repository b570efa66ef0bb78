"""Running the excerpts through the plugin's command line, in a process of its own.

The city never imports the plugin: where its command line is not there, no log is replayed.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

#: File beside this module, mapping that reads it, and what its cases are.
LOGS: Final = (
    ("road-traffic-fines.xes.gz", "road-traffic-fines", "traffic fines"),
    ("receipt.xes.gz", "receipt", "building permits"),
)
_COMMAND: Final = "cleangov_plugin.cli.main"
_SECONDS: Final = 300
_DONE: Final = "replayed.json"


def replay(url: str, settings: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """Replay the logs that were not replayed into this database before.

    :param url: SQLAlchemy URL of the database.
    :param settings: settings for the plugin, ``CLEANGOV_*``.
    :param folder: where it is kept which logs were replayed; belongs to the database.
    :return: ``cases``, ``what`` and, where a log was not replayed, ``why`` not.
    """
    done = _read(folder / _DONE)
    cases, kinds, problem, is_new = 0, [], "", False
    for name, mapping, kind in LOGS:
        path = Path(__file__).with_name(name)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest not in done:
            count, problem = _run(path, mapping, url, settings)
            if count is None:
                continue
            done[digest], is_new = count, True
        cases += done[digest]
        kinds.append(kind)
    if is_new:
        problem = _seal(url, settings) or problem
    (folder / _DONE).write_text(json.dumps(done), encoding="ascii")
    told = {"cases": cases, "what": ", ".join(kinds) or "no plugin to replay them"}
    return {**told, "why": problem} if problem else told


def _run(path: Path, mapping: str, url: str, settings: Mapping[str, str]) -> tuple[int | None, str]:
    """Replay one log.

    :return: how many cases it has, or None and the reason why it was not replayed.
    """
    run = _ran(["replay", str(path), "--mapping", mapping, "--json"], url, settings)
    if isinstance(run, str):
        return None, f"{mapping}: {run}"
    try:
        return int(json.loads(run.stdout)["cases"]), ""
    except (ValueError, LookupError, TypeError):
        return None, f"{mapping}: {_last_line(run)}"


def _seal(url: str, settings: Mapping[str, str]) -> str:
    """Seal what was replayed; answer why that failed, if it did."""
    run = _ran(["seal"], url, settings)
    if isinstance(run, str):
        return f"seal: {run}"
    return "" if not run.returncode else f"seal: {_last_line(run)}"


def _ran(
    words: Sequence[str], url: str, settings: Mapping[str, str]
) -> subprocess.CompletedProcess[str] | str:
    """Run the plugin's command line; answer what came of it, or why it could not be run."""
    try:
        return subprocess.run(  # noqa: S603 - our own interpreter, a fixed command
            [sys.executable, "-m", _COMMAND, "--database", url, *words],
            env={**os.environ, **settings, "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return type(problem).__name__


def _last_line(run: subprocess.CompletedProcess[str]) -> str:
    return (run.stderr.strip().splitlines() or ["no answer"])[-1]


def _read(path: Path) -> dict[str, int]:
    """Read which logs were replayed; a file that cannot be read counts as none."""
    try:
        found = json.loads(path.read_text(encoding="ascii"))
        return {str(digest): int(count) for digest, count in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
