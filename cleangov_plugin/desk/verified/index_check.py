"""INDEX: every leaf of the case index says what the entries before it say, and so do its tables."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.case_index import BUCKETS, ITEM_BYTES, IndexLeaf, read_index_leaf
from cleangov_plugin.ledger.case_map import CaseMap, subject_of
from cleangov_plugin.ledger.index_tree import LEVELS, WIDTH, IndexTree
from cleangov_plugin.ledger.meta import MetaKind
from cleangov_plugin.ledger.strict import HASH_BYTES, Refused
from cleangov_plugin.store import case_index, tree

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Run, Seen

#: Cases and tiles that are named; who changes more of them is not told more by it.
_MOST: Final = 100


class Index:
    """Works the case index out anew, and compares it with every leaf that says what it was.

    :param connection: a reading connection to which the database stands still.
    :param log_id: the ledger.
    :param is_copy: whether it is a follower's, which is copied in other slices than it was sealed:
        there the heads that are signed count alone.
    """

    def __init__(self, connection: Connection, log_id: str, *, is_copy: bool = False) -> None:
        self._connection = connection
        self._log_id = log_id
        self._map = CaseMap(log_id)
        self._is_copy = is_copy
        heads = tree.heads(connection, log_id)[::-1]
        self._sizes = [head.size for head in heads if head.note is not None or not is_copy]
        #: The first leaf of an entry behind the last leaf of the index; the last one of all.
        self._open: int | None = None
        self._last_entry = -1
        self._last_leaf = -1
        self._last_index: int | None = None
        #: The first leaf whose entry is not what it was: from there on nothing can be compared.
        self._unsure: int | None = None
        self._was_wrong = False

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Take entries in, and compare with what leaves say.

        :param slice_: leaves, and after them what is in none.
        """
        if isinstance(slice_, Run):
            yield from self._take_in_run(slice_)
            return
        for seen in slice_:
            if seen.leaf is None:
                continue
            while self._sizes and self._sizes[-1] <= seen.leaf:
                yield from self._at_head(self._sizes.pop())
            self._last_leaf = seen.leaf
            if isinstance(seen, Meta):
                if seen.document["meta"] == MetaKind.INDEX:
                    yield from self._compare(seen)
            elif isinstance(seen, Seen):
                self._take_in(seen, seen.leaf)
            elif seen.lane is not None:
                self._is_entry(seen.leaf)
                self._is_unsure(seen.leaf)

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Compare the tables with the entries."""
        rest = [] if self._is_copy else [self._last_leaf + 1]
        for size in self._sizes[::-1] or rest:
            yield from self._at_head(size)
        if self._last_index is None:
            if self._last_entry >= 0:
                yield Unchecked(code="no_index")
            return
        if self._unsure is not None:
            yield Unchecked(code="index_unsure", values={"first": self._unsure})
            return
        yield from self._compare_tables()

    def _take_in_run(self, run: Run) -> Iterator[Alarm]:
        at, end = run.first, run.first + len(run)
        while at < end:
            while self._sizes and self._sizes[-1] <= at:
                yield from self._at_head(self._sizes.pop())
            self._is_entry(at)
            at = min(self._sizes[-1], end) if self._sizes else end
            self._last_entry = self._last_leaf = at - 1
        self._map.take(run.cases)

    def _take_in(self, seen: Seen, leaf: int) -> None:
        self._is_entry(leaf)
        if seen.sealed is None or seen.sealed != seen.hash:
            self._is_unsure(leaf)
        else:
            self._map.extend([(_subject(seen.row.body), seen.sealed)])

    def _is_entry(self, leaf: int) -> None:
        self._last_entry = leaf
        if self._open is None:
            self._open = leaf

    def _is_unsure(self, leaf: int) -> None:
        if self._unsure is None:
            self._unsure = leaf

    def _at_head(self, size: int) -> Iterator[Alarm]:
        """No head that came after the first leaf of the index ends with entries not in one."""
        if self._open is not None and self._last_index is not None:
            yield alarm("index_missing", leaf=self._open, size=size)
            self._open = None

    def _compare(self, seen: Meta) -> Iterator[Alarm]:
        self._open, self._last_index = None, seen.leaf
        if self._unsure is not None:
            return
        try:
            said = read_index_leaf(seen.document)
        except Refused as problem:
            yield alarm("index_unread", leaf=seen.leaf, why=problem.rule)
            return
        found = IndexLeaf(self._map.cases(), self._map.entries, self._map.root())
        if said != found and not self._was_wrong:  # named once: those after it build on it
            told = zip(IndexLeaf._fields, said, found, strict=True)
            names = ", ".join(name for name, one, other in told if one != other)
            yield alarm("index_leaf", leaf=seen.leaf, names=names)
        self._was_wrong = said != found

    def _compare_tables(self) -> Iterator[Alarm | Unchecked]:
        reached = case_index.state(self._connection, self._log_id)
        if reached is None or reached.leaves <= self._last_entry:
            covered = reached.leaves if reached else 0
            values = {"covered": covered, "leaves": self._last_leaf + 1}
            yield Unchecked(code="index_behind", values=values)
            return
        stands = (reached.cases, reached.entries)
        if stands != (self._map.cases(), self._map.entries) or reached.leaves > self._last_leaf + 1:
            yield alarm("index_state", leaves=reached.leaves, entries=reached.entries)
        yield from islice(self._wrong_rows(), _MOST)

    def _wrong_rows(self) -> Iterator[Alarm]:
        wanted: dict[object, bytes] = dict(enumerate(self._map.buckets()))
        for number, items in case_index.all_buckets(self._connection, self._log_id):
            is_one = isinstance(number, int) and 0 <= number < BUCKETS
            right = wanted.pop(number, b"") if is_one else b""
            if items != right:
                yield from _wrong_cases(number, items, right)
        for number, items in wanted.items():
            if items:
                yield from _wrong_cases(number, b"", items)
        yield from self._wrong_tiles()

    def _wrong_tiles(self) -> Iterator[Alarm]:
        stored: dict[tuple[object, object], bytes] = {
            (level, n): data
            for level, n, data in case_index.all_tiles(self._connection, self._log_id)
        }
        wanted = self._map.tree()
        bare = IndexTree()
        empty = [bare.tile(level, 0) for level in range(LEVELS)]
        for level in range(LEVELS):
            for n in range(BUCKETS // WIDTH ** (level + 1)):
                if stored.pop((level, n), empty[level]) != wanted.tile(level, n):
                    yield alarm("index_tile", level=level, number=n)
        for place in stored:
            yield alarm("index_tile", level=place[0], number=place[1])


def _subject(body: bytes) -> str | None:
    return subject_of(body.decode("utf-8", "surrogateescape"))


def _wrong_cases(number: object, items: bytes, wanted: bytes) -> Iterator[Alarm]:
    """Name the cases of a bucket that are not what they should be; else the bucket."""
    keys = {item[:HASH_BYTES] for item in _items(items) ^ _items(wanted)}
    for key in sorted(keys):
        yield alarm("index_case", case=key.hex(), number=number)
    if not keys:
        yield alarm("index_bucket", number=number)


def _items(data: bytes) -> set[bytes]:
    return {data[at : at + ITEM_BYTES] for at in range(0, len(data), ITEM_BYTES)}
