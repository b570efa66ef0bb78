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
from .formats.log_files import LogFile
from .formats.log_rows import Row, Unread, shown
from .formats.ocds import OcdsLog
from .log_formats import format_of, reader_of
from .mapping import LogMapping
from .odd_values import OddValues
from .readers import Attribute, Derivation, StepReader, readers_of

T = TypeVar("T")
#: Kinds of steps kept for context, at the most: a column of free text is no step.
MOST_KINDS: Final = 2_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
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

    :param path: the file; hostile. Its name says the format, as `format_of` has it.
    :param mapping: how it becomes events.
    :param format_: the format, where the name does not say it.
    :raises IntakeError: where the mapping does not know the format.
    """

    def __init__(self, path: Path, mapping: LogMapping, format_: str | None = None) -> None:
        self.path = path
        self.mapping = mapping
        self.cases = Cases()
        self.events = self.derived = self.dropped = 0
        self.kinds: set[str] = set()
        self._file = LogFile(path)
        told = format_of(path, mapping, format_)
        self._reader = reader_of(self._file, mapping, told)
        self.odd = OddValues(self._reader.where)
        self._readers = readers_of(mapping, told, self.odd)
        self._steps = dict(self._readers.steps)

    def translated(self) -> Iterator[Translated]:
        """Answer the events in file order, derived ones after the row that tells them.

        :raises IntakeError: at the first fault, with file and line, or trace and event.
        """
        if isinstance(self._reader, OcdsLog):
            yield from self._of_releases(self._reader)
            return
        for row in self._reader.rows():
            case: str | None = None
            try:
                case = self._readers.case(row)
                found = tuple(self._of_row(row, _required(case, "case")))
            except IntakeError as problem:
                where = self._reader.where(row, case)
                raise IntakeError(problem.what, where=where, remedy=problem.remedy) from None
            yield from self._counted(found)

    @property
    def unread(self) -> tuple[Unread, ...] | None:
        """Answer the parts passed over so far; None where the format has none to pass over."""
        return tuple(self._reader.unread) if isinstance(self._reader, OcdsLog) else None

    def position(self) -> int:
        """Answer how many bytes of the file were read."""
        return self._file.position()

    def _of_releases(self, reader: OcdsLog) -> Iterator[Translated]:
        """Answer the events of each release in the order of their times, or name it as unread."""
        for rows in reader.releases():
            case = ""
            dropped = self.dropped
            state: tuple[int, int, int] | None = None
            try:
                case = _required(self._readers.case(rows[0]), "case")
                state = self.cases.state(case)
                known = [
                    (_required(self._readers.occurred(row), "occurred_at"), row) for row in rows
                ]
                known.sort(key=lambda each: each[0][0])
                for place, (_, row) in enumerate(known):
                    row.is_first = place == 0  # what the release says stands with its first event
                found = [event for _, row in known for event in self._of_row(row, case)]
            except IntakeError as problem:
                self.dropped = dropped
                self.cases.put_back(case, state)
                reader.pass_over(problem)
            else:
                yield from self._counted(found)

    def _counted(self, found: Iterable[Translated]) -> Iterator[Translated]:
        for translated in found:
            self.kinds.add(translated.event.kind)
            if translated.is_derived:
                self.derived += 1
            else:
                self.events += 1
            yield translated

    def _of_row(self, row: Row, case: str) -> Iterator[Translated]:
        number = self.cases.number(case)
        ordinal = self.cases.next_row(number)
        step = _required(self._readers.step(row), "step")
        reader = self._steps.get(step) or self._other(step)
        if reader.kind is None:
            self.dropped += 1
        else:
            event = self._event(row, case, ordinal, step, reader)
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


def _slug(step: str) -> str:
    """Write a step as the last part of a kind; letters of any script stay."""
    kept = "".join(char if char.isalnum() else "_" for char in step.lower())
    return kept.strip("_")[:_LONGEST_SLUG] or "step"


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
