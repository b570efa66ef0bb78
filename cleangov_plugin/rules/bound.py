"""A rule and a binding compiled together: closures, facts, and the values a text needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from cleangov_plugin.domain.evaluation import RuleOutcome, Value
from cleangov_plugin.domain.terms import Phase, Result

from .closure import Inputs, Run, closure, name_closure
from .facts import Fact, resolve
from .frame import Frame, reader
from .kinds import Kind, Type, of
from .model import Binding, Rule, shown
from .quantities import names_of
from .reading import unknowns
from .templates import BASIS, places
from .tree import Name, Node, Source, names

#: Phases in which nothing is held: a rule's hint is shown instead of its prompt.
HINTING: Final = frozenset({Phase.OPEN, Phase.EDIT})

_OF_FACTS: Final = frozenset({Source.FACT, Source.FACT_COUNT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of an event in one phase.

    :param node: the expression: the rule's condition or, for hints, its `hint_when`.
    :param run: its closure.
    :param required: inputs without which the answer is never "clear": name and closure.
    :param asked: facts the expression itself reads, for what is missing in them.
    :param facts: all facts that may be computed, those for texts and guard included.
    :param shown: the values an outcome carries: path, type and closure.
    """

    node: Node
    run: Run
    required: tuple[tuple[str, Run], ...]
    asked: tuple[Fact, ...]
    facts: tuple[Fact, ...]
    shown: tuple[tuple[str, Type, Run], ...]


#: How many are kept compiled: those of a large city, as its last changes left them, too.
_MOST: Final = 4_096
#: By identity: whoever is kept here holds its rule and its binding, so no id is used again.
_KNOWN: "dict[tuple[int, int], BoundRule]" = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundRule:
    """A rule as one binding uses it.

    :param rule: the rule.
    :param binding: the binding.
    :param streams: the streams its binding is for; empty is all.
    :param inputs: what the names of its expressions stand for.
    :param applies: closure of the guard; None where there is none.
    :param judging: what is asked at the gate and of an event.
    :param hinting: what is asked when a step is opened or edited.
    :param has_basis: whether a text cites the basis valid for the day of the act.
    :param bare: its outcomes by result, without fields and values.
    """

    rule: Rule
    binding: Binding
    streams: frozenset[str]
    inputs: Inputs
    facts: Mapping[str, Fact]
    applies: Run | None
    judging: Question
    hinting: Question
    has_basis: bool
    bare: Mapping[Result, RuleOutcome]

    def question(self, phase: Phase) -> Question:
        """Answer what is asked in a phase.

        :param phase: open, edit, gate or event.
        """
        return self.hinting if phase in HINTING else self.judging

    def facts_for(self, phase: Phase) -> tuple[Fact, ...]:
        """Answer the facts that may be needed in a phase.

        :param phase: open, edit, gate or event.
        """
        question = self.question(phase)
        return question.facts

    def values(self, question: Question, frame: Frame) -> dict[str, Value]:
        """Read the values an outcome carries; unknown ones are left out.

        :param question: what was asked.
        :param frame: the event.
        """
        found: dict[str, Value] = {}
        for path, type_, run in question.shown:
            value = run(frame)
            if isinstance(value, datetime):
                value = _local(value, frame.knowledge.zone)
            if value is not None:
                found[path] = shown(value, type_)
        if self.has_basis:
            day = frame.day
            valid = (n for n, basis in enumerate(self.rule.basis) if basis.is_valid_on(day))
            found[BASIS.path] = next(valid, 0)
        return found

    def missing(self, node: Node, frame: Frame) -> list[str]:
        """Name what an expression is unknown for want of.

        :param node: the expression.
        :param frame: the event.
        :return: fields of the event, ``"kind.field"`` for those of earlier events.
        """
        found: list[str] = []
        for name in unknowns(node, self.inputs, frame):
            if name.source in _OF_FACTS:
                found.extend(frame.fact(self.facts[name.key]).missing or (name.path,))
            else:
                found.append(name.path)
        return found


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Answer a moment by the clock of the place, which people read."""
    try:
        return moment.astimezone(zone)
    except OverflowError:  # at the ends of the calendar
        return moment


def bind(rule: Rule, binding: Binding) -> BoundRule:
    """Compile a rule for one binding; the same two are compiled once in a process.

    :param rule: the rule.
    :param binding: its binding.
    :return: closures ready to run.
    """
    asked = (id(rule), id(binding))
    found = _KNOWN.get(asked)
    if found is None:
        if len(_KNOWN) >= _MOST:
            _KNOWN.clear()
        found = _KNOWN[asked] = _bound(rule, binding)
    return found


def _bound(rule: Rule, binding: Binding) -> BoundRule:
    facts = resolve(rule.facts, rule.fields, binding.parameters)
    readers = {name: reader(field) for name, field in rule.fields.items()}
    inputs = Inputs(readers, binding.parameters, {**facts})
    once = replace(inputs, made={})  # a condition that is also the hint's is compiled once
    hints = rule.hint_when if rule.hint_when is not None else rule.condition
    hint_texts = ("hint",) if "hint" in rule.texts else ("headline", "body")
    judged = _texts(rule, ("headline", "body", "done"), with_answers=True)
    hinted = _texts(rule, hint_texts, with_answers=False)
    return BoundRule(
        rule=rule,
        binding=binding,
        streams=binding.scope.streams,
        inputs=inputs,
        facts=facts,
        applies=None if rule.applies is None else closure(rule.applies, once),
        judging=_question(rule, rule.condition, judged, once, facts),
        hinting=_question(rule, hints, hinted, once, facts),
        has_basis=any(place == BASIS.path for place in (*judged, *hinted)),
        bare={result: _bare(rule, binding, result) for result in Result},
    )


def _bare(rule: Rule, binding: Binding, result: Result) -> RuleOutcome:
    return RuleOutcome(
        rule_id=rule.id,
        version=rule.version,
        binding_id=binding.id,
        result=result,
        severity=rule.severity,
        tier=binding.tier,
        visibility=binding.visibility,
        beside=rule.beside,
    )


def _texts(rule: Rule, keys: Iterable[str], *, with_answers: bool) -> tuple[str, ...]:
    """Name the values that some texts show."""
    words = [rule.texts[key] for key in keys if key in rule.texts]
    if with_answers:
        words.extend(answer.label for answer in rule.answers)
    paths = [place.name for text in words for t in text.values() for place in places(t)]
    if with_answers:
        patches = [node for answer in rule.answers for node in answer.patch.values()]
        paths.extend(name.path for node in patches for name in names(node))
    return tuple(dict.fromkeys(paths))


def _question(
    rule: Rule, node: Node, texts: Iterable[str], inputs: Inputs, facts: Mapping[str, Fact]
) -> Question:
    read = {name.path: name for name in names(node)}
    inputs_needed = needed(rule, node)
    shown_names = {**read, **_counts(rule, read.values())}
    values: dict[str, tuple[Type, Run]] = {}
    for path in texts:
        if path.startswith("values."):
            below = rule.values[path.removeprefix("values.")]
            values[path] = (_shown_type(below), closure(below, inputs))
        elif path != BASIS.path:
            name = _name(rule, path)
            shown_names.setdefault(name.path, name)
    for path, name in shown_names.items():
        values.setdefault(path, (name.type, name_closure(name, inputs)))
    used = [*shown_names.values(), *_behind(rule, values)]
    if rule.applies is not None:
        used.extend(names(rule.applies))
    keys = dict.fromkeys(n.key for n in used if n.source in _OF_FACTS)
    return Question(
        node=node,
        run=closure(node, inputs),
        required=tuple(
            (name.path, inputs.readers[name.key])
            for name in inputs_needed
            if name.source is Source.EVENT and rule.fields[name.key].is_required
        ),
        asked=tuple(facts[name.key] for name in inputs_needed if name.source in _OF_FACTS),
        facts=tuple(facts[key] for key in _with_dependencies(rule, keys)),
        shown=tuple((path, type_, run) for path, (type_, run) in values.items()),
    )


def _counts(rule: Rule, read: Iterable[Name]) -> dict[str, Name]:
    """Answer of how many events the figures are that decide: kept with what they decided."""
    keys = [n.key for n in read if n.source in _OF_FACTS and rule.facts[n.key].is_statistic]
    return {path: _name(rule, path) for path in (f"facts.{key}.n" for key in keys)}


def needed(rule: Rule, node: Node) -> list[Name]:
    """Answer what must be there for "clear": what the expression and the rule's guard read.

    The present event's fields behind their facts are among it, however many facts lie between.

    :param rule: the rule.
    :param node: the expression that is asked: its condition or, for hints, its `hint_when`.
    """
    read = [*names(node, with_missing=False)]
    if rule.applies is not None:
        read.extend(names(rule.applies, with_missing=False))
    needed = {name.path: name for name in read}
    keys = [name.key for name in read if name.source in _OF_FACTS]
    for key in _with_dependencies(rule, keys):
        where = rule.facts[key].where
        for name in () if where is None else names(where, with_missing=False):
            if name.source is Source.CURRENT:
                needed.setdefault(name.key, replace(name, path=name.key, source=Source.EVENT))
    return list(needed.values())


def _behind(rule: Rule, values: Mapping[str, object]) -> list[Name]:
    """Answer the names that named values are made of."""
    keys = [path.removeprefix("values.") for path in values if path.startswith("values.")]
    return [name for key in keys for name in names(rule.values[key])]


def _with_dependencies(rule: Rule, keys: Iterable[str]) -> list[str]:
    """Add the facts that a fact's condition asks for."""
    found: dict[str, None] = {}
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key in found:
            continue
        found[key] = None
        where = rule.facts[key].where
        if where is not None:
            waiting.extend(n.key for n in names(where) if n.source is Source.FACT)
    return [key for key in rule.facts if key in found]


def _shown_type(node: Node) -> Type:
    """A ratio is shown as a percentage."""
    return of(Kind.PERCENT) if node.type.kind is Kind.RATIO else node.type


def _name(rule: Rule, path: str) -> Name:
    """Find a name that the compiler has checked already."""
    return names_of(rule).resolve(path, rule.id)
