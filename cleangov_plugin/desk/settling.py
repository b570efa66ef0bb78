"""Which hits an answer settles: those whose own rule offers it, and the weaker ones beside them."""

from cleangov_hooks import AnswerKind
from cleangov_plugin.prompts.panel import Hit, Offer, dedupe_key
from cleangov_plugin.store import prompts, second_requests
from cleangov_plugin.store.trails import TrailPass

from . import kept_panels
from .shelf import Connection, Ledger, Shelf


def settled_by(
    shelf: Shelf, connection: Connection, ledger: Ledger, earned: TrailPass | None
) -> tuple[Hit, ...]:
    """Answer the hits that the answer behind a pass has settled.

    Two rules of one panel may each ask for a second person of another role: who agrees to the one
    has not agreed to the other. A rule of a lower tier asks for less than was given.

    :param shelf: the rules.
    :param connection: any connection.
    :param ledger: the agency's ledger.
    :param earned: the pass; None settles nothing.
    :return: the hits, as they were kept with the prompt.
    """
    row = prompts.prompt(connection, earned.prompt_id) if earned else None
    merged = kept_panels.restore(shelf, connection, ledger, row["outcomes"]) if row else None
    if earned is None or row is None or merged is None:
        return ()
    given = {a["answer_id"]: a for a in prompts.answers_of(connection, [earned.prompt_id])}
    answer = given.get(earned.answer_id)
    if answer is None:
        return ()
    role = None
    if answer["kind"] == AnswerKind.SECOND_PERSON_APPROVED.value:
        role = _role(connection, row["log_id"], row["attempt_id"], earned.prompt_id)
    own = [hit for hit in merged.hits if any(_is_it(o, answer["choice"], role) for o in hit.offers)]
    least = max((hit.outcome.tier for hit in own), default=None)
    return tuple(
        hit for hit in merged.hits if hit in own or (least is not None and hit.outcome.tier < least)
    )


def keys_of(hits: tuple[Hit, ...]) -> frozenset[str]:
    """Answer the keys by which settled hits are known at the gate.

    :param hits: the hits.
    """
    return frozenset(dedupe_key(hit.outcome) for hit in hits)


def _is_it(offer: Offer, choice: str, role: str | None) -> bool:
    if role is not None:
        return offer.then == "request" and offer.role == role
    return offer.code == choice


def _role(connection: Connection, log_id: str, attempt_id: str, prompt_id: str) -> str | None:
    """Answer the role of the second person who agreed."""
    asked = second_requests.of_attempt(connection, log_id, attempt_id)
    agreed = (r for r in asked if r["prompt_id"] == prompt_id)
    found = (str(r["role"]) for r in agreed if r["state"] == second_requests.APPROVED)
    return next(found, None)
