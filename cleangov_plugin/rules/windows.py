"""Windows of facts whose width is a parameter: they look back, whatever a binding writes."""

from collections.abc import Callable, Mapping

from cleangov_plugin.domain.errors import RuleError

from .model import Rule
from .tree import Core, Name


def look_back(rule: Rule, parameters: Mapping[str, Core], at: Callable[[str], str]) -> None:
    """Refuse a window that is negative: no event lies in it, and the rule would never say so.

    :param rule: the rule.
    :param parameters: values of its parameters, as it or one of its bindings has them.
    :param at: answers where the value of a parameter stands.
    :raises RuleError: at the first such window.
    """
    for spec in rule.facts.values():
        within = spec.within
        if not isinstance(within, Name):
            continue
        width = parameters[within.key]
        if isinstance(width, int) and width < 0:
            what = f"a window of {width} looks to days that are still to come."
            remedy = "Write a span that is not negative."
            raise RuleError(what, where=at(within.key), remedy=remedy)
