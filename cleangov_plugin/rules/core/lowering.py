"""From a checked tree to the integer and boolean core.

How each kind of value is lowered:

* whole numbers, days, working days and durations (in seconds) as they are;
* percentages in thousandths of a percent, sums of money in minor units of their currency;
* sums in the currency of the case as two inputs, ``amount`` in minor units and
  ``currency(amount)``: across two currencies the answer is unknown, and the empty currency, of a
  sum of nothing, goes with each;
* days as day numbers (1 is 0001-01-01, as Python counts them), moments as microseconds since
  1970-01-01T00:00Z; the seconds between two moments are rounded down; a day or moment moved out of
  the calendar is unknown, after every single step;
* a ratio against a percentage by cross-multiplication, ``part * 100 000`` with
  ``whole * percentage``, and only where the whole is positive: else it is unknown;
* choices and texts as texts, told apart and nothing else;
* parameters as constants, with the values of one binding;
* ``missing(x)`` as a question about an input, ``known(a, b)`` as the first that is known;
* lists, and what is found in texts, are asked before: ``size(tags)``, ``contains(a, b)``,
  ``joined(a, b)``, ``overlap(a, b)`` and ``has(tags, 'a')``, which a rule writes ``'a' in tags``,
  are inputs of the core themselves;
* ``any(tags, item == 'a')``, ``all`` and ``count`` as a test of each entry of a list that is an
  input, ``entries(tags)``; where the test asks something of texts and lists about the entry, or
  tests the entries of a second list, the whole is asked before, as those questions are.

`REFUSED` names what cannot be lowered. Each of it stands in named values, facts or patches alone,
so that every condition, guard and hint of a rule can be lowered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.rules import tree
from cleangov_plugin.rules.items import needs_language
from cleangov_plugin.rules.kinds import LARGEST, RANGES, WHOLE, Kind, Type, size_of
from cleangov_plugin.rules.tree import Name, Node, Source

from . import nodes as core
from .nodes import Input, Sort, Term
from .origins import EPOCH, MICROSECOND, Origin, written
from .sums import alike, first

SECOND: Final = 1_000_000
_FIRST_MOMENT: Final = (datetime.min.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
_LAST_MOMENT: Final = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
#: Between which numbers a kind lies that has no declared range.
CALENDAR: Final[Mapping[Kind, tuple[int, int]]] = {
    Kind.DATE: (1, date.max.toordinal()),
    Kind.INSTANT: (_FIRST_MOMENT, _LAST_MOMENT),
}
#: What moves any day or moment out of the calendar: days, and seconds.
_FAR: Final = {Kind.DATE: 4_000_000, Kind.INSTANT: 400_000_000_000}
#: More than lies between any two moments, in microseconds; a multiple of a second.
_SHIFT: Final = 10**18

#: What cannot be lowered, by the word its message begins with.
REFUSED: Final[Mapping[str, str]] = {
    "working days added": "a day moved by working days needs the calendar of the agency",
    "named value": "values.x is a name for texts and patches",
    "ratio": "a ratio is lowered with the percentage it is compared with",
    "list": "a list has no value in the core; ask for its size, or what it has in common",
    "past event": "current.x stands in the conditions of facts, which are inputs of the core",
    "size": "an intermediate result may pass 2^63",
}
_SORTS: Final = {Kind.BOOLEAN: Sort.TRUTH, Kind.TEXT: Sort.TEXT, Kind.CHOICE: Sort.TEXT}


@dataclass(slots=True)
class Lowering:
    """Lowers the expressions of one binding, and keeps where its inputs come from.

    :param parameters: the binding's values.
    :param where: path of what is lowered, for messages.
    :param origins: by name of the input.
    """

    parameters: Mapping[str, tree.Core]
    where: str
    origins: dict[str, Origin] = field(default_factory=dict)

    def lower(self, node: Node) -> Term:
        """Lower one expression.

        :param node: its checked tree.
        :return: the term of the core.
        :raises RuleError: for what `REFUSED` names.
        """
        term = self._term(node)
        if core.sort_of(term) is Sort.NUMBER and max(map(abs, core.range_of(term))) > LARGEST:
            raise self.refused("size")
        return term

    def refused(self, what: str) -> RuleError:
        """Make the error for something that cannot be lowered.

        :param what: a word of `REFUSED`.
        """
        return RuleError(f"{what}: {REFUSED[what]}.", where=self.where)

    def _term(self, node: Node) -> Term:
        match node:
            case tree.Literal(_, value):
                return self.constant(value)
            case Name():
                return self._money(node)[0] if node.type.is_of_any_currency else self._name(node)
            case tree.Call() | tree.Size():
                return self.asked(node)
            case tree.Each() if needs_language(node):
                return self.asked(node)
            case tree.Known(items) if not node.type.is_of_any_currency:
                return core.First(tuple(self.lower(item) for item in items))
            case tree.Ratio():
                raise self.refused("ratio")
            case tree.Item(type_):
                return self.entry(type_)
            case tree.Each(op, entries, test):
                return core.Each(op, self.entries(entries), self.lower(test))
        return self._truth(node) if node.type.kind is Kind.BOOLEAN else self._quantity(node)

    def _truth(self, node: Node) -> Term:
        match node:
            case tree.And(items):
                return core.All(tuple(self.lower(item) for item in items))
            case tree.Or(items):
                return core.Any(tuple(self.lower(item) for item in items))
            case tree.Not(item):
                return core.Opposite(self.lower(item))
            case tree.Missing(name):
                return self.missing(name)
            case tree.Member(item, options):
                found = sorted(self.constant(option).value for option in options)
                return core.OneOf(self.lower(item), tuple(found))
            case tree.Compare(op, left, right):
                return self._compared(op, left, right)
            case tree.CompareRatio(op, ratio, percent):
                return self._crossed(op, ratio, percent)
        raise TypeError(node)

    def _quantity(self, node: Node) -> Term:
        if node.type.is_of_any_currency:
            return self._money(node)[0]
        match node:
            case tree.Negative(item):
                return core.Computed("-", core.Constant(0), self.lower(item))
            case tree.Arithmetic():
                return self._arithmetic(node)
        raise TypeError(node)

    def constant(self, value: tree.Core) -> core.Constant:
        """Lower a value that is written down.

        :param value: the value.
        """
        if isinstance(value, date):
            return core.Constant(value.toordinal())
        if isinstance(value, bool | int):
            return core.Constant(value)
        if isinstance(value, str):
            return core.Constant(str(value))
        raise self.refused("list")

    def _name(self, name: Name) -> Term:
        if name.source is Source.VALUE:
            raise self.refused("named value")
        if name.source is Source.CURRENT:
            raise self.refused("past event")
        if name.type.kind is Kind.LIST:
            raise self.refused("list")
        if name.source is Source.PARAMETER:
            return self.constant(self.parameters[name.key])
        return self._input(name.path, name.type, Origin(name))

    def _input(self, name: str, type_: Type, origin: Origin) -> Input:
        self.origins[name] = origin
        sort = _SORTS.get(type_.kind, Sort.NUMBER)
        if sort is not Sort.NUMBER:
            return Input(name, sort)
        low, high = CALENDAR.get(type_.kind, (type_.low, type_.high))
        return Input(name, sort, low, high)

    def asked(self, node: tree.Call | tree.Size | tree.Each) -> Input:
        """Lower a question about lists and texts: it is asked before, its answer is an input.

        :param node: the question.
        """
        return self._input(written(node), node.type, Origin(node))

    @staticmethod
    def entry(type_: Type) -> core.Entry:
        """Lower the entry of a list that is looked at.

        :param type_: its type.
        """
        sort = _SORTS.get(type_.kind, Sort.NUMBER)
        if sort is not Sort.NUMBER:
            return core.Entry(sort)
        return core.Entry(sort, *CALENDAR.get(type_.kind, (type_.low, type_.high)))

    def entries(self, node: Node) -> Input:
        """Lower a list whose entries are tested: it is an input of the core.

        :param node: the list.
        """
        name, type_ = f"entries({written(node)})", node.type
        self.origins[name] = Origin(node, "entries")
        return Input(name, Sort.LIST, type_.low, type_.high, self.entry(type_.entry))

    def missing(self, name: Name) -> Term:
        """Lower the question whether a name is unknown.

        :param name: the name.
        """
        if name.source is Source.PARAMETER:
            return core.Constant(False)
        if name.type.kind is Kind.LIST:
            return core.IsUnknown(self.asked(tree.Size(name, size_of(name.type))))
        found = self._term(name)
        return core.IsUnknown(found) if isinstance(found, Input) else core.Constant(False)

    def blank(self, name: str, node: Node) -> Input:
        """Answer the input that says whether a fact's events lack a field; it is always known.

        :param name: the fact.
        :param node: its name in the tree.
        """
        self.origins[f"blank(facts.{name})"] = Origin(node, "blank")
        return Input(f"blank(facts.{name})", Sort.TRUTH)

    def _compared(self, op: str, left: Node, right: Node) -> Term:
        if not left.type.is_of_any_currency:
            return core.Compared(op, self.lower(left), self.lower(right))
        (a, ours), (b, others) = self._money(left), self._money(right)
        return alike(ours, others, core.Compared(op, a, b))

    def _crossed(self, op: str, ratio: tree.Ratio, percent: Node) -> Term:
        ours: tuple[Term, ...] = ()
        others: tuple[Term, ...] = ()
        if ratio.part.type.is_of_any_currency:
            (part, ours), (whole, others) = self._money(ratio.part), self._money(ratio.whole)
        else:
            part, whole = self.lower(ratio.part), self.lower(ratio.whole)
        crossed = core.Compared(
            op,
            core.Computed("*", part, core.Constant(WHOLE)),
            core.Computed("*", whole, self.lower(percent)),
        )
        positive = core.Compared(">", whole, core.Constant(0))
        return core.Where(positive, alike(ours, others, crossed))

    def _arithmetic(self, node: tree.Arithmetic) -> Term:
        kinds = node.left.type.kind, node.right.type.kind
        left, right = self.lower(node.left), self.lower(node.right)
        if kinds == (Kind.DATE, Kind.WORKING_DAYS):
            raise self.refused("working days added")
        if kinds == (Kind.INSTANT, Kind.INSTANT):
            return core.Floored(core.Computed("-", left, right), SECOND, _SHIFT)
        if kinds[0] in CALENDAR and kinds[1] in RANGES:
            return self._moved(node.op, kinds[0], left, right)
        return core.Computed(node.op, left, right)

    def _moved(self, op: str, kind: Kind, start: Term, by: Term) -> Term:
        far = _FAR[kind]
        if max(map(abs, core.range_of(by))) > far:
            by = core.Within(by, -far, far)
        if kind is Kind.INSTANT:
            by = core.Computed("*", by, core.Constant(SECOND))
        return core.Within(core.Computed(op, start, by), *CALENDAR[kind])

    def _money(self, node: Node) -> tuple[Term, tuple[Term, ...]]:
        """Lower a sum in the currency of the case: minor units, and the currencies in it."""
        match node:
            case tree.Known(items):
                return first([self._money(item) for item in items])
            case tree.Negative(item):
                minor, currencies = self._money(item)
                return core.Computed("-", core.Constant(0), minor), currencies
            case tree.Arithmetic("*", factor, item):
                minor, currencies = self._money(item)
                return core.Computed("*", self.lower(factor), minor), currencies
            case tree.Arithmetic(op, left, right):
                (a, ours), (b, others) = self._money(left), self._money(right)
                found = tuple(dict.fromkeys((*ours, *others)))
                return alike(ours, others, core.Computed(op, a, b)), found
        if not isinstance(node, Name) or node.source is Source.VALUE:
            raise self.refused("named value")
        self.origins[f"currency({node.path})"] = Origin(node, "currency")
        currency = Input(f"currency({node.path})", Sort.TEXT)
        return self._name(node), (currency,)
