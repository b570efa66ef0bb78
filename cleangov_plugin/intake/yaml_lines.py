"""A small, strict YAML: texts, whole numbers, yes and no, lists and mappings, each with its line.

What other readers guess at is refused or left as text: no aliases, no tags, no dates, no octal,
no "on" that means true. A file cannot grow when it is read.
"""

import pathlib
import re
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import yaml

from cleangov_plugin.domain.errors import IntakeError

#: Largest file and deepest nesting that is read.
LARGEST: Final = 256 * 1024
DEEPEST: Final = 24

Path: TypeAlias = "tuple[str | int, ...]"

_INTEGER: Final = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "null": None, "~": None, "": None}
_PLAIN_TAGS: Final = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map")
_OPENING: Final = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
#: Ten times as quick as the other; not every build of the package has it.
_QUICK: Final[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_CLOSING: Final = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


@dataclass(frozen=True, slots=True)
class Lines:
    """Where everything of a file stands.

    :param name: how the file is called in messages.
    :param lines: line by path, counted from 1.
    """

    name: str
    lines: dict[Path, int]

    def at(self, path: Path) -> str:
        """Answer file and line of a path, or of the nearest thing above it.

        :param path: keys and positions from the top.
        """
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.name}:{self.lines.get(path, 1)}"


def read_yaml(data: bytes, name: str) -> tuple[Any, Lines]:
    """Read one document.

    :param data: the file; hostile.
    :param name: how it is called in messages.
    :return: plain values, and where each stands.
    :raises IntakeError: where it is no such document, with file and line.
    """
    if len(data) > LARGEST:
        what = f"the file has {len(data):,} bytes."
        remedy = f"At most {LARGEST:,} are read."
        raise IntakeError(what, where=f"{name}:1", remedy=remedy)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        remedy = "Save the file as UTF-8."
        raise IntakeError("this is not UTF-8.", where=f"{name}:{line}", remedy=remedy) from None
    node = _composed(text, name)
    lines = Lines(name, {})
    return (None if node is None else _built(node, (), lines)), lines


def read_yaml_file(path: pathlib.Path) -> tuple[Any, Lines]:
    """Read the one document of a file.

    :param path: the file; hostile.
    :return: plain values, and where each stands.
    :raises IntakeError: where it cannot be read, or is no such document.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as problem:
        what = f"the file cannot be read ({type(problem).__name__})."
        raise IntakeError(what, where=str(path)) from None
    return read_yaml(data, path.name)


def _composed(text: str, name: str) -> yaml.Node | None:
    try:
        return _compose(text, name, _QUICK)
    except yaml.YAMLError:
        pass  # said in the words of the other, which are the same wherever this is read
    try:
        return _compose(text, name, yaml.BaseLoader)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 if mark else 1
        what = f"this is not YAML: {problem.problem or problem.context}."
        raise IntakeError(what, where=f"{name}:{line}") from None
    except yaml.YAMLError as problem:  # a character that no YAML file may hold
        what = f"this is not YAML: {type(problem).__name__}."
        raise IntakeError(what, where=f"{name}:1") from None


def _compose(text: str, name: str, loader: Any) -> yaml.Node | None:
    _look_over(text, name, loader)
    node: yaml.Node | None = yaml.compose(text, Loader=loader)
    return node


def _look_over(text: str, name: str, loader: Any) -> None:
    """Refuse, before anything is built, what could make a small file large."""
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        where = f"{name}:{_line(event)}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            remedy = "Write the values out."
            raise IntakeError("aliases and anchors are not read.", where=where, remedy=remedy)
        if isinstance(event, _OPENING):
            depth += 1
        elif isinstance(event, _CLOSING):
            depth -= 1
        if depth > DEEPEST:
            raise IntakeError("the file is nested too deep.", where=where)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _built(node: yaml.Node, path: Path, lines: Lines) -> Any:
    lines.lines.setdefault(path, node.start_mark.line + 1)
    if node.tag not in _PLAIN_TAGS:
        what = f"the tag '{node.tag}' is not read."
        raise IntakeError(what, where=lines.at(path), remedy="Write plain values.")
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_built(item, (*path, n), lines) for n, item in enumerate(node.value)]
    return _scalar(str(node.value), getattr(node, "style", None))


def _mapping(node: yaml.MappingNode, path: Path, lines: Lines) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        where = f"{lines.name}:{key.start_mark.line + 1}"
        if not isinstance(key, yaml.ScalarNode) or key.tag not in _PLAIN_TAGS:
            raise IntakeError("a key must be a plain text.", where=where)
        name = str(key.value)
        if name in found:
            remedy = "Keep one of them."
            raise IntakeError(f"the key '{name}' stands twice.", where=where, remedy=remedy)
        lines.lines[*path, name] = key.start_mark.line + 1
        found[name] = _built(value, (*path, name), lines)
    return found


def _scalar(text: str, style: str | None) -> Any:
    if style:  # plain is None, or an empty text with the loader in C
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text
