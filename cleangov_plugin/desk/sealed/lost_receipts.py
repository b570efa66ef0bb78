"""Receipts of what was declared lost are moved aside: each is named, and none is deleted.

A receipt says that an entry was committed. Of an entry that was lost with a database that was put
back, it would say so for ever as an alarm. What else a file tells stays in the journal: it is
written into a file of its own before the old one is moved.
"""

import os
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.desk.verified.receipts_check import Journal
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.receipt_line import Receipt, write_receipt
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.stored_entries import bodies_of_lane

#: Where files are moved to, within the journal; nobody looks for receipts there.
AWAY: Final = "put-away"
#: Receipts that are looked up together.
_SLICE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LostReceipts:
    """A file of the journal that tells of entries that are not there.

    :param file: its name.
    :param lost: receipts of entries that are not there.
    :param kept: lines that stay in the journal.
    :param moved_to: where the file was moved to; empty where nothing was done yet.
    """

    file: str
    lost: int
    kept: int
    moved_to: str = ""


def lost_receipts(
    database: Database, log_id: str, folder: Path, *, is_moved: bool
) -> tuple[LostReceipts, ...]:
    """Find the files that tell of entries of a ledger that are not there, and move them aside.

    To be called once the loss is declared, and before the platform runs again.

    :param database: the database that was put back.
    :param log_id: the ledger.
    :param folder: the journal.
    :param is_moved: whether they are moved; else it is only said what would be.
    :return: the files, by name.
    :raises CleanGovError: where a file cannot be read, written or moved.
    """
    found = []
    for path, size in Journal.of(folder).files:
        with database.own_transaction(is_reading=True) as connection:
            kept, lost = _sorted(connection, log_id, path, size)
        if not lost:
            continue
        to = _moved(path, kept) if is_moved else None
        told = str(to.relative_to(folder)) if to else ""
        found.append(LostReceipts(file=path.name, lost=len(lost), kept=len(kept), moved_to=told))
    return tuple(found)


def receipts_of_lost(database: Database, log_id: str, folder: Path) -> tuple[Receipt, ...]:
    """Answer the receipts of entries of a ledger that are not there; nothing is changed.

    :param database: the database that was put back.
    :param log_id: the ledger.
    :param folder: the journal.
    :raises CleanGovError: where a file cannot be read.
    """
    found: list[Receipt] = []
    for path, size in Journal.of(folder).files:
        with database.own_transaction(is_reading=True) as connection:
            found += _sorted(connection, log_id, path, size)[1]
    return tuple(found)


def _sorted(
    connection: Connection, log_id: str, path: Path, size: int
) -> tuple[Sequence[Receipt], Sequence[Receipt]]:
    """Answer what stays of a file, and what is lost; lines nobody can read go with it."""
    kept: list[Receipt] = []
    lost: list[Receipt] = []
    lines = (line.receipt for line in Journal(((path, size),)).lines() if line.receipt is not None)
    while some := [*islice(lines, _SLICE)]:
        own = [receipt for receipt in some if receipt.log_id == log_id]
        there = frozenset(_there(connection, log_id, own))
        for receipt in some:
            is_kept = receipt.log_id != log_id or receipt.leaf in there
            (kept if is_kept else lost).append(receipt)
    return kept, lost


def _there(connection: Connection, log_id: str, receipts: Iterable[Receipt]) -> Iterator[bytes]:
    """Answer the leaf hashes of those receipts whose entry is there, as it was."""
    by_lane: dict[int, set[int]] = defaultdict(set)
    for receipt in receipts:
        by_lane[receipt.lane].add(receipt.no)
    for lane, numbers in by_lane.items():
        for body in bodies_of_lane(connection, log_id, lane, numbers):
            yield leaf_hash(body)


def _moved(path: Path, kept: Sequence[Receipt]) -> Path:
    away = path.parent / AWAY
    to = away / path.name
    try:
        away.mkdir(mode=0o700, exist_ok=True)
        if kept:
            _write(path.parent, path.name, b"".join(map(write_receipt, kept)))
        if to.exists():
            to = away / f"{path.stem}-{secrets.token_hex(4)}{path.suffix}"
        path.rename(to)
    except OSError as problem:
        raise CleanGovError(
            f"a file of receipts cannot be moved aside ({type(problem).__name__}).",
            where=str(path),
            remedy=f"The loss is declared. Move the file by hand, for example to {away}.",
        ) from problem
    return to


def _write(folder: Path, name: str, data: bytes) -> None:
    """Write what stays into a file of its own, of the same day, whole or not at all."""
    stem = "-".join(name.split("-")[:2])
    path = folder / f"{stem}-kept-{secrets.token_hex(4)}.jsonl"
    part = path.with_suffix(".part")
    with part.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
