"""Figures over other cases, from a closed list, as the nightly table keeps them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from cleangov_plugin.domain.record import Record

from .facts import Fact, resolve
from .frame import Frame
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
    if fact.key is None:
        return {}
    knowledge = Knowledge(zone=zone)
    groups: dict[StatisticKey, list[int]] = {}
    for record in records:
        frame = Frame(record, knowledge)
        if record.kind not in fact.spec.kinds or not _is_inside(fact, frame, on):
            continue
        key, value = fact.key(frame), 1 if fact.value is None else fact.value(frame)
        if key is not None and isinstance(value, int):
            groups.setdefault(key, []).append(value)
    is_count = fact.spec.operation == "count"
    return {
        key: Statistic(len(values) if is_count else median(values), len(values))
        for key, values in groups.items()
    }


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
