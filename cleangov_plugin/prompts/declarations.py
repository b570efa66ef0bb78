"""What two people declare for a time: it begins with the second, and ends by itself; pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from cleangov_plugin.domain.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What somebody declared, and what became of it.

    :param id: its id.
    :param why: the ground, in words open to everybody.
    :param until: when it ends by itself, aware.
    :param declared_by: pseudonym of who declared it.
    :param declared_at: when, aware.
    :param confirmed_by: pseudonym of the second person; None where nobody has agreed yet.
    :param confirmed_at: when they agreed, aware.
    :param ended_at: when it was ended before its time, aware.
    :param ended_by: pseudonym of who ended it; None where nobody did.
    :param ended_why: the ground for ending it; open to everybody.
    """

    id: str
    why: str
    until: datetime
    declared_by: str | None
    declared_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_why: str = ""

    @property
    def ends(self) -> datetime:
        """Answer when it ends or ended."""
        return self.until if self.ended_at is None else min(self.until, self.ended_at)

    def is_over(self, now: datetime) -> bool:
        """Answer whether it is past.

        :param now: the present time, aware.
        """
        return now >= self.ends

    def is_in_force(self, now: datetime) -> bool:
        """Answer whether it counts: a second person agreed, and it has not ended.

        :param now: the present time, aware.
        """
        return self.confirmed_at is not None and self.confirmed_at <= now < self.ends


Told = TypeVar("Told", bound=Declaration)


class Kinds(NamedTuple):
    """Kinds of the entries that tell of one sort of declaration.

    :param declared: somebody declared it.
    :param confirmed: a second person agreed.
    :param ended: somebody ended it before its time.
    :param id_: code of the attribute that names it.
    """

    declared: str
    confirmed: str
    ended: str
    id_: str


def told(
    records: Iterable[Record], kinds: Kinds, make: Callable[[str, Record], Told | None]
) -> tuple[Told, ...]:
    """Read the declarations that entries tell of, in their order; what does not fit tells nothing.

    A second person is another one, each is agreed to once and before its end, and no entry makes
    it longer.

    :param records: the events of the entries, in row order.
    :param kinds: kinds of the entries.
    :param make: reads what was declared; None where it does not fit.
    """
    found: dict[str, Told] = {}
    for record in records:
        id_ = str(record.attributes.get(kinds.id_, ""))
        if record.kind == kinds.declared and id_ and id_ not in found:
            one = make(id_, record)
            found |= {id_: one} if one else {}
        elif id_ in found and record.kind == kinds.confirmed:
            found[id_] = _confirmed(found[id_], record)
        elif id_ in found and record.kind == kinds.ended and found[id_].ended_at is None:
            found[id_] = replace(
                found[id_],
                ended_at=record.recorded_at,
                ended_by=record.actor,
                ended_why=str(record.attributes.get("why", "")),
            )
    return tuple(found.values())


def common(id_: str, record: Record, days: int) -> dict[str, Any] | None:
    """Read what every declaration has; None where it has no end.

    :param id_: its id.
    :param record: the event that declared it.
    :param days: for how many days it may hold at the most.
    """
    until = record.attributes.get("until")
    if not isinstance(until, datetime):
        return None
    return {
        "id": id_,
        "why": str(record.attributes.get("why", "")),
        "until": min(until, record.recorded_at + timedelta(days=days)),
        "declared_by": record.actor,
        "declared_at": record.recorded_at,
    }


def _confirmed(one: Told, record: Record) -> Told:
    is_second = record.actor is not None and record.actor != one.declared_by
    if not is_second or one.confirmed_at is not None or one.is_over(record.recorded_at):
        return one
    return replace(one, confirmed_by=record.actor, confirmed_at=record.recorded_at)
