"""The demo's own key of oversight's: an officer can tell oversight what others may not read.

A city keeps the secret half on oversight's machine; the demo keeps both in its folder, so that a
newcomer can read as oversight what they told as an officer. The plugin's command line makes it, in
a process of its own; where that is not there, no such answer is offered.
"""

import shlex
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

#: Folder of the key, in the demo's.
FOLDER: Final = "oversight"
_PUBLIC: Final = "oversight.pub"
_COMMAND: Final = "cleangov_plugin.cli.main"
_SECONDS: Final = 60


def begin_key(folder: Path) -> "subprocess.Popen[bytes] | None":
    """Begin to make the key, unless there is one; meanwhile something else can be done.

    :param folder: the demo's folder.
    :return: what makes it; None where there is one, or nothing can be started.
    """
    if (folder / FOLDER / _PUBLIC).exists():
        return None
    with suppress(OSError):
        return subprocess.Popen(  # noqa: S603 - our own interpreter, a fixed command
            [sys.executable, "-m", _COMMAND, "oversight", "new-key", str(folder / FOLDER)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    return None


def end_key(making: "subprocess.Popen[bytes] | None") -> None:
    """Wait until the key is made; where it is not in time, there is none.

    :param making: of `begin_key`.
    """
    if making is not None:
        try:
            making.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            making.kill()
            making.wait()


def public_key(folder: Path) -> str:
    """Read the public half; empty where there is none.

    :param folder: the demo's folder.
    """
    try:
        return (folder / FOLDER / _PUBLIC).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def reading(database: str, folder: Path) -> str:
    """Say by which command one reads, as oversight, what officers have told it.

    What "somebody asked me to" sends stands on no page: oversight alone opens it.

    :param database: URL of the demo's database.
    :param folder: the demo's folder.
    """
    words = [sys.executable, "-m", _COMMAND, "--database", database]
    command = shlex.join([*words, "oversight", "notes", "--keys", str(folder / FOLDER)])
    return f"        notes to oversight are read by:  {command}\n"
