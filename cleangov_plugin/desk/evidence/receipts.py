"""Receipts: the proof for one entry, without a word of the entry, as a paper and as a file."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from cleangov_plugin.desk.own_kinds import SOURCE
from cleangov_plugin.desk.sealed.outside import Outside
from cleangov_plugin.desk.sealed.own_leaves import LONGEST_DELAY
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.instants import instant, stamp
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.store import leaf_places
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.knowledge import event_key
from cleangov_plugin.store.leaf_places import EntryPlace

from .proving import NotProven, Published, key_of, known_keys, prover

#: How a proof begins, on a line of its own (C2SP tlog-proof).
PROOF_BEGINS: Final = "c2sp.org/tlog-proof@v1\n"
#: The line of a printed receipt that names the entry's hash.
_HASH: Final = re.compile(r"^hash: ([0-9a-f]{64})\r?$", re.MULTILINE | re.ASCII)
_PAPER: Final = """\
清廉监督 · 存证回执

下面的散列所指的那一条记录，在账本签署这个树头时，就在账本的这个位置。此后对它的改动、删除或
调换都能被发现。
它不证明：记录所说的是真的；记录是谁写的；没有别的记录。这张回执里没有记录的内容。
怎样核对：打开平台的“核对回执”页（/cleangov/check），把整张回执贴进去；或者不靠我们，按
docs/ledger.md 用 openssl 核对。公钥要从公告、公报或电话取得，不要从给您回执的人那里取得。

Supervision · receipt

The entry with the hash below stood in the ledger at this place when its key signed this head. If
it is changed, removed or exchanged after that, it shows.
It does not prove that what the entry says is true, who wrote it, or that there are no others.
Nothing of the entry stands on this paper.
To check it, open the platform's page /cleangov/check and paste all of this; or, without us, use
openssl as docs/ledger.md has it. Take the public key from print, from the gazette or by telephone,
never from whoever gave you this paper.

log: {log_id}
entry: {row} (lane {lane}, no {no})
leaf: {leaf}
hash: {hash}
head: {size} leaves, root {root}
published: {at}
key: {key}

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A receipt.

    :param place: the entry, and its place in the tree.
    :param leaf: place of its leaf.
    :param hash: hash of its body as a leaf, worked out from the body as it stands.
    :param head: the signed head it was made under.
    :param key: text of the key that signed the head; empty where it is not known here.
    :param proof: the proof, as a C2SP tlog-proof.
    """

    place: EntryPlace
    leaf: int
    hash: bytes
    head: Published
    key: str
    proof: bytes

    def paper(self) -> str:
        """Answer what is printed: what it proves and what not, in both languages, and the proof."""
        head, place = self.head.head, self.place
        said = _PAPER.format(
            log_id=place.log_id,
            row=place.row,
            lane=place.lane,
            no=place.no,
            leaf=self.leaf,
            hash=self.hash.hex(),
            size=head.size,
            root=head.root.hex(),
            at=self.head.at or "-",
            key=self.key or "-",
        )
        return said + self.proof.decode()


#: Looks an entry up.
Find = Callable[[Connection], Sequence[EntryPlace]]


def receipt(
    database: Database,
    folder: Path | None,
    find: Find,
    *,
    asked: str,
    keys: Path | None = None,
    log_id: str | None = None,
    from_outside: bool = False,
) -> Receipt:
    """Make the receipt of one entry.

    :param database: the database.
    :param folder: folder of the heads; None where there is none.
    :param find: looks the entry up.
    :param asked: what was asked for, to be named where there is none.
    :param keys: folder of the key files, to name the key on it; None where it is not known.
    :param log_id: the ledger; None where the entry tells.
    :param from_outside: whether hashes are taken from the folder, not from the database.
    :raises NotProven: where there is no such entry, or no proof yet.
    :raises SettingsError: where the folder is wanted and not known.
    """
    with database.own_look() as connection:
        place = _one([p for p in find(connection) if log_id in (None, p.log_id)], asked)
    if place.leaf is None:
        until = instant(place.ingested_at) + timedelta(seconds=LONGEST_DELAY)
        raise NotProven("not_sealed", row=place.row, until=stamp(until))
    outside = Outside(folder, place.log_id) if folder else None
    with database.own_look() as connection:
        maker = prover(
            connection, outside, place.log_id, from_outside=from_outside, leaf=place.leaf
        )
        hash_ = leaf_hash(place.body.encode("utf-8", "surrogateescape"))
        known = known_keys(connection, keys, place.log_id)
        key = key_of(maker.published.note, known)
        return Receipt(
            place=place,
            leaf=place.leaf,
            hash=hash_,
            head=maker.published,
            key=key.text if key else "",
            proof=maker.proof(place.leaf, hash_),
        )


def finder(*, row: int | None, event: str | None, lane: int | None, no: int | None) -> Find | None:
    """Answer what looks up the one entry that was asked for; None where not one way was named.

    :param row: number of its row.
    :param event: id of its event.
    :param lane: its lane.
    :param no: its number there.
    """
    ways: list[Find] = []
    if row is not None:
        ways.append(lambda connection: leaf_places.by_row(connection, row))
    if event is not None:
        ways.append(lambda connection: leaf_places.by_event(connection, event))
    if lane is not None and no is not None:
        ways.append(lambda connection: leaf_places.by_place(connection, lane, no))
    is_half = (lane is None) != (no is None)
    return ways[0] if len(ways) == 1 and not is_half else None


def find_own(log_id: str, event_id: str) -> Find:
    """Answer what looks up an entry of our own kinds.

    :param log_id: the ledger.
    :param event_id: id of its event.
    """
    key = event_key(SOURCE, event_id)
    return lambda connection: leaf_places.by_key(connection, log_id, key)


def read_paper(text: str) -> tuple[bytes | None, bytes | None]:
    """Find the proof and the entry's hash in what somebody pasted: a paper, or the proof alone.

    :param text: hostile.
    :return: the proof's bytes and the hash, each None where there is none.
    """
    text = text.replace("\r\n", "\n")
    above, begins, proof = text.partition(PROOF_BEGINS)
    named = _HASH.search(above)
    hash_ = bytes.fromhex(named[1]) if named else None
    if not begins:
        return None, hash_
    return (begins + proof.strip() + "\n").encode("utf-8", "surrogateescape"), hash_


def _one(found: list[EntryPlace], asked: str) -> EntryPlace:
    if not found:
        raise NotProven("no_entry", asked=asked)
    if len(found) > 1:
        names = ", ".join(f"{place.log_id} {place.row}" for place in found)
        raise NotProven("ambiguous", found=names)
    return found[0]
