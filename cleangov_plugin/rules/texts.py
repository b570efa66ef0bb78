"""Texts for people: template and typed values become plain text in zh or en.

What is answered here is text, not HTML: the page escapes it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from cleangov_plugin.domain.evaluation import Value

from .model import Basis, Rule
from .names import Names
from .quantities import names_of
from .rule_answers import Words
from .templates import BASIS, Place, Stretch, stretches, usual_form
from .tree import Name
from .writing import language_of, write

_UNKNOWN: Final = "—"


def render(rule: Rule, key: str, values: Mapping[str, Value], language: str) -> str:
    """Write one text of a rule.

    :param rule: the rule.
    :param key: ``"title"``, ``"why"``, ``"headline"``, ``"body"``, ``"hint"``, ``"done"``, or
        ``"label.<code>"`` for the label of an answer.
    :param values: the outcome's values.
    :param language: BCP 47 tag.
    :return: plain text; empty where the rule has no such text.
    """
    words = _words(rule, key)
    tongue = language_of(language)
    template = words.get(tongue) or words.get("zh") or words.get("en") or ""
    shown_names = names_of(rule)
    parts = (_stretch(rule, part, values, tongue, shown_names) for part in stretches(template))
    return "".join(parts)


def citations(rule: Rule, on: date, language: str) -> list[str]:
    """Answer what a rule stands on for an act of a day, as people cite it.

    :param rule: the rule.
    :param on: civil day of the act.
    :param language: BCP 47 tag.
    :return: ``["《行政处罚法》第四十五条"]``.
    """
    return [cite(basis, language) for basis in rule.basis_on(on)]


def cite(basis: Basis, language: str) -> str:
    """Write one citation.

    :param basis: the law or source.
    :param language: BCP 47 tag.
    """
    tongue = language_of(language)
    law, article = basis.law.get(tongue, ""), basis.article.get(tongue, "")
    if tongue == "zh":
        return f"《{law}》{article}" if basis.status != "method" else f"{law}{article}"
    return f"{law}, {article}" if article else law


def _words(rule: Rule, key: str) -> Words:
    if key.startswith("label."):
        answer = rule.answer(key.removeprefix("label."))
        return {} if answer is None else answer.label
    return {"title": rule.title, "why": rule.why}.get(key) or rule.texts.get(key, {})


def _stretch(
    rule: Rule, stretch: Stretch, values: Mapping[str, Value], tongue: str, known: Names
) -> str:
    written = []
    for piece in stretch.pieces:
        if isinstance(piece, str):
            written.append(piece)
            continue
        text = _place(rule, piece, values, tongue, known)
        if text is None and stretch.is_optional:
            return ""
        written.append(_UNKNOWN if text is None else text)
    return "".join(written)


def _place(
    rule: Rule, place: Place, values: Mapping[str, Value], tongue: str, known: Names
) -> str | None:
    if place.name == BASIS.path:
        number = values.get(BASIS.path, 0)
        return cite(rule.basis[number if isinstance(number, int) else 0], tongue)
    meant: dict[str, Name] = rule.memory.setdefault("places", {})
    name = meant.get(place.name) or meant.setdefault(place.name, known.resolve(place.name, rule.id))
    value = values.get(name.path)
    return None if value is None else write(value, place.form or usual_form(name.type.kind), tongue)
