"""Whether the examples of a clock notice every small change of it.

A change that no example notices is looked for on a grid: every example with one event more or
less, decided by each role, and at other moments.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice, zip_longest
from typing import Any, Final

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.rules.document import Part
from cleangov_plugin.rules.mutation.counting import Counted, Signers
from cleangov_plugin.rules.mutation.signatures import signatures_of
from cleangov_plugin.rules.quantities import moment

from .examples import answers, run_clock_examples
from .model import Clock
from .mutants import NOBODY, ClockMutant, clock_mutants
from .reading import read_clock

Given = dict[str, Any]
#: Distances in days at which a case is looked at, the most telling first.
_LATER: Final = (0, 30, 1, -1, -30, 90)
#: The most cases of a grid that are tried; a grid that would be larger proves nothing.
_MOST: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSurvivor:
    """A change of a clock that no example notices.

    :param mutant: the change.
    :param given: a case that tells both clocks apart; None where there is none on the grid.
    :param answer: what the clock says of it.
    :param instead: what the changed clock says.
    :param is_cut: whether the grid was too large to be tried wholly.
    """

    mutant: ClockMutant
    given: Given | None
    answer: Mapping[str, str] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedClock(Counted[ClockMutant, ClockSurvivor]):
    """What the tests of one clock found.

    :param clock: the clock.
    """

    __test__ = False  # it is no test of pytest's

    clock: Clock


def tried_clock(document: Mapping[str, Any]) -> TestedClock:
    """Test a clock: its examples, and whether they notice every small change.

    :param document: the clock's document.
    :return: what was found; where an example is not right, no change is tried.
    :raises RuleError: where it is no clock.
    """
    clock = read_clock(document)
    given = [
        dict(part.part("given").values) for part in Part(document, clock.id).listed("examples")
    ]
    signatures = {each.mutant: each for each in signatures_of(document, clock)}
    found = TestedClock(clock=clock, examples=len(given), failures=run_clock_examples(document))
    if found.failures:
        return found
    signers = Signers(document, signatures)
    for mutant in clock_mutants(document):
        try:
            is_noticed = bool(run_clock_examples(mutant.document))
            other = read_clock(mutant.document)
        except RuleError:  # it is no clock any more: that is noticed, too
            is_noticed = True
        if is_noticed:
            found.killed.append(mutant)
            continue
        survivor = _told_apart(mutant, clock, other, given)
        is_equivalent = survivor.given is None and not survivor.is_cut
        signers.sort(found, mutant, survivor, is_equivalent=is_equivalent)
    signers.end(found)
    return found


def _told_apart(
    mutant: ClockMutant, clock: Clock, other: Clock, given: list[Given]
) -> ClockSurvivor:
    for case in islice(_grid(clock, given), _MOST):
        one, two = answers(clock, case), answers(other, case)
        if one != two:
            place = next(n for n, (a, b) in enumerate(zip_longest(one, two)) if a != b)
            told = [each[place] if len(each) > place else {} for each in (one, two)]
            return ClockSurvivor(mutant=mutant, given=case, answer=told[0], instead=told[1])
    is_cut = next(islice(_grid(clock, given), _MOST, None), None) is not None
    return ClockSurvivor(mutant=mutant, given=None, is_cut=is_cut)


def _grid(clock: Clock, given: list[Given]) -> Iterator[Given]:
    for days in _LATER:
        for case in given:
            for events in _moved(clock, list(case.get("events") or [])):
                at = moment(str(case["now"]), clock.id) + timedelta(days=days)
                yield {**case, "events": events, "now": at.isoformat()}


def _moved(clock: Clock, events: list[Given]) -> Iterator[list[Given]]:
    """Answer the events of an example, and with one more, one less or one decided otherwise."""
    yield events
    for number, event in enumerate(events):
        yield [*events[:number], *events[number + 1 :]]
        for attributes in _attributes(clock):
            yield [*events[:number], {**event, "attributes": attributes}, *events[number + 1 :]]
        at = moment(str(event["at"]), clock.id)
        for kind in sorted(clock.kinds):
            for attributes in _attributes(clock):
                for days in (1, 10):
                    later = (at + timedelta(days=days)).isoformat()
                    yield [*events, {"kind": kind, "at": later, "attributes": attributes}]


def _attributes(clock: Clock) -> list[Given]:
    """Answer the attributes by which a step may be decided: each role, nobody's, none."""
    deciders = [each.decider for each in clock.steps if each.decider is not None]
    roles = sorted({role for each in deciders for role in each.roles})
    lengths = [each.given_in for each in clock.extensions if each.given_in is not None]
    found: list[Given] = [{}]
    for name in sorted({each.attribute for each in deciders}):
        found += [{name: role} for role in (*roles, NOBODY)]
    return [*found, *({**each, name: 5} for name in lengths for each in found)]
