"""What the shape of a mapping cannot tell: names, zones, currencies, steps that do not fit."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cleangov_hooks import ValueType
from cleangov_plugin.domain.record import OWN_SOURCE

from .sums import is_currency
from .yaml_lines import Path as KeyPath

#: What a draft writes where a person has to say it.
UNFILLED: Final = "???"
_ONLY_MONEY: Final = ("currency", "currency_name", "unit", "sign", "rounding")
_TIMES: Final = (ValueType.DATE, ValueType.DATETIME)
_FORMATS: Final = ("csv", "jsonl", "ocds", "xes", "xlsx")
#: Formats that tell of a case apart from its events.
_TRACED: Final = ("xes", "ocds")
_NAMED: Final = {"name", "currency_name"}

#: Where it stands, what is wrong, and what to do.
Problem = tuple[KeyPath, str, str]


def unfilled(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Answer where a draft leaves something to be filled in.

    :param value: plain values of a mapping.
    :param path: where they stand.
    """
    if value == UNFILLED:
        yield path
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from unfilled(below, (*path, key))
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from unfilled(below, (*path, number))


def problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Find what the shape of a mapping cannot tell.

    :param document: a mapping whose shape is right.
    """
    if document["source"]["id"] == OWN_SOURCE:
        yield ("source", "id"), "this source is the plugin's own.", "Name the log's own source."
    yield from _name_problems(document)
    yield from _zone_problems(document)
    yield from _step_problems(document)
    yield from _attribute_problems(document)
    yield from _derived_problems(document)


def _name_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Every name that is read must stand in every format, so that all of them are equal."""
    formats: Mapping[str, Any] = document["formats"]
    if not formats:
        yield ("formats",), "no format is described.", f"Describe one of {', '.join(_FORMATS)}."
    if {"jsonl", "ocds"} <= set(formats):
        yield ("formats", "ocds"), "jsonl and ocds are files of one name.", "Keep one of them."
    for format_, told in formats.items():
        names = told["names"]
        for name, key in names.items():
            is_trace = isinstance(key, dict) and set(key) == {"trace"} and format_ in _TRACED
            if not isinstance(key, str) and not (is_trace and isinstance(key["trace"], str)):
                remedy = "Write the key, or in XES and OCDS {trace: key}."
                yield ("formats", format_, "names", name), "this is no key.", remedy
        for path, name in _reads(document):
            if name not in names:
                near = difflib.get_close_matches(name, names, n=1)
                meant = f"Did you mean '{near[0]}'? " if near else ""
                what = f"the format {format_} has no name '{name}'."
                yield path, what, f"{meant}Add it under formats.{format_}.names."


def _reads(document: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Answer every name that the mapping reads, with its place."""
    for part in ("case", "step"):
        yield (part,), document[part]
    for part in ("occurred_at", "recorded_at", "actor", "unit"):
        if part in document:
            yield (part, "name"), document[part]["name"]
    for step, told in document["steps"].items():
        for key in _NAMED & told.get("amount", {}).keys():
            yield ("steps", step, "amount", key), told["amount"][key]
    for code, told in document.get("attributes", {}).items():
        for key in _NAMED & told.keys():
            yield ("attributes", code, key), told[key]
    for number, told in enumerate(document.get("derived", ())):
        yield ("derived", number, "at", "name"), told["at"]["name"]


def _zone_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    zones: dict[KeyPath, Any] = {("agency", "zone"): document["agency"]["zone"]}
    for part in ("occurred_at", "recorded_at"):
        zones[part, "zone"] = document.get(part, {}).get("zone")
    for code, told in document.get("attributes", {}).items():
        zones["attributes", code, "zone"] = told.get("zone")
    for number, told in enumerate(document.get("derived", ())):
        zones["derived", number, "at", "zone"] = told["at"].get("zone")
    for path, zone in zones.items():
        if zone is not None and not _is_zone(zone):
            remedy = "Write an IANA name, as Asia/Shanghai."
            yield path, f"there is no time zone '{zone}'.", remedy


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _step_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    for step, told in document["steps"].items():
        path: KeyPath = ("steps", step)
        if told.get("drop", False) == ("kind" in told):
            place = (*path, "drop") if "drop" in told else path
            yield place, "a step has a kind, or is dropped.", "Write 'kind: …' or 'drop: true'."
        if "amount" in told:
            yield from _currency_problems((*path, "amount"), told["amount"])
    kinds = [told["kind"] for told in document.get("derived", ())]
    for number, kind in enumerate(kinds):
        if kinds.count(kind) > 1:
            remedy = "Its events would have one id: keep one."
            yield ("derived", number), f"the kind '{kind}' is derived twice.", remedy


def _attribute_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    for code, told in document.get("attributes", {}).items():
        path: KeyPath = ("attributes", code)
        type_ = ValueType(told["type"])
        if type_ is ValueType.MONEY:
            yield from _currency_problems(path, told)
        alien = [key for key in _ONLY_MONEY if key in told and type_ is not ValueType.MONEY]
        alien += [key for key in ("format",) if key in told and type_ not in _TIMES]
        alien += [key for key in ("zone",) if key in told and type_ is not ValueType.DATETIME]
        if alien:
            yield (*path, alien[0]), f"'{alien[0]}' says nothing of a {type_.value}.", "Remove it."
        if (type_ is ValueType.CHOICE) != ("choices" in told):
            yield path, "a choice has 'choices', and nothing else has.", "Write the closed list."
        for step in told.get("steps", ()):
            if step not in document["steps"]:
                near = difflib.get_close_matches(step, document["steps"], n=1)
                meant = f"Did you mean '{near[0]}'?" if near else "Name one under 'steps'."
                yield (*path, "steps"), f"there is no step '{step}'.", meant


def _derived_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    declared = document.get("attributes", {})
    for number, told in enumerate(document.get("derived", ())):
        for code in told.get("attributes", ()):
            if code not in declared:
                near = difflib.get_close_matches(code, declared, n=1)
                meant = f"Did you mean '{near[0]}'?" if near else "Declare it under 'attributes'."
                yield ("derived", number, "attributes"), f"there is no attribute '{code}'.", meant


def _currency_problems(path: KeyPath, told: Mapping[str, Any]) -> Iterator[Problem]:
    if ("currency" in told) == ("currency_name" in told):
        remedy = "Write 'currency: CNY', or 'currency_name' where the log tells it."
        yield path, "a sum needs a currency, told in one way.", remedy
    currency = told.get("currency", "CNY")
    if not is_currency(currency):
        remedy = "Write an ISO 4217 code, as CNY."
        yield (*path, "currency"), f"'{currency}' is no currency.", remedy
