"""From an unchecked tree to a checked one: names, types, units, closed lists and ranges."""

from collections.abc import Callable, Mapping
from typing import Final

from . import tree
from .costs import MOST_STEPS, cost
from .functions import FUNCTIONS
from .items import DEEPEST, ITEM, OUTER, check_call, each
from .kinds import ANY_CURRENCY, DEFAULTS, LARGEST, ORDERED, RANGES, WHOLE, Kind, Type, of, size_of
from .names import Names, near
from .syntax import Syntax, parse
from .tokens import refused
from .tree import Core, Name, Node

_MIRRORED: Final = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

#: Every span between two days or moments that Python can name, in seconds.
_SPAN: Final = 400_000_000_000


def check(text: str, names: Names, where: str, *, wanted: Type | None = tree.TRUTH) -> Node:
    """Read an expression and prove what can be proven of it before it ever runs.

    :param text: the expression.
    :param names: the names it may use.
    :param where: path of the expression in its rule, for messages.
    :param wanted: the type its value must have; None where any will do.
    :return: the checked tree.
    :raises RuleError: with the place, what is wrong there and what could have been meant.
    """
    syntax = parse(text, where)
    node = _Checker(names, where).visit(syntax)
    steps = cost(node)
    if steps > MOST_STEPS:
        remedy = "Declare a 'range' for its lists: [0, 50] is a list of at most 50 entries."
        what = f"this may take {steps:,} steps; at most {MOST_STEPS:,} are allowed"
        raise refused(what, where, syntax.token.at, remedy)
    if wanted is not None and not node.type.is_like(wanted):
        what = f"this gives {node.type.described()}, not {wanted.described()}"
        raise refused(what, where, syntax.token.at)
    return node


class _Checker:
    """One pass over one expression."""

    def __init__(self, names: Names, where: str) -> None:
        self.names = names
        self.where = where
        self.items: tuple[Type, ...] = ()
        self._visitors: Mapping[str, Callable[[Syntax], Node]] = {
            "literal": self._literal,
            "name": self._name,
            "and": self._connective,
            "or": self._connective,
            "not": self._not,
            "in": self._member,
            "+": self._sum,
            "-": self._sum,
            "*": self._product,
            "negative": self._negative,
            "ratio": self._ratio,
            "missing": self._missing,
            "size": self._size,
            "known": self._known,
            **dict.fromkeys(FUNCTIONS, self._call),
            **dict.fromkeys(("any", "all", "count"), self._each),
            **dict.fromkeys(_MIRRORED, self._compare),
        }

    def visit(self, syntax: Syntax) -> Node:
        """Check one node and everything below it."""
        return self._visitors[syntax.op](syntax)

    def _literal(self, syntax: Syntax) -> Node:
        token = syntax.token
        type_ = token.type or of(Kind.INTEGER)
        if type_.kind in RANGES and isinstance(token.value, int):
            type_ = type_.within(token.value, token.value)
        return tree.Literal(type_, token.value)

    def _name(self, syntax: Syntax) -> Node:
        if self.items and syntax.token.text in ITEM:
            return tree.Item(self.items[-1])
        if len(self.items) == DEEPEST and syntax.token.text in OUTER:
            return tree.Item(self.items[0], 1)
        return self.names.resolve(syntax.token.text, self.where, syntax.token.at)

    def _truth(self, syntax: Syntax) -> Node:
        node = self.visit(syntax)
        if node.type.kind is not Kind.BOOLEAN:
            what = f"expected yes or no, found {node.type.described()}"
            raise refused(what, self.where, syntax.token.at)
        return node

    def _connective(self, syntax: Syntax) -> Node:
        items = tuple(self._truth(item) for item in syntax.items)
        return tree.And(items) if syntax.op == "and" else tree.Or(items)

    def _not(self, syntax: Syntax) -> Node:
        return tree.Not(self._truth(syntax.items[0]))

    def _compare(self, syntax: Syntax) -> Node:
        left, right = (self.visit(item) for item in syntax.items)
        for ratio, percent, op in ((left, right, syntax.op), (right, left, _MIRRORED[syntax.op])):
            if isinstance(ratio, tree.Ratio) and percent.type.kind is Kind.PERCENT:
                self._proves(_times(_range(ratio.whole), _range(percent)), syntax)
                return tree.CompareRatio(op, ratio, percent)
        self._like(left, right, syntax)
        if syntax.op not in ("==", "!=") and left.type.kind not in ORDERED:
            what = f"{left.type.described()} has no order"
            raise refused(what, self.where, syntax.token.at, "Compare with == or !=.")
        if left.type.kind in (Kind.RATIO, Kind.LIST):
            remedy = "Compare a ratio with a percentage, and a list by size(list)."
            raise refused("these cannot be compared", self.where, syntax.token.at, remedy)
        self._chosen(left, right, syntax)
        return tree.Compare(syntax.op, left, right)

    def _like(self, left: Node, right: Node, syntax: Syntax) -> None:
        if left.type.is_like(right.type):
            return
        what = f"{left.type.described()}, and {right.type.described()}, do not go together"
        raise refused(what, self.where, syntax.token.at, _advice(left.type, right.type))

    def _chosen(self, left: Node, right: Node, syntax: Syntax) -> None:
        """Refuse a text that is not in the closed list it is compared with."""
        for one, other in ((left, right), (right, left)):
            choices = one.type.choices
            if choices and isinstance(other, tree.Literal) and other.value not in choices:
                hint = near(str(other.value), choices)
                what = f"'{other.value}' is not one of the allowed values"
                remedy = hint or f"They are {', '.join(choices)}."
                raise refused(what, self.where, syntax.token.at, remedy)

    def _member(self, syntax: Syntax) -> Node:
        item, *options = (self.visit(below) for below in syntax.items)
        values: list[Core] = []
        for option, written in zip(options, syntax.items[1:], strict=True):
            value = _constant(option)
            if value is None:
                what = "a list holds written values only"
                raise refused(what, self.where, written.token.at)
            self._like(item, option, written)
            self._chosen(item, option, written)
            values.append(value)
        return tree.Member(item, frozenset(values))

    def _sum(self, syntax: Syntax) -> Node:
        left, right = (self.visit(item) for item in syntax.items)
        kinds = (left.type.kind, right.type.kind)
        if syntax.op == "-" and kinds in ((Kind.DATE, Kind.DATE), (Kind.INSTANT, Kind.INSTANT)):
            span = Kind.DAYS if kinds[0] is Kind.DATE else Kind.DURATION
            return tree.Arithmetic("-", left, right, of(span).within(-_SPAN, _SPAN))
        if kinds in ((Kind.DATE, Kind.DAYS), (Kind.INSTANT, Kind.DURATION)):
            return tree.Arithmetic(syntax.op, left, right, of(kinds[0]))
        if syntax.op == "+" and kinds == (Kind.DATE, Kind.WORKING_DAYS):
            return self._working_day(left, right, syntax)
        self._like(left, right, syntax)
        if left.type.kind not in RANGES:
            what = f"there is no {syntax.op} for {left.type.described()}"
            raise refused(what, self.where, syntax.token.at)
        (a, b), (c, d) = _range(left), _range(right)
        low, high = (a + c, b + d) if syntax.op == "+" else (a - d, b - c)
        self._proves((low, high), syntax)
        return tree.Arithmetic(syntax.op, left, right, left.type.within(low, high))

    def _working_day(self, left: Node, right: Node, syntax: Syntax) -> Node:
        if not self.names.counts_days:
            what = "a day is moved by working days in 'values' alone"
            remedy = "In a condition compare a fact elapsed_since, in: working_days."
            raise refused(what, self.where, syntax.token.at, remedy)
        return tree.Arithmetic("+", left, right, of(Kind.DATE))

    def _product(self, syntax: Syntax) -> Node:
        left, right = (self.visit(item) for item in syntax.items)
        if left.type.kind is not Kind.INTEGER:
            left, right = right, left
        if left.type.kind is not Kind.INTEGER or right.type.kind not in RANGES:
            what = "a product needs a whole number and a quantity"
            remedy = "For shares of a sum write ratio(a, b) > 10%."
            raise refused(what, self.where, syntax.token.at, remedy)
        low, high = _times(_range(left), _range(right))
        self._proves((low, high), syntax)
        return tree.Arithmetic("*", left, right, right.type.within(low, high))

    def _negative(self, syntax: Syntax) -> Node:
        item = self.visit(syntax.items[0])
        if item.type.kind not in RANGES:
            raise refused("only numbers have a sign", self.where, syntax.token.at)
        low, high = _range(item)
        return tree.Negative(item, item.type.within(-high, -low))

    def _ratio(self, syntax: Syntax) -> Node:
        part, whole = (self.visit(item) for item in syntax.items)
        self._like(part, whole, syntax)
        if part.type.kind not in RANGES or part.type.kind is Kind.PERCENT:
            what = f"there is no ratio of {part.type.described()}"
            raise refused(what, self.where, syntax.token.at)
        self._proves(_times(_range(part), (WHOLE, WHOLE)), syntax)
        return tree.Ratio(part, whole, of(Kind.RATIO))

    def _missing(self, syntax: Syntax) -> Node:
        (item,) = syntax.items
        if item.op != "name":
            raise refused("missing(x) asks about one name", self.where, syntax.token.at)
        name = self._name(item)
        if not isinstance(name, Name):
            what = "an entry of a list is never missing"
            raise refused(what, self.where, syntax.token.at, "Ask missing(x) about the list.")
        return tree.Missing(name)

    def _size(self, syntax: Syntax) -> Node:
        item = self.visit(syntax.items[0])
        if item.type.kind is not Kind.LIST:
            what = f"size(x) needs a list, not {item.type.described()}"
            raise refused(what, self.where, syntax.token.at)
        return tree.Size(item, size_of(item.type))

    def _known(self, syntax: Syntax) -> Node:
        items = tuple(self.visit(item) for item in syntax.items)
        first = items[0].type
        for item in items[1:]:
            self._like(items[0], item, syntax)
            if item.type.item != first.item:
                what = "the entries of these lists are of different types"
                raise refused(what, self.where, syntax.token.at)
        ranges = [_range(item) for item in items]
        low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
        is_closed = all(item.type.choices == first.choices for item in items)
        type_ = first if is_closed else of(Kind.TEXT)
        return tree.Known(items, type_.within(low, high) if type_.kind in DEFAULTS else type_)

    def _call(self, syntax: Syntax) -> Node:
        function = FUNCTIONS[syntax.op]
        items = tuple(self.visit(item) for item in syntax.items)
        for item, wanted, written in zip(items, function.takes, syntax.items, strict=True):
            if not item.type.is_like(wanted):
                word = "in" if syntax.op == "has" else syntax.op
                what = f"{word} needs {wanted.described()}, not {item.type.described()}"
                raise refused(what, self.where, written.token.at)
        found = tree.Call(syntax.op, items, function.gives)
        check_call(found, syntax, self.where)
        return found

    def _each(self, syntax: Syntax) -> Node:
        entries = self.visit(syntax.items[0])
        at = syntax.token.at
        if entries.type.kind is not Kind.LIST:
            what = f"{syntax.op} needs a list, not {entries.type.described()}"
            raise refused(what, self.where, at)
        if len(self.items) == DEEPEST:
            what = "a third test of entries stands in two others"
            remedy = "Test the entries of two lists at a time."
            raise refused(what, self.where, at, remedy)
        around, self.items = self.items, (*self.items, entries.type.entry)
        test = self._truth(syntax.items[1])
        self.items = around
        return each(syntax, entries, test, self.where)

    def _proves(self, bounds: tuple[int, int], syntax: Syntax) -> None:
        """Refuse what may grow past 64 bits: SQL engines would then disagree with Python."""
        if max(map(abs, bounds)) > LARGEST:
            what = "this may pass 2^63"
            remedy = "Declare a 'range' for its fields, parameters or facts."
            raise refused(what, self.where, syntax.token.at, remedy)


def _constant(node: Node) -> Core:
    if isinstance(node, tree.Negative) and isinstance(node.item, tree.Literal):
        value = node.item.value
        return -value if isinstance(value, int) else None
    return node.value if isinstance(node, tree.Literal) else None


def _range(node: Node) -> tuple[int, int]:
    return node.type.low, node.type.high


def _times(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    products = [a * b for a in one for b in other]
    return min(products), max(products)


def _advice(left: Type, right: Type) -> str:
    kinds = {left.kind, right.kind}
    if kinds == {Kind.MONEY} and ANY_CURRENCY in (left.currency, right.currency):
        return "A sum in the currency of the case is compared with other sums of the case alone."
    if kinds == {Kind.MONEY}:
        return "Sums of two currencies are never compared."
    if Kind.INTEGER in kinds and len(kinds) > 1:
        other = right if left.kind is Kind.INTEGER else left
        return f"Give the number its unit: {other.described()}."
    if kinds == {Kind.DAYS, Kind.WORKING_DAYS}:
        return "Civil days and working days are counted differently: choose one."
    return ""
