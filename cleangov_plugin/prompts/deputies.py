"""Deputies, as the ledger tells of them: who may look a second time in somebody's place; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cleangov_plugin.domain.our_kinds import DEPUTY_CONFIRMED, DEPUTY_DECLARED, DEPUTY_ENDED
from cleangov_plugin.domain.record import Record

from .declarations import Declaration, Kinds, common, told

#: Kinds of the entries that tell of deputies.
KINDS: Final = Kinds(DEPUTY_DECLARED, DEPUTY_CONFIRMED, DEPUTY_ENDED, "deputy_id")
#: For how many days at the most.
LONGEST: Final = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Deputy(Declaration):
    """Somebody who stands in for a role or for a person.

    :param deputy: pseudonym of who stands in.
    :param role: code of the role; empty where it is for a person.
    :param person: pseudonym of the person; empty where it is for a role.
    :param begins: from when, aware.
    """

    deputy: str
    role: str
    person: str
    begins: datetime

    def stands_in(self, now: datetime) -> bool:
        """Answer whether they stand in now: agreed to, begun, and not over.

        :param now: the present time, aware.
        """
        return self.is_in_force(now) and self.begins <= now


def declared(records: Iterable[Record]) -> tuple[Deputy, ...]:
    """Read the deputies that entries tell of; what does not fit tells of nobody.

    :param records: the events of the entries, in row order.
    """
    return told(records, KINDS, _declared)


def _declared(id_: str, record: Record) -> Deputy | None:
    known, begins = common(id_, record, LONGEST), record.attributes.get("begins")
    deputy, role, person = (
        str(record.attributes.get(name, "")) for name in ("deputy", "role", "person")
    )
    is_one = bool(role) != bool(person) and deputy not in ("", person)
    if known is None or not is_one or not isinstance(begins, datetime):
        return None
    return Deputy(**known, deputy=deputy, role=role, person=person, begins=begins)
