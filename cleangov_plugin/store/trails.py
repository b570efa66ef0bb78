"""What stood before the officer in an attempt, and how it was answered: one statement."""

import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from cleangov_plugin.domain.terms import AttemptState, Fate, Tier

from .driver import execute


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPrompt:
    """A prompt of an attempt.

    :param prompt_id: its id.
    :param fate: what became of it so far.
    :param tier: its tier.
    :param rules: the merged rules, ``("E07@1",)``.
    :param digest: payload digest it is about, hexadecimal.
    :param expires_at: fixed-width UTC text; empty where it does not expire.
    """

    prompt_id: str
    fate: Fate
    tier: int
    rules: tuple[str, ...]
    digest: str
    expires_at: str = ""

    @property
    def is_told(self) -> bool:
        """Answer whether it was a hint and was shown: it asked for nothing, so nothing is open."""
        return self.tier < Tier.CONFIRM and self.fate in (Fate.RENDERED, Fate.SEEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPass:
    """A pass of an attempt.

    :param pass_id: its id.
    :param prompt_id: the prompt whose answer earned it.
    :param answer_id: the answer.
    :param digest: payload digest it is bound to, hexadecimal.
    :param expires_at: fixed-width UTC text.
    """

    pass_id: str
    prompt_id: str
    answer_id: str
    digest: str
    expires_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """An attempt with its prompts and passes.

    :param state: where it stands; None where there is no such attempt.
    :param actor: pseudonym of the officer.
    :param subject: the case.
    :param reason: code of why it stands there.
    :param digest: payload digest that its gate was asked about last, hexadecimal.
    :param prompts: in the order they were made.
    :param passes: those not used yet, the newest last.
    :param answers: ids of the answers, the newest last.
    """

    state: AttemptState | None = None
    actor: str | None = None
    subject: str = ""
    reason: str = ""
    digest: str = ""
    prompts: tuple[TrailPrompt, ...] = ()
    passes: tuple[TrailPass, ...] = ()
    answers: tuple[str, ...] = ()

    def is_foreign(self, actor: str | None, subject: str) -> bool:
        """Answer whether the attempt was begun by another officer, or in another case.

        :param actor: pseudonym of the officer.
        :param subject: the case.
        """
        return self.state is not None and (self.actor, self.subject) != (actor, subject)

    def pass_for(self, digest: str, now: str) -> TrailPass | None:
        """Answer the newest pass that is good for a payload.

        :param digest: payload digest, hexadecimal.
        :param now: fixed-width UTC text.
        """
        return next(iter(self.passes_for(digest, now)), None)

    def passes_for(self, digest: str, now: str) -> tuple[TrailPass, ...]:
        """Answer all passes that are good for a payload, the newest first.

        There are several where two rules asked for second persons of two roles.

        :param digest: payload digest, hexadecimal.
        :param now: fixed-width UTC text.
        """
        return tuple(p for p in reversed(self.passes) if p.digest == digest and p.expires_at >= now)

    def prompt(self, prompt_id: str) -> TrailPrompt | None:
        """Answer one of its prompts.

        :param prompt_id: its id.
        """
        return next((p for p in self.prompts if p.prompt_id == prompt_id), None)


#: Tags: ``a`` the attempt · ``p`` a prompt · ``w`` an answer · ``k`` a pass.
_TRAIL: Final = (
    "SELECT 'a' AS tag, state AS a, actor AS b, subject AS c, reason AS d, digest AS e, 0 AS tier"
    " FROM {s}cleangov_attempt WHERE log_id = :log_id AND attempt_id = :attempt_id"
    " UNION ALL SELECT 'p', prompt_id, fate, rules, digest,"
    " created_at || ' ' || COALESCE(expires_at, ''), tier"
    " FROM {s}cleangov_prompt WHERE log_id = :log_id AND attempt_id = :attempt_id"
    " UNION ALL SELECT 'w', w.answer_id, w.prompt_id, '', '', w.answered_at, 0"
    " FROM {s}cleangov_answer AS w JOIN {s}cleangov_prompt AS q ON q.prompt_id = w.prompt_id"
    " WHERE q.log_id = :log_id AND q.attempt_id = :attempt_id"
    " UNION ALL SELECT 'k', pass_id, prompt_id, answer_id, digest,"
    " issued_at || ' ' || expires_at, 0"
    " FROM {s}cleangov_pass WHERE log_id = :log_id AND attempt_id = :attempt_id"
    " AND used_at IS NULL"
)


def trail(connection: Connection, log_id: str, attempt_id: str) -> Trail:
    """Read an attempt with everything that stood before the officer in it.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param attempt_id: the attempt.
    :return: the trail; empty where there is no such attempt.
    """
    values = {"log_id": log_id, "attempt_id": attempt_id}
    found: dict[str, list[Any]] = {"a": [], "p": [], "w": [], "k": []}
    for row in execute(connection, _TRAIL, values).fetchall():
        found[row[0]].append(row)
    if not found["a"]:
        return Trail()
    return Trail(
        state=AttemptState(found["a"][0][1]),
        actor=found["a"][0][2],
        subject=found["a"][0][3],
        reason=found["a"][0][4],
        digest=found["a"][0][5],
        prompts=tuple(_prompt(row) for row in sorted(found["p"], key=_age)),
        passes=tuple(_pass(row) for row in sorted(found["k"], key=_age)),
        answers=tuple(row[1] for row in sorted(found["w"], key=_age)),
    )


def _age(row: Any) -> tuple[str, str]:
    return row[5], row[1]


def _prompt(row: Any) -> TrailPrompt:
    _, prompt_id, fate, rules, digest, times, tier = row
    return TrailPrompt(
        prompt_id=prompt_id,
        fate=Fate(fate),
        tier=tier,
        rules=tuple(json.loads(rules)),
        digest=digest,
        expires_at=times.partition(" ")[2],
    )


def _pass(row: Any) -> TrailPass:
    _, pass_id, prompt_id, answer_id, digest, times, _ = row
    return TrailPass(
        pass_id=pass_id,
        prompt_id=prompt_id,
        answer_id=answer_id,
        digest=digest,
        expires_at=times.partition(" ")[2],
    )
