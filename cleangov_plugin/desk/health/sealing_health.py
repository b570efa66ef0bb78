"""Whether somebody seals: what is in no leaf yet can be changed with less trace."""

from collections.abc import Iterator

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.store import tree

from .health_check import Check, State

#: Unsealed entries that are counted; there may be more.
_MOST = 10_000


def sealing(connection: Connection, log_id: str) -> Iterator[Check]:
    """Look how far a ledger is sealed.

    :param connection: a reading connection.
    :param log_id: the ledger.
    """
    waiting = tree.unsealed(connection, log_id, _MOST)
    last = tree.last_head(connection, log_id)
    values = {
        "agency": log_id,
        "number": f"{len(waiting)}{'+' if len(waiting) == _MOST else ''}",
        "size": last.size if last else 0,
        "at": _minute(last.published_at or last.integrated_at) if last else "–",
    }
    if last is None and not waiting:
        return  # nothing was written yet
    if last is None:
        yield Check(key="sealing.none", state=State.NOTE, values=values)
    elif last.note is None:
        yield Check(key="sealing.unsigned", state=State.BAD, values=values)
    else:
        key = "sealing.waiting" if waiting else "sealing"
        yield Check(key=key, state=State.NOTE if waiting else State.GOOD, values=values)


def _minute(at: str) -> str:
    """Write an instant as people read it: fixed-width UTC text, to the minute."""
    return f"{at[:10]} {at[11:16]} UTC"
