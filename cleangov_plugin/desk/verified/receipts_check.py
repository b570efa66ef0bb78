"""RCPT: every entry of which the application's own journal has a receipt is still there.

The journal lies away from the database. So whoever holds the database alone cannot take an entry
out of it unnoticed, were it the newest one, and not sealed yet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from cleangov_plugin.desk.receipts import FILES
from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.ledger.receipt_line import LONGEST, Receipt, read_receipt
from cleangov_plugin.ledger.strict import Refused

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Run, Seen

#: Bytes of a leaf hash by which an entry is known here: as hard to meet by chance as to guess.
_KNOWN: Final = 16


class _Line(NamedTuple):
    """A line as it was read.

    :param path: its file.
    :param number: its number there, from 1.
    :param receipt: what it says; None where it cannot be read.
    :param is_whole: whether it has its end; the last one of a file may have been cut by a crash.
    """

    path: Path
    number: int
    receipt: Receipt | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Journal:
    """The receipt journal as far as it went at one moment.

    To be taken before the database is read: what is added afterwards tells of entries that are
    not seen from there.

    :param files: each file, and its bytes by then.
    """

    files: tuple[tuple[Path, int], ...]

    @classmethod
    def of(cls, folder: Path) -> "Journal":
        """Take the journal as it stands.

        :param folder: where it lies.
        :raises SettingsError: where there is no such folder, or it cannot be read.
        """
        try:
            if not folder.is_dir():
                raise NotADirectoryError
            found = ((path, _size(path)) for path in sorted(folder.glob(FILES)))
            return cls(tuple((path, size) for path, size in found if size is not None))
        except OSError as problem:
            raise SettingsError(
                f"the receipt journal cannot be read ({type(problem).__name__}).",
                where=str(folder),
                remedy="Name the folder that the platform has as CLEANGOV_RECEIPTS: --receipts.",
            ) from problem

    def lines(self) -> Iterator[_Line]:
        """Go through all lines.

        :raises SettingsError: where a file cannot be read.
        """
        for path, size in self.files:
            try:
                yield from _lines(path, size)
            except FileNotFoundError:
                continue  # put away since: all that it told of is sealed under a head outside
            except OSError as problem:
                raise SettingsError(
                    f"the receipt journal cannot be read ({type(problem).__name__}).",
                    where=str(path),
                ) from problem

    def ledgers(self) -> set[str]:
        """Answer the ledgers of which it tells."""
        return {line.receipt.log_id for line in self.lines() if line.receipt is not None}


class Receipts:
    """Looks for the entry of every receipt.

    :param journal: the journal; None checks none.
    :param log_id: the ledger.
    """

    def __init__(self, journal: Journal | None, log_id: str) -> None:
        self._journal, self._log_id = journal, log_id
        self._is_owed = False
        self._numbers: dict[int, int] = {}
        self._awaited = {receipt.leaf[:_KNOWN] for receipt in self._own()}

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Strike out the receipts of entries that are there, as they were.

        :param slice_: entries.
        """
        if isinstance(slice_, Run):
            self._look_at(slice_)
            return iter(())
        if self._journal is None:
            # A ledger that was written before there were codes has no journal to miss.
            self._is_owed |= any(isinstance(seen, Seen) and seen.row.mac for seen in slice_)
        for seen in slice_:
            if isinstance(seen, Seen) and seen.leaf is not None:
                self._numbers[seen.row.lane] = seen.row.no
        if self._journal is not None and self._awaited:
            # What a leaf stands for and is gone is named by that leaf, or declared to be lost.
            self._awaited.difference_update(
                seen.hash[:_KNOWN] for seen in slice_ if not isinstance(seen, Meta)
            )
        return iter(())

    def _look_at(self, run: Run) -> None:
        if self._journal is None:
            self._is_owed |= run.is_coded
        elif self._awaited:
            self._awaited.difference_update([hash_[:_KNOWN] for hash_ in run.hashes])
        self._numbers.update((lane, there.last) for lane, there in run.lanes.items())

    def kept(self) -> list[list[int]]:
        """Answer the last number of each lane that was looked at."""
        return [[lane, no] for lane, no in sorted(self._numbers.items())]

    def resume(self, kept: list[list[int]]) -> None:
        """Go on behind them: receipts of what was looked at wait for nothing.

        :param kept: what `kept` answered.
        """
        self._numbers = {int(lane): int(no) for lane, no in kept}
        for receipt in self._own():
            if receipt.no <= self._numbers.get(receipt.lane, 0):
                self._awaited.discard(receipt.leaf[:_KNOWN])

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Name what has a receipt and is not there, and lines that cannot be read."""
        if self._is_owed:
            yield Unchecked(code="no_receipts")
        for line in self._journal.lines() if self._journal else ():
            if line.receipt is None:
                yield _unread(line)
            elif line.receipt.log_id == self._log_id:
                known = line.receipt.leaf[:_KNOWN]
                if known in self._awaited:
                    self._awaited.discard(known)  # it may have been written down twice
                    yield _gone(line.receipt)

    def _own(self) -> Iterator[Receipt]:
        for line in self._journal.lines() if self._journal else ():
            if line.receipt is not None and line.receipt.log_id == self._log_id:
                yield line.receipt


def _unread(line: _Line) -> Alarm | Unchecked:
    if line.is_whole:
        return alarm("receipt_line", file=line.path.name, line=line.number)
    return Unchecked(code="receipt_cut", values={"file": line.path.name, "line": line.number})


def _gone(receipt: Receipt) -> Alarm:
    return alarm(
        "receipt_gone",
        lane=receipt.lane,
        no=receipt.no,
        hash=receipt.leaf.hex(),
        at=receipt.at,
    )


def _size(path: Path) -> int | None:
    """Answer the bytes of a file; None where a sealer put it away just now."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _lines(path: Path, size: int) -> Iterator[_Line]:
    number = 0
    with path.open("rb") as file:
        while size > 0:
            line = file.readline(min(size, LONGEST))
            if not line:
                return
            number += 1
            size -= len(line)
            is_whole = line.endswith(b"\n")
            while not is_whole and size > 0:  # longer than any line of ours
                rest = file.readline(min(size, LONGEST))
                size -= len(rest)
                if not rest:
                    break
                is_whole = rest.endswith(b"\n")
                line = b""
            yield _Line(path, number, _read(line), is_whole)


def _read(line: bytes) -> Receipt | None:
    try:
        return read_receipt(line)
    except Refused:
        return None
