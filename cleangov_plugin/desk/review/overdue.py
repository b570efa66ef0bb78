"""Follow-ups past their day: who is asked, about which case, and for how many working days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from cleangov_plugin.calendar import civil_day
from cleangov_plugin.domain.terms import FollowUp
from cleangov_plugin.ledger.instants import instant, stamp
from cleangov_plugin.store import overdue as kept

from .rule_words import Teller

#: Follow-ups of the page, and for how long one is looked for.
MOST: Final = 50
_LOOKS_BACK: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueView:
    """One follow-up that is past its day.

    :param kind: ``"put_off"``, ``"recusal"``, ``"approval"``, or ``"unnamed"``: an approval whose
        approver was never named.
    :param case_id: the case.
    :param step: how the step is called; the host's own code where it declares no name.
    :param unit: unit of the officer; None where unknown.
    :param owner: pseudonym of who has to act; empty where a role has to.
    :param role: code of the role; empty where a person has to act.
    :param due: its last civil day.
    :param late: working days since then; None where no calendar knows them.
    """

    kind: str
    case_id: str
    step: str
    unit: str | None
    owner: str
    role: str
    due: date
    late: int | None


def overdue(teller: Teller) -> tuple[tuple[OverdueView, ...], bool]:
    """Answer the follow-ups that are past their day, the one that is longest past first.

    :param teller: of the ledger, for who looks; a lead sees those of their own unit.
    :return: the follow-ups, and whether there are more.
    """
    now = teller.desk.host.now()
    found = kept.overdue(
        teller.connection,
        teller.ledger.log_id,
        teller.reader.reach.unit,
        since=stamp(now - _LOOKS_BACK),
        now=stamp(now),
    )
    return tuple(_view(teller, row) for row in found[:MOST]), len(found) > MOST


def _view(teller: Teller, row: Mapping[str, Any]) -> OverdueView:
    ledger = teller.ledger
    due = civil_day(instant(row["due_at"]), ledger.zone)
    today = teller.desk.today(ledger)
    is_put_off = row["kind"] == FollowUp.PUT_OFF.value
    owner = row["actor"] if is_put_off else row["asked"]
    is_unnamed = row["kind"] == FollowUp.APPROVAL.value and not owner
    return OverdueView(
        kind="unnamed" if is_unnamed else row["kind"],
        case_id=row["subject"],
        step=teller.kind(row["of_kind"], row["step"]),
        unit=row["unit"],
        owner=owner or "",
        role="" if owner else row["role"] or "",
        due=due,
        late=ledger.calendar.working_days_between(due, today) if ledger.calendar else None,
    )
