"""The canonical kinds of event: what a rule file may name without asking anybody.

After MOHURD Order 55 (2022) for enforcement, the Administrative Licensing Law for permits, and the
Regulation on Government Investment (2019) and the Tendering Law for projects; the kinds of the logs
that mappings are shipped for are among them. A platform may declare kinds of its own.
"""

from typing import Final

_ENFORCEMENT: Final = (
    "clue.received", "case.filed", "case.closed", "case.reassigned", "inspection.started",
    "inspection.ended", "evidence.preserved", "seizure.started", "seizure.extended",
    "seizure.ended", "intent.notified", "defence.received", "facts.supplemented", "hearing.notice",
    "hearing.requested", "hearing.held", "legal_review.done", "collective.discussed",
    "decision.made", "decision.served", "published", "notice.sent", "notice.served",
    "penalty.added", "collection.started", "fine.collected", "fine.remitted", "litigation.filed",
    "reconsideration.requested", "reconsideration.forwarded", "reconsideration.decided",
    "reconsideration.served", "clue.extended", "case.extended", "case.suspended", "case.resumed",
    "appraisal.started", "appraisal.ended",
)  # fmt: skip
_PERMIT: Final = (
    "submitted", "correction.requested", "correction.received", "accepted", "clock.paused",
    "clock.resumed", "extended", "siteverify.done", "checked", "reviewed", "determined",
    "decision.drafted", "decided", "delivered", "fee.charged", "record.edited", "receipt.drafted",
    "receipt.adjusted", "receipt.sent", "stop_advice.weighed", "stop_notice.weighed",
)  # fmt: skip
_PROJECT: Final = (
    "estimate.set", "tender.published", "tender.docs_sold", "tender.clarified", "tender.deadline",
    "bid.received", "bid.opened", "committee.formed", "scored", "candidates.published", "awarded",
    "contract.signed", "variation.requested", "variation.approved", "variation.executed", "paid",
    "progress.certified", "accepted", "subcontract.registered", "undated.planning",
    "undated.tender", "undated.bid", "undated.award", "undated.contract", "undated.payment",
)  # fmt: skip
_CONTEXT: Final = (
    "commitment.signed", "declaration.filed", "prompt.shown", "prompt.answered", "alert.raised",
    "alert.explained", "alert.closed", "talk.held", "complaint.received", "complaint.closed",
    "rating.received", "draw.committed", "draw.revealed",
)  # fmt: skip

#: Every canonical kind, stream and act.
KINDS: Final = frozenset(
    f"{stream}.{act}"
    for stream, acts in (
        ("enf", _ENFORCEMENT), ("prm", _PERMIT), ("prj", _PROJECT), ("int", _CONTEXT),
    )
    for act in acts
)  # fmt: skip
