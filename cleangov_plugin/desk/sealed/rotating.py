"""Rotation: another key signs from here on, and the ledger itself says so."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cleangov_plugin.ledger.meta import MetaKind
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.store import tree
from cleangov_plugin.store.database import Database

from .heads import check_continues, head_outside, publish_head
from .outside import Outside, add_key, signers_of
from .own_leaves import own_leaf
from .sealing import put_own


def rotate(
    database: Database, outside: Outside, keys: Path, now: Callable[[], datetime]
) -> SignerKey:
    """Make the next key, name it in a leaf of the ledger, and sign with the old and the new one.

    Killed in the middle, it is begun again with the key that was made already.

    :param database: the database.
    :param outside: where head and tiles are kept.
    :param keys: folder of the key files.
    :param now: answers the present time.
    :return: the new key. Once auditors have it, the older file is taken away.
    :raises Recovery: where the database does not continue the head outside.
    """
    with outside.held():
        *older, signer = signers_of(keys, outside.log_id, is_made=True)
        known = head_outside(outside, signer, older)
        with database.own_transaction() as connection:
            tree.hold_seal(connection, outside.log_id)
            size, _ = check_continues(connection, outside, known)
            if size == 0:
                return signer  # nothing was signed yet: the first batch names it
            if not older or tree.is_named(connection, outside.log_id, signer.verifier.text):
                add_key(keys)
                *older, signer = signers_of(keys, outside.log_id, is_made=False)
            named = {"key": signer.verifier.text, "before": older[-1].verifier.text}
            leaf = own_leaf(MetaKind.KEY, outside.log_id, now(), **named)
            put_own(connection, outside.log_id, size, [leaf], now())
        publish_head(database, outside, signer, known, now, older)
    return signer
