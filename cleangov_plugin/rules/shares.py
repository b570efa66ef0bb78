"""What a rule saw, as shares to be drawn: values of a case, each measured by another value."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from cleangov_hooks import Money
from cleangov_plugin.domain.record import Record

from .frame import Frame, reader
from .knowledge import Knowledge
from .model import Rule, shown
from .sums import minor
from .tree import Core


@dataclass(frozen=True, slots=True)
class Share:
    """One value measured by another.

    :param value: the value; None where unknown.
    :param line: what it is measured by; None where unknown.
    :param thousandths: the share, rounded down; None where it cannot be told.
    """

    value: Money | int | None
    line: Money | int | None
    thousandths: int | None


def shares(rule: Rule, records: Iterable[Record], zone: ZoneInfo) -> tuple[Share, ...]:
    """Read what a rule's drawing measures from the events of a case.

    :param rule: the rule; one without a drawing answers nothing.
    :param records: the events, in the order in which they are drawn.
    :param zone: the agency's zone.
    :return: one share an event. Two currencies have none.
    """
    drawing = rule.drawing
    if drawing is None:
        return ()
    fields = rule.fields[drawing.bars], rule.fields[drawing.line]
    value_of, line_of = reader(fields[0]), reader(fields[1])
    found = []
    for record in records:
        frame = Frame(record, Knowledge(zone=zone))
        value, line = value_of(frame), line_of(frame)
        found.append(
            Share(
                _told(shown(value, fields[0].type)),
                _told(shown(line, fields[1].type)),
                _thousandths(value, line),
            )
        )
    return tuple(found)


def _thousandths(value: Core, line: Core) -> int | None:
    if isinstance(value, Money) and isinstance(line, Money) and value.currency != line.currency:
        return None
    part, whole = minor(value), minor(line)
    if type(part) is not int or type(whole) is not int or whole <= 0:
        return None
    return part * 1_000 // whole


def _told(value: object) -> Money | int | None:
    return value if isinstance(value, Money) or type(value) is int else None
