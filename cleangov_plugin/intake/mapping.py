"""Mappings: how a log becomes events. Read once, checked wholly, each error with file and line."""

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cleangov_hooks import Agency, AttributeType, EventType, Privacy, Stream, ValueType
from cleangov_plugin.domain.errors import IntakeError

from .mapping_checks import problems, unfilled
from .mapping_schema import MappingSchema
from .shapes import check_shape, dotted
from .yaml_lines import read_yaml_file

#: Raised where the same mapping would make other events: it is part of a run's identity.
READER_VERSION: Final = 1
_LONGEST_TEXT: Final = 2_000
_REMEDY: Final = "The shape of a mapping is in docs/mapping.schema.json."


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

    @property
    def kinds(self) -> tuple[str, ...]:
        """Answer the kinds it names, without those of steps that are kept for context."""
        return tuple(sorted({told["kind"] for told in _named(self.document)}))

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
    left = list(unfilled(document))
    if left:
        told = ", ".join(f"{dotted(path)} ({lines.at(path)})" for path in left)
        remedy = "The comment beside each says what is known of it."
        what = f"still to be filled in: {told}."
        raise IntakeError(what, where=lines.at(left[0]), remedy=remedy)
    check_shape(MappingSchema(), document, lines, refused=IntakeError, remedy=_REMEDY)
    for keys, what, remedy in problems(document):
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
