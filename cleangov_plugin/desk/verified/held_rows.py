"""ANCH, ROOT: every head that was published has its row, and what is outside is the newest."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from cleangov_plugin.desk.sealed.outside import Outside
from cleangov_plugin.desk.sealed.stored_tiles import new_tiles
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.store.tree import TreeHeadRow

from .alarms import Unchecked, Verified
from .held_heads import Held
from .walking import Walked

#: A copy of the folder of heads may be a day behind.
_BEHIND: Final = timedelta(hours=24)
#: Tiles that are named; whoever changes more has changed enough.
_MOST: Final = 20


def compare_rows(
    held: Sequence[Held],
    stored: Sequence[TreeHeadRow],
    walked: Walked,
    now: datetime | None,
    found: Verified,
) -> None:
    """Look for heads whose row is gone, and for a head outside that was put back.

    A row is written before its head is published, and never deleted; where a loss was declared,
    the rows of the lost leaves' heads are missing rightly.

    :param held: heads that are held away from the database.
    :param stored: heads as they are stored.
    :param walked: the tree.
    :param now: the present time; None judges nothing by it.
    :param found: what was found; alarms are added.
    """
    sizes = {head.size for head in stored}
    lost = [what.values for what in found.unchecked if what.code == "lost"]
    for each in held:
        size = each.head.size
        if size in sizes or not size or walked.roots.get(size) != each.head.root:
            continue
        if not any(said["first"] < size <= said["last"] for said in lost):
            found.raise_alarm("head_gone", place=each.place, size=size)
    outside = next((each for each in held if each.code == "outside"), None)
    signed = max((head for head in stored if head.note), key=lambda head: head.size, default=None)
    if outside is None or signed is None or now is None or signed.size <= outside.head.size:
        return
    if _is_long_ago(signed.published_at, now):
        found.raise_alarm("outside_old", size=outside.head.size, newest=signed.size)


def _is_long_ago(text: str | None, now: datetime) -> bool:
    """Answer whether a head was published so long ago that every copy has it; hostile text."""
    try:
        at = instant(text or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return True
    return not now - _BEHIND <= at <= now + _BEHIND


def compare_tiles(
    connection: Connection,
    outside: Outside,
    held: Sequence[Held],
    walked: Walked,
    found: Verified,
    since: int = 0,
) -> None:
    """Compare the tiles outside with those of the database: a loss is repaired from them.

    :param connection: a reading connection.
    :param outside: where head and tiles are kept.
    :param held: heads that are held away from the database.
    :param walked: the tree.
    :param found: what was found; alarms are added.
    :param since: leaves whose tiles were compared before.
    """
    size = next((each.head.size for each in held if each.code == "outside"), 0)
    if not size or size > walked.leaves:
        return  # there is nothing to compare, or the database was cut off: that is said
    if not (outside.own / "tile").is_dir():
        found.unchecked.append(Unchecked(code="no_tiles", values={"place": str(outside.own)}))
        return
    named = 0
    for tile, data in new_tiles(connection, outside.log_id, size, since):
        if outside.tile(tile) != data:
            found.raise_alarm("tile_outside", path=tile.path)
            named += 1
        if named == _MOST:
            return
