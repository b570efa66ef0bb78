"""The values at which a rule's answer may turn: read from its trees, and solved for an example."""

from collections.abc import Iterator
from dataclasses import dataclass

from cleangov_plugin.domain.record import Record
from cleangov_plugin.rules import tree
from cleangov_plugin.rules.closure import Inputs, closure
from cleangov_plugin.rules.facts import constant
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.rules.items import reads_item
from cleangov_plugin.rules.kinds import WHOLE, Kind
from cleangov_plugin.rules.model import Rule
from cleangov_plugin.rules.sums import minor
from cleangov_plugin.rules.tree import Core, Name, Node, Source

from .fact_mutants import deciding

_DAYS = (Kind.DAYS, Kind.WORKING_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probes:
    """What one example of a rule can be moved by.

    :param present: fields of the present event that the rule reads.
    :param past: fields of earlier events that it reads, by kind.
    :param history_kinds: the kinds of earlier events it looks at.
    :param near: whole numbers at a boundary, as distances from the value that stands there.
    :param at: whole numbers written in the rule.
    :param days: distances in days at which a window or a term turns.
    :param texts: texts written in the rule.
    :param lists: entries of its lists.
    :param currency: currency of the example.
    :param reads_recording: whether the time of recording is asked for.
    """

    present: frozenset[str]
    past: dict[str, frozenset[str]]
    history_kinds: tuple[str, ...]
    near: tuple[int, ...]
    at: tuple[int, ...]
    days: tuple[int, ...]
    texts: tuple[str, ...]
    lists: tuple[str, ...]
    currency: str
    reads_recording: bool

    def fields(self, record: Record, *, is_present: bool) -> list[str]:
        """Answer the fields of an event that the rule reads.

        :param record: the event.
        :param is_present: whether it is the present one.
        """
        return sorted(self.present if is_present else self.past.get(record.kind, frozenset()))

    def numbers(self, now: int | None) -> list[int]:
        """Answer the whole numbers to put in the place of one.

        :param now: the number that stands there; None where none does.
        """
        found = {number + step for number in self.at for step in (-1, 0, 1)}
        if now is not None:
            found |= {now + by for by in self.near}
            found |= {-now} if now else set()
        return sorted(found)[:40]


def probes_of(rule: Rule, parameters: dict[str, Core], inputs: Inputs, frame: Frame) -> Probes:
    """Work out what an example can be moved by.

    :param rule: the rule.
    :param parameters: values of its parameters.
    :param inputs: what its names stand for.
    :param frame: the example.
    """
    trees = list(_trees(rule))
    present, past = _fields(rule, trees)
    near, days = {-1, 1}, {-1, 1}
    for node in trees:
        for part in _walk(node):
            if isinstance(part, tree.Compare | tree.CompareRatio) and not reads_item(part):
                for distance in _distances(part, inputs, frame):
                    near |= {s * distance + d for s in (1, -1) for d in (-1, 0, 1)}
                    kind = part.left.type.kind if isinstance(part, tree.Compare) else Kind.RATIO
                    if kind in _DAYS:
                        days |= {s * distance + d for s in (1, -1) for d in (-1, 0, 1)}
    days |= {d for n in _windows(rule, parameters, frame) for d in (n - 1, n, n + 1)}
    facts, _ = deciding(rule)
    literals = [p.value for node in trees for p in _walk(node) if isinstance(p, tree.Literal)]
    listed = [v for v in parameters.values() if isinstance(v, tuple)]
    amounts = [r.amount for r in (frame.record, *frame.knowledge.history) if r.amount]
    return Probes(
        present=present,
        past=past,
        history_kinds=tuple(sorted({k for f in facts for k in rule.facts[f].history_kinds})),
        near=tuple(sorted(near)),
        at=tuple(sorted({v for v in literals if type(v) is int})),
        days=tuple(sorted(days - {0})),
        texts=tuple(sorted({v for v in literals if isinstance(v, str)})),
        lists=tuple(sorted({item for value in listed for item in value})),
        currency=amounts[0].currency if amounts else "CNY",
        reads_recording="recorded_on" in present or "recorded_at" in present,
    )


def _trees(rule: Rule) -> Iterator[Node]:
    yield from (n for n in (rule.condition, rule.applies, rule.hint_when) if n is not None)
    for name in deciding(rule)[0]:
        where = rule.facts[name].where
        if where is not None:
            yield where


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for part in tree.below(node):
        yield from _walk(part)


def _fields(rule: Rule, trees: list[Node]) -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    own = [n for n in (rule.condition, rule.applies, rule.hint_when) if n is not None]
    present = {n.key for node in own for n in tree.names(node) if n.source is Source.EVENT}
    present |= {n.key for node in trees for n in tree.names(node) if n.source is Source.CURRENT}
    past: dict[str, set[str]] = {}
    for name in deciding(rule)[0]:
        spec = rule.facts[name]
        read = {spec.field} if spec.field else set()
        if spec.where is not None:
            read |= {n.key for n in tree.names(spec.where) if n.source is Source.EVENT}
        if spec.operation == "same_actor":
            read.add("actor")
            present.add("actor")
        if spec.per:
            present |= set(spec.per)
        for kind in spec.history_kinds:
            past.setdefault(kind, set()).update(read)
    return frozenset(present), {kind: frozenset(names) for kind, names in past.items()}


def _distances(node: Node, inputs: Inputs, frame: Frame) -> Iterator[int]:
    """Answer how far both sides of a comparison are apart, for the present and earlier events."""
    if isinstance(node, tree.CompareRatio):
        parts = (node.ratio.part, node.ratio.whole, node.percent)
        part, whole, percent = (closure(item, inputs) for item in parts)
        for each in _frames(node, frame):
            a, b, c = (minor(run(each)) for run in (part, whole, percent))
            if isinstance(a, int) and isinstance(b, int) and isinstance(c, int):
                yield b * c // WHOLE - a
    elif isinstance(node, tree.Compare):
        left, right = closure(node.left, inputs), closure(node.right, inputs)
        for each in _frames(node, frame):
            x, y = minor(left(each)), minor(right(each))
            if type(x) is int and type(y) is int:
                yield y - x


def _frames(node: Node, frame: Frame) -> Iterator[Frame]:
    yield frame
    if any(isinstance(part, Name) and part.source is Source.EVENT for part in _walk(node)):
        for kind in {record.kind for record in frame.knowledge.history}:
            yield from frame.past(kind)


def _windows(rule: Rule, parameters: dict[str, Core], frame: Frame) -> Iterator[int]:
    """Answer the distances that put each earlier event at the edge of a window."""
    for name in deciding(rule)[0]:
        within = rule.facts[name].within
        if within is not None and within.type.kind in _DAYS:
            width = constant(within, parameters)
            yield width
            for record in frame.knowledge.history:
                day = record.occurred_at.astimezone(frame.knowledge.zone).date()
                yield width - (frame.day - day).days
