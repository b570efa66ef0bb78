"""Mappings: how a log becomes events. Read once, checked wholly, each error with file and line."""

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cleangov_hooks import Agency, AttributeType, EventType, Privacy, Stream, ValueType
from cleangov_plugin.domain.errors import IntakeError

from .mapping_schema import MappingSchema
from .shapes import check_shape
from .yaml_lines import Path as KeyPath
from .yaml_lines import read_yaml_file

#: Raised where the same mapping would make other events: it is part of a run's identity.
READER_VERSION: Final = 1
_LONGEST_TEXT: Final = 2_000
_REMEDY: Final = "The shape of a mapping is in docs/mapping.schema.json."
_ONLY_MONEY: Final = ("currency", "unit", "sign", "rounding")
_TIMES: Final = (ValueType.DATE, ValueType.DATETIME)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogMapping:
    """A checked mapping.

    :param id: the name by which it is chosen.
    :param version: its version, and the version of its kinds' attributes.
    :param digest: SHA-256 of what it says; comments and order do not count.
    :param title: what it is, by language.
    :param source: name of the source system.
    :param doi: DOI of a published log; empty where there is none.
    :param citation: how the publishers want to be cited; empty where they say nothing.
    :param agency: the authority of its own into which the log is fed.
    :param stream: business stream.
    :param document: the whole mapping as plain values.
    """

    id: str
    version: int
    digest: str
    title: Mapping[str, str]
    source: str
    doi: str
    citation: str
    agency: Agency
    stream: Stream
    document: Mapping[str, Any]

    @property
    def formats(self) -> tuple[str, ...]:
        """Answer the formats it can read."""
        return tuple(sorted(self.document["formats"]))

    def event_types(self, kinds: Iterable[str]) -> tuple[EventType, ...]:
        """Answer the schemas of kinds of event, for `cleangov_event_types`.

        :param kinds: canonical kinds and kinds of steps kept for context.
        """
        attributes = tuple(
            AttributeType(
                code=code,
                type=ValueType(told["type"]),
                labels=told["label"],
                choices=tuple(told.get("choices", ())),
                privacy=Privacy(told["privacy"]),
                max_length=_LONGEST_TEXT,
            )
            for code, told in self.document.get("attributes", {}).items()
        )
        titles = {told["kind"]: told.get("title", {}) for told in _named(self.document)}
        return tuple(
            EventType(
                kind=kind,
                stream=self.stream,
                version=self.version,
                labels=titles.get(kind, {}),
                attributes=attributes,
            )
            for kind in sorted(kinds)
        )


def mappings_folder() -> Path:
    """Answer the folder of the mappings that are shipped with the plugin."""
    return Path(__file__).resolve().parent / "mappings"


def shipped_mappings() -> tuple[str, ...]:
    """Answer the names of the mappings that are shipped with the plugin."""
    return tuple(sorted(path.stem for path in mappings_folder().glob("*.yaml")))


def find_mapping(name: str) -> LogMapping:
    """Load a mapping by the name of a shipped one, or from a file.

    :param name: a shipped name, or the path of a YAML file.
    :return: the mapping.
    :raises IntakeError: where there is none, or it is wrong.
    """
    if name in shipped_mappings():
        return load_mapping(mappings_folder() / f"{name}.yaml")
    if not Path(name).is_file():
        near = difflib.get_close_matches(name, shipped_mappings(), n=1)
        meant = f"Did you mean {near[0]}? " if near else ""
        remedy = f"{meant}Name a file, or one of {', '.join(shipped_mappings())}."
        raise IntakeError("there is no such mapping.", where=name, remedy=remedy)
    return load_mapping(Path(name))


def load_mapping(path: Path) -> LogMapping:
    """Read a mapping file and check it wholly.

    :param path: the file; hostile.
    :return: the mapping.
    :raises IntakeError: where it is none, with file and line.
    """
    document, lines = read_yaml_file(path)
    if not isinstance(document, dict):
        raise IntakeError("a mapping file holds one mapping.", where=lines.at(()))
    check_shape(MappingSchema(), document, lines, refused=IntakeError, remedy=_REMEDY)
    for keys, what, remedy in _problems(document):
        raise IntakeError(what, where=lines.at(keys), remedy=remedy)
    written = json.dumps([READER_VERSION, document], sort_keys=True, ensure_ascii=True)
    source, agency = document["source"], document["agency"]
    return LogMapping(
        id=document["id"],
        version=document["version"],
        digest=sha256(written.encode()).hexdigest(),
        title=document["title"],
        source=source["id"],
        doi=source.get("doi", ""),
        citation=source.get("citation", ""),
        agency=Agency(
            id=agency["id"],
            names=agency["names"],
            zone=agency["zone"],
            country=agency["country"],
        ),
        stream=Stream(document["stream"]),
        document=document,
    )


def _named(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Answer every entry that names a kind."""
    yield from (step for step in document["steps"].values() if "kind" in step)
    yield from document.get("derived", ())


Problem = tuple[KeyPath, str, str]


def _problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Find what the shape cannot tell; the first is raised."""
    yield from _name_problems(document)
    yield from _zone_problems(document)
    yield from _step_problems(document)
    yield from _attribute_problems(document)
    yield from _derived_problems(document)


def _name_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Every name that is read must stand in every format, so that all of them are equal."""
    formats: Mapping[str, Any] = document["formats"]
    if not formats:
        yield ("formats",), "no format is described.", "Describe xes, csv or both."
    for format_, told in formats.items():
        names = told["names"]
        for name, key in names.items():
            is_trace = isinstance(key, dict) and set(key) == {"trace"} and format_ == "xes"
            if not isinstance(key, str) and not (is_trace and isinstance(key["trace"], str)):
                remedy = "Write the key, or in XES {trace: key}."
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
        if "amount" in told:
            yield ("steps", step, "amount", "name"), told["amount"]["name"]
    for code, told in document.get("attributes", {}).items():
        yield ("attributes", code, "name"), told["name"]
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
        yield from _currency_problems((*path, "amount"), told.get("amount", {}))
    kinds = [told["kind"] for told in document.get("derived", ())]
    for number, kind in enumerate(kinds):
        if kinds.count(kind) > 1:
            remedy = "Its events would have one id: keep one."
            yield ("derived", number), f"the kind '{kind}' is derived twice.", remedy


def _attribute_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    for code, told in document.get("attributes", {}).items():
        path: KeyPath = ("attributes", code)
        type_ = ValueType(told["type"])
        if type_ is ValueType.MONEY and "currency" not in told:
            yield path, "a sum needs a currency.", "Write 'currency: CNY'."
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
    currency = told.get("currency", "CNY")
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        remedy = "Write an ISO 4217 code, as CNY."
        yield (*path, "currency"), f"'{currency}' is no currency.", remedy
