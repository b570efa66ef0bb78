"""Steps that a test begins with: a page that is opened, a fine that a rule holds."""

from datetime import timedelta

from cleangov_hooks import Event, Prompt
from tests.plugin.day import BAND
from tests.support.small_city import TODAY
from tests.support.small_host import SmallHost


def answered_back(host: SmallHost) -> None:
    """Let a case come so far that the owner has answered a notice of 800."""
    host.write(host.event("enf.intent.notified", 800, at=TODAY - timedelta(days=8)))
    host.write(host.event("enf.defence.received", at=TODAY - timedelta(days=6)))


def heavier(host: SmallHost) -> tuple[Event, Prompt]:
    """Try a fine of 2,000 after the answer; answer the event and the panel that holds it."""
    answered_back(host)
    event = host.event("enf.decision.made", 2_000)
    (prompt,) = host.gate(event).prompts
    return event, prompt


def outside(host: SmallHost, amount: int = 1_001) -> tuple[Event, Prompt]:
    """Try a fine outside the band; answer the event and the panel that holds it."""
    event = host.event("enf.decision.made", amount, **BAND)
    (prompt,) = host.gate(event).prompts
    return event, prompt


def opened(host: SmallHost) -> None:
    """Open the page of a decision that no rule holds."""
    step = host.step(host.event("enf.decision.made", 700, **BAND))
    host.call("cleangov_step_opened", step=step)
