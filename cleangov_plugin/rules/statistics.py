"""Figures over other cases, from a closed list, as the nightly table keeps them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cleangov_plugin.domain.record import Record

from .facts import Fact, resolve
from .frame import Frame
from .kinds import WHOLE
from .knowledge import Knowledge, Statistic, StatisticKey
from .model import Rule


def median(values: Sequence[int]) -> int:
    """Answer the median; of an even number the mean of the middle two, rounded down.

    :param values: at least one whole number, in any order.
    :return: a whole number in the same unit.
    :raises ValueError: if there is none.
    """
    if not values:
        raise ValueError("nothing has no median")
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) // 2


def mean(values: Sequence[int]) -> int:
    """Answer the arithmetic mean, rounded down.

    :param values: at least one whole number, in any order.
    :return: a whole number in the same unit.
    """
    return sum(values) // len(values)


def quantile(ordered: Sequence[int], at: int) -> int:
    """Answer a quantile: the least value that a share of all values does not pass.

    It is one of the values, and none is made up in between: definition 1 of R. J. Hyndman and
    Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50(4), 1996.

    :param ordered: at least one whole number, in ascending order.
    :param at: the share, in thousandths of a percent, more than 0.
    :return: a whole number in the same unit.
    """
    return ordered[-(-at * len(ordered) // WHOLE) - 1]


class Wider(NamedTuple):
    """What a wider group says of the shares of the groups in it.

    :param share: that of all its events.
    :param chance: the variance that chance alone gives the share of one event.
    :param apart: how far the groups really differ, as a variance.
    """

    share: Fraction
    chance: Fraction
    apart: Fraction


def wider(groups: Iterable[tuple[int, int]]) -> Wider:
    """Work out how far groups differ beyond chance.

    With k of n events in a group and K of N in all G groups, P = K/N and v = P(1 - P): what is
    left of the weighted variance of their shares once chance is taken away is
    A = sum n(k/n - P)^2 / N - v G/N, and never less than 0. This is the estimator of R. J.
    Marshall, "Mapping disease and mortality rates using empirical Bayes estimators", Applied
    Statistics 40(2), 1991, with the variance of a share in the place of that of a rate.

    :param groups: of each group how many of its events count, and how many there are; at least one.
    """
    counted, total, number, squares = 0, 0, 0, dict[int, int]()
    for part, n in groups:
        counted, total, number = counted + part, total + n, number + 1
        squares[n] = squares.get(n, 0) + part * part
    share = Fraction(counted, total)
    chance = share * (1 - share)
    spread = sum((Fraction(s, n) for n, s in squares.items()), Fraction()) - share * counted
    return Wider(share, chance, max((spread - chance * number) / total, Fraction()))


def drawn(part: int, n: int, to: Wider) -> int:
    """Draw the share of a group to that of the wider one, the more the fewer events it has.

    P + A/(A + v/n) * (k/n - P), see `wider`: B. Efron and C. Morris, "Data analysis using Stein's
    estimator and its generalizations", Journal of the American Statistical Association 70(350),
    1975. Where groups do not differ beyond chance, every group has P.

    :param part: how many of its events count.
    :param n: how many there are.
    :param to: the wider group.
    :return: thousandths of a percent, worked out in whole numbers and rounded down.
    """
    weight = to.apart / (to.apart + to.chance / n) if to.apart else Fraction()
    return math.floor((to.share + weight * (Fraction(part, n) - to.share)) * WHOLE)


class Sample(NamedTuple):
    """What one event adds to a figure.

    :param key: the group it belongs to.
    :param value: its number; of a share 1 where its condition holds, else 0.
    :param wide: the wider group of a share; None for every other figure.
    """

    key: StatisticKey
    value: int
    wide: StatisticKey | None = None


def sample(fact: Fact, frame: Frame) -> Sample | None:
    """Answer what an event adds to a figure.

    :param fact: a fact over other cases, see `RuleSet.facts`.
    :param frame: the event.
    :return: None for an event of another kind, one that lacks the field or the group, and one of
        which the condition does not hold or cannot be told.
    """
    if fact.key is None or frame.record.kind not in fact.spec.kinds:
        return None
    key, holds = fact.key(frame), True if fact.where is None else fact.where(frame)
    if key is None or holds is None:
        return None
    if fact.wide is not None:
        wide = fact.wide(frame)
        return None if wide is None else Sample(key, int(bool(holds)), wide)
    value = 1 if fact.value is None else fact.value(frame)
    return Sample(key, value) if holds and isinstance(value, int) else None


def figure(fact: Fact, ordered: Sequence[int]) -> Statistic:
    """Work out the figure of one group; a share, which needs the other groups, is not among them.

    :param fact: a fact over other cases.
    :param ordered: the numbers of its events, at least one, in ascending order.
    """
    operation, n = fact.spec.operation, len(ordered)
    if operation == "count":
        return Statistic(n, n)
    if operation == "quantile":
        return Statistic(quantile(ordered, fact.spec.at), n)
    return Statistic(mean(ordered) if operation == "mean" else median(ordered), n)


def shares(groups: Mapping[StatisticKey, tuple[int, int]]) -> dict[StatisticKey, Statistic]:
    """Work out the shares of all groups within one wider group.

    :param groups: by group how many of its events count, and how many there are; at least one.
    """
    to = wider(groups.values())
    made = {each: Statistic(drawn(*each, to), each[1]) for each in set(groups.values())}
    return {key: made[each] for key, each in groups.items()}


def figures(
    fact: Fact, records: Iterable[Record], zone: ZoneInfo, *, on: date
) -> dict[StatisticKey, Statistic]:
    """Compute one figure for every group; events that lack the field or the group are left out.

    :param fact: a fact over other cases, see `RuleSet.facts`.
    :param records: events of all cases, superseded ones left out.
    :param zone: the agency's zone.
    :param on: the civil day from which a window of days looks back; the day itself is not in it.
    :return: figures by key.
    """
    knowledge = Knowledge(zone=zone)
    groups: dict[StatisticKey | None, dict[StatisticKey, list[int]]] = {}
    for record in records:
        frame = Frame(record, knowledge)
        found = sample(fact, frame) if _is_inside(fact, frame, on) else None
        if found is not None:
            groups.setdefault(found.wide, {}).setdefault(found.key, []).append(found.value)
    made: dict[StatisticKey, Statistic] = {}
    for values in groups.values():
        if fact.wide is None:
            made |= {key: figure(fact, sorted(numbers)) for key, numbers in values.items()}
        else:
            made |= shares({key: (sum(each), len(each)) for key, each in values.items()})
    return made


def _is_inside(fact: Fact, frame: Frame, on: date) -> bool:
    return fact.days is None or on - timedelta(days=fact.days) <= frame.day < on


def groups_of(rule: Rule, name: str, record: Record) -> StatisticKey | None:
    """Name the group of a figure that an event belongs to, with parameters at their defaults.

    :param rule: the rule.
    :param name: name of the figure.
    :param record: the event.
    :return: the key; None where a value it is grouped by is missing.
    """
    defaults = {key: parameter.default for key, parameter in rule.parameters.items()}
    fact = resolve(rule.facts, rule.fields, defaults)[name]
    if fact.key is None:
        return None
    return fact.key(Frame(record, Knowledge(zone=ZoneInfo("UTC"))))
