"""Reading bindings: where a rule is put to work, how strictly, and with which numbers."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final, TypeVar

from cleangov_hooks import Stream
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.terms import Eased, OnFailure, Phase, Tier, Visibility

from .document import Part
from .model import Binding, Rule, Scope
from .names import near
from .quantities import literal
from .tree import Core
from .windows import look_back

E = TypeVar("E", bound=Enum)

_ID: Final = re.compile(r"[A-Za-z0-9_-]+")


def compile_binding(document: Mapping[str, object], rule: Rule) -> Binding:
    """Check a binding's document against its rule.

    :param document: the binding; hostile.
    :param rule: the rule it binds.
    :return: the binding with all parameters filled in.
    :raises RuleError: with the path of the offending key.
    """
    part = Part(document, f"{rule.id}.bindings")
    id_ = part.text("id", longest=64)
    if not _ID.fullmatch(id_):
        raise part.wrong("id", f"'{id_}' is no id of a binding.", "Write E07-gate.")
    part = Part(document, f"{rule.id}.bindings.{id_}")
    part.only(
        "id", "tier", "phases", "parameters", "scope", "on_error", "on_missing", "on_timeout",
        "visibility", "effective_from", "effective_to", "eased",
    )  # fmt: skip
    tier = Tier(part.integer("tier", 0, 5))
    failures = {key: _on_failure(part, key, tier) for key in ("error", "missing", "timeout")}
    binding = Binding(
        id=id_,
        rule_id=rule.id,
        rule_version=rule.version,
        tier=tier,
        phases=_phases(part),
        parameters=_parameters(part.part("parameters"), rule),
        scope=_scope(part.part("scope")),
        on_error=failures["error"],
        on_missing=failures["missing"],
        on_timeout=failures["timeout"],
        visibility=part.choice("visibility", Visibility, default=Visibility.OFFICER),
        effective_from=part.day("effective_from"),
        effective_to=part.day("effective_to"),
        eased=_eased(part, tier),
    )
    first, last = binding.effective_from, binding.effective_to
    if first and last and last < first:
        raise part.wrong("effective_to", "the last day is before the first.")
    return binding


def compile_bindings(document: Mapping[str, object], rule: Rule) -> tuple[Binding, ...]:
    """Compile the bindings that a rule's document brings along.

    :param document: the rule's document.
    :param rule: the rule compiled from it.
    :return: its bindings; none is a rule that is not put to work.
    :raises RuleError: where one is wrong or two have one id.
    """
    part = Part(document, rule.id)
    found = tuple(compile_binding(item.values, rule) for item in part.listed("bindings"))
    ids = [binding.id for binding in found]
    twice = next((id_ for id_ in ids if ids.count(id_) > 1), None)
    if twice is not None:
        raise part.wrong("bindings", f"the id '{twice}' stands twice.", "Give it another id.")
    return found


def _phases(part: Part) -> frozenset[Phase]:
    phases = frozenset(_each(part, "phases", Phase))
    if not phases:
        raise part.wrong("phases", "a binding needs at least one phase.")
    return phases


def _on_failure(part: Part, key: str, tier: Tier) -> OnFailure:
    found = part.choice(f"on_{key}", OnFailure, default=OnFailure.RECORD)
    if found is OnFailure.HOLD and tier is not Tier.REFUSE:
        what = "only a binding of tier 5 may hold a step it could not judge."
        raise part.wrong(f"on_{key}", what, "Write record.")
    return found


def _eased(part: Part, tier: Tier) -> frozenset[Eased]:
    """Read the modes in which a hit does not interrupt; from tier 4 on it always does."""
    found = frozenset(_each(part, "eased", Eased))
    if found and not Tier.CONFIRM <= tier < Tier.SECOND_PERSON:
        what = "only a binding of tier 2 or 3 may ask less in a mode."
        raise part.wrong("eased", what, "Take it out, or choose another tier.")
    return found


def _each(part: Part, key: str, options: type[E]) -> list[E]:
    return [Part({key: text}, part.path).choice(key, options) for text in part.texts(key)]


def _scope(part: Part) -> Scope:
    part.only("streams", "units", "steps", "sources")
    return Scope(
        streams=frozenset(stream.value for stream in _each(part, "streams", Stream)),
        units=frozenset(part.texts("units")),
        steps=frozenset(part.texts("steps")),
        sources=frozenset(part.texts("sources")),
    )


def _parameters(part: Part, rule: Rule) -> dict[str, Core]:
    for name in part.values:
        if name not in rule.parameters:
            hint = near(name, rule.parameters)
            raise RuleError(f"there is no parameter '{name}'.", where=part.at(name), remedy=hint)
    found = {
        name: literal(part.values[name], parameter.type, part.at(name))
        if name in part.values
        else parameter.default
        for name, parameter in rule.parameters.items()
    }
    look_back(rule, found, part.at)
    return found
