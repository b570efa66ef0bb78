"""From a rule's document to a checked rule."""

import re
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final

from cleangov_plugin.domain.terms import Severity

from .answers import answers
from .checker import check
from .document import Part, digest
from .drawing import Drawing
from .fact_specs import event_kinds, fact_specs
from .kinds import Kind
from .model import ANY_KIND, Basis, EventField, Rule
from .names import Names, near
from .quantities import NAME, base_names, fields, parameters
from .templates import check_template
from .tree import Node
from .windows import look_back

_KEYS: Final = (
    "id", "version", "title", "why", "basis", "on", "severity", "parameters", "fields", "facts",
    "values", "applies", "condition", "hint_when", "beside", "texts", "drawing", "answers",
    "examples", "signed", "owner", "review_by", "bindings",
)  # fmt: skip
_DRAWN: Final = (Kind.MONEY, Kind.INTEGER)
_TEXTS: Final = ("headline", "body", "hint", "done")
_ID: Final = re.compile(r"[A-Z][A-Z0-9]{1,15}")


class _Status(StrEnum):
    """What kind of ground a rule stands on."""

    LAW = "law"
    LOCAL = "local"
    METHOD = "method"


def compile_rule(document: Mapping[str, object]) -> Rule:
    """Check a rule's document and compile it.

    :param document: as read from a rule file or from the database; hostile.
    :return: the rule.
    :raises RuleError: with the path of the offending key and, where there is one, the word that
        could have been meant.
    """
    part = Part(document, _id(document))
    part.only(*_KEYS)
    event_fields, params = fields(part), parameters(part)
    facts, names = fact_specs(part, base_names(event_fields, params), event_fields)
    values = _values(part, names)
    shown = replace(names, values={name: node.type for name, node in values.items()})
    rule = Rule(
        id=part.text("id"),
        version=part.integer("version", 1, 1_000_000),
        digest=digest(document),
        title=part.words("title"),
        why=part.words("why"),
        basis=bases(part),
        on=_on(part),
        severity=part.choice("severity", Severity),
        parameters=params,
        fields=event_fields,
        facts=facts,
        applies=_expression(part, "applies", names),
        condition=check(part.text("condition"), names, part.at("condition")),
        hint_when=_expression(part, "hint_when", names),
        values=values,
        beside=_beside(part, event_fields),
        texts=_texts(part, shown),
        answers=answers(part, shown, event_fields),
        owner=part.text("owner", default=""),
        review_by=part.day("review_by"),
        drawing=_drawing(part, event_fields),
    )
    _complete(part, rule)
    return rule


def _id(document: Mapping[str, object]) -> str:
    part = Part(document, "rule")
    id_ = part.text("id", longest=16)
    if not _ID.fullmatch(id_):
        raise part.wrong("id", f"'{id_}' is no rule id.", "Write capitals and digits: E07.")
    return id_


def _on(part: Part) -> frozenset[str]:
    return frozenset({ANY_KIND} if part.texts("on") == (ANY_KIND,) else event_kinds(part, "on"))


def _expression(part: Part, key: str, names: Names) -> Node | None:
    return check(part.text(key), names, part.at(key)) if key in part.values else None


def _values(part: Part, names: Names) -> dict[str, Node]:
    """Read the named values that texts and patches may use."""
    inner, names = part.part("values"), replace(names, counts_days=True)
    for name in inner.values:
        if not NAME.fullmatch(name):
            raise inner.wrong(name, f"'{name}' is no name.", "Write a_z0_9.")
    return {
        name: check(inner.text(name), names, inner.at(name), wanted=None) for name in inner.values
    }


def bases(part: Part) -> tuple[Basis, ...]:
    """Read what a rule or a clock stands on.

    :param part: its document.
    :raises RuleError: where it stands on nothing.
    """
    found = []
    for item in part.listed("basis"):
        item.only("law", "article", "quote", "valid_from", "valid_to", "status", "source")
        quote = item.part("quote")
        quote.only("zh", "en")
        basis = Basis(
            law=item.words("law"),
            article=item.words("article", is_required=False),
            quote={language: quote.text(language) for language in quote.values},
            status=item.choice("status", _Status).value,
            source=item.text("source", default=""),
            valid_from=item.day("valid_from"),
            valid_to=item.day("valid_to"),
        )
        found.append(basis)
    if not found:
        raise part.wrong("basis", "a rule stands on a law, a local rule or a named method.")
    return tuple(found)


def _beside(part: Part, event_fields: Mapping[str, EventField]) -> str | None:
    beside = part.optional_text("beside")
    if beside is not None and beside not in event_fields:
        raise part.wrong("beside", f"there is no field '{beside}'.", near(beside, event_fields))
    return beside


def _drawing(part: Part, event_fields: Mapping[str, EventField]) -> Drawing | None:
    """Read what is drawn: two fields that can be measured by one another."""
    if "drawing" not in part.values:
        return None
    inner = part.part("drawing")
    inner.only("bars", "line", "of")
    found = []
    for key in ("bars", "line"):
        name = inner.text(key)
        if name not in event_fields:
            raise inner.wrong(key, f"there is no field '{name}'.", near(name, event_fields))
        found.append(event_fields[name])
    bars, line = found
    if bars.type.kind not in _DRAWN:
        raise inner.wrong("bars", f"{bars.type.described()} has no height.", "Name a sum or count.")
    if not bars.type.is_like(line.type):
        what = f"{bars.type.described()} cannot be measured by {line.type.described()}."
        raise inner.wrong("line", what, "Name a field of the same type and currency.")
    return Drawing(bars=bars.name, line=line.name, kinds=event_kinds(inner, "of"))


def _texts(part: Part, names: Names) -> dict[str, Mapping[str, str]]:
    inner = part.part("texts")
    inner.only(*_TEXTS)
    found = {key: inner.words(key) for key in inner.values}
    for key, words in found.items():
        for language, template in words.items():
            check_template(template, names, f"{inner.at(key)}.{language}")
    return found


def _complete(part: Part, rule: Rule) -> None:
    """Refuse a rule that could hit and then have nothing to say, or that looks ahead."""
    usual = {name: parameter.default for name, parameter in rule.parameters.items()}
    look_back(rule, usual, lambda name: f"{part.at('parameters')}.{name}.default")
    for key in ("headline", "body"):
        if key not in rule.texts:
            raise part.part("texts").wrong(key, "a rule that hits must say so.")
    if rule.hint_when is not None and "hint" not in rule.texts:
        raise part.part("texts").wrong("hint", "'hint_when' needs a hint to show.")
