"""The keys of entry codes: today's alone is kept, and the one before it is written over.

Each ledger has a chain of keys of its own, in the folder of the key files. The first key is kept
once, as ``code-begin-<ledger>.key``: an auditor takes that file away, for it verifies all codes
and could make them all. From then on this machine knows today's key and no earlier one.

While the file is still here nothing is gained by forgetting, and a clock that stands days earlier,
as when a log of the past is replayed anew, begins again from it.
"""

import logging
import os
import secrets
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.ledger.entry_code import (
    CLOCK_STEP,
    KEY_BYTES,
    LATEST,
    CodeKey,
    Coder,
    epoch_of,
    read_key,
    start_of,
    write_key,
)
from cleangov_plugin.ledger.strict import Refused

logger = logging.getLogger("cleangov")

#: The first keys of ledgers.
BEGIN_FILES: Final = "code-begin-*.key"
#: Bytes of a key file that are read at the most.
_LARGEST: Final = 4_096
#: Seconds between two times that the key is written: a replayed day takes no time.
_PACE: Final = 1.0
#: Times that a file is read that another process may just be replacing.
_TRIES: Final = 5
#: Seconds after which a draft is of a process that was killed.
_OLD: Final = 60.0


class Codes:
    """Makes the codes of the entries that this process writes.

    :param folder: folder of the key files; made where it does not exist.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._chains: dict[str, _Chain] = {}
        self._lock = threading.Lock()

    def open(self, log_id: str, now: datetime) -> None:
        """Open the chain of a ledger, and begin it where there is none.

        :param log_id: the ledger.
        :param now: the present time, aware.
        :raises SettingsError: where the folder or a file cannot be used.
        """
        with self._lock:
            if log_id not in self._chains:
                self._chains[log_id] = _Chain(self._folder, _opened(self._folder, log_id, now))

    def code(self, log_id: str, now: datetime, leaf: bytes) -> bytes | None:
        """Answer the code of an entry; None where its ledger's keys cannot be used.

        :param log_id: the ledger.
        :param now: when the entry is written, aware.
        :param leaf: hash of its body as a leaf.
        """
        chain = self._chains.get(log_id)
        if chain is None:
            try:
                self.open(log_id, now)
            except SettingsError as problem:
                logger.warning("%s", problem)
                return None
            chain = self._chains[log_id]
        return chain.coder(now).code(leaf)

    def turn(self, now: datetime) -> None:
        """Forget the keys of days that are over, though nothing is written.

        :param now: the present time, aware.
        """
        for chain in tuple(self._chains.values()):
            chain.coder(now)

    def close(self) -> None:
        """Keep the newest keys."""
        for chain in tuple(self._chains.values()):
            chain.keep()


class _Chain:
    """The chain of one ledger, as far as this process has gone along it.

    :param folder: folder of the key files.
    :param key: the newest key.
    """

    def __init__(self, folder: Path, key: CodeKey) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._kept_at = -_PACE
        self._take(key)

    def _take(self, key: CodeKey) -> None:
        self._key, self._coder = key, Coder(key)
        # A clock that is put back a little at midnight is still served with the newer key.
        self._begins = start_of(key.epoch) - CLOCK_STEP
        self._ends = start_of(key.epoch + 1)

    def coder(self, now: datetime) -> Coder:
        """Answer what makes the codes of a moment.

        :param now: aware.
        """
        if not self._begins <= now < self._ends:
            with self._lock:
                self._turn(now)
        return self._coder

    def _turn(self, now: datetime) -> None:
        epoch = epoch_of(now)
        if now < self._begins:
            self._begin_again(epoch)
            self._begins = min(self._begins, now)  # where there is no way back: asked once
        elif epoch > LATEST:
            self._ends = now + timedelta(days=1)  # nobody believes this clock
        elif epoch > self._key.epoch:
            self._take(self._key.on(epoch))
            if time.monotonic() - self._kept_at >= _PACE:
                self._keep()

    def _begin_again(self, epoch: int) -> None:
        """Go back to an earlier day, if the first key of all is still here."""
        with suppress(OSError, Refused):
            begun = _read(begin_file(self._folder, self._key.log_id))
            if begun is not None:
                self._take(begun.on(epoch))

    def keep(self) -> None:
        """Keep the newest key in its file."""
        with self._lock:
            self._keep()

    def _keep(self) -> None:
        self._kept_at = time.monotonic()
        path = _state_file(self._folder, self._key.log_id)
        try:
            known = _read(path)
            if known is None or known.epoch < self._key.epoch:
                _replace(path, write_key(self._key))
        except (OSError, Refused) as problem:  # the next day tries again, from where the file is
            logger.warning("%s: %s", path.name, type(problem).__name__)


def begin_file(folder: Path, log_id: str) -> Path:
    """Answer where the first key of a ledger's codes is until an auditor takes it away.

    :param folder: folder of the key files.
    :param log_id: the ledger.
    """
    return folder / f"code-begin-{_plain(log_id)}.key"


def read_begin(path: Path) -> CodeKey:
    """Read the first key of a ledger's codes.

    :param path: the file.
    :return: the key.
    :raises SettingsError: where it cannot be read, or is none.
    """
    try:
        found = _read(path)
    except Refused:  # it is another file, which is said below
        found = None
    except OSError as problem:
        raise _unusable(path, problem) from problem
    if found is None or found.epoch != 0:
        raise SettingsError(
            "this is not the file with the first key of a ledger's codes.",
            where=str(path),
            remedy="Give the file code-begin-*.key that the first start wrote.",
        )
    return found


def _state_file(folder: Path, log_id: str) -> Path:
    return folder / f"code-{_plain(log_id)}.state"


def _plain(log_id: str) -> str:
    """Answer a ledger's id as part of a file's name; any id makes one."""
    return quote(log_id, safe="").replace(".", "%2E")


def _opened(folder: Path, log_id: str, now: datetime) -> CodeKey:
    """Read the newest key, and make the first one where there is none: all processes agree."""
    begin, state = begin_file(folder, log_id), _state_file(folder, log_id)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not state.exists():
            if not begin.exists():
                _link(begin, write_key(_first_key(log_id, now)))
            begun = read_key(begin.read_bytes())  # whose file was linked first: that one
            _link(state, write_key(begun.on(epoch_of(begun.first))))
        found = _read_patiently(state)
    except (OSError, Refused) as problem:
        raise _unusable(state, problem) from problem
    if found is None or found.log_id != log_id:
        raise _unusable(state, ValueError())
    return found


def _first_key(log_id: str, now: datetime) -> CodeKey:
    """Make the key of day 0, so that no clock stands before it while the file is here."""
    first = min(max(now.astimezone(UTC), start_of(0)), start_of(LATEST))
    return CodeKey(log_id=log_id, epoch=0, first=first, key=secrets.token_bytes(KEY_BYTES))


def _read(path: Path) -> CodeKey | None:
    """Read a key; None where there is no file."""
    try:
        with path.open("rb") as file:
            return read_key(file.read(_LARGEST))
    except FileNotFoundError:
        return None


def _read_patiently(path: Path) -> CodeKey | None:
    for _ in range(_TRIES - 1):
        with suppress(Refused):  # opened just before another process wrote it over
            return _read(path)
        time.sleep(0.02)
    return _read(path)


def _draft(path: Path, data: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _link(path: Path, data: bytes) -> None:
    """Write a file whole, unless it is there by now."""
    draft = _draft(path, data)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first, and its key is as good
    finally:
        draft.unlink()


def _replace(path: Path, data: bytes) -> None:
    """Put a newer key in the place of the older one, and write the older one over.

    What a disk or a backup keeps of it besides is not in our hands.
    """
    older = path.with_name(f".{path.name}.older.{secrets.token_hex(4)}")
    draft = _draft(path, data)
    with suppress(FileNotFoundError):
        os.link(path, older)
    draft.replace(path)
    _wipe(older)
    for left in path.parent.glob(f".{path.name}.*"):  # of a process that was killed just here
        with suppress(OSError):
            if time.time() - left.stat().st_ctime > _OLD:
                _wipe(left)


def _wipe(path: Path) -> None:
    with suppress(FileNotFoundError):
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


def _unusable(path: Path, problem: Exception) -> SettingsError:
    return SettingsError(
        f"the key of the entry codes cannot be used ({type(problem).__name__}).",
        where=str(path),
        remedy="Give the process a folder it can read and write, by CLEANGOV_KEYS.",
    )
