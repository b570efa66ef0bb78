"""The short way to "clear": one generated function for each question of a bound rule.

Of the rules asked in an officer's flow nearly all have nothing to say. Such a function answers
that outright where everything it needs is known: then Kleene's logic is Python's own. In every
other case, a hit among them, it answers None, and `evaluation` asks in full; so an outcome's
fields and values come from one place, and all this has to be is right where it does answer.

The source is put together from the shapes of checked nodes alone. Names, numbers and texts of a
rule are never written into it: they are handed over as constants, so that no rule can become code.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from types import CodeType
from typing import Any, Final, TypeAlias

from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.terms import Result

from . import tree
from .bound import BoundRule, Question
from .closure import Inputs
from .entries import entry
from .frame import Computable, Frame, Reader
from .functions import FUNCTIONS
from .items import reads_item
from .kinds import RANGES, WHOLE, Kind, Type
from .tree import Core, Name, Node, Source

AtOnce: TypeAlias = Callable[[Frame], RuleOutcome | None]

_BUILTINS: Final[dict[str, Any]] = {
    "__builtins__": {}, "len": len, "any": any, "all": all, "sum": sum, "KeyError": KeyError
}  # fmt: skip
_PYTHON: Final = {"and": " and ", "or": " or "}
#: Kinds whose difference, sum or product is a plain number that cannot be unknown.
_PLAIN: Final = frozenset(RANGES)


class _LongWayError(Exception):
    """The question has a part that may be unknown though all its names are known."""


def at_once(bound: BoundRule, question: Question, *, is_valid: bool) -> AtOnce | None:
    """Generate the short way of a question, for days on which a basis of its rule applies or not.

    :param bound: the rule with its binding.
    :param question: what is asked.
    :param is_valid: whether a basis applies.
    :return: a function of a frame that answers "clear" or "not applicable" without values, or
        None where the question has to be asked in full; None itself where no question of this
        form has a short way.
    """
    if "done" in bound.rule.texts:  # a text tells of what is in order, so its values are wanted
        return None
    if not is_valid:
        never = bound.bare[Result.NOT_APPLICABLE]
        return lambda _: never
    made = _Made(bound.inputs)
    try:
        made.judge(bound, question)
    except _LongWayError:
        return None
    source = "\n    ".join(["def at_once(frame):", *made.lines])
    names: dict[str, Any] = {**_BUILTINS, **made.constants}
    exec(_compiled(source), names)  # noqa: S102 - made of fixed shapes, see above
    found: AtOnce = names["at_once"]
    return found


@lru_cache(maxsize=1_000)
def _compiled(source: str) -> CodeType:
    """Compile a source; rules of one shape share it."""
    return compile(source, "<at_once>", "exec")


@dataclass(slots=True)
class _Made:
    """Lines of one function, and the constants they name."""

    inputs: Inputs
    lines: list[str] = field(default_factory=list)
    constants: dict[str, object] = field(default_factory=dict)
    read: dict[object, str] = field(default_factory=dict)
    #: How many tests of entries stand around what is written.
    level: int = 0

    def judge(self, bound: BoundRule, question: Question) -> None:
        """Write the whole function, in the order in which `evaluation` looks."""
        clear = self.constant(bound.bare[Result.CLEAR])
        never = self.constant(bound.bare[Result.NOT_APPLICABLE])
        self.lines.append("seen = frame.seen")
        if question.facts:
            self.lines.append("known = frame.facts")
        if bound.applies is not None and bound.rule.applies is not None:
            self.lines.append(f"if not {self.write(bound.rule.applies)}: return {never}")
        if bound.binding.scope.units:
            self.lines.append("if frame.record.unit is None: return None")
        for _, run in question.required:
            self.field(run)
        for fact in question.asked:
            self.fact(fact)
        self.lines.append(f"return None if {self.write(question.node)} else {clear}")

    def constant(self, value: object) -> str:
        """Hand a value over; answer what the function calls it."""
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    # ---- Inputs, each read once; where one is unknown the long way is taken ------------------

    def field(self, run: Reader, *, may_be_unknown: bool = False) -> str:
        """Read a field of the event; what other rules have read already is at hand."""
        name = self.read.get(run)
        if name is None:
            name = self.read[run] = f"v{len(self.read)}"
            reader = self.constant(run)
            self.lines.append(f"try: {name} = seen[{reader}]")
            self.lines.append(f"except KeyError: {name} = seen[{reader}] = {reader}(frame)")
        if not may_be_unknown:
            self.needs(name)
        return name

    def fact(self, fact: Computable) -> str:
        """Compute a fact, once for all rules; one that lacks a field is the long way's."""
        name = self.read.get(fact.id)
        if name is None:
            name = self.read[fact.id] = f"v{len(self.read)}"
            made, id_ = self.constant(fact), self.constant(fact.id)
            self.lines.append(f"try: {name} = known[{id_}]")
            self.lines.append(f"except KeyError: {name} = frame.fact({made})")
            self.lines.append(f"if {name}[2]: return None")
        return name

    def needs(self, name: str) -> None:
        """Take the long way where a value is unknown."""
        line = f"if {name} is None: return None"
        if line not in self.lines:
            self.lines.append(line)

    # ---- Expressions of known values ---------------------------------------------------------

    def write(self, node: Node) -> str:
        """Write an expression; its inputs are read in the lines before."""
        writer = _WRITERS.get(type(node))
        if writer is None:
            raise _LongWayError(type(node).__name__)
        return writer(self, node)

    def name(self, node: Name, *, may_be_unknown: bool = False) -> str:
        """Write a name."""
        if node.source is Source.EVENT or node.source is Source.CURRENT:
            return self.field(self.inputs.readers[node.key], may_be_unknown=may_be_unknown)
        if node.source is Source.PARAMETER:
            return self.constant(self.inputs.parameters[node.key])
        if node.source is not Source.FACT or may_be_unknown:
            raise _LongWayError(node.path)
        name = f"{self.fact(self.inputs.facts[node.key])}[0]"
        self.needs(name)
        return name

    def compare(self, node: tree.Compare) -> str:
        """Write a comparison."""
        _is_plain(node.left, node.right)
        return f"({self.write(node.left)} {node.op} {self.write(node.right)})"

    def compare_ratio(self, node: tree.CompareRatio) -> str:
        """Write a comparison by cross-multiplication."""
        _is_plain(node.ratio.part, node.ratio.whole)
        if reads_item(node.ratio.whole):  # it may be unknown of one entry
            raise _LongWayError("ratio")
        part, whole = self.write(node.ratio.part), self.write(node.ratio.whole)
        percent = self.write(node.percent)
        self.lines.append(f"if {whole} <= 0: return None")
        return f"({part} * {self.constant(WHOLE)} {node.op} {whole} * {percent})"

    def arithmetic(self, node: tree.Arithmetic) -> str:
        """Write a sum, a difference or a product of numbers, or the days between two days."""
        _is_plain(node.left, node.right)
        kinds = {node.left.type.kind, node.right.type.kind}
        text = f"({self.write(node.left)} {node.op} {self.write(node.right)})"
        if kinds == {Kind.DATE}:
            return f"{text}.days"
        if not kinds <= _PLAIN:  # a day that is moved may leave the calendar
            raise _LongWayError(node.op)
        return text


def _each(made: _Made, node: tree.Each) -> str:
    """Write a test of entries; they are read once, before, and every one of them is known."""
    type_ = node.entries.type.entry
    listed, item = f"w{len(made.constants)}", f"i{made.level}"
    entries = made.write(node.entries)
    made.lines.append(f"{listed} = {made.constant(partial(_known_entries, type_))}({entries})")
    made.needs(listed)
    made.level += 1
    test = made.write(node.test)
    made.level -= 1
    if node.op == "count":
        return f"sum(1 for {item} in {listed} if {test})"
    return f"{node.op}({test} for {item} in {listed})"


def _known_entries(type_: Type, texts: tuple[str, ...]) -> tuple[Core, ...] | None:
    """Read the entries of a list; None where one of them is not of its type."""
    if type_.kind is Kind.TEXT:
        return texts
    found = tuple(entry(text, type_) for text in texts)
    return None if None in found else found


def _is_plain(*nodes: Node) -> None:
    """Refuse sums whose currency the case decides: across currencies they are unknown."""
    if any(node.type.is_of_any_currency for node in nodes):
        raise _LongWayError("currency")


def _joined(made: _Made, node: tree.And | tree.Or, word: str) -> str:
    return f"({_PYTHON[word].join(made.write(item) for item in node.items)})"


def _negative(made: _Made, node: tree.Negative) -> str:
    _is_plain(node.item)
    return f"(-{made.write(node.item)})"


def _call(made: _Made, node: tree.Call) -> str:
    items = ", ".join(made.write(item) for item in node.items)
    return f"{made.constant(FUNCTIONS[node.op].run)}({items})"


def _missing(made: _Made, node: tree.Missing) -> str:
    return f"({made.name(node.name, may_be_unknown=True)} is None)"


_WRITERS: Final[dict[type, Callable[[_Made, Any], str]]] = {
    tree.Literal: lambda made, node: made.constant(node.value),
    Name: _Made.name,
    tree.And: lambda made, node: _joined(made, node, "and"),
    tree.Or: lambda made, node: _joined(made, node, "or"),
    tree.Not: lambda made, node: f"(not {made.write(node.item)})",
    tree.Compare: _Made.compare,
    tree.CompareRatio: _Made.compare_ratio,
    tree.Member: lambda made, node: f"({made.write(node.item)} in {made.constant(node.options)})",
    tree.Arithmetic: _Made.arithmetic,
    tree.Negative: _negative,
    tree.Call: _call,
    tree.Missing: _missing,
    tree.Size: lambda made, node: f"len({made.write(node.item)})",
    tree.Item: lambda made, node: f"i{made.level - 1 - node.level}",
    tree.Each: _each,
}
