"""Hashes of the tree as the database keeps them: what is fetched may lie, and is proven."""

from collections.abc import Iterator

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.strict import HASH_BYTES
from cleangov_plugin.ledger.tiles import Tile, TileNodes, tiles_of
from cleangov_plugin.store import tree


def fetch(connection: Connection, log_id: str, tile: Tile) -> bytes:
    """Read a tile as a tree of its size has it: a wider one begins with the same hashes.

    :param connection: any connection.
    :param log_id: the ledger.
    :param tile: which.
    """
    data = tree.tile_data(connection, log_id, tile.level, tile.index)
    return (data or b"")[: tile.width * HASH_BYTES]


def nodes_of(connection: Connection, log_id: str, size: int) -> TileNodes:
    """Answer the stored hashes of a tree.

    :param connection: any connection.
    :param log_id: the ledger.
    :param size: leaves of the tree.
    """
    return TileNodes(size, lambda tile: fetch(connection, log_id, tile))


def new_tiles(
    connection: Connection, log_id: str, size: int, since: int
) -> Iterator[tuple[Tile, bytes]]:
    """Go through the tiles that a tree has and a smaller one had not.

    :param connection: any connection.
    :param log_id: the ledger.
    :param size: leaves of the tree.
    :param since: leaves of the smaller one.
    """
    for tile in tiles_of(size, since):
        yield tile, fetch(connection, log_id, tile)
