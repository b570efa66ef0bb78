"""An attempt that ended without its event."""

from cleangov_hooks import Attempt
from cleangov_plugin.desk.answers.waiting import end_requests
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_words import cleaned
from cleangov_plugin.domain.terms import LAST_FATES, AttemptState, Fate
from cleangov_plugin.store import attempts, prompts, trails

from .recording import record


def abort(desk: Desk, attempt: Attempt, reason: str) -> None:
    """Take note that an attempt was given up, refused by the host or undone.

    :param desk: the desk.
    :param attempt: the try that ended.
    :param reason: code of the reason.
    """
    log_id, now = attempt.step.agency_id, desk.host.now()
    actor = attempt.event.actor
    own = desk.people.pseudonym(log_id, "officer", actor.id) if actor else None
    with desk.database.own_transaction() as connection:
        trail = trails.trail(connection, log_id, attempt.id)
        is_over = trail.state in (None, AttemptState.DONE, AttemptState.ABORTED)
        if is_over or trail.actor != own:
            return
        for prompt in trail.prompts:
            if prompt.fate not in LAST_FATES:
                prompts.set_fate(connection, prompt.prompt_id, Fate.WITHDRAWN, now)
        record(desk, end_requests(desk, connection, log_id, attempt.id), connection)
        why = cleaned(reason) or "aborted"
        attempts.close_attempt(
            connection, log_id, attempt.id, AttemptState.ABORTED, reason=why[:64]
        )
