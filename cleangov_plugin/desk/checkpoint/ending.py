"""The end of an attempt: its event has been written."""

from cleangov_hooks import Event
from cleangov_plugin.desk.answers.waiting import end_requests
from cleangov_plugin.desk.choice.choosing import is_lasting
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import LAST_FATES, AttemptState, Fate
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store import attempts, prompts, trails
from cleangov_plugin.store.knowledge import event_key


def end_attempt(
    desk: Desk,
    connection: Connection,
    record: Record,
    trail: trails.Trail,
    earned: trails.TrailPass | None,
) -> tuple[Event, ...]:
    """End the attempt that led to an event, in the transaction that writes it.

    :param desk: the desk.
    :param connection: the host's connection, or one of our own in catch-up.
    :param record: the event.
    :param trail: what stood before the officer.
    :param earned: the pass that was good for this very event; None where none was.
    :return: what tells of requests that nobody needs to decide any more; to be recorded.
    """
    now = desk.host.now()
    if trail.state is None or record.attempt_id is None:
        return ()
    attempts.hold(connection, record.log_id, record.attempt_id)
    ended: tuple[Event, ...] = ()
    if trail.state is AttemptState.WAITING:
        ended = end_requests(desk, connection, record.log_id, record.attempt_id)
    good = trail.passes_for(earned.digest, stamp(record.recorded_at)) if earned else ()
    for each in good:
        attempts.use_pass(connection, each.pass_id, now)
    for prompt in trail.prompts:
        if prompt.fate not in LAST_FATES and not prompt.is_told:
            was_shown = prompt.fate in (Fate.RENDERED, Fate.SEEN)
            fate = Fate.IGNORED if was_shown else Fate.UNKNOWN
            prompts.set_fate(connection, prompt.prompt_id, fate, now)
    attempts.close_attempt(
        connection,
        record.log_id,
        record.attempt_id,
        AttemptState.DONE,
        event_key=event_key(record.source, record.event_id),
        reason=trail.reason if is_lasting(trail.reason) else "",
    )
    return ended
