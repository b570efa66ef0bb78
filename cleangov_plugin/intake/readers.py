"""The closures of a mapping for one format: what is read of a row, made once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from cleangov_hooks import Actor, ActorKind, AttributeValue, Money, Precision, ValueType

from . import cells, sums, times
from .cells import Get
from .formats.log_rows import Row
from .mapping import LogMapping
from .odd_values import OddValues

Time: TypeAlias = Callable[[Row], tuple[datetime, Precision] | None]
Attribute: TypeAlias = Callable[[Row], AttributeValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReader:
    """What a step is.

    :param kind: kind of event; None where the step is left out.
    :param amount: reads its sum.
    :param has_actor: whether the log's actor is one.
    :param attributes: code and reader of each attribute.
    """

    kind: str | None
    amount: Callable[[Row], Money | None] | None
    has_actor: bool
    attributes: tuple[tuple[str, Attribute], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """An event that the log tells as a value of the case.

    :param kind: kind of event.
    :param step: name of its step.
    :param at: reads when it happened.
    :param attributes: code and reader of each attribute it takes from the row that tells it.
    """

    kind: str
    step: str
    at: Time
    attributes: tuple[tuple[str, Attribute], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """All closures of a mapping for one format.

    :param case: reads the case.
    :param step: reads the step.
    :param occurred: reads when it happened.
    :param recorded: reads when it was recorded; None: when it happened.
    :param actor: reads who acted.
    :param steps: what each named step is.
    :param other: what other steps are, but for their kind.
    :param derived: events that are derived.
    """

    case: Callable[[Row], str | None]
    step: Callable[[Row], str | None]
    occurred: Time
    recorded: Time | None
    actor: Callable[[Row], Actor | None]
    steps: Mapping[str, StepReader]
    other: StepReader
    derived: tuple[Derivation, ...]


def readers_of(mapping: LogMapping, format_: str, odd: OddValues) -> Readers:
    """Make the closures.

    :param mapping: a checked mapping.
    :param format_: the format of the file.
    :param odd: takes note of what cannot be read, where the mapping does not refuse it.
    :return: the closures.
    """
    return _Maker(mapping, format_, odd).readers()


def wanted_keys(mapping: LogMapping, format_: str) -> frozenset[str]:
    """Answer every key of an event that a mapping reads in a format.

    :param mapping: a checked mapping.
    :param format_: the format of the file.
    """
    names = mapping.document["formats"][format_]["names"]
    return frozenset(key for key in names.values() if isinstance(key, str))


def trace_keys(mapping: LogMapping, format_: str) -> frozenset[str]:
    """Answer every key of a case, or of a release, that a mapping reads in a format.

    :param mapping: a checked mapping.
    :param format_: ``"xes"`` or ``"ocds"``.
    """
    names = mapping.document["formats"][format_]["names"]
    return frozenset(key["trace"] for key in names.values() if not isinstance(key, str))


class _Maker:
    def __init__(self, mapping: LogMapping, format_: str, odd: OddValues) -> None:
        self._odd = odd
        self._told = mapping.document
        self._format = self._told["formats"][format_]

    def readers(self) -> Readers:
        told = self._told
        recorded = told.get("recorded_at")
        return Readers(
            case=cells.identifier(self._get(told["case"], of_case=True), "case"),
            step=cells.identifier(self._get(told["step"]), "step"),
            occurred=self._time(told["occurred_at"]),
            recorded=None if recorded is None else self._recorded(recorded),
            actor=self._actor(),
            steps={name: self._step(name, step) for name, step in told["steps"].items()},
            other=self._step(None, {"kind": ""}),
            derived=tuple(
                Derivation(
                    kind=d["kind"],
                    step=d["step"],
                    at=self._time(d["at"]),
                    attributes=tuple(
                        (code, self._attribute(code, told["attributes"][code]))
                        for code in d.get("attributes", ())
                    ),
                )
                for d in told.get("derived", ())
            ),
        )

    def _get(self, name: str, *, of_case: bool = False) -> Get:
        """Read a key. What the case says stands with its first event, like a form's heading."""
        key: Any = self._format["names"][name]
        if isinstance(key, str):
            return lambda row: row.values.get(key)
        inner: str = key["trace"]
        if of_case:
            return lambda row: row.trace.get(inner)
        return lambda row: row.trace.get(inner) if row.is_first else None

    def _time(self, told: Mapping[str, Any]) -> Time:
        precision = told.get("precision")
        return times.moment(
            self._get(told["name"]),
            told["name"],
            format_=told.get("format"),
            zone=told.get("zone"),
            precision=None if precision is None else Precision(precision),
            unknown=told.get("unknown", ()),
        )

    def _recorded(self, told: Mapping[str, Any]) -> Time:
        read = self._time(told)
        return self._odd.tolerant("recorded_at", read) if told.get("odd") == "unknown" else read

    def _actor(self) -> Callable[[Row], Actor | None]:
        told, unit = self._told.get("actor"), self._told.get("unit")
        if told is None:
            return _nobody
        read = cells.identifier(self._get(told["name"]), "actor", told.get("unknown", ()))
        systems = frozenset(told.get("systems", ()))
        read_unit: Callable[[Row], str | None] = _nothing
        if unit is not None:
            read_unit = cells.identifier(self._get(unit["name"]), "unit", unit.get("unknown", ()))

        def actor(row: Row) -> Actor | None:
            id_ = read(row)
            if id_ is None:
                return None
            kind = ActorKind.SYSTEM if id_ in systems else ActorKind.PERSON
            return Actor(id=id_, kind=kind, unit=read_unit(row))

        return actor

    def _step(self, name: str | None, told: Mapping[str, Any]) -> StepReader:
        amount = told.get("amount")
        attributes = self._told.get("attributes", {})
        return StepReader(
            kind=told.get("kind"),
            amount=None if amount is None else self._money(amount),
            has_actor=told.get("actor", True),
            attributes=tuple(
                (code, self._attribute(code, spec))
                for code, spec in attributes.items()
                if "steps" not in spec or name in spec["steps"]
            ),
        )

    def _money(self, told: Mapping[str, Any]) -> Callable[[Row], Money | None]:
        given = {key: told[key] for key in ("currency", "unit", "sign", "rounding") if key in told}
        marks = {key: self._format[key] for key in _MARKS if key in self._format}
        format_ = sums.SumFormat(**given, **marks)
        get, name, unknown = self._get(told["name"]), told["name"], told.get("unknown", ())
        if "currency_name" not in told:
            return sums.money(get, name, format_, unknown)
        currency = cells.bare(self._get(told["currency_name"]), told["currency_name"])
        return sums.money_as_told(get, name, format_, unknown, currency)

    def _attribute(self, code: str, told: Mapping[str, Any]) -> Attribute:
        read = self._typed(code, told)
        return self._odd.tolerant(code, read) if told.get("odd") == "unknown" else read

    def _typed(self, code: str, told: Mapping[str, Any]) -> Attribute:
        get, unknown = self._get(told["name"]), told.get("unknown", ())
        type_ = ValueType(told["type"])
        if type_ is ValueType.MONEY:
            return self._money(told)
        if type_ is ValueType.DATE:
            return times.day(get, code, format_=told.get("format"), unknown=unknown)
        if type_ is ValueType.DATETIME:
            return self._datetime(get, code, told)
        return _PLAIN[type_](get, code, unknown)

    def _datetime(self, get: Get, code: str, told: Mapping[str, Any]) -> Attribute:
        format_, zone = told.get("format"), told.get("zone")
        unknown = told.get("unknown", ())
        read = times.moment(get, code, format_=format_, zone=zone, unknown=unknown)

        def when(row: Row) -> datetime | None:
            found = read(row)
            return None if found is None else found[0]

        return when


_MARKS: Final = ("decimal_mark", "group_mark")
_PLAIN: Final[Mapping[ValueType, Callable[..., Attribute]]] = {
    ValueType.TEXT: cells.text,
    ValueType.CHOICE: cells.text,
    ValueType.INTEGER: cells.integer,
    ValueType.BOOLEAN: cells.boolean,
    ValueType.LIST: cells.texts,
}


def _nobody(_: Row) -> Actor | None:
    return None


def _nothing(_: Row) -> str | None:
    return None
