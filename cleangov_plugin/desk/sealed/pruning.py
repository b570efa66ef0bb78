"""The receipt journal is pruned: a file goes once each of its entries is under a head outside.

Until then its lines are all there is against whoever deletes what is not sealed yet. From then on
tiles and head tell of the entry, and they are away from the database, too. A file goes whole or
stays whole: so a process that is killed anywhere loses no line that is needed. What the database
says of an entry is not believed: its hash has to stand in the tile outside.
"""

import logging
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from cleangov_plugin.desk.receipts import FILES, LARGEST_FILE
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.desk.verified.receipts_check import Journal
from cleangov_plugin.ledger.log_proof import verify_tree_head
from cleangov_plugin.ledger.policy import Policy
from cleangov_plugin.ledger.receipt_line import Receipt
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.tiles import WIDTH, split_tile, tile_at
from cleangov_plugin.store import leaf_places
from cleangov_plugin.store.database import Database

from .outside import Outside

logger = logging.getLogger("cleangov")

#: Seconds between two looks at the journal.
_PAUSE: Final = 3_600.0
#: Seconds for which nothing was written to a file that goes.
_QUIET: Final = 600.0
#: Receipts that are looked up together, and in one look.
_SLICE: Final = 500
_MOST: Final = 200_000
_DAY: Final = re.compile(r"receipts-([0-9]{8})-", re.ASCII)


class Pruned(NamedTuple):
    """What was put away.

    :param files: how many files.
    :param size: their bytes.
    """

    files: int = 0
    size: int = 0


class Pruner:
    """Prunes a journal now and then.

    :param folder: the journal; None has none, or not on this machine.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._next: dict[str, float] = {}

    def after(
        self, database: Database, outside: Outside, size: int, policy: Policy | None
    ) -> Pruned | None:
        """Look at the journal after a sealing, once an hour; what fails is tried again then.

        :param database: the database.
        :param outside: where head and tiles are kept.
        :param size: leaves of the head there.
        :param policy: witnesses; where there are some, their cosignatures are waited for.
        :return: what was put away; None where that failed.
        """
        if self._folder is None or time.monotonic() < self._next.get(outside.log_id, 0.0):
            return Pruned()
        self._next[outside.log_id] = time.monotonic() + _PAUSE
        try:
            size = size if policy is None else min(size, _cosigned(outside, policy))
            return prune(database, outside, self._folder, size)
        except Exception as problem:  # a locked database, a file of somebody else's: it stays
            logger.warning("the receipt journal is not pruned: %s", type(problem).__name__)
            return None


def prune(database: Database, outside: Outside, folder: Path, size: int) -> Pruned:
    """Take away the files of which every entry is sealed under a head outside.

    :param database: the database.
    :param outside: where head and tiles are kept.
    :param folder: the journal.
    :param size: leaves of the head; what is behind them is not covered.
    :return: what was taken away.
    :raises OSError: where a file cannot be taken away.
    :raises CleanGovError: where something cannot be read.
    """
    covering, found, left = _Covering(outside, size), Pruned(), _MOST
    for path in sorted(folder.glob(FILES)):
        with suppress(FileNotFoundError):  # another sealer took it away just now
            before = path.stat().st_size
            if left <= 0 or not _is_over(path, before):
                continue
            with database.own_transaction(is_reading=True) as connection:
                number = covering.number_of(connection, path, before)
            left -= number or 0
            if number is not None and path.stat().st_size == before:
                path.unlink()
                found = Pruned(found.files + 1, found.size + before)
    return found


class _Covering:
    """Tells what tiles outside cover.

    :param outside: where they are.
    :param size: leaves of the head.
    """

    def __init__(self, outside: Outside, size: int) -> None:
        self._outside, self._size = outside, size
        self._n, self._hashes = -1, list[bytes]()

    def number_of(self, connection: Connection, path: Path, size: int) -> int | None:
        """Count the receipts of a file; None where one of them is needed still.

        A last line that was cut has its entry in another file: it was written again.

        :param connection: a reading connection.
        :param path: the file.
        :param size: its bytes.
        """
        number, lines = 0, Journal(((path, size),)).lines()
        while some := [*islice(lines, _SLICE)]:
            receipts = [line.receipt for line in some if line.receipt is not None]
            if any(line.is_whole and line.receipt is None for line in some):
                return None  # somebody wrote into it: that is for people to look at
            if any(receipt.log_id != self._outside.log_id for receipt in receipts):
                return None
            if not all(self._are_there(connection, receipts)):
                return None
            number += len(some)
        return number

    def _are_there(self, connection: Connection, receipts: Iterable[Receipt]) -> Iterator[bool]:
        by_lane: dict[int, dict[int, bytes]] = defaultdict(dict)
        for receipt in receipts:
            by_lane[receipt.lane][receipt.no] = receipt.leaf
        for lane, wanted in by_lane.items():
            there = leaf_places.of_lane(connection, self._outside.log_id, lane, wanted.keys())
            yield len(there) == len(wanted)
            for no, leaf in sorted(there.items(), key=lambda pair: pair[1]):
                yield leaf < self._size and self._hash(leaf) == wanted[no]

    def _hash(self, leaf: int) -> bytes:
        if leaf // WIDTH != self._n:
            tile = tile_at(0, leaf // WIDTH, self._size)
            try:
                self._hashes = split_tile(tile, self._outside.tile(tile))
            except Refused:
                self._hashes = []
            self._n = leaf // WIDTH
        place = leaf % WIDTH
        return self._hashes[place] if place < len(self._hashes) else b""


def _is_over(path: Path, size: int) -> bool:
    """Answer whether nobody writes to a file any more."""
    day = _DAY.match(path.name)
    if day is None or time.time() - path.stat().st_mtime < _QUIET:
        return False
    try:
        of_it = date.fromisoformat(day[1])
    except ValueError:
        return False
    return size >= LARGEST_FILE or of_it < datetime.now(UTC).date() - timedelta(days=1)


def _cosigned(outside: Outside, policy: Policy) -> int:
    note = outside.cosigned()
    try:
        return verify_tree_head(note, policy).head.size if note is not None else 0
    except Refused:
        return 0
