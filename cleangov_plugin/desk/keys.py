"""Key files: one key a purpose, each with a key id in its name."""

import hmac
import os
import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from cleangov_plugin.domain.errors import SettingsError

PURPOSES: Final = ("pseudonym", "pass", "form")
_BYTES: Final = 32
_NAME: Final = re.compile(r"^(?P<purpose>[a-z]+)-(?P<id>[0-9]+)\.key$")


@dataclass(frozen=True, slots=True)
class Keys:
    """The newest key of each purpose, and the older ones for what they signed.

    :param newest: key id by purpose.
    :param by_id: key by purpose and key id.
    """

    newest: dict[str, int]
    by_id: dict[tuple[str, int], bytes]

    def key(self, purpose: str) -> bytes:
        """Answer the newest key of a purpose.

        :param purpose: one of `PURPOSES`.
        """
        return self.by_id[purpose, self.newest[purpose]]

    def tag(self, purpose: str, message: bytes) -> bytes:
        """Answer the HMAC-SHA256 of a message under the newest key of a purpose.

        :param purpose: one of `PURPOSES`.
        :param message: the bytes to authenticate.
        """
        return hmac.new(self.key(purpose), message, sha256).digest()


def open_keys(folder: Path) -> Keys:
    """Read the keys of a folder, and make those that are missing.

    Two processes that start together agree: the file that is linked first stays.

    :param folder: the folder; made, for its owner alone, where it does not exist.
    :return: the keys.
    :raises SettingsError: where the folder or a file cannot be used.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for purpose in PURPOSES:
            if not any(folder.glob(f"{purpose}-*.key")):
                make_key(folder, purpose)
        return _read(folder)
    except OSError as problem:
        raise SettingsError(
            f"the key folder cannot be used ({type(problem).__name__}).",
            where=str(folder),
            remedy="Give the process a folder it can read and write, by CLEANGOV_KEYS.",
        ) from problem


def make_key(folder: Path, purpose: str, number: int = 1) -> None:
    """Make a key of a purpose, for its owner alone; one that is there already stays.

    :param folder: the folder of the key files.
    :param purpose: what it is for: the file is called by it.
    :param number: key id.
    :raises OSError: where it cannot be written.
    """
    draft = folder / f".{purpose}.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
    try:
        os.link(draft, folder / f"{purpose}-{number}.key")
    except FileExistsError:
        pass  # another process was first, and its key is as good
    finally:
        draft.unlink()


def _read(folder: Path) -> Keys:
    newest: dict[str, int] = {}
    by_id: dict[tuple[str, int], bytes] = {}
    for path in sorted(folder.iterdir()):
        match = _NAME.match(path.name)
        if match is None or match["purpose"] not in PURPOSES:
            continue
        key = path.read_bytes()
        if len(key) != _BYTES:
            raise SettingsError(
                f"a key has {_BYTES} bytes, this file has {len(key)}.",
                where=str(path),
                remedy="Restore the file from its backup; a new key opens nothing old.",
            )
        number = int(match["id"])
        by_id[match["purpose"], number] = key
        newest[match["purpose"]] = max(number, newest.get(match["purpose"], 0))
    return Keys(newest, by_id)
