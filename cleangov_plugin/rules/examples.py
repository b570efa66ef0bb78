"""The examples inside a rule: small cases with the answer that is expected."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.evaluation import RuleOutcome, Value
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase, Result

from .bindings import compile_binding
from .bound import HINTING
from .compiler import compile_rule
from .document import Part
from .evaluation import default_binding, judged
from .example_days import ExampleDays
from .example_records import record_of, zone_of
from .frame import Frame
from .knowledge import Knowledge, Statistic, StatisticKey
from .model import Binding, Rule
from .planning import RuleSet, plan
from .quantities import literal, names_of
from .statistics import groups_of
from .templates import BASIS, places
from .texts import render


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One example, ready to be asked.

    :param name: its name.
    :param record: the event to judge.
    :param knowledge: what is known besides.
    :param phase: the phase it is asked in.
    :param binding: the binding it is asked through.
    :param expect: the result expected.
    :param fields: the missing fields expected; None where any will do.
    :param why: the reason for the expectation.
    :param sets: the parameters it sets itself.
    :param days: the days of its calendar that differ, as written.
    :ivar frame: its event, ready to be asked: a fact of it is computed once, whoever asks.
    """

    name: str
    record: Record
    knowledge: Knowledge
    phase: Phase
    binding: Binding
    expect: Result
    fields: tuple[str, ...] | None
    why: str
    sets: frozenset[str] = frozenset()
    days: Mapping[str, list[str]] = dataclasses.field(default_factory=dict)
    frame: Frame = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Put the event into its frame."""
        object.__setattr__(self, "frame", Frame(self.record, self.knowledge))


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An example that did not come out as expected.

    :param name: name of the example.
    :param expected: what was expected.
    :param found: what was answered.
    :param why: the reason given for the expectation.
    """

    name: str
    expected: str
    found: str
    why: str = ""


def examples_of(document: Mapping[str, object], rule: Rule) -> list[Example]:
    """Read the examples of a rule.

    :param document: the rule's document.
    :param rule: the rule compiled from it.
    :return: the examples in order.
    :raises RuleError: where one is no example.
    """
    usual, own = default_binding(rule), dict[tuple[object, ...], Binding]()
    return [_example(part, rule, usual, own) for part in Part(document, rule.id).listed("examples")]


def ask(rule: Rule, example: Example) -> RuleOutcome:
    """Ask the rule about an example, the way every event is asked.

    :param rule: the rule.
    :param example: the example.
    :return: what the rule says.
    :raises RuleError: where the rule does not look at such an event at all.
    """
    return _Asker(rule).ask(example)


class _Asker:
    """A rule, put into a set once for each set of parameters that its examples choose."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._sets: dict[tuple[object, ...], RuleSet] = {}
        self._read: set[tuple[str, tuple[Value | None, ...]]] = set()
        self._paths: dict[str, tuple[str, ...]] = {}

    def ask(self, example: Example) -> RuleOutcome:
        """Ask the rule about an example.

        :param example: the example.
        """
        record, zone = example.record, example.knowledge.zone
        chosen = plan(
            self._set(example.binding),
            record.kind,
            example.phase,
            on=record.occurred_at.astimezone(zone).date(),
            unit=record.unit,
            step=record.step,
            source=record.source,
        )
        for bound in chosen.bound:
            return judged(bound, example.phase, example.frame)
        what = f"the rule does not look at events of kind '{record.kind}'."
        where = f"{self.rule.id}.examples.{example.name}"
        raise RuleError(what, where=where, remedy="See its key 'on'.")

    def keys(self, phase: Phase, values: Mapping[str, Value]) -> list[str]:
        """Answer the texts that a hit shows; one that has been written with these values is not.

        :param phase: the phase.
        :param values: the values of the hit.
        """
        found = []
        for key in _keys(self.rule, phase):
            if key not in self._paths:
                self._paths[key] = _paths(self.rule, key)
            read = (key, tuple(values.get(path) for path in self._paths[key]))
            if read not in self._read:
                self._read.add(read)
                found.append(key)
        return found

    def _set(self, binding: Binding) -> RuleSet:
        key = (binding.id, binding.phases, tuple(sorted(binding.parameters.items())))
        if key not in self._sets:
            self._sets[key] = RuleSet(0, ((self.rule, binding),))
        return self._sets[key]


def run_examples(document: Mapping[str, object]) -> list[Failure]:
    """Run the examples of a rule: answers, missing fields, and texts in both languages.

    :param document: the rule's document.
    :return: what failed; empty is good. A rule needs examples that hit and ones that are clear.
    :raises RuleError: where the rule itself cannot be compiled.
    """
    rule = compile_rule(document)
    return failures_of(rule, examples_of(document, rule))


def failures_of(rule: Rule, examples: list[Example]) -> list[Failure]:
    """Run examples that are read already.

    :param rule: the rule.
    :param examples: its examples.
    :return: what failed; no example that hits and none that is clear are failures, too.
    """
    asker = _Asker(rule)
    failures = [failure for example in examples for failure in _tried(asker, example)]
    for result in (Result.HIT, Result.CLEAR):
        if not any(example.expect is result for example in examples):
            missing = f"an example that is {result}"
            failures.append(Failure(name="examples", expected=missing, found="none"))
    return failures


def _tried(asker: "_Asker", example: Example) -> list[Failure]:
    rule, outcome = asker.rule, asker.ask(example)
    expected, answer = str(example.expect), str(outcome.result)
    if example.fields is not None:
        expected = f"{expected} {', '.join(example.fields)}"
        answer = f"{answer} {', '.join(outcome.fields)}"
    failures = []
    if expected != answer:
        failures.append(
            Failure(name=example.name, expected=expected, found=answer, why=example.why)
        )
    if outcome.result is Result.HIT:
        for key in asker.keys(example.phase, outcome.values):
            failures.extend(_written(rule, example, outcome, key))
    return failures


def _keys(rule: Rule, phase: Phase) -> list[str]:
    """Answer the texts that a hit of a phase shows."""
    if phase in HINTING:
        return ["hint"] if "hint" in rule.texts else ["headline", "body"]
    labels = [f"label.{answer.code}" for answer in rule.answers]
    return [*(key for key in rule.texts if key != "hint"), *labels]


def _paths(rule: Rule, key: str) -> tuple[str, ...]:
    """Answer under which paths a text finds the values it is made of."""
    is_label = key.startswith("label.")
    answer = rule.answer(key.removeprefix("label.")) if is_label else None
    words = rule.texts.get(key, {}) if answer is None else answer.label
    names = {place.name for template in words.values() for place in places(template)}
    known = names_of(rule)
    return tuple(
        name if name == BASIS.path else known.resolve(name, rule.id).path for name in sorted(names)
    )


def _written(rule: Rule, example: Example, outcome: RuleOutcome, key: str) -> list[Failure]:
    texts = {tag: render(rule, key, outcome.values, tag) for tag in ("zh", "en")}
    return [
        Failure(name=example.name, expected=f"a text for {key} in {tag}", found=text)
        for tag, text in texts.items()
        if not text or "—" in text
    ]


def _example(
    part: Part, rule: Rule, usual: Binding, own: dict[tuple[object, ...], Binding]
) -> Example:
    part.only("name", "given", "expect", "fields", "why")
    given = part.part("given")
    given.only(
        "event", "history", "elsewhere", "statistics", "zone", "calendar", "phase", "parameters"
    )
    phase, days = given.choice("phase", Phase, default=Phase.EVENT), given.part("calendar")
    record = record_of(given.part("event"), rule, 0)
    return Example(
        name=part.text("name"),
        record=record,
        knowledge=_knowledge(given, rule, record),
        phase=phase,
        binding=_binding(given, rule, phase, own) if "parameters" in given.values else usual,
        expect=part.choice("expect", Result),
        fields=tuple(sorted(part.texts("fields"))) if "fields" in part.values else None,
        why=part.text("why"),
        sets=frozenset(given.part("parameters").values),
        days={key: list(days.texts(key)) for key in days.values},
    )


def _binding(
    given: Part, rule: Rule, phase: Phase, own: dict[tuple[object, ...], Binding]
) -> Binding:
    """Read the parameters of an example; those that choose the same share one binding.

    So the rule is compiled for it once.
    """
    wanted = {"id": "example", "tier": 0, "phases": [phase.value]}
    binding = compile_binding({**wanted, "parameters": given.values["parameters"]}, rule)
    return own.setdefault((phase, tuple(sorted(binding.parameters.items()))), binding)


def _knowledge(given: Part, rule: Rule, record: Record) -> Knowledge:
    history = [record_of(item, rule, n) for n, item in enumerate(given.listed("history"), start=1)]
    others = [
        record_of(item, rule, n, case="another")
        for n, item in enumerate(given.listed("elsewhere"), start=1)
    ]
    return Knowledge(
        zone=zone_of(given),
        history=tuple(history),
        elsewhere=tuple(others),
        statistics=_statistics(given, rule, record),
        calendar=ExampleDays(given.part("calendar")) if "calendar" in given.values else None,
    )


def _statistics(given: Part, rule: Rule, record: Record) -> dict[StatisticKey, Statistic]:
    found = {}
    for name, part in given.parts("statistics"):
        part.only("value", "n")
        spec = rule.facts.get(name)
        if spec is None or not spec.is_statistic:
            raise RuleError(f"the rule has no figure '{name}'.", where=part.path)
        value = literal(part.values.get("value"), spec.type, part.at("value"))
        key = groups_of(rule, name, record)
        if key is not None and isinstance(value, int):
            found[key] = Statistic(value, part.integer("n", 0, 1_000_000))
    return found
