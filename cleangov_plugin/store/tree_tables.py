"""Tables of the tree over the entries of a ledger. All of them can be made again from the entries;
what they say is believed nowhere without being worked out anew.
"""

from sqlalchemy import Table, UniqueConstraint

from .columns import AGENCY, data, metadata, number, small, text

#: One leaf of the tree: the entry at a place of a lane, or, where that is empty, `meta`.
leaf = Table(
    "cleangov_leaf",
    metadata,
    text("log_id", key=True),
    number("idx", key=True),
    small("lane", null=True),
    number("no", null=True),
    data("hash"),
    text("meta", null=True),
    UniqueConstraint("log_id", "lane", "no"),
    info=AGENCY,
)

#: Up to 256 hashes of one level, as C2SP tlog-tiles has them; the last one of a level grows.
tile = Table(
    "cleangov_tile",
    metadata,
    text("log_id", key=True),
    small("level", key=True),
    number("n", key=True),
    data("data"),
    info=AGENCY,
)

#: Written before it is signed: `note` is empty until the head was published.
tree_head = Table(
    "cleangov_tree_head",
    metadata,
    text("log_id", key=True),
    number("size", key=True),
    data("root"),
    text("integrated_at"),
    text("note", null=True),
    text("published_at", null=True),
    info=AGENCY,
)

#: The cases of a bucket of the case index, 72 bytes each; a row for each bucket that has any.
case_index = Table(
    "cleangov_case_index",
    metadata,
    text("log_id", key=True),
    small("bucket", key=True),
    data("items"),
    info=AGENCY,
)

#: The tree over the buckets, in tiles of 16 hashes: at level 0 of buckets, at level 3 one tile.
index_tile = Table(
    "cleangov_index_tile",
    metadata,
    text("log_id", key=True),
    small("level", key=True),
    small("n", key=True),
    data("data"),
    info=AGENCY,
)

#: How far the index goes: leaves it covers, and the cases and entries of these.
index_state = Table(
    "cleangov_index_state",
    metadata,
    text("log_id", key=True),
    number("leaves"),
    number("cases"),
    number("entries"),
    info=AGENCY,
)
