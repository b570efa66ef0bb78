"""Values that stand in a document: fields, parameters and the amounts of examples."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from cleangov_hooks import Money
from cleangov_plugin.domain.errors import RuleError

from .document import Part
from .entries import ENTRY_KINDS, canonical
from .kinds import ANY_CURRENCY, DEFAULTS, RANGES, Kind, Type, minor_digits, of
from .model import EventField, Parameter, Rule
from .names import EVENT_ALIASES, EVENT_NAMES, Names, near
from .tokens import tokens
from .tree import Core

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_FIELD_KINDS: Final = frozenset(Kind) - {Kind.RATIO, Kind.PERCENT}
_PARAMETER_KINDS: Final = frozenset(Kind) - {Kind.RATIO, Kind.DATE, Kind.INSTANT}
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


def literal(value: object, type_: Type, where: str) -> Core:
    """Read a written value of a known type.

    :param value: a text such as ``"800元"``, a number, true or false.
    :param type_: the type it must have.
    :param where: its path, for messages.
    :return: the value in the core's unit.
    :raises RuleError: where it is not of that type.
    """
    if type_.kind in (Kind.TEXT, Kind.CHOICE) and isinstance(value, str):
        if type_.choices and value not in type_.choices:
            hint = near(value, type_.choices) or f"They are {', '.join(type_.choices)}."
            raise RuleError(
                f"'{value}' is not one of the allowed values.", where=where, remedy=hint
            )
        return value
    if type_.kind is Kind.BOOLEAN and isinstance(value, bool):
        return value
    if type_.kind is Kind.LIST and isinstance(value, list | tuple):
        if not type_.low <= len(value) <= type_.high:
            raise RuleError(f"{len(value)} entries are outside the range declared.", where=where)
        return _list(value, type_, where)
    if type_.kind is Kind.INSTANT and isinstance(value, str):
        return moment(value, where)
    if type(value) is int or isinstance(value, str):
        return _quantity(str(value), type_, where)
    raise _mismatch(value, type_, where)


def _list(value: Sequence[object], type_: Type, where: str) -> Core:
    if type_.item is None:
        return tuple(str(item) for item in value)
    found = []
    for item in value:
        text = canonical(item, type_.entry)
        if text is None:
            problem = _mismatch(item, type_.entry, where)
            known = ", ".join(type_.entry.choices)
            remedy = f"In this list stand {known}." if known else problem.remedy
            raise RuleError(problem.what, where=where, remedy=remedy)
        found.append(text)
    return tuple(found)


def _quantity(text: str, type_: Type, where: str) -> Core:
    is_negative = text.strip().startswith("-")
    words = tokens(text.strip().removeprefix("-"), where)
    first = words[0]
    if len(words) != 2 or first.type is None or not _is_written_as(first.type, type_):
        raise _mismatch(text, type_, where)
    value = first.value
    if type_.kind not in RANGES or not isinstance(value, int):
        return value
    value = -value if is_negative else value
    if not type_.low <= value <= type_.high:
        raise RuleError(f"{text} is outside the range declared.", where=where)
    if type_.is_of_any_currency:
        return Money(minor=value, currency=first.type.currency)
    return value


def _is_written_as(written: Type, wanted: Type) -> bool:
    if wanted.is_of_any_currency:
        return written.kind is Kind.MONEY
    return written.is_like(wanted)


def bounds(written_range: Sequence[object], type_: Type, where: str) -> Type:
    """Answer a type with a written range.

    :param written_range: the least and the greatest value.
    :param type_: the type; sums of any currency have their range in whole minor units, lists
        theirs in entries.
    :param where: path of the range, for messages.
    """
    written = type_
    if type_.is_of_any_currency or type_.kind is Kind.LIST:
        written = of(Kind.INTEGER).within(type_.low, type_.high)
    least, greatest = (literal(bound, written, where) for bound in written_range)
    if not isinstance(least, int) or not isinstance(greatest, int) or least > greatest:
        raise RuleError("the least value must not be greater than the greatest.", where=where)
    return type_.within(least, greatest)


def _mismatch(value: object, type_: Type, where: str) -> RuleError:
    return RuleError(f"'{value}' is not {type_.described()}.", where=where)


def moment(text: str, where: str) -> datetime:
    """Read a moment with its offset, written 2026-03-10T10:00:00+08:00.

    :param text: the text.
    :param where: its path, for messages.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.utcoffset() is None:
        remedy = "Write 2026-03-10T10:00:00+08:00."
        raise RuleError(f"'{text}' is no moment with an offset.", where=where, remedy=remedy)
    return found


def declared_type(part: Part, kinds: frozenset[Kind]) -> Type:
    """Read the type of a field or parameter.

    :param part: its part of the document.
    :param kinds: the kinds it may have.
    :return: the type with its declared range.
    """
    kind = part.choice("type", Kind)
    if kind not in kinds:
        raise part.wrong("type", f"there is no {kind} here.")
    currency = part.text("currency", default="CNY" if kind is Kind.MONEY else "")
    if kind is Kind.MONEY:
        if currency != ANY_CURRENCY and not _CURRENCY.fullmatch(currency):
            raise part.wrong("currency", f"'{currency}' is no ISO 4217 code.")
        minor_digits(currency)
    choices = part.texts("choices")
    if (kind is Kind.CHOICE) != bool(choices):
        raise part.wrong("choices", "a closed list belongs to the type 'choice'.")
    type_ = of(kind, currency=currency, choices=choices)
    if kind is Kind.LIST and "items" in part.values:
        inner = part.part("items")
        inner.only("type", "currency", "choices", "range")
        entry = declared_type(inner, ENTRY_KINDS)
        if entry.is_of_any_currency:
            raise inner.wrong("currency", "the entries of a list are of a certain currency.")
        type_ = replace(type_, item=entry)
    elif "items" in part.values:
        raise part.wrong("items", "only a list has entries.", "Write type: list.")
    return type_ if "range" not in part.values else _ranged(part, type_)


def _ranged(part: Part, type_: Type) -> Type:
    written = part.values["range"]
    if type_.kind not in DEFAULTS or not isinstance(written, list | tuple) or len(written) != 2:
        raise part.wrong(
            "range", "a range is [least, greatest], and belongs to a number or a list."
        )
    return bounds(written, type_, part.at("range"))


def fields(part: Part) -> dict[str, EventField]:
    """Read the fields of the events a rule judges.

    :param part: the rule's document.
    :return: fields by name, the event's own ones included.
    """
    found = {name: EventField(name=name, code=None, type=t) for name, t in EVENT_NAMES.items()}
    for name, declared in part.parts("fields"):
        declared.only("type", "currency", "choices", "range", "items", "label", "required", "code")
        if not NAME.fullmatch(name):
            raise RuleError(f"'{name}' is no name.", where=declared.path, remedy="Write a_z0_9.")
        type_ = declared_type(declared, _FIELD_KINDS)
        own = EVENT_NAMES.get(name)
        if own is not None and own.kind is not type_.kind:
            raise declared.wrong("type", f"'{name}' is the event's own field, {own.described()}.")
        found[name] = EventField(
            name=name,
            code=None if own is not None else declared.text("code", default=name, longest=64),
            type=type_,
            label=declared.words("label", is_required=False),
            is_required=declared.flag("required", default=True),
        )
    return found


def parameters(part: Part) -> dict[str, Parameter]:
    """Read the parameters of a rule.

    :param part: the rule's document.
    :return: parameters by name.
    """
    found = {}
    for name, declared in part.parts("parameters"):
        declared.only(
            "type", "currency", "choices", "range", "items", "unit", "default", "local", "label"
        )
        if not NAME.fullmatch(name):
            raise RuleError(f"'{name}' is no name.", where=declared.path, remedy="Write a_z0_9.")
        type_ = declared_type(declared, _PARAMETER_KINDS)
        if type_.is_of_any_currency:
            raise declared.wrong("currency", "a parameter is a sum of a certain currency.")
        declared.text("unit", default="")
        found[name] = Parameter(
            name=name,
            type=type_,
            default=literal(declared.values.get("default"), type_, declared.at("default")),
            is_local=declared.flag("local"),
            label=declared.words("label", is_required=False),
        )
    return found


def base_names(event_fields: Mapping[str, EventField], params: Mapping[str, Parameter]) -> Names:
    """Answer the names of a rule before its facts are known.

    :param event_fields: fields by name.
    :param params: parameters by name.
    """
    found = Names(
        event={name: field.type for name, field in event_fields.items()},
        parameters={name: parameter.type for name, parameter in params.items()},
        aliases={spelling: (name,) for spelling, name in EVENT_ALIASES.items()},
    )
    for name, field in event_fields.items():
        found = found.called(field.label.get("zh", ""), name)
    for name, parameter in params.items():
        found = found.called(parameter.label.get("zh", ""), f"params.{name}")
    return found


def names_of(rule: Rule) -> Names:
    """Answer all names a rule's texts may use.

    :param rule: the rule.
    """
    found = rule.memory.get("names")
    if not isinstance(found, Names):
        found = rule.memory["names"] = _names_of(rule)
    return found


def _names_of(rule: Rule) -> Names:
    names = base_names(rule.fields, rule.parameters)
    for name, spec in rule.facts.items():
        names = names.called(spec.label.get("zh", ""), f"facts.{name}")
    return replace(
        names,
        facts={name: spec.type for name, spec in rule.facts.items()},
        counted=frozenset(name for name, spec in rule.facts.items() if spec.is_statistic),
        values={name: node.type for name, node in rule.values.items()},
    )
