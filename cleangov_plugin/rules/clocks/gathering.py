"""What the events of a case mean to a clock: starts, stops, spans and extensions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cleangov_hooks import Precision
from cleangov_plugin.domain.record import Record

from .counting import Span
from .model import Clock, Decider, Extension, Pause


@dataclass(frozen=True, slots=True)
class Remark:
    """A step that did not do what it was meant to.

    :param code: ``"wrong_role"``, ``"one_too_many"`` or ``"too_late"``.
    :param what: the pause or extension; for one too many, the kind of event.
    :param event_id: the event.
    """

    code: str
    what: str
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """An extension that was decided.

    :param id: which it is.
    :param event_id: the event.
    :param at: when it was decided.
    :param least: by how much for certain.
    :param most: by how much at most.
    :param missing: what is not known of it; None where it stands for certain.
    """

    id: str
    event_id: str
    at: datetime
    least: int
    most: int
    missing: str | None


@dataclass(slots=True)
class Gathered:
    """One run, as its events tell it.

    :param started_at: when it started.
    :param started_by: the event it started with.
    :param stop: the event it ended with.
    :param spans: what does not count.
    :param extensions: what makes it longer.
    :param missing: what is not known.
    :param remarks: steps that did not do what they were meant to.
    :param is_coarse: whether the time of day of an event is not known.
    """

    started_at: datetime
    started_by: str
    stop: Record | None = None
    spans: list[Span] = field(default_factory=list)
    extensions: list[Extended] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    is_coarse: bool = False


def gather(
    clock: Clock, records: Iterable[Record], zone: ZoneInfo, now: datetime
) -> list[Gathered]:
    """Sort the events of a case into runs of a clock.

    :param clock: the clock.
    :param records: the events, in any order.
    :param zone: the authority's zone.
    :param now: the moment asked about; later events are left out.
    :return: the runs, in order.
    """
    known = [each for each in records if each.occurred_at <= now]
    gone = {(each.source, each.supersedes) for each in known if each.supersedes is not None}
    stand = [each for each in known if (each.source, each.event_id) not in gone]
    found: list[Gathered] = []
    run: _Gathering | None = None
    for record in sorted(
        (each for each in stand if each.kind in clock.kinds), key=lambda each: _place(clock, each)
    ):
        if run is None:
            if record.kind in clock.starts and _applies(clock, record, zone):
                run = _Gathering(clock, record)
                found.append(run.found)
            continue
        if run.take(record):
            run = None
    if run is not None:
        run.close()
    return found


def _place(clock: Clock, record: Record) -> tuple[datetime, int]:
    """Where an event stands in the order; one of which only the day is known, at the day's end.

    But a start stands at its beginning: what happens on the same day happens after it.
    """
    is_late = record.precision is Precision.DAY and record.kind not in clock.starts
    at = record.occurred_at + (timedelta(days=1, seconds=-1) if is_late else timedelta())
    return at, record.row or 0


def _applies(clock: Clock, record: Record, zone: ZoneInfo) -> bool:
    day = record.occurred_at.astimezone(zone).date()
    return any(basis.is_valid_on(day) for basis in clock.basis)


class _Gathering:
    """One run while its events are read."""

    def __init__(self, clock: Clock, record: Record) -> None:
        self.found = Gathered(record.occurred_at, record.event_id)
        self._clock = clock
        self._open: dict[str, tuple[Record, str | None]] = {}
        self._slots = [each for each in clock.extensions for _ in range(each.times)]
        self._look_at_precision(record)

    def take(self, record: Record) -> bool:
        """Take the next event; answer whether the run ends with it."""
        clock = self._clock
        if record.kind in clock.starts:
            return False
        self._look_at_precision(record)
        for pause in clock.pauses:
            if pause.id in self._open and record.kind in pause.ends:
                self._end(pause.id, record.occurred_at)
            elif pause.id not in self._open and record.kind in pause.begins:
                self._begin(pause, record)
        if any(record.kind == each.on for each in clock.extensions):
            self._extend(record)
        if record.kind in clock.stops:
            self.found.stop = record
            self.close()
            return True
        return False

    def close(self) -> None:
        """Leave open what is open still."""
        for id_ in list(self._open):
            self._end(id_, None)

    def _begin(self, pause: Pause, record: Record) -> None:
        missing = self._decided(pause.decider, pause.id, record)
        if missing != "":
            self._open[pause.id] = (record, missing)

    def _end(self, id_: str, at: datetime | None) -> None:
        record, missing = self._open.pop(id_)
        self.found.spans.append(Span(record.occurred_at, at, is_sure=missing is None))
        if missing is not None:
            self.found.missing.append(missing)

    def _extend(self, record: Record) -> None:
        slot = self._slots[0] if self._slots else None
        if slot is None or slot.on != record.kind:
            self.found.remarks.append(Remark("one_too_many", record.kind, record.event_id))
            return
        missing = self._decided(slot.decider, slot.id, record)
        if missing == "":
            return
        self._slots.pop(0)
        least, missing = _length(slot, record, missing)
        self.found.extensions.append(
            Extended(
                id=slot.id,
                event_id=record.event_id,
                at=record.occurred_at,
                least=least,
                most=slot.length if missing is not None else least,
                missing=missing,
            )
        )

    def _decided(self, decider: Decider | None, what: str, record: Record) -> str | None:
        """Answer what is missing of a decision; None where it stands, empty where it does not."""
        if decider is None:
            return None
        role = record.attributes.get(decider.attribute)
        if role is None:
            return f"{what}.{decider.attribute}"
        if role in decider.roles:
            return None
        self.found.remarks.append(Remark("wrong_role", what, record.event_id))
        return ""

    def _look_at_precision(self, record: Record) -> None:
        self.found.is_coarse = self.found.is_coarse or record.precision is Precision.DAY


def _length(slot: Extension, record: Record, missing: str | None) -> tuple[int, str | None]:
    """Answer by how much a term is longer, and what is missing to say so."""
    if slot.given_in is None:
        return slot.length, missing
    given = record.attributes.get(slot.given_in)
    if type(given) is not int or given < 1:
        return 0, missing or f"{slot.id}.{slot.given_in}"
    return min(given, slot.length), missing
