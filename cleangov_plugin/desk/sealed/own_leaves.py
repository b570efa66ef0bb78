"""What the ledger says of itself in its tree: with the first batch, and after every batch."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.meta import MetaKind, encode_meta
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.store.tree import Leaf, Unsealed

#: Seconds within which an entry is sealed: what is older and in no leaf is an alarm.
LONGEST_DELAY: Final = 60


def own_leaves(
    connection: Connection,
    log_id: str,
    signer: SignerKey,
    before: int,
    batch: Sequence[Unsealed],
    now: datetime,
) -> tuple[list[Leaf], list[Leaf]]:
    """Answer the leaves of the ledger's own that stand before a batch of entries and behind it.

    :param connection: a writing connection that holds the seal.
    :param log_id: the ledger.
    :param signer: the key that signs.
    :param before: leaves of the tree until now.
    :param batch: the entries that are sealed now.
    :param now: the present time, aware.
    :return: leaves before, and leaves behind.
    """
    del connection, batch
    first = [] if before else [_genesis(log_id, signer, now)]
    return first, []


def own_leaf(kind: MetaKind, log_id: str, now: datetime, **values: Any) -> Leaf:
    """Make a leaf of the ledger's own.

    :param kind: what it says.
    :param log_id: the ledger.
    :param now: the present time, aware.
    :param values: what it says besides.
    """
    text = encode_meta(kind, log_id, now, **values)
    return Leaf(hash=leaf_hash(text.encode()), meta=text)


def _genesis(log_id: str, signer: SignerKey, now: datetime) -> Leaf:
    return own_leaf(MetaKind.GENESIS, log_id, now, key=signer.verifier.text, delay_s=LONGEST_DELAY)
