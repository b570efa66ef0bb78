"""What the gate answers where the database cannot be asked: what the event alone says, no more."""

from dataclasses import replace
from typing import Final

from cleangov_hooks import Attempt, Decision, Verdict
from cleangov_plugin.desk.budget import Budget
from cleangov_plugin.desk.checkpoint.checked import Checked
from cleangov_plugin.desk.checkpoint.planned import planned
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase, Tier
from cleangov_plugin.prompts.panel import panel
from cleangov_plugin.rules import Knowledge, evaluate

from . import panels
from .interrupting import interrupting
from .passes import read

#: What an officer reads whose step nobody could look at; zh, en.
_BUSY: Final = (
    "系统正忙，这一步未能当场检查；事后会再查一次。",
    "The system was busy: this step could not be checked now. It will be checked later.",
)
#: Code of the reason.
UNREAD: Final = "unread"


class NothingRead(Exception):
    """A rule asked for what could not be read: its binding says what that means."""


class _NothingRead(Knowledge):
    """Knowledge without a past: an empty one would say that nothing has happened before."""

    @property
    def history(self) -> tuple[Record, ...]:
        """Answer nothing, and never that there is nothing."""
        raise NothingRead


def unread(desk: Desk, attempt: Attempt, checked: Checked, budget_ms: int) -> Verdict | None:
    """Decide without the database, by the rules that this process knows.

    A rule that needs the event alone is asked as ever; any other one is an error, and its binding
    says whether the step waits then. Below tier 5 nothing is held that could not be answered. A
    pass that the host carries is as good as ever: it is signed.

    :param desk: the desk.
    :param attempt: the try.
    :param checked: its event.
    :param budget_ms: milliseconds that rules may use.
    :return: a pass that says so, or what the law forbids; None where no rule stands at this gate.
    """
    language, log_id = attempt.step.language, checked.record.log_id
    said = _BUSY[not language.lower().startswith("zh")]
    passing = Verdict(decision=Decision.PASS, attempt_id=attempt.id, reason=UNREAD, notes=(said,))
    ledger = desk.shelf.ledger(None, log_id) if desk.shelf.knows(log_id) else None
    if ledger is None or _is_passed(desk, attempt, checked):
        return passing
    plan = planned(ledger.rules, checked.record, ledger.zone, Phase.GATE)
    if not plan.bound:
        return None
    knowledge = _NothingRead(zone=ledger.zone, groups={}, calendar=ledger.calendar)
    late = Budget(budget_ms).is_over
    outcomes = evaluate(plan, checked.record, knowledge, out_of_time=late).outcomes
    hits = panels.hits_of(ledger, interrupting(plan, outcomes))
    merged = panel([hit for hit in hits if hit.outcome.tier is Tier.REFUSE], frozenset())
    if merged is None:
        return passing
    written = panels.write_known(ledger, merged, desk.today(ledger), language)
    prompt = written.prompt("", attempt.id, merged, language)
    return Verdict(
        decision=merged.decision,
        attempt_id=attempt.id,
        prompts=(replace(prompt, choices=()),),
        reason=UNREAD,
        notes=(said,),
    )


def _is_passed(desk: Desk, attempt: Attempt, checked: Checked) -> bool:
    """Answer whether the host carries a pass for exactly this."""
    claim = read(desk.keys, attempt.pass_token or "", desk.host.now())
    asked = (attempt.id, checked.payload.hex())
    return claim is not None and (claim.attempt_id, claim.digest) == asked
