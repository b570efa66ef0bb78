"""The case index in the database: grown with every batch, and proofs that are made from it.

What a batch touches is read and written, and nothing else: its cases' buckets, and the tiles above
them. What is read may have been changed. So it has to lead to the root that the last leaf of the
index says, or nothing is sealed on top of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.case_index import (
    ITEM_BYTES,
    IndexLeaf,
    bucket_of,
    case_key,
    read_index_leaf,
    verify_case,
)
from cleangov_plugin.ledger.case_map import by_bucket, grown, subject_of
from cleangov_plugin.ledger.index_tree import IndexTree
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.meta import MetaKind, decode_meta
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.store import case_index
from cleangov_plugin.store.case_index import IndexState
from cleangov_plugin.store.tree import Leaf

from .own_leaves import own_leaf


class IndexChanged(CleanGovError):
    """The tables of the case index are not what was sealed of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covering:
    """A leaf that says what the index was.

    :param leaf: its place.
    :param text: its exact text.
    :param index: what it says.
    """

    leaf: int
    text: str
    index: IndexLeaf


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseProof:
    """What proves all entries of a case, or that it has none.

    :param covering: the leaf whose root it leads to.
    :param bucket: bytes of the bucket in which the case would have to stand.
    :param path: 16 hashes from there to the root.
    """

    covering: Covering
    bucket: bytes
    path: tuple[bytes, ...]


@dataclass(slots=True)
class Kept:
    """The tree as one transaction has left it, for the next: thousands of tiles are not read again.

    :param reached: how far the tables went then; another sealer has been there where they go
        further.
    :param tree: the tree, as far as it was read.
    """

    reached: IndexState | None = None
    tree: IndexTree = field(default_factory=IndexTree)


class CaseTables:
    """The tables of one ledger's index within one transaction.

    :param connection: a writing connection that holds the seal.
    :param log_id: the ledger.
    :param kept: what the transaction before has read; for one sealer of one ledger.
    """

    def __init__(self, connection: Connection, log_id: str, kept: Kept | None = None) -> None:
        self._connection = connection
        self._log_id = log_id
        self._kept = kept or Kept()
        found = case_index.state(connection, log_id)
        self._is_begun = found is not None
        self._reached = found or IndexState()
        self._root = b""

    def is_behind(self, leaves: int) -> bool:
        """Answer whether leaves were sealed without the index: before there was one, or otherwise.

        :param leaves: leaves of the tree.
        :raises IndexChanged: where the tables cover more than there is.
        """
        if self._reached.leaves > leaves:
            what = f"it covers {self._reached.leaves} leaves, and there are {leaves}."
            raise _changed(self._log_id, what)
        return self._reached.leaves < leaves

    def catch_up(self, leaves: int, most: int) -> None:
        """Take in leaves that were sealed without the index.

        :param leaves: leaves of the tree.
        :param most: how many of them to take in at the most.
        :raises IndexChanged: as `grow`.
        """
        rows = case_index.sealed_rows(self._connection, self._log_id, self._reached.leaves, most)
        entries = [
            (None if row.body is None else subject_of(row.body), row.hash)
            for row in rows
            if row.lane is not None  # else it is of the ledger's own, or was lost with its place
        ]
        self.grow(entries, leaves if len(rows) < most else rows[-1].idx + 1)

    def grow(self, entries: Sequence[tuple[str | None, bytes]], leaves: int) -> None:
        """Take in entries.

        :param entries: case and leaf hash of each, in the order of their leaves.
        :param leaves: leaves of the tree that are covered with them.
        :raises IndexChanged: where the tables are not what the leaf they end with says.
        """
        connection, log_id, reached = self._connection, self._log_id, self._reached
        if not self._is_begun:
            case_index.begin(connection, log_id)
            self._is_begun = True
        cases: dict[str, list[bytes]] = {}
        for subject, leaf in entries:
            if subject is not None:
                cases.setdefault(subject, []).append(leaf)
        touched = by_bucket(log_id, cases)
        old = {**dict.fromkeys(touched, b""), **case_index.buckets(connection, log_id, [*touched])}
        try:
            tree = self._tree(old)
            new = {number: grown(old[number], of_it) for number, of_it in touched.items()}
            tiles = tree.put({number: leaf_hash(data) for number, data in new.items()})
            self._root = tree.root()
        except Refused as problem:
            raise _changed(log_id, str(problem)) from problem
        case_index.save_buckets(connection, log_id, new)
        case_index.save_tiles(connection, log_id, tiles)
        added = sum(map(len, new.values())) - sum(map(len, old.values()))
        self.settle(
            IndexState(leaves, reached.cases + added // ITEM_BYTES, reached.entries + len(entries))
        )

    def settle(self, reached: IndexState) -> None:
        """Write how far the index goes.

        :param reached: how far.
        """
        self._reached = reached
        case_index.save_state(self._connection, self._log_id, reached)
        self._kept.reached = reached

    def new_leaf(self, leaves: int) -> IndexLeaf | None:
        """Answer what a leaf has to say of leaves that were caught up with.

        :param leaves: leaves of the tree.
        :return: what it says; None where the index is still behind, or a leaf says it already.
        """
        last = index_leaf_covering(self._connection, self._log_id, leaves)
        if self.is_behind(leaves) or (last and last.index == self.says()):
            return None
        return self.says_behind(leaves)

    def says_behind(self, leaves: int) -> IndexLeaf | None:
        """Answer what a leaf says that stands behind all others; the tables cover it, too.

        :param leaves: leaves of the tree, all of which were taken in.
        :return: what it says; None where there is no entry.
        """
        if not self._reached.entries:
            return None
        self.settle(self._reached._replace(leaves=leaves + 1))
        return self.says()

    def says(self) -> IndexLeaf:
        """Answer what a leaf has to say of the index, after it has grown."""
        return IndexLeaf(self._reached.cases, self._reached.entries, self._root)

    def _tree(self, buckets: Mapping[int, bytes]) -> IndexTree:
        """Read the tree above buckets; all has to lead to the leaf that the tables end with."""
        connection, log_id, reached = self._connection, self._log_id, self._reached
        if self._kept.reached != reached:
            self._kept.tree = IndexTree()
        self._kept.reached, tree = None, self._kept.tree  # until all is written
        unread = tree.unread(buckets)
        tree.read(unread, case_index.tiles(connection, log_id, unread))
        last = _leaf_at_end(connection, log_id, reached.leaves)
        stands = IndexLeaf(reached.cases, reached.entries, tree.root())
        if last is not None and last.index != stands:
            raise Refused("index.root", f"leaf {last.leaf} says another root or other numbers.")
        for number, data in buckets.items():
            if leaf_hash(data) != tree.leaf(number):
                raise Refused("index.bucket", f"bucket {number} is not what its tile says.")
        return tree


def index_leaf(said: IndexLeaf, log_id: str, now: datetime) -> Leaf:
    """Make the leaf that says what the index is.

    :param said: what it says.
    :param log_id: the ledger.
    :param now: the present time, aware.
    """
    values = {"cases": said.cases, "entries": said.entries, "root": said.root.hex()}
    return own_leaf(MetaKind.INDEX, log_id, now, **values)


def index_leaf_covering(connection: Connection, log_id: str, size: int) -> Covering | None:
    """Answer the newest leaf of the index within a tree of a size: some thousand leaves are seen.

    :param connection: any connection.
    :param log_id: the ledger.
    :param size: leaves of the tree.
    :return: the leaf; None where there is none near its end.
    """
    for leaf, text in case_index.own_before(connection, log_id, size):
        try:
            document = decode_meta(text)
            if document["meta"] == MetaKind.INDEX:
                return Covering(leaf=leaf, text=text, index=read_index_leaf(document))
        except (ProfileError, Refused):
            continue  # somebody wrote something else there; the verifier names it
    return None


def _leaf_at_end(connection: Connection, log_id: str, size: int) -> Covering | None:
    """Answer the newest leaf of the index where no entry is behind it; None where one is."""
    last = index_leaf_covering(connection, log_id, size)
    if last is None or last.leaf == size - 1:
        return last
    own = [leaf for leaf, _ in case_index.own_before(connection, log_id, size) if leaf > last.leaf]
    return last if len(own) == size - 1 - last.leaf else None


def case_proof(connection: Connection, log_id: str, subject: str, size: int) -> CaseProof | None:
    """Make what proves all entries of a case up to a head, from the tables.

    :param connection: a connection to which the database stands still.
    :param log_id: the ledger.
    :param subject: number of the case.
    :param size: leaves of the head: the newest one, for older ones the tables do not know.
    :return: the proof, which was checked; None where no leaf of the index is there yet.
    :raises IndexChanged: where the tables do not lead to what the leaf says: they were changed, or
        go beyond the head.
    :raises ProfileError: where no case can have this number.
    """
    covering = index_leaf_covering(connection, log_id, size)
    if covering is None:
        return None
    try:
        number = bucket_of(case_key(log_id, subject))
        bucket = case_index.buckets(connection, log_id, [number]).get(number, b"")
        tree = IndexTree()
        unread = tree.unread([number])
        tree.read(unread, case_index.tiles(connection, log_id, unread))
        path = tuple(tree.path(number))
        verify_case(covering.index.root, log_id, subject, bucket, path)
    except Refused as problem:
        raise _changed(log_id, f"leaf {covering.leaf} says another: {problem}") from problem
    return CaseProof(covering=covering, bucket=bucket, path=path)


def _changed(log_id: str, what: str) -> IndexChanged:
    return IndexChanged(
        f"the case index in the database is not what was sealed: {what}",
        where=log_id,
        remedy="Run 'cleangov verify', which names the cases. Then delete the ledger's row of"
        " cleangov_index_state: the next sealing makes the index again from the leaves.",
    )
