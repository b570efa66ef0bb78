"""SCHEMA: the tables, their triggers, rules and rights are what was sealed last.

Between an upgrade of ours and the next sealing the tables differ, and rightly: what a revision may
bring (tables, columns, indexes) is then said to be unchecked. Triggers, rules, row security, views,
heirs and rights are none of that, and are alarms however the revision moved.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cleangov_plugin.desk.sealed.schema_leaf import Tables, sealed_tables, tables_now, tables_of
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.meta import MetaKind
from cleangov_plugin.store.schema_fingerprint import OF_A_REVISION

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Run, Seen, ends_of

#: Things that are named; of more, the number is told.
MOST: Final = 200


class SchemaCheck:
    """Compares the tables with the newest leaf about them.

    :param connection: a reading connection.
    :param log_id: the ledger.
    """

    def __init__(self, connection: Connection, log_id: str) -> None:
        self._connection = connection
        self._log_id = log_id
        self._newest: Tables | None = None
        self._is_begun = False
        #: What was sealed as changed after the first leaf: place, time, revision and things.
        self.changes: list[Mapping[str, Any]] = []

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Take note of the leaves about the tables.

        :param slice_: leaves.
        """
        self._is_begun = self._is_begun or ends_of(slice_)[0] is not None
        for seen in () if isinstance(slice_, Run) else slice_:
            if isinstance(seen, Meta) and seen.document["meta"] == MetaKind.SCHEMA:
                told = tables_of(seen.document)
                if self._newest is not None:
                    self.changes.append(
                        {
                            "leaf": seen.leaf,
                            "at": seen.document["at"],
                            "revision": told.revision,
                            "things": [shown(name) for name, _ in _differing(self._newest, told)],
                        }
                    )
                self._newest = told
        return iter(())

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Name every thing that was added, changed or taken away since."""
        sealed = self._newest or sealed_tables(self._connection, self._log_id)
        if sealed is None:
            if self._is_begun:
                yield Unchecked(code="no_schema")
            return
        there = tables_now(self._connection)
        if there.digest == sealed.digest:
            return
        differing = list(_differing(sealed, there))
        has_moved = there.revision != sealed.revision
        if has_moved:
            told = {"before": sealed.revision or "–", "after": shown(there.revision or "–")}
            yield Unchecked(code="schema_moved", values=told)
            differing = [(name, code) for name, code in differing if not _is_brought(name, sealed)]
        elif not differing:
            yield alarm("schema_other")
        for name, code in differing[:MOST]:
            yield alarm(code, thing=shown(name))
        if len(differing) > MOST:
            yield alarm("schema_more", number=len(differing) - MOST)


def _differing(sealed: Tables, there: Tables) -> Iterator[tuple[str, str]]:
    """Name the things that differ, each with the code of its alarm."""
    if sealed.things is None or there.things is None:
        return
    for name in sorted(sealed.things.keys() | there.things.keys()):
        was, is_ = sealed.things.get(name), there.things.get(name)
        if was != is_:
            yield (
                name,
                "schema_" + ("added" if was is None else "gone" if is_ is None else "changed"),
            )


def _is_brought(name: str, sealed: Tables) -> bool:
    """Answer whether a revision may have brought a thing, or the rights on what it brought."""
    kind, _, rest = name.partition(" ")
    known = sealed.things or {}
    is_new = f"table {rest}" not in known and f"sequence {rest}" not in known
    return kind in OF_A_REVISION or (kind == "grants" and is_new and rest != "the schema")


def shown(name: str) -> str:
    """Answer a name for people's screens: whoever named a thing may have put anything into it.

    :param name: the name; hostile.
    """
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in name)
