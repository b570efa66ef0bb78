"""The examples inside a rule: small cases with the answer that is expected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Final
from zoneinfo import ZoneInfo

from cleangov_hooks import (
    ActorKind,
    AttributeValue,
    Clock,
    Mode,
    Money,
    Origin,
    Precision,
    Stream,
)
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase, Result

from .bindings import compile_binding
from .bound import HINTING
from .compiler import compile_rule
from .document import Part
from .evaluation import default_binding, evaluate
from .example_days import ExampleDays
from .kinds import Type
from .knowledge import Knowledge, Statistic, StatisticKey
from .model import Binding, Rule, shown
from .planning import RuleSet, plan
from .quantities import literal, moment
from .statistics import groups_of
from .texts import render

_STREAMS: Final = {
    "enf": Stream.ENFORCEMENT,
    "prm": Stream.PERMIT,
    "prj": Stream.PROJECT,
    "int": Stream.PETITION,
}
_EVENT: Final = (
    "kind", "at", "recorded", "clock", "actor", "actor_kind", "unit", "step", "amount", "precision",
    "mode", "origin", "attributes",
)  # fmt: skip


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
    """

    name: str
    record: Record
    knowledge: Knowledge
    phase: Phase
    binding: Binding
    expect: Result
    fields: tuple[str, ...] | None
    why: str


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
    return [_example(part, rule) for part in Part(document, rule.id).listed("examples")]


def ask(rule: Rule, example: Example) -> RuleOutcome:
    """Ask the rule about an example, the way every event is asked.

    :param rule: the rule.
    :param example: the example.
    :return: what the rule says.
    :raises RuleError: where the rule does not look at such an event at all.
    """
    record, zone = example.record, example.knowledge.zone
    chosen = plan(
        RuleSet(0, ((rule, example.binding),)),
        record.kind,
        example.phase,
        on=record.occurred_at.astimezone(zone).date(),
        unit=record.unit,
        step=record.step,
        source=record.source,
    )
    for outcome in evaluate(chosen, record, example.knowledge).outcomes:
        return outcome
    what = f"the rule does not look at events of kind '{record.kind}'."
    raise RuleError(what, where=f"{rule.id}.examples.{example.name}", remedy="See its key 'on'.")


def run_examples(document: Mapping[str, object]) -> list[Failure]:
    """Run the examples of a rule: answers, missing fields, and texts in both languages.

    :param document: the rule's document.
    :return: what failed; empty is good. A rule needs examples that hit and ones that are clear.
    :raises RuleError: where the rule itself cannot be compiled.
    """
    rule = compile_rule(document)
    found = examples_of(document, rule)
    failures = [failure for example in found for failure in _tried(rule, example)]
    for result in (Result.HIT, Result.CLEAR):
        if not any(example.expect is result for example in found):
            missing = f"an example that is {result}"
            failures.append(Failure(name="examples", expected=missing, found="none"))
    return failures


def _tried(rule: Rule, example: Example) -> list[Failure]:
    outcome = ask(rule, example)
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
        for key in _keys(rule, example.phase):
            failures.extend(_written(rule, example, outcome, key))
    return failures


def _keys(rule: Rule, phase: Phase) -> list[str]:
    """Answer the texts that a hit of a phase shows."""
    if phase in HINTING:
        return ["hint"] if "hint" in rule.texts else ["headline", "body"]
    labels = [f"label.{answer.code}" for answer in rule.answers]
    return [*(key for key in rule.texts if key != "hint"), *labels]


def _written(rule: Rule, example: Example, outcome: RuleOutcome, key: str) -> list[Failure]:
    texts = {tag: render(rule, key, outcome.values, tag) for tag in ("zh", "en")}
    return [
        Failure(name=example.name, expected=f"a text for {key} in {tag}", found=text)
        for tag, text in texts.items()
        if not text or "—" in text
    ]


def _example(part: Part, rule: Rule) -> Example:
    part.only("name", "given", "expect", "fields", "why")
    given = part.part("given")
    given.only("event", "history", "statistics", "zone", "calendar", "phase", "parameters")
    zone = _zone(given)
    phase = given.choice("phase", Phase, default=Phase.EVENT)
    binding = default_binding(rule)
    if "parameters" in given.values:
        wanted = {"id": "example", "tier": 0, "phases": [phase.value]}
        binding = compile_binding({**wanted, "parameters": given.values["parameters"]}, rule)
    record = _record(given.part("event"), rule, 0)
    history = [_record(item, rule, n) for n, item in enumerate(given.listed("history"), start=1)]
    return Example(
        name=part.text("name"),
        record=record,
        knowledge=Knowledge(
            zone=zone,
            history=tuple(history),
            statistics=_statistics(given, rule, record),
            calendar=ExampleDays(given.part("calendar")) if "calendar" in given.values else None,
        ),
        phase=phase,
        binding=binding,
        expect=part.choice("expect", Result),
        fields=tuple(sorted(part.texts("fields"))) if "fields" in part.values else None,
        why=part.text("why"),
    )


def _zone(given: Part) -> ZoneInfo:
    name = given.text("zone", default="Asia/Shanghai")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        remedy = "Write an IANA name: Asia/Shanghai."
        raise given.wrong("zone", f"there is no time zone '{name}'.", remedy) from None


def _record(part: Part, rule: Rule, number: int) -> Record:
    """Make an event of an example; what is not written is not known."""
    part.only(*_EVENT)
    at = moment(part.text("at"), part.at("at"))
    recorded = moment(part.text("recorded", default=part.text("at")), part.at("recorded"))
    kind = part.text("kind")
    stream = _STREAMS.get(kind.partition(".")[0])
    if stream is None:
        raise part.wrong("kind", f"'{kind}' is no kind of event.")
    actor = part.optional_text("actor")
    return Record(
        event_id=f"example-{number}",
        source="example",
        log_id="example",
        stream=stream,
        case_id="example",
        kind=kind,
        step=part.text("step", default="example"),
        actor=actor,
        actor_kind=part.choice("actor_kind", ActorKind, default=ActorKind.PERSON)
        if actor
        else None,
        unit=part.optional_text("unit"),
        amount=_amount(part, rule),
        occurred_at=at.astimezone(UTC),
        recorded_at=recorded.astimezone(UTC),
        precision=part.choice("precision", Precision, default=Precision.SECOND),
        clock=part.choice("clock", Clock, default=Clock.SERVER),
        mode=part.choice("mode", Mode, default=Mode.ORDINARY),
        origin=part.choice("origin", Origin, default=Origin.LIVE),
        attributes=_attributes(part.part("attributes"), rule),
        row=number or None,
    )


def _amount(part: Part, rule: Rule) -> Money | None:
    value = _value(part, "amount", rule.fields["amount"].type)
    return value if isinstance(value, Money) else None


def _attributes(part: Part, rule: Rule) -> dict[str, AttributeValue]:
    found: dict[str, AttributeValue] = {}
    for name in part.values:
        field = rule.fields.get(name)
        if field is None or field.code is None:
            raise part.wrong(name, f"the rule declares no attribute '{name}'.")
        found[field.code] = _value(part, name, field.type)
    return found


def _value(part: Part, key: str, type_: Type) -> AttributeValue:
    if part.values.get(key) is None:
        return None
    return shown(literal(part.values[key], type_, part.at(key)), type_)


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
