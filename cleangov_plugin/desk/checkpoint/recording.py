"""Recording what has happened, in the host's own transaction; never an exception for the host."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from cleangov_hooks import Event
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import SOURCE
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.desk.waiting_code import digest_of_waiting, with_code
from cleangov_plugin.desk.wire import told
from cleangov_plugin.domain.errors import InvalidEvent
from cleangov_plugin.domain.terms import GapReason
from cleangov_plugin.store import gaps
from cleangov_plugin.store.isolation import describe, has_room, shielded
from cleangov_plugin.store.run import Busy

from .checked import is_plain
from .entering import Owed, enter

#: How a host's events are called that name our own source.
_OF_HOST: Final = f"host:{SOURCE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of one event.

    :param is_new: whether its entry was written now.
    :param owed: why it waits; None where it has its entry.
    :param detail: name of the field or type of error; never personal text.
    :param is_lost: whether neither a table nor the spool took it.
    """

    is_new: bool = False
    owed: GapReason | None = None
    detail: str = ""
    is_lost: bool = False


class OfHost(Sequence[Any]):
    """A host's events, none of which stands under our own source.

    Our own entries say who declared, agreed to and looked at something; what a host sends, or
    hands on from elsewhere, says none of it. It is kept, and its source says whose it is. Each is
    looked at when it is taken: a log's clock stands where its last one was taken.

    :param events: what the host sent; hostile.
    """

    def __init__(self, events: Sequence[Any]) -> None:
        self._events = events

    def __len__(self) -> int:
        return len(self._events)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [_host_s(event) for event in self._events[place]]
        return _host_s(self._events[place])


def _host_s(event: Any) -> Any:
    if isinstance(event, Event) and event.source == SOURCE:
        return replace(event, source=_OF_HOST)
    return event


def record(desk: Desk, events: Sequence[Event], connection: Connection) -> int:
    """Record events beside the business rows that they tell of.

    What cannot be judged now is kept as a gap in the same transaction; where no table takes it,
    in the spool; where that is full, it is counted. It never raises for what an event holds.

    :param desk: the desk.
    :param events: what has happened, usually one.
    :param connection: the host's connection, after the host's own writes.
    :return: how many events were told.
    """
    if not events:
        return 0
    state = describe(connection)
    for number, event in enumerate(events):
        desk.counters.add("events")
        try:
            if state.is_serializable:
                # A fact that others write, too, would make the host's commit fail: so nothing is
                # read here, and the event is judged after the commit.
                owe(desk, connection, event, GapReason.ISOLATION)
            elif not has_room(connection, state):
                owe(desk, connection, event, GapReason.BUSY, "locks")
            else:
                _record(desk, connection, event, is_alone=len(events) == 1)
        except BaseException:  # the process ends, or a native library panics: not ours to stop
            for left in events[number:]:
                _spool(desk, told(left, desk.types()))
            raise
    return len(events)


def owe_all(
    desk: Desk, connection: Connection, events: Sequence[object], reason: GapReason, detail: str
) -> None:
    """Keep events whose evaluation is owed, each as `owe` does.

    :param desk: the desk.
    :param connection: the host's connection.
    :param events: what the host sent; hostile.
    :param reason: why they are owed.
    :param detail: name of the field or type of error; never personal text.
    """
    for event in events:
        owe(desk, connection, event, reason, detail)


def record_one(desk: Desk, event: object, connection: Connection) -> Kept:
    """Record one event in a transaction of our own, and answer what became of it.

    :param desk: the desk.
    :param event: what has happened; hostile.
    :param connection: a writing connection of our own.
    """
    desk.counters.add("events")
    return _record(desk, connection, event, is_alone=False)


def _record(desk: Desk, connection: Connection, event: object, *, is_alone: bool) -> Kept:
    try:
        with shielded(connection, is_first=is_alone):
            entered = enter(desk, connection, event)
        desk.counters.add("entries" if entered.is_new else "resent")
        record(desk, entered.ended, connection)
        if not entered.is_whole:
            owe(desk, connection, event, GapReason.BUSY, gaps.FINDING)
        return Kept(is_new=entered.is_new)
    except InvalidEvent as problem:
        kept = Kept(owed=GapReason.INVALID, detail=problem.where)
    except Owed as problem:
        kept = Kept(owed=problem.reason, detail=problem.detail)
    except Busy as problem:  # it would have to wait for another transaction
        kept = Kept(owed=GapReason.BUSY, detail=problem.where)
    except Exception as problem:  # whatever it was, the host's step goes on and nothing is lost
        kept = Kept(owed=GapReason.ERROR, detail=type(problem).__name__)
    is_kept = owe(desk, connection, event, kept.owed or GapReason.ERROR, kept.detail)
    return kept if is_kept else replace(kept, is_lost=True)


def owe(
    desk: Desk, connection: Connection, event: object, reason: GapReason, detail: str = ""
) -> bool:
    """Keep an event whose evaluation is owed: in a table, else in the spool, else as a number.

    :param desk: the desk.
    :param connection: the host's connection.
    :param event: what the host sent; hostile.
    :param reason: why it is owed.
    :param detail: name of the field or type of error; never personal text.
    :return: whether a table or the spool took it.
    """
    desk.counters.add(f"owed.{reason.value}")
    text = told(event, desk.types())
    try:
        with shielded(connection):
            gaps.add(
                connection,
                _text(event, "agency_id"),
                event=_coded(desk, event, text, detail),
                event_key=_key(event),
                reason=reason,
                detail=detail,
                now=desk.host.now(),
                retention=desk.retention("gap"),
            )
        desk.counters.add("owed")
        return True
    except Exception:  # no table takes it: a full disk, a missing table, a read-only database
        return _spool(desk, text)


def _coded(desk: Desk, event: object, text: str, detail: str) -> str:
    """Give a code to what verifying takes for a reason why something is not there."""
    log_id, is_ours = _text(event, "agency_id"), _text(event, "source") == SOURCE
    if not log_id or not (is_ours or detail == gaps.FINDING):
        return text
    code = desk.codes.code(log_id, desk.host.now(), digest_of_waiting(text))
    return text if code is None else with_code(text, code)


def _spool(desk: Desk, text: str) -> bool:
    is_kept = desk.spool.put(text)
    desk.counters.add("spooled" if is_kept else "lost")
    return is_kept


def _key(event: object) -> str | None:
    source, id_ = _text(event, "source"), _text(event, "id")
    return f"{source}\t{id_}" if source and id_ else None


def _text(event: object, name: str) -> str:
    value = getattr(event, name, "")
    return value if isinstance(value, str) and len(value) <= 200 and is_plain(value) else ""
