"""The examples of a rule as a bench: each change of the rule is asked all of them.

A change that no example notices is looked for on a grid: every example moved in one way, and some
of them in two (`moves`), over each boundary, choice and blank.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final, TypeAlias

from cleangov_plugin.domain.terms import Phase, Result
from cleangov_plugin.rules.bound import HINTING, bind
from cleangov_plugin.rules.closure import Inputs, Run, closure
from cleangov_plugin.rules.examples import Example
from cleangov_plugin.rules.facts import Fact, resolve
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.rules.model import Rule
from cleangov_plugin.rules.tree import Core

from .answers import Judge, judge, readers_of
from .moves import Events, Move, moved, moves
from .mutants import Mutant, Operator
from .probes import probes_of

#: The most pairs of moves that are tried; a grid that would be larger proves nothing.
_MOST: Final = 30_000
#: How often all changes of a rule together ask a case of the grid.
_MOST_ASKED: Final = 150_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An example, or a case made from one.

    :param example: the case.
    :param moves: what was moved; nothing for the example itself.
    :param result: what the rule says of it; None where it does not look at it.
    """

    example: Example
    moves: tuple[Move, ...] = ()
    result: Result | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """A change that no example notices.

    :param mutant: the change.
    :param case: a case that tells both rules apart; None where there is none on the grid.
    :param answer: what the changed rule says of it.
    """

    mutant: Mutant
    case: Case | None
    answer: Result | None = None


_Settings: TypeAlias = tuple[tuple[tuple[str, Core], ...], frozenset[str], bool]
_Ask: TypeAlias = Callable[["_Asked"], Result | None]


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A case, ready to be asked: its frame keeps the facts that were computed for it."""

    case: Case
    frame: Frame
    settings: _Settings


class Bench:
    """A rule with its examples.

    :param rule: the rule.
    :param examples: its examples.
    :param are_right: whether each is known to be answered as it expects, and need not be asked.
    :ivar is_cut: whether the grid was too large to be tried wholly.
    """

    def __init__(self, rule: Rule, examples: list[Example], *, are_right: bool = False) -> None:
        self.rule = rule
        self._readers = readers_of(rule)
        self._inputs: dict[tuple[tuple[str, Core], ...], tuple[Mapping[str, Fact], Inputs]] = {}
        self._bindings = {_settings(each)[0]: each.binding for each in examples}
        self._base = self._asker(rule)
        make = self._expected if are_right else self._asked
        self._examples = [make(example, (), _settings(example)) for example in examples]
        self._in_order = [asked.case for asked in self._examples]
        self._grid: list[_Asked] = []
        self._more = self._all_cases()
        self.is_cut = False
        self._left = _MOST_ASKED

    def is_noticed(self, mutant: Mutant) -> bool:
        """Answer whether an example notices a change.

        :param mutant: the change.
        """
        ask = self._asker(mutant.rule, mutant)
        for asked in self._likely(mutant):
            if ask(asked) is not asked.case.result:
                self._examples.remove(asked)
                self._examples.insert(0, asked)  # it may notice others, too
                return True
        return False

    def _likely(self, mutant: Mutant) -> list[_Asked]:
        """Put first what notices such a change: of something missing, where something is."""
        if mutant.operator is not Operator.MISSING_CLEAR:
            return list(self._examples)
        return sorted(self._examples, key=_is_decided)

    def told_apart(self, mutant: Mutant) -> Survivor:
        """Look for a case on which the changed rule answers otherwise.

        :param mutant: the change.
        """
        ask = self._asker(mutant.rule, mutant)
        for asked in self._cases():
            self._left -= 1
            if self._left < 0:
                self.is_cut = True
                break
            answer = ask(asked)
            if answer is not asked.case.result:
                return Survivor(mutant=mutant, case=asked.case, answer=answer)
        return Survivor(mutant=mutant, case=None)

    def candidates(self) -> list[Case]:
        """Propose cases beside the first example of each answer, one of each kind."""
        found: dict[tuple[str, str, Result | None], Case] = {}
        for base in _varied(self._in_order)[:2]:
            for step in self._moves(base):
                for asked in self._moved(base, (step,)):
                    found.setdefault((step.kind, step.en, asked.case.result), asked.case)
        return list(found.values())

    def _asker(self, rule: Rule, mutant: Mutant | None = None) -> _Ask:
        """Compile a rule once for each set of parameters and each phase it is asked in.

        A changed rule is not asked where its answer cannot be another.
        """
        judges: dict[_Settings, Judge] = {}
        parameter = None if mutant is None else mutant.parameter
        is_same = None if mutant is None else self._is_same(mutant)

        def ask(asked: _Asked) -> Result | None:
            if is_same is not None and is_same(asked):
                return asked.case.result
            run = judges.get(asked.settings)
            if run is None:
                run = judges[asked.settings] = self._judge(rule, parameter, asked.settings)
            return run(asked.frame)

        return ask

    def _is_same(self, mutant: Mutant) -> Callable[[_Asked], bool] | None:
        """Make what tells that a change of an expression cannot matter; None for other changes.

        What does not come to the expression is answered as before, and so is what the changed
        part of it answers as before.
        """
        if mutant.turn is None:
            return None
        was, becomes = mutant.turn
        is_guard = mutant.rule.applies is not self.rule.applies
        runs: dict[tuple[tuple[str, Core], ...], tuple[Run, Run]] = {}

        def is_same(asked: _Asked) -> bool:
            if asked.case.result is None:
                return True
            if asked.case.result is Result.NOT_APPLICABLE and not is_guard:
                return True
            told, frame = asked.settings[0], asked.frame
            run = runs.get(told)
            if run is None:
                inputs = self._inputs_of(self.rule, told, dict(told))
                run = runs[told] = closure(was, inputs), closure(becomes, inputs)
            return bool(run[0](frame) == run[1](frame))

        return is_same

    def _judge(self, rule: Rule, parameter: str | None, settings: _Settings) -> Judge:
        told, own, is_hint = settings
        values: dict[str, Core] = dict(told)
        if parameter is not None and parameter not in own:
            values[parameter] = rule.parameters[parameter].default
        phase = Phase.EDIT if is_hint else Phase.EVENT
        inputs = None if parameter is not None else self._inputs_of(rule, told, values)
        return judge(rule, values, phase, self._readers, inputs)

    def _inputs_of(
        self, rule: Rule, told: tuple[tuple[str, Core], ...], values: Mapping[str, Core]
    ) -> Inputs:
        """Answer what names stand for; what a change leaves as it is is compiled once for all."""
        if told not in self._inputs:
            facts = bind(self.rule, self._bindings[told]).facts
            self._inputs[told] = facts, Inputs(self._readers, values, {**facts}, {})
        known, inputs = self._inputs[told]
        if rule.facts is self.rule.facts:
            return inputs
        facts = resolve(rule.facts, rule.fields, values, known)
        return Inputs(self._readers, values, {**facts})

    def _asked(self, example: Example, steps: tuple[Move, ...], settings: _Settings) -> _Asked:
        frame = example.frame
        asked = _Asked(Case(example=example, moves=steps, result=None), frame, settings)
        case = Case(example=example, moves=steps, result=self._base(asked))
        return _Asked(case, frame, settings)

    @staticmethod
    def _expected(example: Example, steps: tuple[Move, ...], settings: _Settings) -> _Asked:
        case = Case(example=example, moves=steps, result=example.expect)
        return _Asked(case, example.frame, settings)

    def _cases(self) -> Iterator[_Asked]:
        """Answer the cases of the grid; each is made when it is first needed."""
        yield from self._grid
        for asked in self._more:
            self._grid.append(asked)
            yield asked

    def _all_cases(self) -> Iterator[_Asked]:
        for base in self._in_order:
            for step in self._moves(base):
                yield from self._moved(base, (step,))
        left = _MOST
        for base in _shapes(self._in_order):
            for pair in combinations(self._moves(base), 2):
                left -= 1
                if not left:
                    self.is_cut = True
                    return
                yield from self._moved(base, pair)

    def _moves(self, base: Case) -> list[Move]:
        example, parameters = base.example, dict(base.example.binding.parameters)
        facts = resolve(self.rule.facts, self.rule.fields, parameters)
        inputs = Inputs(self._readers, parameters, {**facts})
        frame = Frame(example.record, example.knowledge)
        return list(moves(self.rule, example, probes_of(self.rule, parameters, inputs, frame)))

    def _moved(self, base: Case, steps: tuple[Move, ...]) -> Iterator[_Asked]:
        example = base.example
        events: Events | None = (example.record, *example.knowledge.history)
        for step in steps:
            events = None if events is None else step.run(events)
        if events is not None:
            yield self._asked(moved(example, events), steps, _settings(example))


def _is_decided(asked: _Asked) -> bool:
    return asked.case.result is not Result.CANNOT_BE_CHECKED


def _settings(example: Example) -> _Settings:
    values: Mapping[str, Core] = example.binding.parameters
    return tuple(sorted(values.items())), example.sets, example.phase in HINTING


def _varied(cases: list[Case]) -> list[Case]:
    """Put the first case of each answer first."""
    found: dict[Result | None, Case] = {}
    for case in cases:
        found.setdefault(case.result, case)
    order = (Result.HIT, Result.CLEAR)
    first = sorted(found.values(), key=lambda case: case.result not in order)
    return [*first, *(case for case in cases if case not in first)]


def _shapes(cases: list[Case]) -> list[Case]:
    """Choose one case of each shape: answer, kinds of events, and which fields they carry."""
    found: dict[tuple[object, ...], Case] = {}
    for case in cases:
        example = case.example
        events = (example.record, *example.knowledge.history)
        shape = tuple(
            (r.kind, frozenset(r.attributes), r.amount is None, r.actor is None) for r in events
        )
        found.setdefault((case.result, frozenset(shape)), case)
    return list(found.values())
