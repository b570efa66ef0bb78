"""What the gate answers: a pass with its proof, a hold that cannot be kept, a page out of date."""

from dataclasses import dataclass, replace
from typing import Final

from cleangov_hooks import Attempt, Decision, Prompt, Verdict
from cleangov_plugin.desk.checkpoint.checked import Checked
from cleangov_plugin.desk.checkpoint.judging import Judged
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.domain.terms import Tier
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.prompts.panel import Panel
from cleangov_plugin.store import trails

from . import panels
from .interrupting import failure
from .passes import PassClaim, sign

#: What an officer reads whose step was looked at and could not be written down; zh, en.
_BUSY: Final = (
    "系统正忙，这一步的检查没能当场记下；事后会再查一次。",
    "The system was busy: what was checked is not written down. It will be checked again.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the gate was asked, and what it found.

    :param attempt: the try.
    :param checked: the event that would be recorded.
    :param judged: what the rules said of it.
    :param trail: what stood before the officer in this attempt so far.
    :param earned: the pass that is good for what is asked, if there is one.
    :param settled: keys of hits that its answer has settled.
    """

    attempt: Attempt
    checked: Checked
    judged: Judged
    trail: trails.Trail
    earned: trails.TrailPass | None
    settled: frozenset[str]

    @property
    def is_foreign(self) -> bool:
        """Answer whether the attempt was begun by another officer, or in another case."""
        record = self.checked.record
        return self.trail.is_foreign(record.actor, record.case_id)

    @property
    def digest(self) -> str:
        """Answer the digest of what is asked, which a pass binds."""
        return self.checked.payload.hex()


def passing(desk: Desk, asked: Asked) -> Verdict:
    """Make the verdict that lets a step pass, with the proof of the answer that earned it.

    :param desk: the desk.
    :param asked: what the gate was asked.
    """
    earned, token, reason = asked.earned, None, _clear(asked)
    if earned is not None:
        reason = "answered"
        claim = PassClaim(
            attempt_id=asked.attempt.id,
            digest=asked.digest,
            prompt_id=earned.prompt_id,
            expires_at=instant(earned.expires_at),
        )
        token = sign(desk.keys, claim)
    return Verdict(
        decision=Decision.PASS if earned is None else Decision.PASS_RECORDED,
        attempt_id=asked.attempt.id,
        pass_token=token,
        reason=reason,
        notes=panels.done_notes(
            asked.judged.ledger,
            asked.judged.evaluation.outcomes,
            [ref for prompt in asked.trail.prompts for ref in prompt.rules],
            asked.attempt.step.language,
        ),
    )


def _clear(asked: Asked) -> str:
    """Answer "clear" where every rule was decided; what could not be decided is never clear."""
    found = failure(asked.judged.evaluation.outcomes)
    return "clear" if found is None else found.value


def passed_over(desk: Desk, asked: Asked, merged: Panel, id_: str, reason: str) -> Verdict:
    """Make the verdict of a step whose panel is a hint, since it may not interrupt just now.

    :param desk: the desk.
    :param asked: what the gate was asked.
    :param merged: what would have stood before the officer.
    :param id_: id of the prompt.
    :param reason: code of why it does not.
    """
    language = asked.attempt.step.language
    written = panels.write_known(
        asked.judged.ledger, merged, desk.today(asked.judged.ledger), language
    )
    hint = written.prompt(id_, asked.attempt.id, merged, language)
    verdict = passing(desk, asked)
    return replace(
        verdict,
        decision=Decision.PASS_RECORDED,
        prompts=(replace(hint, tier=Tier.INFORM.value, choices=()),),
        notes=(*verdict.notes, written.headline),
        reason=reason,
    )


def unsaved(desk: Desk, asked: Asked, merged: Panel | None) -> Verdict:
    """Decide without a table: what the law forbids waits, and can be put right by hand.

    :param desk: the desk.
    :param asked: what the gate was asked.
    :param merged: the panel that would hold the step; None where nothing does.
    """
    language = asked.attempt.step.language
    if merged is None or merged.tier is not Tier.REFUSE:
        verdict, said = passing(desk, asked), _BUSY[not language.lower().startswith("zh")]
        return replace(verdict, reason="unsaved", notes=(*verdict.notes, said))
    written = panels.write_known(
        asked.judged.ledger, merged, desk.today(asked.judged.ledger), language
    )
    prompt = written.prompt("", asked.attempt.id, merged, language)
    return Verdict(
        decision=merged.decision,
        attempt_id=asked.attempt.id,
        prompts=(replace(prompt, choices=()),),
        reason="unsaved",
    )


def stepped_back(attempt: Attempt) -> Verdict:
    """Hold a step of an officer who stepped back from its case; anybody else may take it.

    :param attempt: the try.
    """
    zh = attempt.step.language.lower().startswith("zh")
    headline = (
        "您已申请回避本案，这一步由他人办理。"
        if zh
        else "You have stepped back from this case. Somebody else takes this step."
    )
    return _held(attempt, headline, "recused")


def foreign(asked: Asked) -> Verdict:
    """Hold a step whose attempt is of another officer or case: its answers are not ours.

    :param asked: what the gate was asked.
    """
    zh = asked.attempt.step.language.lower().startswith("zh")
    headline = (
        "这个页面已过期，请刷新后再办。" if zh else "This page is out of date. Reload it first."
    )
    return _held(asked.attempt, headline, "foreign_attempt")


def _held(attempt: Attempt, headline: str, reason: str) -> Verdict:
    """Hold a step with one sentence that takes no answer."""
    prompt = Prompt(
        id="",
        attempt_id=attempt.id,
        tier=Tier.CONFIRM.value,
        rules=(),
        headline=headline,
        language=attempt.step.language,
    )
    return Verdict(decision=Decision.HOLD, attempt_id=attempt.id, prompts=(prompt,), reason=reason)
