"""A small, strict YAML: texts, whole numbers, yes and no, lists and mappings, each with its line.

What other readers guess at is refused or left as text: no aliases, no tags, no dates, no octal,
no "on" that means true. A file cannot grow when it is read.
"""

import pathlib
import re
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import yaml
from yaml.reader import ReaderError

from cleangov_plugin.domain.errors import IntakeError

#: Largest file and deepest nesting that is read.
LARGEST: Final = 256 * 1024
DEEPEST: Final = 24

Path: TypeAlias = "tuple[str | int, ...]"

_QUOTE: Final = "Put the text between quotation marks."
_INTEGER: Final = re.compile(r"-?(?:0|[1-9]\d{0,17})")
#: What no reader sees, or what lets one read another text than the machine: controls, signs that
#: turn the direction of writing, signs of no width, halves of characters.
_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb"
    "\U000e0000-\U000e0fff]"
)
_WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "null": None, "~": None, "": None}
#: How the reader of YAML begins to say what is wrong, what that means, and what to do.
_SAID: Final = (
    ("found character '\\t'", "a tab stands where only blanks may stand", "Indent with blanks."),
    ("found character", "a text begins with a sign that means something else in YAML", _QUOTE),
    ("but found another document", "the file holds two documents", "Make two files."),
    ("mapping values are not allowed", "a colon stands where no key can stand", _QUOTE),
    (
        "expected <block end>",
        "the indentation does not fit what stands above",
        "Indent equally what belongs together.",
    ),
    ("could not find expected ':'", "a colon is missing behind a key", "Write key: value."),
    ("found unexpected end of stream", "a quotation mark is left open", "Close it."),
    (
        "expected ',' or",
        "a bracket is left open, or a comma is missing",
        "Close it, or write the comma.",
    ),
    (
        "found unknown escape character",
        "a backslash stands between double quotation marks",
        "Use single ones.",
    ),
    ("found undefined tag handle", "a text begins with an exclamation mark", _QUOTE),
)
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
    #: Lines with something that cannot be seen, and the first such character of each.
    hidden: list[tuple[int, str]] = field(default_factory=list)

    def all_is_seen(self) -> None:
        """Refuse a file, comments included, that holds characters which no reader sees.

        :raises IntakeError: at the first of them.
        """
        for line, character in sorted(self.hidden)[:1]:
            what = f"a character that cannot be seen stands here (U+{ord(character):04X})."
            raise IntakeError(what, where=f"{self.name}:{line}", remedy="Delete it.")

    def look_at(self, node: yaml.Node) -> None:
        """Take note of what cannot be seen in a text that may have been written by its code.

        :param node: a key or value.
        """
        found = _HIDDEN.search(str(node.value)) if getattr(node, "style", None) == '"' else None
        if found is not None:
            self.hidden.append((node.start_mark.line + 1, found[0]))

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
    found = _HIDDEN.search(text)
    if found is not None:
        lines.hidden.append((text.count("\n", 0, found.start()) + 1, found[0]))
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
        said = str(problem.problem or problem.context)
        words, remedy = next((w for begins, *w in _SAID if said.startswith(begins)), (said, ""))
        what = f"this is not YAML: {words}."
        raise IntakeError(what, where=f"{name}:{line}", remedy=remedy) from None
    except yaml.YAMLError as problem:  # a character that no YAML file may hold
        what, at = "this is not YAML: a character stands here that no text may hold.", 0
        if isinstance(problem, ReaderError):
            at = problem.position
        line = text.count("\n", 0, at) + 1
        raise IntakeError(what, where=f"{name}:{line}", remedy="Delete it.") from None


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
    lines.look_at(node)
    return _scalar(str(node.value), getattr(node, "style", None))


def _mapping(node: yaml.MappingNode, path: Path, lines: Lines) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        where = f"{lines.name}:{key.start_mark.line + 1}"
        if not isinstance(key, yaml.ScalarNode) or key.tag not in _PLAIN_TAGS:
            raise IntakeError("a key must be a plain text.", where=where)
        name = str(key.value)
        lines.look_at(key)
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
