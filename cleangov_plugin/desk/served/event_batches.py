"""Events of a batch, each in a transaction of its own, by the verb that the hooks use."""

from dataclasses import dataclass

from cleangov_hooks import Event
from cleangov_plugin.desk.checkpoint.recording import Kept, record_one
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.domain.terms import GapReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of one event.

    :param status: ``recorded``, ``known`` (the same was recorded before), ``owed`` (kept, to be
        judged later), ``conflict`` (another event was recorded under its id; this one is kept
        beside it, for somebody to look at), ``invalid`` (kept as it came, not an event of the
        contract) or ``busy`` (nothing was kept: send it again).
    :param detail: name of the field or type of error.
    """

    status: str
    detail: str = ""


_OWED = {GapReason.CONFLICT: "conflict", GapReason.INVALID: "invalid"}


def tell(desk: Desk, event: Event) -> Told:
    """Record one event; it is kept whole or not at all.

    :param desk: the desk.
    :param event: what has happened.
    :return: what became of it; ``busy`` where the database took nothing.
    """
    try:
        with desk.database.own_transaction() as connection:
            kept = record_one(desk, event, connection)
    except Exception as problem:  # the transaction is undone: the caller still has the event
        desk.counters.add("served.busy")
        return Told(status="busy", detail=type(problem).__name__)
    return Told(status="busy", detail=kept.detail) if kept.is_lost else _told(kept)


def _told(kept: Kept) -> Told:
    if kept.owed is None:
        return Told(status="recorded" if kept.is_new else "known")
    return Told(status=_OWED.get(kept.owed, "owed"), detail=kept.detail or kept.owed.value)
