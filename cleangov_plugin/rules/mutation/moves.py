"""Small changes of an example's events: the other side of each boundary, each choice, each blank.

They make the candidates a steward is offered, and the grid on which two rules are compared.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from cleangov_hooks import Clock, Money, Precision
from cleangov_plugin.domain.record import Record
from cleangov_plugin.rules.entries import written_entry
from cleangov_plugin.rules.examples import Example
from cleangov_plugin.rules.kinds import RANGES, Kind
from cleangov_plugin.rules.model import ANY_KIND, EventField, Rule

from .probes import Probes

_DAY: Final = timedelta(days=1)
_OTHER: Final = "other"
#: How far from the present a day is ever moved.
_FARTHEST: Final = 20_000
Events = tuple[Record, ...]
"""The present event, then the earlier ones in row order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One small change of the events of an example.

    :param kind: boundary, choice, missing, time, history.
    :param zh: what it does, in Chinese.
    :param en: what it does, in English.
    :param run: makes the changed events; None where it cannot be made.
    """

    kind: str
    zh: str
    en: str
    run: Callable[[Events], Events | None]


def moved(example: Example, events: Events) -> Example:
    """Answer an example with other events.

    :param example: the example.
    :param events: the present event, then the earlier ones.
    """
    knowledge = example.knowledge._replace(history=events[1:])
    return replace(example, record=events[0], knowledge=knowledge)


def moves(rule: Rule, example: Example, probes: Probes) -> Iterator[Move]:
    """Answer the moves that make sense for an example.

    :param rule: the rule.
    :param example: the example they start from.
    :param probes: the values at which the rule's answer may turn.
    """
    events = (example.record, *example.knowledge.history)
    for place, record in enumerate(events):
        for field in probes.fields(record, is_present=place == 0):
            yield from _of_field(rule.fields[field], place, record, events, probes)
        yield from _of_time(place, record, probes)
    for kind in sorted(rule.on - {ANY_KIND, example.record.kind}):
        yield _put(0, "choice", kind, kind, partial(replace, kind=kind))
    for place in range(1, len(events)):
        yield from _of_history(place, events[place])
    for kind in probes.history_kinds:
        yield from _added(kind, events, probes)


def _put(
    place: int, kind: str, zh: str, en: str, change: Callable[[Record], Record | None]
) -> Move:
    def run(events: Events) -> Events | None:
        if place >= len(events):
            return None
        record = change(events[place])
        return None if record is None else (*events[:place], record, *events[place + 1 :])

    return Move(kind=kind, zh=zh, en=en, run=run)


def value_of(record: Record, field: EventField) -> Any:
    """Read a field as the event carries it.

    :param record: the event.
    :param field: the field.
    """
    if field.code is not None:
        return record.attributes.get(field.code)
    return getattr(record, field.name, None)


def with_value(record: Record, field: EventField, value: Any) -> Record:
    """Put a value into a field; None takes it away.

    :param record: the event.
    :param field: the field.
    :param value: as the event carries it.
    """
    if field.code is None:
        return replace(record, **{field.name: value})
    kept = {code: v for code, v in record.attributes.items() if code != field.code}
    return replace(record, attributes=kept if value is None else {**kept, field.code: value})


_DERIVED: Final = frozenset({"occurred_at", "occurred_on", "recorded_at", "recorded_on", "kind"})


def _of_field(
    field: EventField, place: int, record: Record, events: Events, probes: Probes
) -> Iterator[Move]:
    if field.name in _DERIVED:
        return
    label = {tongue: field.label.get(tongue) or field.name for tongue in ("zh", "en")}
    now = value_of(record, field)
    if field.name == "clock":
        values: list[Any] = [clock for clock in Clock if clock is not now]
    else:
        values = [v for v in _values(field, now, events, probes) if v != now]
        if now is not None:
            values.append(None)
    for value in values:
        kind = "missing" if value is None else _kind_of(field)
        zh, en = (f"{label['zh']} ({record.kind})", f"{label['en']} ({record.kind})")
        yield _put(place, kind, zh, en, partial(with_value, field=field, value=value))


def _kind_of(field: EventField) -> str:
    is_number = field.type.kind in RANGES or field.type.kind in (Kind.DATE, Kind.INSTANT)
    return "boundary" if is_number else "choice"


def _values(field: EventField, now: Any, events: Events, probes: Probes) -> Iterator[Any]:
    """Answer the values of a field at which the answer may turn."""
    kind = field.type.kind
    if kind is Kind.MONEY:
        yield from _sums(field, now, probes)
    elif kind in RANGES:
        yield from _numbers(field, now, probes)
    elif kind is Kind.BOOLEAN:
        yield from (True, False)
    elif kind in (Kind.TEXT, Kind.CHOICE):
        texts = {value_of(event, field) for event in events} | {*field.type.choices, *probes.texts}
        yield from sorted(text for text in texts if isinstance(text, str))
        if not field.type.choices:
            yield _OTHER
    elif kind is Kind.LIST:
        yield from _lists(field, now, probes)
    elif kind in (Kind.DATE, Kind.INSTANT):
        yield from _days(field, events)


def _lists(field: EventField, now: Any, probes: Probes) -> Iterator[tuple[str, ...]]:
    """Answer lists of one entry, and those that stand there with one more."""
    entries: list[str] = [*probes.lists, _OTHER]
    if field.type.item is not None:
        values: list[int | str] = [
            *probes.at,
            *(n + step for n in probes.at for step in (-1, 1)),
            *probes.texts,
        ]
        entries = [text for value in values if (text := written_entry(value, field.type.entry))]
    there = now if isinstance(now, tuple) else ()
    for item in dict.fromkeys(entries):
        yield (item,)
        if there and field.type.item is not None:
            yield (*map(str, there), item)


def _sums(field: EventField, now: Any, probes: Probes) -> Iterator[Money]:
    currency = now.currency if isinstance(now, Money) else probes.currency
    if field.type.currency and not field.type.is_of_any_currency:
        currency = field.type.currency
    low, high = field.type.low, field.type.high
    for minor in probes.numbers(now.minor if isinstance(now, Money) else None):
        if low <= minor <= high:
            yield Money(minor=minor, currency=currency)
    if field.type.is_of_any_currency and isinstance(now, Money):
        yield Money(minor=now.minor, currency="EUR" if currency != "EUR" else "CNY")


def _numbers(field: EventField, now: Any, probes: Probes) -> Iterator[int]:
    for number in probes.numbers(now if isinstance(now, int) else None):
        if field.type.low <= number <= field.type.high:
            yield number


def _days(field: EventField, events: Events) -> Iterator[date | datetime]:
    at = events[0].occurred_at
    if field.type.kind is Kind.DATE:
        yield from (at.date() + timedelta(days=days) for days in (-1, 0, 1))
        return
    for step in (-_DAY, timedelta(seconds=-1), timedelta(), timedelta(seconds=1), _DAY):
        yield at + step


def _of_time(place: int, record: Record, probes: Probes) -> Iterator[Move]:
    steps = [timedelta(days=d) for d in probes.days if 0 < abs(d) < _FARTHEST]
    for step in (*steps, timedelta(seconds=-1), timedelta(seconds=1)):
        words = (f"时间 {step.days} 天", f"time {step.days:+} days")
        yield _put(place, "boundary", *words, partial(_shifted, by=step))
    if record.precision is not Precision.DAY:
        to_the_day = partial(replace, precision=Precision.DAY)
        yield _put(place, "missing", "只知道日期", "known to the day", to_the_day)
    for step in steps if place == 0 and probes.reads_recording else ():
        words = (f"记录时间 {step.days} 天", f"time of recording {step.days:+} days")
        yield _put(0, "boundary", *words, partial(_recorded, by=step))


def _shifted(record: Record, by: timedelta) -> Record | None:
    try:
        return replace(
            record, occurred_at=record.occurred_at + by, recorded_at=record.recorded_at + by
        )
    except OverflowError:  # at the ends of the calendar
        return None


def _recorded(record: Record, by: timedelta) -> Record | None:
    try:
        return replace(record, recorded_at=record.recorded_at + by)
    except OverflowError:
        return None


def _of_history(place: int, record: Record) -> Iterator[Move]:
    def dropped(events: Events) -> Events | None:
        return None if place >= len(events) else (*events[:place], *events[place + 1 :])

    def twice(events: Events) -> Events | None:
        if place >= len(events):
            return None
        return (*events[: place + 1], events[place], *events[place + 1 :])

    yield Move(kind="missing", zh=f"没有 {record.kind}", en=f"without {record.kind}", run=dropped)
    yield Move(kind="history", zh=f"{record.kind} 两次", en=f"{record.kind} twice", run=twice)


def _added(kind: str, events: Events, probes: Probes) -> Iterator[Move]:
    """Add an event of a kind: first of all, after each of the others, or right before the end."""
    like = next((record for record in events if record.kind == kind), events[0])
    others = [record.occurred_at for record in events[1:]]
    times = {events[0].occurred_at - _DAY, *(at + _DAY for at in others)}
    times.update(at - _DAY for at in others[:1])
    times.update(
        events[0].occurred_at - timedelta(days=d) for d in probes.days if 0 < d < _FARTHEST
    )
    for at in sorted(times):
        record = replace(like, event_id="example-more", kind=kind, occurred_at=at, recorded_at=at)
        yield Move(kind="history", zh=f"另有 {kind}", en=f"with {kind}", run=_insert(record))


def _insert(record: Record) -> Callable[[Events], Events | None]:
    def run(events: Events) -> Events | None:
        if record.occurred_at > events[0].occurred_at:
            return None
        past = [*events[1:], record]
        past.sort(key=lambda r: r.occurred_at)
        return (events[0], *past)

    return run
