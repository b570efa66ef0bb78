"""From a log file to events of the contract, in file order, each with the moment it was known."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from cleangov_hooks import Actor, AttributeValue, Clock, Event, Origin, Precision
from cleangov_plugin.domain.errors import IntakeError

from .cases import Cases
from .csv_rows import CsvFormat, CsvLog
from .log_files import LogFile
from .log_rows import LogReader, Row, shown
from .mapping import LogMapping
from .readers import Attribute, Derivation, StepReader, readers_of, wanted_keys
from .xes import XesLog

T = TypeVar("T")
#: Kinds of steps kept for context, at the most: a column of free text is no step.
MOST_KINDS: Final = 2_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_PACKED: Final = ".gz"
_LONGEST_SLUG: Final = 100


@dataclass(frozen=True, slots=True)
class Translated:
    """One event of a log.

    :param event: the event.
    :param feed_key: when it can have been known, microseconds since 1970.
    :param is_derived: whether the log tells it as a value of the case.
    """

    event: Event
    feed_key: int
    is_derived: bool


class EventLog:
    """A log that is read once, from its beginning to its end.

    :param path: the file; hostile. Its name says the format: .xes, .csv, with or without .gz.
    :param mapping: how it becomes events.
    :raises IntakeError: where the mapping does not know the format.
    """

    def __init__(self, path: Path, mapping: LogMapping) -> None:
        self.path = path
        self.mapping = mapping
        self.cases = Cases()
        self.events = self.derived = self.dropped = 0
        self.kinds: set[str] = set()
        self._file = LogFile(path)
        format_ = format_of(path, mapping)
        self._reader = self._opened(format_)
        self._readers = readers_of(mapping, format_)
        self._steps = dict(self._readers.steps)

    def translated(self) -> Iterator[Translated]:
        """Answer the events in file order, derived ones after the row that tells them.

        :raises IntakeError: at the first fault, with file and line, or trace and event.
        """
        for row in self._reader.rows():
            case: str | None = None
            try:
                case = self._readers.case(row)
                found = tuple(self._of_row(row, _required(case, "case")))
            except IntakeError as problem:
                where = self._reader.where(row, case)
                raise IntakeError(problem.what, where=where, remedy=problem.remedy) from None
            yield from found

    def position(self) -> int:
        """Answer how many bytes of the file were read."""
        return self._file.position()

    def _opened(self, format_: str) -> LogReader:
        if format_ == "xes":
            return XesLog(self._file)
        told = self.mapping.document["formats"]["csv"]
        csv = CsvFormat(**{key: told[key] for key in _CSV if key in told})
        return CsvLog(self._file, csv, wanted_keys(self.mapping, "csv"))

    def _of_row(self, row: Row, case: str) -> Iterator[Translated]:
        number = self.cases.number(case)
        ordinal = self.cases.next_row(number)
        step = _required(self._readers.step(row), "step")
        reader = self._steps.get(step) or self._other(step)
        if reader.kind is None:
            self.dropped += 1
        else:
            event = self._event(row, case, ordinal, step, reader)
            self.kinds.add(event.kind)
            self.events += 1
            yield Translated(event, self.cases.known_at(number, _micros(event.recorded_at)), False)
        for place, derivation in enumerate(self._readers.derived):
            when = derivation.at(row)
            if when is not None and self.cases.is_first_derived(number, place):
                yield self._derived(row, case, derivation, *when)

    def _event(self, row: Row, case: str, ordinal: int, step: str, reader: StepReader) -> Event:
        occurred, precision = _required(self._readers.occurred(row), "occurred_at")
        recorded = occurred
        if self._readers.recorded is not None:
            recorded = (self._readers.recorded(row) or (occurred,))[0]
        attributes = _told(row, reader.attributes)
        return Event(
            id=f"{case}#{ordinal}",
            source=self.mapping.source,
            agency_id=self.mapping.agency.id,
            stream=self.mapping.stream,
            case_id=case,
            kind=reader.kind or "",
            step=step,
            actor=self._readers.actor(row) if reader.has_actor else None,
            occurred_at=occurred,
            recorded_at=recorded,
            schema=self.mapping.version,
            amount=None if reader.amount is None else reader.amount(row),
            precision=precision,
            clock=Clock.IMPORT,
            origin=Origin.HISTORIC,
            attributes=attributes,
        )

    def _derived(
        self, row: Row, case: str, derivation: Derivation, when: datetime, precision: Precision
    ) -> Translated:
        nobody: Actor | None = None
        event = Event(
            id=f"{case}#{derivation.kind}",
            source=self.mapping.source,
            agency_id=self.mapping.agency.id,
            stream=self.mapping.stream,
            case_id=case,
            kind=derivation.kind,
            step=derivation.step,
            actor=nobody,
            occurred_at=when,
            recorded_at=when,
            schema=self.mapping.version,
            precision=precision,
            clock=Clock.IMPORT,
            origin=Origin.HISTORIC,
            attributes=_told(row, derivation.attributes),
        )
        self.kinds.add(event.kind)
        self.derived += 1
        return Translated(event, _micros(when), True)

    def _other(self, step: str) -> StepReader:
        """Say what a step is that the mapping does not name."""
        otherwise = self.mapping.document["otherwise"]
        if otherwise == "refuse":
            near = difflib.get_close_matches(step, self._readers.steps, n=1)
            meant = f"Did you mean {shown(near[0])}? " if near else ""
            remedy = f"{meant}Name it under 'steps', or say 'otherwise: keep'."
            raise IntakeError(f"the mapping does not know the step {shown(step)}.", remedy=remedy)
        if len(self._steps) >= MOST_KINDS:
            what = f"more than {MOST_KINDS:,} different steps."
            raise IntakeError(what, remedy="Look whether 'step' names the right value.")
        kind = f"{self.mapping.source}.{_slug(step)}" if otherwise == "keep" else None
        other = self._readers.other
        made = StepReader(kind=kind, amount=None, has_actor=True, attributes=other.attributes)
        self._steps[step] = made
        return made


def _told(row: Row, attributes: Iterable[tuple[str, Attribute]]) -> dict[str, AttributeValue]:
    """Read attributes; what the row does not tell is left out."""
    found = ((code, read(row)) for code, read in attributes)
    return {code: value for code, value in found if value is not None}


def _required(value: T | None, name: str) -> T:
    if value is None:
        raise IntakeError(f"there is no {name}.", remedy="Complete the row, or the mapping.")
    return value


_CSV: Final = ("encoding", "delimiter", "unpack")


def format_of(path: Path, mapping: LogMapping) -> str:
    """Answer the format of a file by its name.

    :param path: the file.
    :param mapping: a mapping that must know the format.
    :return: ``"xes"`` or ``"csv"``.
    :raises IntakeError: where it is another, or the mapping does not describe it.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [_PACKED]:
        suffixes.pop()
    format_ = suffixes[-1][1:] if suffixes else ""
    if format_ not in mapping.formats:
        known = ", ".join(f".{name}, .{name}.gz" for name in mapping.formats)
        what = f"the mapping '{mapping.id}' does not describe such files."
        raise IntakeError(what, where=path.name, remedy=f"It reads {known}.")
    return format_


def _slug(step: str) -> str:
    """Write a step as the last part of a kind; letters of any script stay."""
    kept = "".join(char if char.isalnum() else "_" for char in step.lower())
    return kept.strip("_")[:_LONGEST_SLUG] or "step"


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
