"""What a leaf says of the tables: how they are made, as digests, and of which revision they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.meta import MetaKind, decode_meta
from cleangov_plugin.store.own_leaf_rows import SCHEMA_LEAF, newest_schema
from cleangov_plugin.store.schema_fingerprint import digest_of, fingerprint, revision_of
from cleangov_plugin.store.tree import Leaf

from .own_leaves import own_leaf

#: Hexadecimal digits of a thing's digest in a leaf: they tell which thing changed. That nothing did
#: is told by the whole digest.
SHORT: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """How the tables are made, as a leaf says it or as they stand now.

    :param digest: digest of all things together, hexadecimal.
    :param revision: revision of the tables; None where they do not say.
    :param things: short digest by name of the thing; None where they were too many for a leaf.
    """

    digest: str
    revision: str | None
    things: Mapping[str, str] | None = field(default=None, repr=False)


def tables_now(connection: Connection) -> Tables:
    """Answer how the tables are made now.

    :param connection: any connection; on PostgreSQL in a transaction.
    """
    things = fingerprint(connection)
    return Tables(
        digest=digest_of(things),
        revision=revision_of(connection, things),
        things={name: digest[:SHORT] for name, digest in things.items()},
    )


def tables_of(document: Mapping[str, Any]) -> Tables:
    """Read what a leaf says of the tables.

    :param document: the leaf; hostile. What cannot be read equals nothing.
    """
    lines, revision = document.get("things"), document.get("revision")
    things: dict[str, str] | None = None
    if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
        things = {line[SHORT + 1 :]: line[:SHORT] for line in lines}
    return Tables(
        digest=str(document.get("digest")),
        revision=revision if isinstance(revision, str) else None,
        things=things,
    )


def sealed_tables(connection: Connection, log_id: str) -> Tables | None:
    """Answer what the newest leaf of a ledger says of the tables; None where there is none.

    :param connection: any connection.
    :param log_id: the ledger.
    """
    text = newest_schema(connection, log_id)
    try:
        return None if text is None else tables_of(decode_meta(text))
    except ProfileError:
        return None


def schema_leaf(connection: Connection, log_id: str, now: datetime) -> Leaf | None:
    """Make the leaf that says how the tables are made; None where the newest one says the same.

    :param connection: any connection.
    :param log_id: the ledger.
    :param now: the present time, aware.
    """
    there = tables_now(connection)
    sealed = sealed_tables(connection, log_id)
    if sealed is not None and (sealed.digest, sealed.revision) == (there.digest, there.revision):
        return None
    said = {"digest": there.digest, "revision": there.revision}
    lines = [f"{digest} {name}" for name, digest in sorted((there.things or {}).items())]
    try:
        leaf = own_leaf(MetaKind.SCHEMA, log_id, now, **said, things=lines)
    except ProfileError:  # too many for a leaf
        leaf = own_leaf(MetaKind.SCHEMA, log_id, now, **said)
    return leaf._replace(no=SCHEMA_LEAF)
