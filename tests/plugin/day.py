"""One scripted day of a host that calls every hook, and witnesses of it."""

from collections import Counter
from datetime import timedelta
from typing import Any

from cleangov_hooks import hookimpl, hookspecs
from tests.support.small_city import TODAY, yuan
from tests.support.small_host import SmallHost

#: All hooks of the contract, in the order they are specified.
HOOKS = tuple(name for name in vars(hookspecs) if name.startswith("cleangov_"))
CALLED = tuple(name for name in HOOKS if name != "cleangov_host_ready")
SLOTS = ("step.hint", "step.panel", "step.done", "person.inbox", "page.end")
BAND = {"band_min": yuan(500), "band_max": yuan(1_000)}


def day(host: SmallHost, prefix: str = "d") -> None:
    """Let officers work for a day: nothing of it is held by a rule.

    :param host: the host.
    :param prefix: what its ids begin with.
    """
    host.clock, host.case = TODAY, f"{prefix}-case"
    kinds = (
        ("enf.intent.notified", 900),
        ("enf.defence.received", None),
        ("enf.decision.made", 800),
        ("prm.accepted", None),
        ("prj.variation.approved", 100),
        ("pet.received", None),
    )
    for number, (kind, amount) in enumerate(kinds):
        at = TODAY + timedelta(minutes=number)
        band = BAND if kind == "enf.decision.made" else {}
        event = host.event(kind, amount, id=f"{prefix}-{number}", at=at, **band)
        step = host.step(event)
        host.call("cleangov_step_opened", step=step)
        host.call("cleangov_step_edited", step=step, draft=event, changed=frozenset({"amount"}))
        host.take(event, f"{prefix}-a-{number}")
    for slot in SLOTS:
        host.show(slot, event)
    given_up = host.event("enf.decision.made", 850, id=f"{prefix}-x", **BAND)
    host.gate(given_up, f"{prefix}-a-x")
    host.abort(given_up, f"{prefix}-a-x")
    host.answer("nobody-asked", "back")
    host.call("cleangov_event_types")
    host.call("cleangov_host_records", kind="enf.decision.made", since=TODAY, cursor=None)
    host.call("cleangov_people", role="reviewer")
    tied = {"officer_id": "chen", "second_id": "he", "role": "reviewer", "case_id": host.case}
    host.call("cleangov_reporting_tie", **tied)
    host.call("cleangov_relation", officer_id="chen", party_id="p-1")


def witness() -> Any:
    """Make a plugin that implements every hook and counts how often it was asked."""
    calls: Counter[str] = Counter()

    def counting(name: str) -> Any:
        def count(self: Any) -> None:
            calls[name] += 1

        return hookimpl(specname=name)(count)

    members = {name: counting(name) for name in HOOKS}
    return type("Witness", (), {**members, "calls": calls})()


def plain_day(host: SmallHost) -> tuple[bytes, Counter[str]]:
    """Play the day without any plugin but a witness.

    :param host: a fresh host.
    :return: its tables, and how often each hook was called.
    """
    seen = witness()
    host.start(False, before=seen)
    day(host)
    return host.dump(), seen.calls
