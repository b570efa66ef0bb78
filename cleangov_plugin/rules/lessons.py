"""The lesson of a rule: from its own texts and examples, on both sides of its boundary; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from cleangov_hooks import AttributeValue
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase, Result

from .examples import Example, ask, examples_of
from .model import EventField, Rule
from .templates import usual_form
from .texts import render
from .writing import write

#: Of an event: what an example may differ in besides the fields that the rule declares.
_SAME: Final = ("kind", "step", "actor", "unit", "mode", "origin", "precision", "occurred_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """Two examples of a rule that differ in one field, and in what the rule says.

    :param field: how the field is called.
    :param hit: its value in the example that hits, as people write it.
    :param clear: its value in the one that does not.
    """

    field: str
    hit: str
    clear: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a rule teaches whoever has just put something right.

    :param case: the facts of an example that hits, in the rule's own words.
    :param boundary: where the rule begins to hit; None where no two examples show it.
    """

    case: str
    boundary: Boundary | None


def lesson_of(document: Mapping[str, object], rule: Rule, language: str) -> Lesson | None:
    """Make the lesson of a rule.

    :param document: the rule's document, with its examples.
    :param rule: the rule compiled from it.
    :param language: BCP 47 tag.
    :return: the lesson; None where no example can be told.
    """
    try:
        examples = [e for e in examples_of(document, rule) if e.phase is Phase.EVENT]
        hits = [e for e in examples if e.expect is Result.HIT]
        clears = [e for e in examples if e.expect is Result.CLEAR]
        pairs = [pair for hit in hits for clear in clears for pair in _pairs(rule, hit, clear)]
        chosen = pairs[0][0] if pairs else next(iter(hits), None)
        if chosen is None:
            return None
        case = render(rule, "body", ask(rule, chosen).values, language)
    except RuleError:  # a text of a release long ago
        return None
    if not case:
        return None
    return Lesson(case=case, boundary=_boundary(*pairs[0], language) if pairs else None)


def _pairs(
    rule: Rule, hit: Example, clear: Example
) -> Iterator[tuple[Example, Example, EventField]]:
    """Answer two examples with the one field in which they differ, if that is all."""
    is_alike = (
        hit.knowledge.history == clear.knowledge.history
        and hit.knowledge.elsewhere == clear.knowledge.elsewhere
        and hit.knowledge.statistics == clear.knowledge.statistics
        and hit.binding == clear.binding
        and all(getattr(hit.record, n) == getattr(clear.record, n) for n in _SAME)
    )
    if not is_alike:
        return
    fields = {field.code or name: field for name, field in rule.fields.items()}
    differing = [
        field
        for field in fields.values()
        if (field.name == "amount" or field.code)
        and _value(hit.record, field) != _value(clear.record, field)
    ]
    told = (_value(hit.record, f) is not None is not _value(clear.record, f) for f in differing)
    if len(differing) == 1 and differing[0].label and all(told):
        yield hit, clear, differing[0]


def _boundary(hit: Example, clear: Example, field: EventField, language: str) -> Boundary:
    zh = language.lower().startswith("zh")
    label = field.label or {}
    return Boundary(
        field=label.get("zh" if zh else "en") or field.name,
        hit=_written(hit.record, field, language),
        clear=_written(clear.record, field, language),
    )


def _written(record: Record, field: EventField, language: str) -> str:
    value = _value(record, field)
    between = "、" if language.lower().startswith("zh") else ", "
    if value is None:
        return ""
    if isinstance(value, tuple):
        value = tuple(map(str, value))
    return write(value, usual_form(field.type.kind), language).replace("\n", between)


def _value(record: Record, field: EventField) -> AttributeValue:
    return record.amount if field.name == "amount" else record.attributes.get(field.code or "")
