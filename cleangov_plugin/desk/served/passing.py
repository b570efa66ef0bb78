"""Passes for callers that carry them by themselves: earned by an answer, shown at the gate."""

from dataclasses import dataclass

from cleangov_hooks import Attempt
from cleangov_plugin.desk.checkpoint.checked import check_event
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.prompting.passes import PassClaim, read, sign
from cleangov_plugin.ledger.instants import instant, stamp
from cleangov_plugin.store import attempts, trails


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an attempt stands, for the officer whose it is.

    :param attempt_id: the attempt.
    :param case_id: its case.
    :param state: ``held``, ``waiting``, ``passed``, ``done``, ``aborted``.
    :param proof: token of the pass that is good now; None where there is none.
    """

    attempt_id: str
    case_id: str
    state: str
    proof: str | None


def standing(desk: Desk, attempt_id: str, officer_id: str) -> Standing | None:
    """Answer where an attempt stands.

    :param desk: the desk.
    :param attempt_id: the attempt.
    :param officer_id: who asks.
    :return: None where there is no such attempt of this officer.
    """
    log_id = desk.host.agency().id
    own, now = desk.people.pseudonym(log_id, "officer", officer_id), stamp(desk.host.now())
    with desk.database.own_transaction(is_reading=True) as connection:
        row = attempts.attempt(connection, log_id, attempt_id)
        if row is None or row["actor"] != own:
            return None
        trail = trails.trail(connection, log_id, attempt_id)
    good = [earned for earned in trail.passes if earned.expires_at >= now]
    proof = None
    if good:
        claim = PassClaim(
            attempt_id=attempt_id,
            digest=good[-1].digest,
            prompt_id=good[-1].prompt_id,
            expires_at=instant(good[-1].expires_at),
        )
        proof = sign(desk.keys, claim)
    return Standing(
        attempt_id=attempt_id, case_id=row["subject"], state=str(row["state"]), proof=proof
    )


def is_proof(desk: Desk, attempt: Attempt) -> bool:
    """Answer whether the pass that a caller shows is ours, and for exactly what is asked.

    :param desk: the desk.
    :param attempt: the try, with the pass.
    :raises InvalidEvent: where the attempt's event is not what the contract says.
    """
    claim = read(desk.keys, attempt.pass_token or "", desk.host.now())
    if claim is None or claim.attempt_id != attempt.id:
        return False
    checked = check_event(attempt.event, desk.types(), desk.people, attempt_id=attempt.id)
    return claim.digest == checked.payload.hex()
