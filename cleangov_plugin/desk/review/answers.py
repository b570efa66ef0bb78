"""What became of the prompts of a case: justifications belong to the file, corrections to nobody.

What was put right at a prompt leaves no trace under anybody's name on somebody else's screen: it
is counted, and neither what was typed nor when, where or by whom is told.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from cleangov_hooks import AnswerKind
from cleangov_plugin.domain.terms import LAST_FATES, AttemptState, Fate, Tier
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.store import second_requests
from cleangov_plugin.store.review_cases import Held

from .case_views import PromptView, ReplyView, SecondView
from .rule_words import Teller

#: Answers that put something right.
PUT_RIGHT: Final = (AnswerKind.CORRECTED.value, AnswerKind.SUGGESTION_ACCEPTED.value)
#: Never shown here: a note about somebody's interference is for those it was written to.
_SEALED: Final = AnswerKind.INTERFERENCE_REPORTED.value
_TAKEN_BACK: Final = AnswerKind.TAKEN_BACK.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of the prompts of a case.

    :param prompts: those that were not simply heeded, oldest first.
    :param corrected: steps at which something was put right.
    :param waiting: steps that wait for a second person.
    :param given_up: steps that were held and then given up.
    """

    prompts: tuple[PromptView, ...]
    corrected: int
    waiting: int
    given_up: int


def told_prompts(teller: Teller, attempts: Sequence[Held]) -> Told:
    """Sort the attempts of a case: which are counted, and which belong to the file.

    :param teller: tells what the rules said.
    :param attempts: attempts that a prompt stood before.
    """
    shown: list[PromptView] = []
    count = {"corrected": 0, "waiting": 0, "given_up": 0}
    for held in attempts:
        state = held.attempt["state"]
        if state == AttemptState.ABORTED.value:
            count["given_up"] += 1
        elif was_put_right(held):
            count["corrected"] += 1
        else:
            is_waiting = any(r["state"] == second_requests.OPEN for r in held.requests)
            count["waiting"] += is_waiting
            shown += [_prompt(teller, held, row) for row in held.prompts if _is_told(held, row)]
    return Told(prompts=tuple(sorted(shown, key=lambda view: view.at)), **count)


def was_put_right(held: Held) -> bool:
    """Answer whether an attempt was put right before its step was taken.

    By the prompt's own button, or by hand: then the prompt was withdrawn because it no longer
    applied.

    :param held: the attempt.
    """
    standing = _standing(held)
    if any(row["kind"] in PUT_RIGHT for row in standing):
        return True
    answered = {row["prompt_id"] for row in standing}
    withdrawn = [row for row in held.prompts if row["fate"] == Fate.WITHDRAWN.value]
    return bool(withdrawn) and not any(row["prompt_id"] in answered for row in withdrawn)


def _is_told(held: Held, row: dict[str, Any]) -> bool:
    """Answer whether a prompt belongs to the file: something was said, or it was passed over.

    One that still stands before an officer is their own affair until the step is taken.
    """
    answered = {given["prompt_id"] for given in held.answers if given["kind"] != _SEALED}
    fate = Fate(row["fate"])
    is_over = fate in LAST_FATES or held.attempt["state"] == AttemptState.DONE.value
    return row["prompt_id"] in answered or (is_over and fate is not Fate.SUPERSEDED)


def _standing(held: Held) -> list[dict[str, Any]]:
    """List the answers of an attempt that nobody took back, and none that is sealed."""
    back = {row["choice"] for row in held.answers if row["kind"] == _TAKEN_BACK}
    left_out = (_SEALED, _TAKEN_BACK)
    return [
        row for row in held.answers if row["kind"] not in left_out and row["answer_id"] not in back
    ]


def _document(given: dict[str, Any]) -> str:
    named, digest = given["evidence"] or "", given["evidence_hash"]
    return f"{named} sha256:{digest}" if digest else named


def _prompt(teller: Teller, held: Held, row: dict[str, Any]) -> PromptView:
    zone = teller.ledger.zone
    named = (ref.partition("@")[::2] for ref in json.loads(row["rules"]))
    asked = [asked for asked in held.requests if asked["prompt_id"] == row["prompt_id"]]
    return PromptView(
        at=instant(row["created_at"]).astimezone(zone),
        step=row["step"],
        label=teller.kind(held.attempt["kind"], row["step"]),
        titles=tuple(teller.title(rule_id, int(version or 1)) for rule_id, version in named),
        tier=Tier(row["tier"]),
        fate=Fate(row["fate"]),
        replies=tuple(
            _reply(teller, row, given)
            for given in _standing(held)
            if given["prompt_id"] == row["prompt_id"]
        ),
        seconds=tuple(_second(r, zone) for r in asked if r["state"] not in second_requests.DOUBTS),
        doubts=tuple(_second(r, zone) for r in asked if r["state"] in second_requests.DOUBTS),
    )


def _reply(teller: Teller, row: dict[str, Any], given: dict[str, Any]) -> ReplyView:
    """Tell an answer; one from a device without a connection happened when the device says."""
    kept_at = given["client_at"]
    at = min(kept_at, given["answered_at"]) if kept_at else given["answered_at"]
    return ReplyView(
        kind=given["kind"],
        words=given["words"] or "",
        at=instant(at).astimezone(teller.ledger.zone),
        is_offline=bool(kept_at),
        reason=teller.reason(row["rules"], given["reason"]),
        document=_document(given),
        approver=given["approver"] or "",
        until=given["until_on"] or "",
    )


def _second(asked: dict[str, Any], zone: ZoneInfo) -> SecondView:
    return SecondView(
        role=asked["role"],
        state=asked["state"],
        words=asked["words"] or "",
        at=instant(asked["decided_at"]).astimezone(zone) if asked["decided_at"] else None,
    )
