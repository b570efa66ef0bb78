"""Counting what a draft and a rule in force said: new, gone, kept, cannot be checked."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

from cleangov_plugin.desk.typed import to_json
from cleangov_plugin.domain.terms import Result

from .asking import Asked, Said, Side
from .prompting import Prompting

#: Cases that are shown one by one.
SHOWN: Final = 10
#: Values that tell the most of a breakdown; the rest is one line.
_LINES: Final = 200


class Change(StrEnum):
    """What changes for an event or a case if the draft takes the place of what is in force."""

    NEW = "new"
    GONE = "gone"
    KEPT = "kept"
    UNKNOWN = "cannot_be_checked"
    CLEAR = "clear"


def change(draft: Said, against: Said | None) -> Change | None:
    """Answer what changes for one event; None where neither text looks at it.

    :param draft: what the draft said.
    :param against: what the rule in force said; None where there is none.
    """
    was = Result.NOT_APPLICABLE if against is None else against.result
    if draft.result is Result.HIT:
        return Change.KEPT if was is Result.HIT else Change.NEW
    if draft.result is Result.CANNOT_BE_CHECKED:
        return Change.UNKNOWN
    if was is Result.HIT:
        return Change.GONE
    if draft.result is Result.CLEAR or was is not Result.NOT_APPLICABLE:
        return Change.CLEAR
    return None


#: Of the changes in a case the first that is found decides for the case; hits on both sides, even
#: of different events, are a case that is kept.
_ORDER: Final = (Change.KEPT, Change.NEW, Change.GONE, Change.UNKNOWN, Change.CLEAR)


def of_case(found: "Counter[Change]") -> Change:
    """Answer what changes for a case.

    :param found: its events by change; at least one.
    """
    if found[Change.NEW] and found[Change.GONE]:
        return Change.KEPT
    return next(each for each in _ORDER if found[each])


@dataclass(slots=True)
class Counts:
    """What was counted so far."""

    events: "Counter[Change]" = field(default_factory=Counter)
    cases: "Counter[Change]" = field(default_factory=Counter)
    missing: "Counter[str]" = field(default_factory=Counter)
    overlap: "Counter[str]" = field(default_factory=Counter)
    #: Events by change, unit, step and civil day.
    placed: "Counter[tuple[Change, str | None, str, date]]" = field(default_factory=Counter)
    affected: list[dict[str, Any]] = field(default_factory=list)
    lost_to_unknown: int = 0
    prompting: dict[Side, Prompting] = field(default_factory=dict)

    def case(self, subject: str, asked: Iterable[Asked]) -> None:
        """Count one case.

        :param subject: the case.
        :param asked: its events that were judged, in row order.
        """
        found: Counter[Change] = Counter()
        first: tuple[Change, Asked] | None = None
        for each in asked:
            changed = change(each.said[Side.DRAFT], each.said.get(Side.AGAINST))
            if changed is None:
                continue
            found[changed] += 1
            self._event(changed, each)
            if changed in (Change.NEW, Change.GONE) and first is None:
                first = (changed, each)
        if found:
            self.cases[of_case(found)] += 1
        if first is not None:
            self._affects(subject, found, *first)

    def clear(
        self,
        sides: Iterable[Side],
        cases: int,
        events: Iterable[tuple[str | None, str, date, int]],
        officers: Iterable[tuple[str, date]],
    ) -> None:
        """Count cases whose events are all clear, as `case` would one by one.

        :param sides: the sides that were asked.
        :param cases: how many have an event that is clear.
        :param events: those events by unit, step and civil day, with their number.
        :param officers: who acted in them, by civil day.
        """
        self.cases[Change.CLEAR] += cases
        noted = [self.prompting.setdefault(side, Prompting()) for side in sides if cases]
        for unit, step, day, number in events:
            self.events[Change.CLEAR] += number
            self.placed[Change.CLEAR, unit, step, day] += number
        for officer, day in officers:
            for prompting in noted:
                prompting.note(officer, day, None)

    def _event(self, changed: Change, asked: Asked) -> None:
        record, draft = asked.record, asked.said[Side.DRAFT]
        self.events[changed] += 1
        if draft.missing:
            self.missing.update(draft.missing)
        against = asked.said.get(Side.AGAINST)
        if changed is Change.UNKNOWN and against is not None and against.result is Result.HIT:
            self.lost_to_unknown += 1
        if draft.result is Result.HIT:
            self.overlap.update(asked.others)
        self.placed[changed, record.unit, record.step, asked.day] += 1
        for side, said in asked.said.items():
            prompting = self.prompting.setdefault(side, Prompting())
            prompting.note(record.actor, asked.day, said.tier)

    def _affects(
        self, subject: str, found: "Counter[Change]", changed: Change, asked: Asked
    ) -> None:
        side = Side.DRAFT if changed is Change.NEW else Side.AGAINST
        outcome = asked.said[side].outcome
        self.affected.append(
            {
                "case": subject,
                **{each.value: found[each] for each in (Change.NEW, Change.GONE, Change.KEPT)},
                "first": {
                    "change": changed.value,
                    "event": asked.record.event_id,
                    "row": asked.row,
                    "step": asked.record.step,
                    "day": asked.day.isoformat(),
                    "values": to_json(outcome.values if outcome else {}),
                },
            }
        )
        self.affected.sort(key=_most_affected)
        del self.affected[SHOWN:]

    def add(self, other: "Counts") -> None:
        """Add what was counted of other cases.

        :param other: their counts.
        """
        for name in ("events", "cases", "missing", "overlap", "placed"):
            getattr(self, name).update(getattr(other, name))
        self.affected = sorted([*self.affected, *other.affected], key=_most_affected)[:SHOWN]
        self.lost_to_unknown += other.lost_to_unknown
        for side, prompting in other.prompting.items():
            self.prompting.setdefault(side, Prompting()).add(prompting)

    def told(self) -> dict[str, Any]:
        """Answer the counts as plain JSON, whole numbers and texts alone."""
        return {
            "events": _by_change(self.events),
            "cases": _by_change(self.cases),
            "was_hit_and_cannot_be_checked": self.lost_to_unknown,
            "missing": _most(self.missing),
            "overlap": _most(self.overlap),
            "by_unit": _table(self._by(lambda unit, _step, _day: unit or "")),
            "by_step": _table(self._by(lambda _unit, step, _day: step)),
            "by_month": _table(self._by(lambda _unit, _step, day: day.isoformat()[:7])),
            "most_affected": self.affected,
            "prompts": {side.value: each.told() for side, each in self.prompting.items()},
        }

    def _by(self, key: Callable[[str | None, str, date], str]) -> dict[str, "Counter[Change]"]:
        table: dict[str, Counter[Change]] = {}
        for (changed, unit, step, day), number in self.placed.items():
            table.setdefault(key(unit, step, day), Counter())[changed] += number
        return table


def _most_affected(line: Mapping[str, Any]) -> tuple[int, int, str]:
    return -(line["new"] + line["gone"]), -line["kept"], line["case"]


def _by_change(counter: "Counter[Change]") -> dict[str, int]:
    return {"looked_at": counter.total(), **{each.value: counter[each] for each in Change}}


def _most(counter: "Counter[str]") -> dict[str, int]:
    return {name: counter[name] for name in sorted(counter, key=lambda n: (-counter[n], n))}


def _table(table: Mapping[str, "Counter[Change]"]) -> list[dict[str, Any]]:
    """Write a breakdown, keys in order; past so many lines the rest is one."""
    keys = sorted(table, key=lambda key: (-table[key].total(), key))
    shown = sorted(keys[:_LINES])
    lines = [{"key": key, **_by_change(table[key])} for key in shown]
    rest: Counter[Change] = Counter()
    for key in keys[_LINES:]:
        rest.update(table[key])
    if rest:
        lines.append({"key": None, "keys": len(keys) - _LINES, **_by_change(rest)})
    return lines
