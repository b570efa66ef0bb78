"""Person statistics, as the ledger tells of them: the decision that there are any; pure.

Figures about one officer are off by default. A platform has them for a time, when two people have
decided so and said on which law, and who was consulted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cleangov_plugin.domain.our_kinds import PERSONS_CONFIRMED, PERSONS_DECLARED, PERSONS_ENDED
from cleangov_plugin.domain.record import Record

from .declarations import Declaration, Kinds, common, told

#: Kinds of the entries that tell of such decisions.
KINDS: Final = Kinds(PERSONS_DECLARED, PERSONS_CONFIRMED, PERSONS_ENDED, "decision_id")
#: For how many days at the most; then it is decided anew.
LONGEST: Final = 183
#: Answers to a rule below which nothing is said of one officer.
ENOUGH: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Declaration):
    """A decision that figures about single officers may be made.

    :param basis: the law that allows it.
    :param consulted: who was consulted before, such as a staff council, and when.
    """

    basis: str
    consulted: str


def declared(records: Iterable[Record]) -> tuple[Decision, ...]:
    """Read the decisions that entries tell of; what names no law and nobody consulted is none.

    :param records: the events of the entries, in row order.
    """
    return told(records, KINDS, _declared)


def _declared(id_: str, record: Record) -> Decision | None:
    known = common(id_, record, LONGEST)
    basis, consulted = (str(record.attributes.get(name, "")) for name in ("basis", "consulted"))
    if known is None or not basis or not consulted:
        return None
    return Decision(**known, basis=basis, consulted=consulted)
