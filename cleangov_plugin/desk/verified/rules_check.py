"""RULE: rules and bindings are what was sealed of them; none was changed, taken out or slipped in.

What the plugin changes raises the revision of the rules in the same transaction. Until the next
sealing such a change is said to be unchecked.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cleangov_plugin.desk.sealed.rules_leaf import change, revision_of, rules_now
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.meta import MetaKind
from cleangov_plugin.ledger.rule_lines import RuleKey, RuleLine, read_lines
from cleangov_plugin.store import rulebook

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Run, Seen, ends_of
from .schema_check import MOST, shown


class RulesCheck:
    """Compares every edition in the tables with what the leaves say of it.

    :param connection: a reading connection.
    :param log_id: the ledger.
    """

    def __init__(self, connection: Connection, log_id: str) -> None:
        self._connection = connection
        self._log_id = log_id
        self._sealed: dict[RuleKey, RuleLine] = {}
        self._revision: int | None = None
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
        """Answer the revision, and all lines so far: what was verified is not believed again."""
        return [self._revision, [[*key, *line] for key, line in sorted(self._sealed.items())]]

    def resume(self, kept: list[Any]) -> None:
        """Go on from there.

        :param kept: what `kept` answered.
        """
        self._is_begun = True
        revision, lines = kept
        self._revision = None if revision is None else int(revision)
        self._sealed = read_lines({"lines": lines})

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Name every edition that is not what was sealed of it."""
        if self._revision is None:
            if self._is_begun and rules_now(self._connection, self._log_id):
                yield Unchecked(code="no_rules")
            return
        now = rulebook.revisions(self._connection, self._log_id)[0]
        has_moved = now > self._revision
        if has_moved:
            yield Unchecked(code="rules_moved", values={"before": self._revision, "after": now})
        found = [*self._differing(has_moved)]
        for code, key in found[:MOST]:
            yield alarm(code, kind=key.what, id=shown(key.id), number=key.number)
        if len(found) > MOST:
            yield alarm("rules_more", number=len(found) - MOST)

    def _differing(self, has_moved: bool) -> Iterator[tuple[str, RuleKey]]:
        there = rules_now(self._connection, self._log_id)
        for key in sorted(self._sealed.keys() | there.keys()):
            was, is_ = self._sealed.get(key), there.get(key)
            said = change(was, is_) if has_moved and is_ is not None else None
            if is_ == (said or was):
                continue
            yield "rule_gone" if is_ is None else "rule_changed" if was else "rule_added", key

    def _take(self, leaf: int, document: Mapping[str, Any]) -> None:
        lines = read_lines(document)
        revision = revision_of(document)
        if self._revision is not None:
            self.rule_changes.append(
                {
                    "leaf": leaf,
                    "at": document["at"],
                    "revision": revision,
                    "editions": [
                        {**key._asdict(), "id": shown(key.id), "is_in_force": not line.to}
                        for key, line in lines.items()
                    ],
                }
            )
        self._sealed.update(lines)
        self._revision = revision if revision is not None else self._revision
