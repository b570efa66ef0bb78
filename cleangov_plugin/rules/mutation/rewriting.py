"""A checked tree written again: in the rule language, or in words with the labels of the rule."""

from datetime import date
from decimal import Decimal
from typing import Final

from cleangov_hooks import Money
from cleangov_plugin.rules import tree
from cleangov_plugin.rules.kinds import WHOLE, Kind, Type, minor_digits, written_currency
from cleangov_plugin.rules.model import Rule
from cleangov_plugin.rules.trace import Wording
from cleangov_plugin.rules.tree import Core, Name, Node

_UNITS: Final = {Kind.DAYS: " days", Kind.WORKING_DAYS: " working days"}
#: How strongly a node binds its parts; a part that binds less strongly stands in parentheses.
_STRENGTH: Final[dict[type, int]] = {
    tree.Or: 1, tree.And: 2, tree.Not: 3, tree.Compare: 4, tree.CompareRatio: 4, tree.Member: 4,
    tree.Arithmetic: 5, tree.Negative: 7,
}  # fmt: skip


def written_value(value: Core, type_: Type) -> str:
    """Write a value as a rule file writes it.

    :param value: the value in the core's unit.
    :param type_: its type.
    :return: ``"800.01元"``, ``"60 days"``, ``"10%"``, ``"'text'"``, ...
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Money):
        return _money(value.minor, value.currency)
    if isinstance(value, tuple):
        return "[" + ", ".join(f"'{item}'" for item in value) + "]"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else _number(value, type_)


def _number(value: int, type_: Type) -> str:
    if type_.kind is Kind.MONEY:
        return _money(value, type_.currency)
    if type_.kind is Kind.PERCENT:
        return f"{Decimal(value * 100) / WHOLE:f}%"
    if type_.kind is Kind.DURATION:
        return f"{value // 60} minutes"
    return f"{value}{_UNITS.get(type_.kind, '')}"


def _money(minor: int, currency: str) -> str:
    digits = minor_digits(currency)
    number = Decimal(minor).scaleb(-digits)
    plain = number.to_integral_value() if minor % 10**digits == 0 else number
    return f"{plain:f}{written_currency(currency)}"


def written(node: Node) -> str:
    """Write an expression in the rule language.

    :param node: its checked tree.
    :return: a text that is read as the same tree.
    """
    match node:
        case tree.Literal(type_, value):
            return written_value(value, type_)
        case Name():
            return node.path
        case tree.And(items) | tree.Or(items):
            word = " and " if isinstance(node, tree.And) else " or "
            return word.join(_part(item, node) for item in items)
        case tree.Not(item):
            return f"not {_part(item, node)}"
        case tree.CompareRatio(op, ratio, percent):
            return f"{written(ratio)} {op} {_part(percent, node)}"
        case tree.Compare(op, left, right):
            return f"{_part(left, node)} {op} {_part(right, node)}"
        case tree.Arithmetic(op, left, right):
            return f"{_part(left, node)} {op} {_right(right)}"
    return _function(node)


def _function(node: Node) -> str:
    match node:
        case tree.Member(item, options):
            values = sorted(written_value(option, item.type) for option in options)
            return f"{_part(item, node)} in [{', '.join(values)}]"
        case tree.Negative(item):
            return f"-{_part(item, node)}"
    if isinstance(node, tree.Item):
        return "outer" if node.level else "item"
    name = node.op if isinstance(node, tree.Call | tree.Each) else type(node).__name__.lower()
    return f"{name}({', '.join(written(item) for item in tree.below(node))})"


def _part(item: Node, whole: Node) -> str:
    text = written(item)
    return f"({text})" if _STRENGTH.get(type(item), 9) <= _STRENGTH[type(whole)] else text


def _right(item: Node) -> str:
    text = written(item)
    return f"({text})" if isinstance(item, tree.Arithmetic) else text


class _Labels(Wording):
    """Words of an expression without a case: labels alone."""

    def __init__(self, rule: Rule, tongue: str) -> None:
        super().__init__(rule, lambda _: None, tongue)

    def name(self, name: Name) -> str:
        """Write the label of a name.

        :param name: the name.
        """
        return self.label(name)

    def text(self, node: Node) -> str:
        """Write a part; a ratio has no value here.

        :param node: the part.
        """
        if isinstance(node, tree.Ratio):
            return f"({self.text(node.part)}) ÷ ({self.text(node.whole)})"
        return super().text(node)


def worded(node: Node, rule: Rule, tongue: str) -> str:
    """Write an expression in words, with the labels of its rule.

    :param node: its checked tree.
    :param rule: the rule it belongs to.
    :param tongue: ``"zh"`` or ``"en"``.
    """
    return _Labels(rule, tongue).text(node)
