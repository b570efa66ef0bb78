"""Kinds of event that a rule names, and whether anybody knows them.

A mistyped kind is no error of the language: such a rule simply never looks at anything. So whoever
writes a rule is told, with the kind that may have been meant.
"""

from collections.abc import Collection, Iterator, Mapping

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.vocabulary import KINDS

from .compiler import compile_rule
from .examples import examples_of
from .model import ANY_KIND, Rule
from .names import near

_REMEDY = "If your platform sends it, name it: --kind, --mapping or --host."


def named_kinds(rule: Rule) -> Iterator[tuple[str, str]]:
    """Answer the kinds that a rule names, each with its path in the rule file.

    :param rule: the rule.
    """
    yield from ((f"{rule.id}.on", kind) for kind in sorted(rule.on - {ANY_KIND}))
    for name, spec in rule.facts.items():
        where = f"{rule.id}.facts.{name}"
        kinds = [*spec.kinds, *spec.by_kind, *(k for k in (spec.after, spec.before) if k)]
        yield from ((where, kind) for kind in dict.fromkeys(kinds))
    if rule.drawing is not None:
        yield from ((f"{rule.id}.drawing.of", kind) for kind in rule.drawing.kinds)


def _in_examples(document: Mapping[str, object], rule: Rule) -> Iterator[tuple[str, str]]:
    for number, example in enumerate(examples_of(document, rule), start=1):
        for record in (example.record, *example.knowledge.history):
            yield f"{rule.id}.examples[{number}]", record.kind


def unknown_kinds(document: Mapping[str, object], more: Collection[str] = ()) -> list[RuleError]:
    """Answer what is wrong with the kinds that a rule and its examples name.

    :param document: the rule's document, checked.
    :param more: kinds that are known besides the canonical ones.
    :return: one error for each unknown kind, with the nearest known one.
    """
    rule = compile_rule(document)
    known = sorted({*KINDS, *more})
    named = [*named_kinds(rule), *_in_examples(document, rule)]
    found: dict[str, str] = {}
    for where, kind in named:
        if kind not in known:
            found.setdefault(kind, where)
    return [
        RuleError(
            f"nobody knows events of kind '{kind}'.",
            where=where,
            remedy=f"{near(kind, known)} {_REMEDY}".strip(),
        )
        for kind, where in found.items()
    ]
