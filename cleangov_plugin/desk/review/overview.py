"""What waits today, sized to a day: a short list, and the truth about what is not on it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.domain.terms import FindingState
from cleangov_plugin.ledger.body import stamp
from cleangov_plugin.store import gaps, review_cases, review_findings
from cleangov_plugin.store.gaps import GapState
from cleangov_plugin.store.review_findings import ENOUGH, RED, FindingQuery

from .answers import PUT_RIGHT
from .checkpoints import agencies_of, agency_view
from .day_views import OverviewView, WaitingView
from .finding_views import FindingView
from .findings import finding_view
from .readers import Reader, open_ledger
from .told import Teller

#: An auditor has half an hour a day for this: fifteen cases of two minutes each.
_MINUTES_EACH: Final = 2
_MOST: Final = 15
#: Days for which a signal or a correction is new, and within which a due date is soon.
_NEW_DAYS: Final = 7
_SOON_DAYS: Final = 3


def overview(desk: Desk, reader: Reader) -> OverviewView | None:
    """Answer what waits for a reader in the platform's own authority.

    :param desk: the desk.
    :param reader: who looks.
    :return: the overview; None where the authority is not kept yet.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = open_ledger(desk, connection, reader, reader.own)
        if ledger is None:
            return None
        teller = Teller(desk=desk, connection=connection, ledger=ledger, reader=reader)
        since = stamp(desk.host.now() - timedelta(days=_NEW_DAYS))
        soon = (desk.today(ledger) + timedelta(days=_SOON_DAYS)).isoformat()
        open_ = FindingQuery(log_id=reader.own, reach=reader.reach, state=FindingState.OPEN)
        new = replace(open_, state=FindingState.SIGNAL, since=since)
        items = _items(teller, open_, new)
        shown = [found for item in items for found in item.findings]
        counts = {
            "open": review_findings.count(connection, open_),
            "due_soon": review_findings.count(connection, replace(open_, due_until=soon)),
            "signals": review_findings.count(connection, new),
            "red": review_findings.count(connection, replace(open_, severities=RED)),
        }
        corrected = review_cases.put_right_since(
            connection, reader.own, reader.reach, since, PUT_RIGHT
        )
        red = sum(not found.is_signal and found.severity in RED for found in shown)
        owed = gaps.counts(connection, reader.own)[GapState.OWED] if reader.is_reviewer else 0
        return OverviewView(
            agency=agency_view(agencies_of(connection, reader), reader.own),
            items=items,
            corrected=corrected,
            days=_NEW_DAYS,
            minutes=_MINUTES_EACH * (len(items) + (corrected > 0)),
            hidden_red=counts["red"] - red,
            waiting=counts["open"] + counts["signals"] - len(shown),
            open=counts["open"],
            due_soon=counts["due_soon"],
            soon=_SOON_DAYS,
            signals=counts["signals"],
            is_more=frozenset(name for name, number in counts.items() if number >= ENOUGH),
            owed=owed,
        )


def _items(teller: Teller, open_: FindingQuery, new: FindingQuery) -> tuple[WaitingView, ...]:
    """Choose what comes first: what is red, then what is due, then what is new; case by case."""
    found: dict[int, dict[str, Any]] = {}
    for query in (replace(open_, severities=RED), open_, new):
        page = review_findings.page(teller.connection, query, size=_MOST)
        found.update((row["id"], row) for row in page.rows if row["id"] not in found)
    cases: dict[str, list[FindingView]] = {}
    for row in found.values():
        cases.setdefault(row["subject"], []).append(finding_view(teller, row))
    return tuple(
        WaitingView(
            log_id=open_.log_id, case_id=case_id, unit=of_case[0].unit, findings=tuple(of_case)
        )
        for case_id, of_case in list(cases.items())[:_MOST]
    )
