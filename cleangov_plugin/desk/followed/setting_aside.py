"""What an agency declared lost, and its follower still has: it is kept apart, in bundles.

After a lawful recovery the agency's ledger goes on without those entries, and may use their places
again. The copy says the same as the agency's ledger; the bodies stay with oversight.
"""

from pathlib import Path

from cleangov_plugin.desk.sealed.outside import Outside
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.entry_bundle import write_bundle
from cleangov_plugin.ledger.tiles import ENTRIES, WIDTH, Tile
from cleangov_plugin.store import copying


def set_aside(connection: Connection, private: Path, log_id: str, first: int, end: int) -> None:
    """Write the bodies of leaves into bundles, and then take them out of the tables.

    :param connection: a writing connection of the copy.
    :param private: folder that only the follower may read.
    :param log_id: the ledger.
    :param first: the first leaf that was declared lost.
    :param end: one past the last that the copy has.
    :raises SettingsError: where the folder cannot be written.
    """
    if first >= end:
        return
    place = Outside(private / "lost" / f"{first}-{end}", log_id)
    for n in range(first // WIDTH, (end + WIDTH - 1) // WIDTH):
        start, width = n * WIDTH, min(WIDTH, end - n * WIDTH)
        rows = copying.texts(connection, log_id, start, width)
        found = {row.idx: row.text or "" for row in rows if row.idx >= first}
        bodies = [found.get(start + at, "").encode() for at in range(width)]
        place.save({Tile(ENTRIES, n, width): write_bundle(bodies)})
    copying.set_aside(connection, log_id, first, end)
