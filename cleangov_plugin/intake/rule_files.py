"""Rule files: read safely, checked for shape and meaning, every error with file and line."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from cleangov_plugin.domain.errors import IntakeError, RuleError
from cleangov_plugin.rules import compile_bindings, compile_rule
from cleangov_plugin.rules.examples import examples_of
from cleangov_plugin.rules.mutation.signatures import signatures_of

from .json_schema import rule_json_schema
from .rule_schema import RuleSchema
from .shapes import check_shape
from .yaml_lines import LARGEST, read_yaml_file
from .yaml_lines import Path as KeyPath

__all__ = ("RuleFiles", "load_rule_file", "load_rulebook", "rule_json_schema", "rulebook_folder")

_STEP: Final = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_CLOCK: Final = re.compile(rb"clock[\"']?\s*:")
_REMEDY: Final = "The shape of a rule file is in docs/rule.schema.json."

#: Names, times and sizes of the files of a folder.
Fingerprint: TypeAlias = tuple[tuple[str, int, int], ...]


def rulebook_folder() -> Path:
    """Answer the folder of the rules that are shipped with the plugin."""
    return Path(__file__).resolve().parent.parent / "rulebook"


class RuleFiles:
    """The rule files of a folder, and whether one of them has changed since it was read."""

    def __init__(self) -> None:
        self._folder = rulebook_folder()
        self._seen: Fingerprint = ()

    def documents(self, folder: Path | None) -> list[dict[str, Any]]:
        """Read all rule files.

        :param folder: the folder; None is the shipped rulebook.
        :return: documents in order of rule id.
        :raises IntakeError: where there is no such folder, or two files hold one rule.
        :raises RuleError: at the first file that is no rule.
        """
        self._folder = folder or rulebook_folder()
        self._seen = _fingerprint(self._folder)
        return load_rulebook(self._folder)

    def have_changed(self) -> bool:
        """Answer whether a file was changed, added or removed since the last reading."""
        return _fingerprint(self._folder) != self._seen


def _files(folder: Path) -> list[Path]:
    return sorted(path for ending in ("*.yaml", "*.yml") for path in folder.rglob(ending))


def _fingerprint(folder: Path) -> Fingerprint:
    found = ((path, path.stat()) for path in _files(folder))
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)


def load_rule_file(path: Path) -> dict[str, Any]:
    """Read one rule file and check it wholly: shape, names, types, ranges, bindings.

    :param path: the file; hostile.
    :return: the rule's document: texts, whole numbers, yes and no, lists and mappings.
    :raises IntakeError: where it cannot be read as a document.
    :raises RuleError: where it is no rule; the message begins with file and line.
    """
    document, lines = read_yaml_file(path)
    lines.all_is_seen()
    if not isinstance(document, dict):
        raise RuleError("a rule file holds one mapping.", where=lines.at(()))
    try:
        rule = compile_rule(document)
        compile_bindings(document, rule)
        examples_of(document, rule)
        signatures_of(document, rule)
    except RuleError as problem:
        where = f"{lines.at(keys_of(problem.where, document))} ({problem.where})"
        raise RuleError(problem.what, where=where, remedy=problem.remedy) from None
    check_shape(RuleSchema(), document, lines, refused=RuleError, remedy=_REMEDY)
    return document


def load_rulebook(folder: Path) -> list[dict[str, Any]]:
    """Read all rule files of a folder and the folders below it; clock files are left out.

    :param folder: the folder.
    :return: documents in order of rule id.
    :raises IntakeError: where there is no such folder, or two files hold one rule.
    :raises RuleError: at the first file that is no rule.
    """
    if not folder.is_dir():
        what = "there is no such folder."
        raise IntakeError(what, where=str(folder), remedy="Name the folder of the rule files.")
    found: dict[str, tuple[Path, dict[str, Any]]] = {}
    for path in rule_paths(folder):
        document = load_rule_file(path)
        id_ = document["id"]
        if id_ in found:
            what = f"the rule {id_} stands in {found[id_][0].name} already."
            raise IntakeError(what, where=path.name, remedy="Keep one of the files.")
        found[id_] = (path, document)
    return [found[id_][1] for id_ in sorted(found)]


def rule_paths(folder: Path) -> list[Path]:
    """Answer the rule files of a folder and the folders below it.

    :param folder: the folder.
    """
    return [path for path in _files(folder) if not holds_a_clock(path)]


def clock_paths(folder: Path) -> list[Path]:
    """Answer the clock files of a folder and the folders below it.

    :param folder: the folder.
    """
    return [path for path in _files(folder) if holds_a_clock(path)]


def holds_a_clock(path: Path) -> bool:
    """Answer whether a file holds a clock, and no rule; what cannot be read is no clock.

    :param path: the file; hostile.
    """
    try:
        with path.open("rb") as file:
            head = file.read(LARGEST)
        # A rule has no such key: most files need not be read twice.
        if not _CLOCK.search(head):
            return False
        document, _ = read_yaml_file(path)
    except (OSError, IntakeError):
        return False
    return isinstance(document, dict) and "clock" in document


def keys_of(where: str, document: Mapping[str, Any]) -> KeyPath:
    """Turn ``"E07.answers[2].label.zh"`` into the keys below the rule; bindings go by their id.

    :param where: the path that an error names.
    :param document: the document.
    """
    found = [int(m[1]) - 1 if m[1] else m[2] for m in _STEP.finditer(where)][1:]
    if found[:1] == ["bindings"] and len(found) > 1 and isinstance(found[1], str):
        ids = [b.get("id") for b in document["bindings"] if isinstance(b, Mapping)]
        found[1] = ids.index(found[1]) if found[1] in ids else found[1]
    return tuple(found)
