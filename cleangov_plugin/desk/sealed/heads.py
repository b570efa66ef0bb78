"""The head outside: what is in the database must continue it, and then a new one is published."""

from collections.abc import Callable, Sequence
from datetime import datetime

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.ledger.merkle_proof import consistency_proof, verify_consistency
from cleangov_plugin.ledger.note import open_note, sign_note
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.tree import EMPTY_ROOT
from cleangov_plugin.ledger.tree_head import TreeHead, read_tree_head, write_tree_head
from cleangov_plugin.store import tree
from cleangov_plugin.store.database import Database

from .outside import Outside
from .stored_tiles import new_tiles, nodes_of


class Recovery(CleanGovError):
    """The database is behind the head outside, or tells another story: nothing is signed."""


def head_outside(
    outside: Outside, signer: SignerKey, older: Sequence[SignerKey] = ()
) -> TreeHead | None:
    """Read the head outside; None where none was published yet.

    :param outside: where it is kept.
    :param signer: the key that signs.
    :param older: keys that signed before it, and still may.
    :raises Recovery: where it is not of this log.
    """
    note = outside.head()
    if note is None:
        return None
    try:
        head = read_tree_head(open_note(note, [k.verifier for k in (*older, signer)]).text)
    except Refused as problem:
        raise _recovery(outside, f"the head outside is not ours: {problem}") from problem
    if head.origin != signer.name:
        raise _recovery(outside, f"the head outside is of another log, {head.origin!r}.")
    return head


def check_continues(
    connection: Connection, outside: Outside, known: TreeHead | None
) -> tuple[int, bytes]:
    """Refuse to go on from a database that was put back or rewritten.

    :param connection: any connection.
    :param outside: where the head is kept.
    :param known: the head outside; None where there is none.
    :return: size and root of the tree in the database.
    :raises Recovery: where the tree does not continue the head outside.
    """
    last = tree.last_head(connection, outside.log_id)
    size, root = (0, EMPTY_ROOT) if last is None else (last.size, last.root)
    if known is None or known.size == 0:
        return size, root
    if known.size > size:
        what = f"the head outside has {known.size} leaves, the database {size}."
        raise _recovery(outside, what)
    try:
        nodes = nodes_of(connection, outside.log_id, size)
        proof = consistency_proof(known.size, size, nodes)
        verify_consistency(known.size, size, known.root, root, proof)
    except Refused as problem:
        what = f"the tree does not continue the head outside: {problem}"
        raise _recovery(outside, what) from problem
    return size, root


def publish_head(
    database: Database,
    outside: Outside,
    signer: SignerKey,
    known: TreeHead | None,
    now: Callable[[], datetime],
    older: Sequence[SignerKey] = (),
) -> tuple[int, bytes]:
    """Sign the newest head and publish it with its tiles, where it is not outside already.

    :param database: the database.
    :param outside: where head and tiles are kept; held by the caller.
    :param signer: the key that signs.
    :param known: the head outside; None where there is none.
    :param now: answers the present time.
    :param older: keys that sign beside it.
    :return: size and root of the newest head.
    :raises Recovery: where the tree does not continue the head outside.
    """
    log_id = outside.log_id
    with database.own_transaction(is_reading=database.is_sqlite) as connection:
        tree.hold_seal(connection, log_id)  # sealers whose folders know no locks
        size, root = check_continues(connection, outside, known)
        last = tree.last_head(connection, log_id)
        is_new = last is not None and (known is None or known.size < size or last.note is None)
        if is_new:
            tiles = dict(new_tiles(connection, log_id, size, known.size if known else 0))
            head = TreeHead(origin=signer.name, size=size, root=root)
            note = sign_note(write_tree_head(head), [*older, signer])
            outside.publish(note, tiles)
            if not database.is_sqlite:
                tree.published(connection, log_id, size, note.decode(), now())
    if is_new and database.is_sqlite:  # written apart: files are slow, and SQLite has one writer
        with database.own_transaction() as connection:
            tree.published(connection, log_id, size, note.decode(), now())
    return size, root


def _recovery(outside: Outside, what: str) -> Recovery:
    return Recovery(
        what,
        where=str(outside.own),
        remedy="Nothing was signed. Run 'cleangov verify'; restore the newest database, or declare"
        " with 'cleangov recover' what was lost.",
    )
