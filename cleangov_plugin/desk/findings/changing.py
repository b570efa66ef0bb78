"""A change of a finding is an entry: what the finding says from now on, in one transaction.

The entry has no rule and no outcome openly, and stands in no list: a finding may be hidden from
those who can read the record of its case.
"""

from datetime import date
from typing import Final

from cleangov_hooks import AttributeValue, Person
from cleangov_plugin.desk.checkpoint.entering import enter
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import own_event
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.our_kinds import FINDING_CHANGED
from cleangov_plugin.store import finding_changes
from cleangov_plugin.store.finding_changes import FindingNow

#: Name of the step of these entries.
_STEP: Final = "finding"


def record_change(
    desk: Desk,
    connection: Connection,
    now: FindingNow,
    person: Person | None,
    *,
    reason: str | None = None,
) -> None:
    """Write the entry of a change that was made on this connection.

    :param desk: the desk.
    :param connection: the connection on which the row was changed, which holds it until the commit.
    :param now: the finding as it stands after the change.
    :param person: who changed it; None where it follows from the entries of its case.
    :param reason: why, in their words.
    """
    place = (now.log_id, now.subject)
    attributes: dict[str, AttributeValue] = {
        "finding": now.id,
        "change": finding_changes.number(connection, *place) + 1,
        "state": now.state,
        "owner": now.owner,
        "due_day": date.fromisoformat(now.due_on) if now.due_on else None,
        "rule": now.rule_id,
        "part": now.part or None,
        "disposition": now.disposition,
        "reason": reason,
    }
    at = desk.host.now()
    event = own_event(FINDING_CHANGED, person, at, place, step=_STEP, attributes=attributes)
    enter(desk, connection, event)
