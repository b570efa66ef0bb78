"""What leaves say of rules, working days and their zone: who changes one leaves a line.

The plugin raises the revision of the rules, or of the calendar, in the transaction that changes
them. So the tables are read where a revision is another than the newest leaf names, and an edition
or a version that came without one is no change of ours.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.meta import MetaKind, decode_meta
from cleangov_plugin.ledger.rule_lines import (
    CALENDAR,
    RuleKey,
    RuleLine,
    digest_of_edition,
    fold,
    lines_for_leaves,
)
from cleangov_plugin.store import calendars, rule_editions, rulebook
from cleangov_plugin.store.own_leaf_rows import RULES_LEAF, all_rules, newest_rules
from cleangov_plugin.store.tree import Leaf

from .own_leaves import own_leaf


class Revisions(NamedTuple):
    """How far a leaf about rules goes.

    :param ruleset: revision of rules, bindings and clocks; None where it says none.
    :param calendar: version of the calendar; None where it says none, as leaves of before did.
    """

    ruleset: int | None
    calendar: int | None


def rules_now(connection: Connection, log_id: str) -> dict[RuleKey, RuleLine]:
    """Answer what the tables say of every edition, and of every year of the calendar.

    :param connection: any connection; where it may not read days, there is nothing of them.
    :param log_id: the ledger.
    """
    found = {
        RuleKey(what, id_, number): RuleLine(digest_of_edition(row), row["to_at"] or "")
        for what, id_, number, row in rule_editions.editions(connection, log_id)
    }
    may_read = calendars.may_be_read(connection)
    for version, year, days in calendars.years(connection, log_id) if may_read else ():
        found[RuleKey(CALENDAR, year, version)] = RuleLine(digest_of_edition(days), "")
    return found


def change(sealed: RuleLine | None, there: RuleLine) -> RuleLine | None:
    """Answer what is to be said of an edition after what was sealed of it; None for nothing.

    It comes, or it is taken out of force. Whatever else is another now is not said again.

    :param sealed: what was sealed; None where nothing was.
    :param there: what the tables say.
    """
    if sealed is None:
        return there
    return sealed._replace(to=there.to) if there.to and not sealed.to else None


def revisions_of(document: Mapping[str, Any]) -> Revisions:
    """Answer the revisions that a leaf names.

    :param document: the leaf; hostile.
    """
    told = (document.get("ruleset"), document.get("calendar"))
    return Revisions(*(each if isinstance(each, int) else None for each in told))


def zone_in(document: Mapping[str, Any]) -> str | None:
    """Answer the zone that a leaf names; None where it names none, as leaves of before did.

    :param document: the leaf; hostile.
    """
    zone = document.get("zone")
    return zone if isinstance(zone, str) else None


def rules_leaves(connection: Connection, log_id: str, now: datetime) -> list[Leaf]:
    """Make the leaves that say which rules and days came or went; none where nothing has.

    An edition that was sealed and is another now is not said again: verifying names it. Sealing
    never stops for days that this account may not read: no leaf tells of them then.

    :param connection: any connection.
    :param log_id: the ledger.
    :param now: the present time, aware.
    """
    ruleset, calendar = rulebook.revisions(connection, log_id)
    newest = _read(newest_rules(connection, log_id))
    said = None if newest is None else revisions_of(newest)
    is_placed = newest is not None and zone_in(newest) is not None
    if not (ruleset or calendar) or (is_placed and said == (ruleset, calendar)):
        return []
    may_read = calendars.may_be_read(connection)
    is_known = is_placed or newest is None
    if not may_read and is_known and (said.ruleset if said else 0) == ruleset:
        return []
    told = (_read(text) for text in all_rules(connection, log_id))
    sealed = fold(document for document in told if document is not None)
    there = rules_now(connection, log_id)
    told_now = {key: change(sealed.get(key), line) for key, line in there.items()}
    changed = {key: line for key, line in told_now.items() if line is not None}
    parts = list(lines_for_leaves(changed)) or [[]]
    says: dict[str, Any] = {"ruleset": ruleset, "zone": rulebook.zone_of(connection, log_id)}
    says |= {"calendar": calendar} if may_read else {}
    return [
        own_leaf(MetaKind.RULES, log_id, now, **says, lines=part)._replace(no=RULES_LEAF)
        for part in parts
    ]


def _read(text: str | None) -> Mapping[str, Any] | None:
    try:
        return None if text is None else decode_meta(text)
    except ProfileError:
        return None
