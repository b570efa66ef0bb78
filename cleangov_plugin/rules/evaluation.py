"""Asking all planned rules about one event."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from cleangov_plugin.domain.evaluation import Evaluation, RuleOutcome, Value
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase, Result, Tier

from .bound import BoundRule, Question, bind
from .closure import closure
from .frame import Frame
from .knowledge import Knowledge
from .model import Binding, Rule, core, shown
from .planning import Plan
from .quantities import names_of
from .reading import value_of
from .rule_answers import RuleAnswer
from .tree import Core, Name

#: How many short ways are gone between two looks at the clock: together they take some 30 µs.
_LOOK: Final = 8


def _never() -> bool:
    return False


def evaluate(
    plan: Plan,
    record: Record,
    knowledge: Knowledge,
    *,
    out_of_time: Callable[[], bool] = _never,
    is_brief: bool = False,
) -> Evaluation:
    """Ask every rule of a plan about an event.

    In the phases open and edit a rule with `hint_when` answers "hit" where its hint is to be
    shown; that is no breach. A rule that raises harms no other.

    :param plan: the plan for the event's kind and phase.
    :param record: the event.
    :param knowledge: what was read for the plan.
    :param out_of_time: asked before each rule that is asked in full, and each eighth of the
        others; rules not reached are named as such.
    :param is_brief: whether clear outcomes go without values, but for rules that have a text to
        say so: nobody explains what is in order while an officer waits.
    :return: one outcome of each rule whose binding applies.
    """
    frame = Frame(record, knowledge)
    outcomes: list[RuleOutcome] = []
    add, stream, is_timed = outcomes.append, record.stream, out_of_time is not _never
    is_short, is_over = is_brief and _is_within(plan, frame), False
    for number, (bound, short) in enumerate(zip(plan.bound, plan.short, strict=True)):
        streams, found = bound.streams, None
        if streams and stream not in streams:
            continue
        if is_short and short is not None and not is_over:
            is_over = is_timed and not number % _LOOK and out_of_time()
            try:
                found = None if is_over else short(frame)
            except Exception:  # found again, and named, in full
                found = None
        if found is None:
            is_over = is_over or (is_timed and out_of_time())
            if is_over:
                found = bound.bare[Result.TIMEOUT]
            else:
                found = judged(bound, plan.phase, frame, is_brief)
        add(found)
    frame.let_go()
    calendar = knowledge.calendar
    return Evaluation(
        phase=plan.phase,
        ruleset=plan.revision,
        calendar=0 if calendar is None else calendar.version,
        outcomes=tuple(outcomes),
    )


def _is_within(plan: Plan, frame: Frame) -> bool:
    """Answer whether the short ways of a plan are right for the day of an event."""
    try:
        return plan.days[0] <= frame.day <= plan.days[1]
    except (ValueError, OverflowError):  # a day outside the calendar: each rule says so itself
        return False


def judged(bound: BoundRule, phase: Phase, frame: Frame, is_brief: bool = False) -> RuleOutcome:
    """Ask one rule about an event whose binding applies.

    :param bound: the rule.
    :param phase: open, edit, gate or event.
    :param frame: the event.
    :param is_brief: whether a clear outcome goes without values, see `evaluate`.
    """
    try:
        return _judged(bound, phase, frame, is_brief)
    except Exception as problem:  # one rule that fails is named; the others are still asked
        return _outcome(bound, Result.ERROR, values={"error": type(problem).__name__})


def _judged(bound: BoundRule, phase: Phase, frame: Frame, is_brief: bool) -> RuleOutcome:
    rule, question = bound.rule, bound.question(phase)
    day = frame.day
    for basis in rule.basis:
        if basis.is_valid_on(day):
            break
    else:
        return bound.bare[Result.NOT_APPLICABLE]
    if bound.applies is not None:
        applies = bound.applies(frame)
        if applies is False:
            return bound.bare[Result.NOT_APPLICABLE]
        if applies is None and rule.applies is not None:
            return _unchecked(bound, question, frame, bound.missing(rule.applies, frame))
    if bound.binding.scope.units and frame.record.unit is None:
        return _unchecked(bound, question, frame, ["unit"])
    return _answered(bound, question, frame, is_brief)


def _answered(bound: BoundRule, question: Question, frame: Frame, is_brief: bool) -> RuleOutcome:
    """Turn an answer into an outcome; "clear" needs every required input to be there."""
    answer = question.run(frame)
    blank = _blank(question, frame)
    if answer is True:
        values = bound.values(question, frame)
        return _outcome(bound, Result.HIT, fields=blank, values=values)
    if answer is None:
        blank.extend(bound.missing(question.node, frame))
    if blank:
        return _unchecked(bound, question, frame, blank)
    if is_brief and "done" not in bound.rule.texts:
        return bound.bare[Result.CLEAR]
    return _outcome(bound, Result.CLEAR, values=bound.values(question, frame))


def _blank(question: Question, frame: Frame) -> list[str]:
    """Name the required inputs that are missing, whatever the logic made of them."""
    found = []
    for path, run in question.required:
        if run(frame) is None:
            found.append(path)
    for fact in question.asked:
        _, missing, is_blank, _ = frame.fact(fact)
        if is_blank:
            found.extend(missing)
    return found


def _unchecked(
    bound: BoundRule, question: Question, frame: Frame, missing: list[str]
) -> RuleOutcome:
    values = bound.values(question, frame)
    return _outcome(bound, Result.CANNOT_BE_CHECKED, fields=missing, values=values)


def _outcome(
    bound: BoundRule,
    result: Result,
    *,
    fields: list[str] | None = None,
    values: Mapping[str, Value] | None = None,
) -> RuleOutcome:
    names = tuple(sorted(set(fields or ())))
    return replace(bound.bare[result], fields=names, values=values or {})


def patch(
    rule: Rule,
    answer_code: str,
    record: Record,
    knowledge: Knowledge,
    binding: Binding | None = None,
) -> dict[str, Value]:
    """Work out the corrected values that an answer puts into the event.

    :param rule: the rule that hit.
    :param answer_code: code of the answer.
    :param record: the event as proposed.
    :param knowledge: what was known.
    :param binding: its binding; without one the parameters have their defaults.
    :return: corrected values by event field; empty where the answer corrects nothing.
    """
    answer = rule.answer(answer_code)
    if answer is None or not answer.patch:
        return {}
    bound = bind(rule, binding or default_binding(rule))
    frame = Frame(record, knowledge)
    found = {f: closure(node, bound.inputs)(frame) for f, node in answer.patch.items()}
    return _corrected(rule, found)


def patch_from(rule: Rule, answer_code: str, values: Mapping[str, Value]) -> dict[str, Value]:
    """Work out the corrected values of an answer from the values of a hit.

    :param rule: the rule that hit.
    :param answer_code: code of the answer.
    :param values: the outcome's values, as kept with its prompt.
    :return: corrected values by event field; empty where the answer corrects nothing.
    """
    answer: RuleAnswer | None = rule.answer(answer_code)
    if answer is None:
        return {}

    def lookup(name: Name) -> Core:
        return core(values.get(name.path), name.type)

    return _corrected(rule, {f: value_of(node, lookup) for f, node in answer.patch.items()})


def _corrected(rule: Rule, found: Mapping[str, Core]) -> dict[str, Value]:
    types = names_of(rule).event
    return {f: shown(value, types[f]) for f, value in found.items() if value is not None}


def default_binding(rule: Rule) -> Binding:
    """Make a binding that only records, with every parameter at its default.

    :param rule: the rule.
    """
    return Binding(
        id=f"{rule.id}-default",
        rule_id=rule.id,
        rule_version=rule.version,
        tier=Tier.RECORD,
        phases=frozenset(Phase),
        parameters={name: parameter.default for name, parameter in rule.parameters.items()},
    )
