"""RULE: rules, bindings, clocks, days and their zone are what was sealed, and none is gone or new.

What the plugin changes raises the revision of the rules, or of the calendar, in the same
transaction. Until the next sealing such a change is said to be unchecked.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cleangov_plugin.desk.sealed.rules_leaf import (
    Revisions,
    change,
    revisions_of,
    rules_now,
    zone_in,
)
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.meta import MetaKind
from cleangov_plugin.ledger.rule_lines import CALENDAR, RuleKey, RuleLine, read_lines
from cleangov_plugin.store import calendars, rulebook

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Run, Seen, ends_of
from .schema_check import MOST, shown

#: How much is kept of what was verified.
_KEPT: Final = 4


class RulesCheck:
    """Compares every edition in the tables with what the leaves say of it.

    :param connection: a reading connection.
    :param log_id: the ledger.
    """

    def __init__(self, connection: Connection, log_id: str) -> None:
        self._connection = connection
        self._log_id = log_id
        self._sealed: dict[RuleKey, RuleLine] = {}
        self._said = Revisions(None, None)
        self._zone: str | None = None
        self._is_begun = False
        #: What came or went after the first leaf: place, time, revision and editions.
        self.rule_changes: list[Mapping[str, Any]] = []

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Take note of the leaves about rules.

        :param slice_: leaves.
        """
        self._is_begun = self._is_begun or ends_of(slice_)[0] is not None
        for seen in () if isinstance(slice_, Run) else slice_:
            if isinstance(seen, Meta) and seen.document["meta"] == MetaKind.RULES:
                self._take(seen.leaf, seen.document)
        return iter(())

    def kept(self) -> list[Any]:
        """Answer the revisions, and all lines so far: what was verified is not believed again."""
        lines = [[*key, *line] for key, line in sorted(self._sealed.items())]
        return [self._said.ruleset, lines, self._said.calendar, self._zone]

    def resume(self, kept: list[Any]) -> None:
        """Go on from there.

        :param kept: what `kept` answered.
        """
        self._is_begun = True
        # An earlier version kept nothing of the calendar, and then nothing of the zone.
        revision, lines, calendar, zone = [*kept, None, None][:_KEPT]
        self._said = revisions_of({"ruleset": revision, "calendar": calendar})
        self._zone = zone_in({"zone": zone})
        self._sealed = read_lines({"lines": lines})

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Name every edition, and every year, that is not what was sealed of it."""
        there = rules_now(self._connection, self._log_id)
        now = rulebook.revisions(self._connection, self._log_id)
        found: list[tuple[str, RuleKey]] = []
        for what, before, after in zip(("rules", "calendar"), self._said, now, strict=True):
            keys = [key for key in self._sealed.keys() | there.keys() if _about(key) == what]
            if what == "calendar" and not calendars.may_be_read(self._connection):
                yield Unchecked(code="calendar_unread")
                continue
            if before is None:
                if self._is_begun and keys:
                    yield Unchecked(code=f"no_{what}")
                continue
            if after > before:
                yield Unchecked(code=f"{what}_moved", values={"before": before, "after": after})
            found.extend(self._differing(sorted(keys), there, has_moved=after > before))
        yield from self._placed(has_moved=now[0] > (self._said.ruleset or 0))
        for code, key in found[:MOST]:
            yield alarm(code, kind=key.what, id=shown(key.id), number=key.number)
        if len(found) > MOST:
            yield alarm("rules_more", number=len(found) - MOST)

    def _placed(self, *, has_moved: bool) -> Iterator[Alarm | Unchecked]:
        """Name the zone that days are counted in where it is another than was sealed."""
        if self._zone is None:
            if self._said.ruleset is not None:
                yield Unchecked(code="no_zone")
            return
        there = rulebook.zone_of(self._connection, self._log_id)
        if there != self._zone and not has_moved:
            yield alarm("zone_changed", zone=shown(there or "–"), sealed=shown(self._zone))

    def _differing(
        self, keys: Sequence[RuleKey], there: Mapping[RuleKey, RuleLine], *, has_moved: bool
    ) -> Iterator[tuple[str, RuleKey]]:
        for key in keys:
            was, is_ = self._sealed.get(key), there.get(key)
            said = change(was, is_) if has_moved and is_ is not None else None
            if is_ == (said or was):
                continue
            happened = "gone" if is_ is None else "changed" if was else "added"
            yield f"{'days' if key.what == CALENDAR else 'rule'}_{happened}", key

    def _take(self, leaf: int, document: Mapping[str, Any]) -> None:
        lines, said, zone = read_lines(document), revisions_of(document), zone_in(document)
        if self._said.ruleset is not None:
            self.rule_changes.append(
                {
                    "leaf": leaf,
                    "at": document["at"],
                    "revision": said.ruleset,
                    "calendar": said.calendar,
                    "zone": None if self._zone in (None, zone) else zone,
                    "editions": [
                        {**key._asdict(), "id": shown(key.id), "is_in_force": not line.to}
                        for key, line in lines.items()
                    ],
                }
            )
        self._sealed.update(lines)
        self._zone = self._zone if zone is None else zone
        kept = zip(said, self._said, strict=True)
        self._said = Revisions(*(old if new is None else new for new, old in kept))


def _about(key: RuleKey) -> str:
    return "calendar" if key.what == CALENDAR else "rules"
