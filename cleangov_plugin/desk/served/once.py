"""Nothing twice: nonces and Idempotency-Keys in files that all workers of a machine share.

Files and not memory: a service that was restarted, or its second worker, must know what the first
has seen. A file is made or it is there already: the file system decides who was first.
"""

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from cleangov_plugin.domain.errors import CleanGovError, SettingsError

from .signing import SKEW

#: Seconds that share one folder of nonces; and for which it is kept after they are too old.
_MINUTE: Final = 60
#: Seconds in which what is written at most once an hour is written once.
_HOUR: Final = 3600
#: Seconds of one folder of Idempotency-Keys; the one before it is still looked into.
_DAY: Final = 24 * 3600
#: Seconds that a request waits for the same one that is still being done.
_PATIENCE: Final = 5.0


class KeyReused(CleanGovError):
    """An Idempotency-Key that came with another request before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """What was seen already.

    :param folder: a folder of this service alone, on this machine, that outlives a restart.
    """

    folder: Path

    def is_new(self, key_id: str, nonce: str, at: int) -> bool:
        """Take note of a nonce, and answer whether it is the first time.

        Called for requests with a good signature alone, so strangers cannot fill the disk.

        :param key_id: whose nonce it is.
        :param nonce: the nonce.
        :param at: POSIX seconds, as signed: whatever the clock does, a replay looks where the
            first one wrote.
        :raises OSError: where the disk takes nothing: then no request may be believed.
        """
        place = self.folder / "nonces" / str(at // _MINUTE)
        if not place.is_dir():
            place.mkdir(parents=True, exist_ok=True)
            _sweep(place.parent, (at - 4 * SKEW) // _MINUTE)
        return _made(place / _name(key_id, nonce), b"")

    def is_first(self, what: str, now: int) -> bool:
        """Answer whether something is done for the first time in an hour, by any worker.

        :param what: what is done.
        :param now: POSIX seconds.
        :raises OSError: where the disk takes nothing.
        """
        place = self.folder / "hours" / str(now // _HOUR)
        if not place.is_dir():
            place.mkdir(parents=True, exist_ok=True)
            _sweep(place.parent, now // _HOUR - 1)
        path = place / _name(what)
        return not path.exists() and _made(path, b"")

    def bind(self, caller: str, key: str, digest: str, now: int) -> "Bound":
        """Bind an Idempotency-Key to a request for two days.

        :param caller: whose key it is.
        :param key: the key.
        :param digest: digest of the request.
        :param now: POSIX seconds.
        :return: the key's place.
        :raises KeyReused: where it came with another request before.
        """
        root, name = self.folder / "keys", _name(caller, key)
        today = root / str(now // _DAY)
        if not today.is_dir():
            today.mkdir(parents=True, exist_ok=True)
            _sweep(root, now // _DAY - 1)
        path = root / str(now // _DAY - 1) / name
        if not path.exists():
            path = today / name
            if _made(path, digest.encode()):
                return Bound(path=path)
        if path.read_bytes() != digest.encode():
            raise KeyReused("this Idempotency-Key came with another request before.")
        return Bound(path=path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """An Idempotency-Key and its request.

    :param path: file that binds the two; the answer stands beside it.
    """

    path: Path

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the request: the same one sent again meanwhile waits, for it gets this answer.

        It waits by sleeping and trying again: under gevent a lock that blocks would stop whoever
        has it.

        :raises TimeoutError: where the first one takes too long.
        """
        until = time.monotonic() + _PATIENCE
        with self.path.open("rb") as file:
            while not _is_locked(file):
                if time.monotonic() > until:
                    raise TimeoutError("the same request is still being done")
                time.sleep(0.01)
            yield

    def answer(self) -> bytes | None:
        """Answer what was answered before; None where nothing was."""
        try:
            return self.path.with_suffix(".answer").read_bytes()
        except FileNotFoundError:
            return None

    def keep(self, answer: bytes) -> None:
        """Keep an answer, for whoever asks the same again; the first one stays.

        :param answer: the answer's bytes.
        """
        _made(self.path.with_suffix(".answer"), answer)


def open_once(folder: Path) -> Once:
    """Open the folder, and make sure that it can be written.

    :param folder: the folder; made, for its owner alone, where it does not exist.
    :raises SettingsError: where it cannot be used.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".{secrets.token_hex(4)}"
        probe.touch(0o600)
        probe.unlink()
    except OSError as problem:
        what = f"what was seen cannot be kept ({type(problem).__name__})."
        remedy = "Name a folder that this process can write, on this machine."
        raise SettingsError(what, where=str(folder), remedy=remedy) from None
    return Once(folder=folder)


def _name(*parts: str) -> str:
    return sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:40]


def _is_locked(file: BinaryIO) -> bool:
    """Lock a file for as long as it is open, or answer that somebody else has; gone with us."""
    try:
        import fcntl  # not there on Windows
    except ImportError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _made(path: Path, content: bytes) -> bool:
    """Make a file whole, or answer that it is there: a reader never sees half of one."""
    draft = path.with_name(f".{os.getpid()}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _sweep(root: Path, before: int) -> None:
    """Take folders away whose number lies before another; the clock may not yet be past them."""
    with suppress(OSError):
        for place in root.iterdir():
            if place.name.isdigit() and int(place.name) < before:
                shutil.rmtree(place, ignore_errors=True)
