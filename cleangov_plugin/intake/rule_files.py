"""Rule files: read safely, checked for shape and meaning, every error with file and line."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from cleangov_plugin.domain.errors import IntakeError, RuleError
from cleangov_plugin.rules import compile_bindings, compile_rule
from cleangov_plugin.rules.examples import examples_of

from .json_schema import rule_json_schema
from .rule_schema import RuleSchema
from .yaml_lines import LARGEST, Lines, read_yaml
from .yaml_lines import Path as KeyPath

__all__ = ("load_rule_file", "load_rulebook", "rule_json_schema", "rulebook_folder")

_STEP: Final = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_MOST: Final = 5


def rulebook_folder() -> Path:
    """Answer the folder of the rules that are shipped with the plugin."""
    return Path(__file__).resolve().parent.parent / "rulebook"


def load_rule_file(path: Path) -> dict[str, Any]:
    """Read one rule file and check it wholly: shape, names, types, ranges, bindings.

    :param path: the file; hostile.
    :return: the rule's document: texts, whole numbers, yes and no, lists and mappings.
    :raises IntakeError: where it cannot be read as a document.
    :raises RuleError: where it is no rule; the message begins with file and line.
    """
    document, lines = read_yaml(_bytes(path), path.name)
    if not isinstance(document, dict):
        raise RuleError("a rule file holds one mapping.", where=lines.at(()))
    try:
        rule = compile_rule(document)
        compile_bindings(document, rule)
        examples_of(document, rule)
    except RuleError as problem:
        where = f"{lines.at(_keys(problem.where, document))} ({problem.where})"
        raise RuleError(problem.what, where=where, remedy=problem.remedy) from None
    _check_shape(document, lines)
    return document


def load_rulebook(folder: Path) -> list[dict[str, Any]]:
    """Read all rule files of a folder and the folders below it.

    :param folder: the folder.
    :return: documents in order of rule id.
    :raises IntakeError: where there is no such folder, or two files hold one rule.
    :raises RuleError: at the first file that is no rule.
    """
    if not folder.is_dir():
        what = "there is no such folder."
        raise IntakeError(what, where=str(folder), remedy="Name the folder of the rule files.")
    found: dict[str, tuple[Path, dict[str, Any]]] = {}
    for path in sorted(folder.rglob("*.yaml")):
        document = load_rule_file(path)
        id_ = document["id"]
        if id_ in found:
            what = f"the rule {id_} stands in {found[id_][0].name} already."
            raise IntakeError(what, where=path.name, remedy="Keep one of the files.")
        found[id_] = (path, document)
    return [found[id_][1] for id_ in sorted(found)]


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as problem:
        what = f"the file cannot be read ({type(problem).__name__})."
        raise IntakeError(what, where=str(path)) from None


def _check_shape(document: Mapping[str, Any], lines: Lines) -> None:
    found = _problems(RuleSchema().validate(document), ())
    problems = sorted(found, key=lambda problem: (problem[0] not in lines.lines, str(problem[0])))
    if not problems:
        return
    told = [f"{lines.at(path)}: {_dotted(path)}: {text}" for path, text in problems[1:_MOST]]
    more = [f"And {len(problems) - _MOST} more."] if len(problems) > _MOST else []
    path, text = problems[0]
    raise RuleError(
        " ".join([f"{_dotted(path)}: {text}", *told, *more]),
        where=lines.at(path),
        remedy="The shape of a rule file is in docs/rule.schema.json.",
    )


def _problems(errors: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Flatten marshmallow's nested messages; entries of mappings stand under "value"."""
    if isinstance(errors, Mapping):
        for key, below in errors.items():
            step = () if key in ("_schema", "value", "key") and path else (key,)
            yield from _problems(below, (*path, *step))
        return
    for text in errors if isinstance(errors, list) else [errors]:
        yield path, str(text)


def _dotted(path: KeyPath) -> str:
    return ".".join(str(step) for step in path)


def _keys(where: str, document: Mapping[str, Any]) -> KeyPath:
    """Turn ``"E07.answers[2].label.zh"`` into the keys below the rule; bindings go by their id."""
    found = [int(m[1]) - 1 if m[1] else m[2] for m in _STEP.finditer(where)][1:]
    if found[:1] == ["bindings"] and len(found) > 1 and isinstance(found[1], str):
        ids = [b.get("id") for b in document["bindings"] if isinstance(b, Mapping)]
        found[1] = ids.index(found[1]) if found[1] in ids else found[1]
    return tuple(found)
