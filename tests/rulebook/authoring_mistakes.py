"""Mistakes that people make in rule files, made on purpose in every shipped rule.

Twelve operators; the seed was chosen before the checks were finished. The table:

    python -m tests.rulebook.authoring_mistakes
"""

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from cleangov_plugin.cli.rule_errors import in_chinese
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.intake.rule_files import load_rule_file, load_rulebook, rulebook_folder
from cleangov_plugin.rules import Rule, compile_rule, tree
from cleangov_plugin.rules.known_kinds import unknown_kinds
from cleangov_plugin.rules.mutation.survivors import tried
from cleangov_plugin.rules.tree import Node

from .mistake_operators import OPERATORS
from .mistake_places import Document

SEED: Final = 20261130
#: Mistakes of each operator in each rule, where it can be made there so often; and how many in the
#: full counts, which are those of the table.
EACH: Final = 1
EACH_OF_ALL: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake, and what became of it.

    :param operator: its kind.
    :param rule: the rule in which it was made.
    :param changed: the place that was changed, before and after.
    :param fate: refused, example, case, or missed.
    :param message: what the author is told, in English.
    :param chinese: the same in Chinese; empty for cases, which have words of their own.
    """

    operator: str
    rule: str
    changed: str
    fate: str
    message: str = ""
    chinese: str = ""


def fate(document: Document, folder: Path) -> tuple[str, str, str]:
    """Answer what an author is told of a document."""
    path = folder / "rule.yaml"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    try:
        loaded = load_rule_file(path)
        unknown = unknown_kinds(loaded)
        tested = tried(loaded)
    except CleanGovError as problem:
        return "refused", str(problem), in_chinese(problem)
    if unknown:
        return "refused", str(unknown[0]), in_chinese(unknown[0])
    if tested.failures:
        failure = tested.failures[0]
        return "example", f"{failure.name}: {failure.expected}, not {failure.found}", ""
    shown = [survivor for survivor in tested.alive if survivor.case is not None]
    return ("case", shown[0].mutant.id, "") if shown else ("missed", "", "")


def is_the_same(document: Document, changed: Document) -> bool:
    """Answer whether a change is none: labels, or the order of what has no order."""
    if {**document, "fields": 0, "condition": 0, "hint_when": 0, "facts": 0} != {
        **changed, "fields": 0, "condition": 0, "hint_when": 0, "facts": 0
    }:  # fmt: skip
        return False
    try:
        one, other = compile_rule(document), compile_rule(changed)
    except CleanGovError:
        return False
    return _meaning(one) == _meaning(other)


def _meaning(rule: Rule) -> Any:
    fields = {name: replace(field, label={}) for name, field in rule.fields.items()}
    facts = {
        name: replace(spec, where=None if spec.where is None else _sorted(spec.where))
        for name, spec in rule.facts.items()
    }
    trees = [n and _sorted(n) for n in (rule.condition, rule.applies, rule.hint_when)]
    return fields, facts, trees


def _sorted(node: Node) -> Any:
    """Put the parts of a tree that have no order in one."""
    if isinstance(node, tree.And | tree.Or):
        return replace(node, items=tuple(sorted((_sorted(i) for i in node.items), key=str)))
    if isinstance(node, tree.Compare) and node.op in ("==", "!="):
        left, right = sorted((node.left, node.right), key=str)
        return replace(node, left=left, right=right)
    return node


def mistakes(each: int) -> Iterator[Mistake]:
    """Make the mistakes, and answer what became of each.

    :param each: most of each operator in each rule.
    """
    documents = load_rulebook(rulebook_folder())
    with tempfile.TemporaryDirectory() as name:
        for operator, make in OPERATORS.items():
            chance = random.Random(f"{SEED} {operator}")
            for document in documents:
                seen, left = {json.dumps(document)}, each
                for _ in range(each * 4):
                    changed = deepcopy(document)
                    make(changed, chance)
                    text = json.dumps(changed)
                    if text in seen:
                        continue
                    seen.add(text)
                    if is_the_same(document, changed):
                        continue
                    told = fate(changed, Path(name))
                    yield Mistake(
                        operator=operator,
                        rule=document["id"],
                        changed=difference(document, changed),
                        fate=told[0],
                        message=told[1],
                        chinese=told[2],
                    )
                    left -= 1
                    if not left:
                        break


def difference(before: Any, after: Any, path: str = "") -> str:
    """Name the first place in which two documents differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *after]:
            if before.get(key) != after.get(key):
                return difference(before.get(key), after.get(key), f"{path}.{key}")
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for n, (a, b) in enumerate(zip(before, after, strict=True)):
            if a != b:
                return difference(a, b, f"{path}[{n}]")
    return f"{path}: {str(before)[:90]} -> {str(after)[:90]}"


def table(found: list[Mistake]) -> list[str]:
    """Write the table: made, refused, shown by an example or a case, missed."""
    lines = ["| operator | made | refused | an example | a case | missed | caught |"]
    lines.append("|---|---|---|---|---|---|---|")
    for name in [*OPERATORS, "all"]:
        of = [m for m in found if name in (m.operator, "all")]
        counts = [sum(m.fate == f for m in of) for f in ("refused", "example", "case", "missed")]
        caught = f"{100 - 100 * counts[3] / len(of):.1f} %"
        lines.append(f"| {name} | {len(of)} | {' | '.join(map(str, counts))} | {caught} |")
    return lines


if __name__ == "__main__":
    everything = list(mistakes(EACH_OF_ALL))
    print("\n".join(table(everything)))
    if "-v" in sys.argv:
        for mistake in everything:
            if mistake.fate == "missed":
                print(mistake.operator, mistake.rule, mistake.changed)
