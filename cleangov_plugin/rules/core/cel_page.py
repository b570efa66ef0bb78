"""A rule as CEL, for other engines: three expressions, and what must be given to them."""

from collections.abc import Mapping
from typing import Any, Final

from cleangov_plugin.domain.terms import Phase
from cleangov_plugin.rules.bound import bind
from cleangov_plugin.rules.evaluation import default_binding
from cleangov_plugin.rules.kinds import Kind, Type
from cleangov_plugin.rules.model import Rule

from .cel import place, write_cel
from .lowered_rule import LoweredRule, lower_rule
from .nodes import Entry, Input, Sort

#: In which unit a number is given, zh and en.
_UNITS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.PERCENT: ("千分之一个百分点", "thousandths of a percent"),
    Kind.DATE: ("日序，0001-01-01 为 1", "day number, 0001-01-01 is 1"),
    Kind.INSTANT: ("1970-01-01T00:00Z 起的微秒", "microseconds since 1970-01-01T00:00Z"),
    Kind.DAYS: ("天", "civil days"),
    Kind.WORKING_DAYS: ("工作日", "working days"),
    Kind.DURATION: ("秒", "seconds"),
}
_SAID: Final = (
    ("condition", "命中", "hits where"),
    ("applies", "适用", "applies where"),
    ("complete", "资料齐全，才可能未命中", "is clear only where"),
)
_HEAD: Final = (
    "参数取默认值。不知道的值不要放进 numbers、truths、texts、number_lists、text_lists；",
    "表达式因此出错，即为无法核验。",
    "Parameters have their defaults. Leave what is unknown out of numbers, truths, texts,",
    "number_lists and text_lists: an expression that fails for want of it says that it cannot be",
    "checked.",
)


def cel_document(rule: Rule) -> dict[str, Any]:
    """Write a rule as CEL, with its parameters at their defaults.

    :param rule: the rule.
    :return: the expressions ``applies``, ``condition`` and ``complete``, see `LoweredRule`, and
        the inputs with their places in the maps, units and ranges.
    :raises RuleError: where something in it cannot be written.
    """
    lowered = lower_rule(bind(rule, default_binding(rule)), Phase.EVENT)
    return {
        "rule": rule.id,
        "version": rule.version,
        "digest": rule.digest,
        "applies": write_cel(lowered.applies),
        "condition": write_cel(lowered.condition),
        "complete": write_cel(lowered.complete),
        "inputs": [_input(each, lowered) for each in lowered.inputs],
    }


def cel_page(rule: Rule, document: Mapping[str, Any]) -> str:
    """Write what `cel_document` answers as one text, all but the expressions as comments.

    :param rule: the rule.
    :param document: the rule as CEL.
    :return: lines, zh and en.
    """
    lines = [f"// {rule.id}@{rule.version} {rule.title['zh']} · {rule.title['en']}"]
    lines += [f"// {line}" for line in _HEAD]
    for each in document["inputs"]:
        bounds = f" {each['low']} … {each['high']}" if "low" in each else ""
        unit = f" ({each['unit']['zh']} · {each['unit']['en']})" if "unit" in each else ""
        lines.append(f"//   {each['at']}{bounds}{unit}")
    for key, zh, en in _SAID:
        lines += ["", f"// {zh} · {en}", document[key]]
    return "\n".join(lines)


def _input(given: Input, lowered: LoweredRule) -> dict[str, Any]:
    found: dict[str, Any] = {"name": given.name, "at": place(given), "sort": given.sort.value}
    type_ = lowered.origins[given.name].node.type
    numbers: Input | Entry = given
    if given.entry is not None:
        found |= {"entries": given.entry.sort.value, "fewest": given.low, "most": given.high}
        numbers, type_ = given.entry, type_.entry
    if numbers.sort is not Sort.NUMBER:
        return found
    found |= {"low": numbers.low, "high": numbers.high}
    unit = _unit(type_)
    return found | ({"unit": {"zh": unit[0], "en": unit[1]}} if unit else {})


def _unit(type_: Type) -> tuple[str, str] | None:
    if type_.kind is not Kind.MONEY:
        return _UNITS.get(type_.kind)
    if type_.is_of_any_currency:
        return "最小货币单位", "minor units of its currency"
    return f"{type_.currency} 的最小单位", f"minor units of {type_.currency}"
