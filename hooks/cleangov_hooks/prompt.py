"""What the officer is shown, what they answer, and what the gate decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from .event import Actor


class Decision(StrEnum):
    """What the gate decides about an attempt, from weakest to strictest."""

    PASS = "pass"
    PASS_RECORDED = "pass_recorded"
    HOLD = "hold"
    REFUSE = "refuse"


_STRICTNESS: Final = {decision: rank for rank, decision in enumerate(Decision)}


class AnswerKind(StrEnum):
    """The kinds of answer an officer can give to a prompt."""

    CORRECTED = "corrected"
    SUGGESTION_ACCEPTED = "suggestion_accepted"
    CONFIRMED = "confirmed"
    JUSTIFIED = "justified"
    ACKNOWLEDGED = "acknowledged"
    SECOND_PERSON_ASKED = "second_person_asked"
    SECOND_PERSON_APPROVED = "second_person_approved"
    SECOND_PERSON_REFUSED = "second_person_refused"
    PROMPT_IS_WRONG = "prompt_is_wrong"
    INTERFERENCE_REPORTED = "interference_reported"
    BREAK_GLASS = "break_glass"
    DEFERRED = "deferred"
    RECUSAL_DECLARED = "recusal_declared"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedReason:
    """A reason of the closed list that a choice takes.

    :param code: stable code.
    :param label: text in the step's language.
    :param needs_text: whether words of the officer are required with it.
    :param needs_evidence: whether a document has to be named with it.
    """

    code: str
    label: str
    needs_text: bool = False
    needs_evidence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A document that an answer names; the document itself stays where it is.

    :param reference: its number at the host, or the name of a file.
    :param digest: SHA-256 of the file, 64 hexadecimal digits; empty where only a number is given.
    """

    reference: str
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to answer a prompt.

    :param code: stable code, unique within the prompt.
    :param kind: the kind of answer.
    :param label: text in the step's language.
    :param needs_text: whether words of the officer are required.
    :param is_recommended: whether it is offered first.
    :param reasons: of these one has to be named; empty where none is asked for.
    :param approver_role: role of the person who has to be named as approver; None where none.
    :param latest: the last day to which what follows may be put off; None where nothing is.
    """

    code: str
    kind: AnswerKind
    label: str
    needs_text: bool = False
    is_recommended: bool = False
    reasons: tuple[CodedReason, ...] = ()
    approver_role: str | None = None
    latest: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A supervision prompt (廉政提醒) for an officer at a step.

    :param id: unique.
    :param attempt_id: the attempt it holds; None for a prompt shown when the step opened.
    :param tier: 0 record, 1 inform, 2 confirm, 3 justify, 4 second person, 5 refuse.
    :param rules: ids of the rules merged in it, ``"E07@1"``.
    :param headline: one sentence in the step's language.
    :param body: facts and legal duty, one paragraph an item.
    :param basis: citations, ``"《行政处罚法》第四十五条"``.
    :param choices: ways to answer, in order of display; empty for tier 1.
    :param field: the event field it stands beside, if one.
    :param language: BCP 47 tag of the texts.
    """

    id: str
    attempt_id: str | None
    tier: int
    rules: tuple[str, ...]
    headline: str
    body: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    field: str | None = None
    language: str = "zh-CN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An officer's answer to a prompt, as a host's own screen collected it.

    :param prompt_id: the prompt answered.
    :param choice: code of the choice taken.
    :param actor_id: the officer who answers; must be the one the prompt stood before,
        or the second person asked.
    :param at: when, aware.
    :param text: the officer's words; personal, erasable.
    :param client_at: when by the device's clock, for answers given without a connection.
    :param reason: code of one of the choice's reasons, where it has some.
    :param evidence: the document named with it; None where none is.
    :param approver: who approved, with the roles that the host knows; None where nobody is asked.
    :param until: the day by which what is put off follows; None where nothing is.
    :param second_id: the person who is asked, where the choice asks a second person and the officer
        names one of the role; empty asks the role at large.
    """

    prompt_id: str
    choice: str
    actor_id: str
    at: datetime
    text: str = ""
    client_at: datetime | None = None
    reason: str = ""
    evidence: Evidence | None = None
    approver: Actor | None = None
    until: date | None = None
    second_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """The term of law, or promised, that the step would end.

    :param clock: id of the clock, ``"C01"``.
    :param title: what it is called, in the step's language.
    :param last_day: the last civil day of the term.
    :param ends_at: the first moment at which the term may be over, aware.
    :param waits_until: until when a second person would be waited for who is asked now, at the
        latest, aware; then the officer may go on with words of their own.
    :param way_out: codes of the prompt's choices by which the step goes on and nobody is waited
        for; empty where there is none yet.
    """

    clock: str
    title: str
    last_day: date
    ends_at: datetime
    waits_until: datetime
    way_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one plugin's gate decides about an attempt.

    :param decision: pass, pass_recorded, hold or refuse.
    :param attempt_id: the attempt judged.
    :param prompts: at most one of them interruptive (tier 2 and above).
    :param pass_token: proof that a good answer was given, bound to the event's digest.
    :param hold_until: when a hold ends by itself, aware; never past the statutory deadline.
    :param reason: code of the reason, for logs: ``"hit"``, ``"answered"``, ``"unread"``, ...;
        ``"clear"`` only where every rule was decided.
    :param notes: sentences for the officer after a pass, in the step's language.
    :param term: the term that a held step would end; None where none runs.
    """

    decision: Decision
    attempt_id: str
    prompts: tuple[Prompt, ...] = ()
    pass_token: str | None = None
    hold_until: datetime | None = None
    reason: str = ""
    notes: tuple[str, ...] = ()
    term: Term | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """A piece of a page or of another medium that a slot shows.

    :param medium: ``"html"``, ``"text"`` or ``"json"``.
    :param content: the piece; HTML is complete, escaped and free of inline script.
    :param headers: response headers the piece needs, for hosts that can send them.
    """

    medium: str
    content: str
    headers: Mapping[str, str] = field(default_factory=dict)


def strictest(verdicts: Iterable[Verdict], attempt_id: str) -> Verdict:
    """Merge the verdicts of all plugins: the strictest decision, every prompt.

    :param verdicts: one of each plugin that answered.
    :param attempt_id: the attempt judged; used when nobody answered.
    :return: the strictest verdict with the prompts and notes of all; a pass if there is none.
    """
    ranked = sorted(verdicts, key=lambda verdict: _STRICTNESS[verdict.decision], reverse=True)
    if not ranked:
        return Verdict(decision=Decision.PASS, attempt_id=attempt_id, reason="no_plugin")
    first = ranked[0]
    return Verdict(
        decision=first.decision,
        attempt_id=attempt_id,
        prompts=tuple(prompt for verdict in ranked for prompt in verdict.prompts),
        pass_token=next((v.pass_token for v in ranked if v.pass_token), None),
        hold_until=first.hold_until,
        reason=first.reason,
        notes=tuple(note for verdict in ranked for note in verdict.notes),
        term=min((v.term for v in ranked if v.term), key=lambda term: term.ends_at, default=None),
    )
