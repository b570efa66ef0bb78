"""Sealing: entries become leaves, and the head above them is signed and kept outside.

In this order: put in → committed → proven to continue the head outside → signed → published →
cosigned. So a process that is killed anywhere never signs two roots for one size, and a database
that was put back or rewritten is not signed at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.case_map import subject_of
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.merkle_proof import range_root
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.policy import Policy
from cleangov_plugin.ledger.tiles import next_tiles
from cleangov_plugin.store import tree
from cleangov_plugin.store.database import Database

from .case_tables import CaseTables, Kept, index_leaf, index_leaf_covering
from .cosigning import cosign
from .heads import check_continues, head_outside, publish_head
from .outside import Outside
from .own_leaves import own_leaves
from .rules_leaf import rules_leaves
from .schema_leaf import schema_leaf
from .stored_tiles import fetch, nodes_of

#: Leaves of one transaction: on SQLite it keeps the host's writer waiting.
SLICE: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What a sealing did.

    :param size: leaves of the tree now.
    :param added: entries that were sealed; the ledger's own leaves do not count.
    :param root: hash of the root, hexadecimal.
    :param is_done: whether nothing is left that could be sealed now.
    :param cosigned: witnesses who cosigned the head.
    """

    size: int
    added: int
    root: str
    is_done: bool = True
    cosigned: tuple[str, ...] = ()


class _Put(NamedTuple):
    """What one transaction did: entries that were put in, and whether the index is behind."""

    entries: int = 0
    is_behind: bool = False


def seal(
    database: Database,
    outside: Outside,
    signer: SignerKey,
    now: Callable[[], datetime],
    *,
    older: Sequence[SignerKey] = (),
    policy: Policy | None = None,
    slice_: int | None = None,
    slices: int | None = None,
) -> Sealed:
    """Seal what is unsealed of a ledger.

    :param database: the database.
    :param outside: where head and tiles are kept.
    :param signer: the key that signs.
    :param now: answers the present time.
    :param older: keys that sign beside it, while verifiers still hold them.
    :param policy: witnesses who are asked to cosign; None asks nobody.
    :param slice_: entries of one transaction at the most; as `SLICE` where left out.
    :param slices: transactions at the most; all that is there where left out.
    :return: what was done.
    :raises Recovery: where the database does not continue the head outside; nothing is put in.
    :raises Busy: where another process seals it.
    """
    most = slice_ or SLICE
    with outside.held():
        known = head_outside(outside, signer, older)
        with database.own_transaction(is_reading=True) as connection:
            check_continues(connection, outside, known)
        added = done = 0
        put, kept = _Put(), Kept()
        while done != slices:
            put = _put_in(database, outside, signer, now(), most, kept)
            added, done = added + put.entries, done + 1
            # What comes meanwhile waits for the next sealing: else a city that never rests would
            # never have a signed head.
            if put.entries < most and not put.is_behind:
                break
        _put_own(database, outside.log_id, now())
        size, root = publish_head(database, outside, signer, known, now, older)
        asked = cosign(database, outside, policy, known, size, now)
    return Sealed(
        size=size,
        added=added,
        root=root.hex(),
        is_done=put.entries < most and not put.is_behind,
        cosigned=tuple(sorted(asked.names)) if asked else (),
    )


def _put_in(
    database: Database, outside: Outside, signer: SignerKey, now: datetime, most: int, kept: Kept
) -> _Put:
    """Put a slice of entries into the tree and into the case index, in one transaction."""
    log_id = outside.log_id
    with database.own_transaction() as connection:
        tree.hold_seal(connection, log_id)
        last = tree.last_head(connection, log_id)
        before = 0 if last is None else last.size
        index = CaseTables(connection, log_id, kept)
        if index.is_behind(before):
            index.catch_up(before, most)
            said = index.new_leaf(before)
            if said is not None:
                root = put_leaves(connection, log_id, before, [index_leaf(said, log_id, now)])
                tree.add_head(connection, log_id, before + 1, root, now)
            if said is not None or index.is_behind(before):
                return _Put(is_behind=True)
        found = tree.unsealed(connection, log_id, most)
        if not found:
            return _Put()
        leaves = [tree.Leaf(leaf_hash(e.body.encode()), e.lane, e.no) for e in found]
        first, behind = own_leaves(connection, log_id, signer, before, found, now)
        size = before + len(first) + len(leaves) + len(behind) + 1
        cases = [(subject_of(e.body), leaf.hash) for e, leaf in zip(found, leaves, strict=True)]
        index.grow(cases, size)
        behind.append(index_leaf(index.says(), log_id, now))
        root = put_leaves(connection, log_id, before, [*first, *leaves, *behind])
        tree.add_head(connection, log_id, size, root, now)
        return _Put(entries=len(found))


def _put_own(database: Database, log_id: str, now: datetime) -> None:
    """Put leaves about tables and rules into the tree, where they are not as was said last."""
    with database.own_transaction(is_reading=True) as connection:
        if tree.last_head(connection, log_id) is None or not _changed(connection, log_id, now):
            return
    with database.own_transaction() as connection:
        tree.hold_seal(connection, log_id)
        last, leaves = tree.last_head(connection, log_id), _changed(connection, log_id, now)
        if last is not None and leaves:
            put_own(connection, log_id, last.size, leaves, now)


def _changed(connection: Connection, log_id: str, now: datetime) -> list[tree.Leaf]:
    tables = schema_leaf(connection, log_id, now)
    return [*([tables] if tables else []), *rules_leaves(connection, log_id, now)]


def put_own(
    connection: Connection, log_id: str, before: int, leaves: Sequence[tree.Leaf], now: datetime
) -> None:
    """Put leaves of the ledger's own into the tree, and a head above them that is not signed yet.

    What was said of the case index is said again behind them: whoever proves all entries of a case
    shows that nothing came after.

    :param connection: a writing connection that holds the seal.
    :param log_id: the ledger.
    :param before: leaves of the tree until now.
    :param leaves: the new ones.
    :param now: the present time, aware.
    """
    known = index_leaf_covering(connection, log_id, before)
    is_last = known is not None and known.leaf == before - 1
    again = [index_leaf(known.index, log_id, now)] if known is not None and is_last else []
    root = put_leaves(connection, log_id, before, [*leaves, *again])
    tree.add_head(connection, log_id, before + len(leaves) + len(again), root, now)


def put_leaves(
    connection: Connection, log_id: str, before: int, leaves: Sequence[tree.Leaf]
) -> bytes:
    """Write leaves and the tiles they change.

    :param connection: a writing connection that holds the seal.
    :param log_id: the ledger.
    :param before: leaves of the tree until now.
    :param leaves: the new ones.
    :return: hash of the root above them.
    """
    hashes = [leaf.hash for leaf in leaves]
    new = dict(next_tiles(before, hashes, lambda tile: fetch(connection, log_id, tile)))
    tree.add_leaves(connection, log_id, before, leaves)
    tree.save_tiles(connection, log_id, {(t.level, t.index): data for t, data in new.items()})
    size = before + len(leaves)
    return range_root(0, size, nodes_of(connection, log_id, size))
