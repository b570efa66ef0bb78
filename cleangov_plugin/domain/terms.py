"""The closed lists of the field, each stored as the text or number written here."""

from enum import IntEnum, IntFlag, StrEnum
from typing import Final

from .persons import PERSONS_KINDS

#: Kind of our own events: somebody who supervises asked for the name behind a pseudonym.
NAME_VIEWED: Final = "int.name.viewed"
LETTER_SENT: Final = "int.letter.sent"
LETTER_ANSWERED: Final = "int.letter.answered"
LETTER_TIME_ASKED: Final = "int.letter.time_asked"
LETTER_EXTENDED: Final = "int.letter.extended"
LETTER_WITHDRAWN: Final = "int.letter.withdrawn"
#: The time of a talk was accepted; it was held, or not. All else of a talk is told as of a letter.
TALK_ACCEPTED: Final = "int.talk.accepted"
TALK_HELD: Final = "int.talk.held"
#: Kinds of the entries that tell of letters and talks.
LETTER_KINDS: Final = frozenset(
    {
        *(LETTER_SENT, LETTER_ANSWERED, LETTER_TIME_ASKED, LETTER_EXTENDED, LETTER_WITHDRAWN),
        *(TALK_ACCEPTED, TALK_HELD),
    }
)
#: A finding was closed, opened again, or has another owner or due day.
FINDING_CHANGED: Final = "int.finding.changed"
#: Somebody was shown a personal field; fields, or the name behind a pseudonym, were erased.
FIELD_VIEWED: Final = "int.field.viewed"
FIELDS_ERASED: Final = "int.fields.erased"
IDENTITY_ERASED: Final = "int.identity.erased"
#: Somebody who supervises opened a case or a finding of it; a bundle of evidence was made.
CASE_VIEWED: Final = "int.case.viewed"
EVIDENCE_EXPORTED: Final = "int.evidence.exported"
#: An officer answered a prompt, or a second person decided about a step.
PROMPT_ANSWERED: Final = "int.prompt.answered"
#: Somebody answered an officer who had said that a prompt is wrong.
DOUBT_SETTLED: Final = "int.doubt.settled"
#: Somebody decided about an officer who stepped back, or said whether they had approved a step.
FOLLOW_UP_DECIDED: Final = "int.follow_up.decided"
#: An answer or a decision was refused: it was for somebody else to give, or forged.
ANSWER_REFUSED: Final = "int.answer.refused"
#: An answer or a decision of the right person was refused: it came too late, or was not offered.
ANSWER_LATE: Final = "int.answer.late"
#: An officer told oversight, and nobody else, that somebody had asked for a step.
NOTE_SEALED: Final = "int.note.sealed"
#: Calls of machines were refused: how many of one kind, since it was last written.
CALLS_REFUSED: Final = "int.calls.refused"
#: A mode was declared for a time, agreed to by a second person, or ended before its time.
MODE_DECLARED: Final = "int.mode.declared"
MODE_CONFIRMED: Final = "int.mode.confirmed"
MODE_ENDED: Final = "int.mode.ended"
#: An officer confirmed the commitment of their function.
COMMITMENT_MADE: Final = "int.commitment.made"
#: Nobody answered a request to a second person in time, and somebody else is asked.
REQUEST_PASSED_ON: Final = "int.request.passed_on"
#: A suppression or an exemption, and a deputy: declared, agreed to, or ended before their time.
PASSING_DECLARED: Final = "int.passing.declared"
PASSING_CONFIRMED: Final = "int.passing.confirmed"
PASSING_ENDED: Final = "int.passing.ended"
DEPUTY_DECLARED: Final = "int.deputy.declared"
DEPUTY_CONFIRMED: Final = "int.deputy.confirmed"
DEPUTY_ENDED: Final = "int.deputy.ended"
#: All kinds of event that are our own: what those who supervise do, and what is answered.
OUR_KINDS: Final = frozenset(
    {
        NAME_VIEWED,
        *LETTER_KINDS,
        FINDING_CHANGED,
        FIELD_VIEWED,
        CASE_VIEWED,
        EVIDENCE_EXPORTED,
        FIELDS_ERASED,
        IDENTITY_ERASED,
        PROMPT_ANSWERED,
        DOUBT_SETTLED,
        FOLLOW_UP_DECIDED,
        ANSWER_REFUSED,
        ANSWER_LATE,
        NOTE_SEALED,
        CALLS_REFUSED,
        *(MODE_DECLARED, MODE_CONFIRMED, MODE_ENDED),
        COMMITMENT_MADE,
        REQUEST_PASSED_ON,
        *(PASSING_DECLARED, PASSING_CONFIRMED, PASSING_ENDED),
        *(DEPUTY_DECLARED, DEPUTY_CONFIRMED, DEPUTY_ENDED),
        *PERSONS_KINDS,
    }
)


#: Kinds that stand in no list: an answer is shown with its prompt, and what follows to whom it
#: concerns; what became of a finding, with the finding; who opened a case, to whoever acted in it.
UNLISTED_KINDS: Final = frozenset(
    {
        PROMPT_ANSWERED,
        ANSWER_LATE,
        DOUBT_SETTLED,
        FOLLOW_UP_DECIDED,
        NOTE_SEALED,
        FINDING_CHANGED,
        REQUEST_PASSED_ON,
        CASE_VIEWED,
    }
)


class Severity(StrEnum):
    """How grave a breach is by law (Administrative Litigation Law Arts 70, 74, 75)."""

    VOID = "void"
    REVOCABLE = "revocable"
    MINOR = "minor"
    SIGNAL = "signal"


class Tier(IntEnum):
    """What a binding asks of the officer when its rule hits."""

    RECORD = 0
    INFORM = 1
    CONFIRM = 2
    JUSTIFY = 3
    SECOND_PERSON = 4
    REFUSE = 5


class Result(StrEnum):
    """What a rule said of one event; an entry leaves out `clear` and `not_applicable`: implied."""

    HIT = "hit"
    CLEAR = "clear"
    NOT_APPLICABLE = "not_applicable"
    CANNOT_BE_CHECKED = "cannot_be_checked"
    SUPPRESSED = "suppressed"
    EXEMPT = "exempt"
    ERROR = "error"
    TIMEOUT = "timeout"


class Mark(IntFlag):
    """What the rules said of an event, as one number beside its entry: lists are filtered by it.

    What only the oversight side may see is marked apart, so that a list for others gives nothing
    of it away. Our own events, of somebody who looked, are marked to be left out of such lists.
    What is unlisted stands in no list at all: an answer, which is shown with the prompt that it
    answers, and a note that is sealed to oversight.
    """

    HIT = 1
    UNKNOWN = 2
    HIDDEN_HIT = 4
    HIDDEN_UNKNOWN = 8
    OURS = 16
    UNLISTED = 32


class Eased(StrEnum):
    """In which modes a binding may ask less: declared for a time, or the procedure of one event."""

    EMERGENCY = "emergency"
    CAMPAIGN = "campaign"
    GREEN_CHANNEL = "green_channel"
    INSTANT = "instant"
    ON_COMMITMENT = "on_commitment"


class Phase(StrEnum):
    """When a binding is evaluated."""

    OPEN = "open"
    EDIT = "edit"
    GATE = "gate"
    EVENT = "event"


class OnFailure(StrEnum):
    """What a binding does where its rule cannot be decided (missing data, error, timeout)."""

    RECORD = "record"
    HOLD = "hold"


class Visibility(StrEnum):
    """Who may see that a rule hit."""

    OFFICER = "officer"
    LEAD = "lead"
    OVERSIGHT = "oversight"


class Fate(StrEnum):
    """What became of a prompt. `unknown` is a fate and is counted."""

    CREATED = "created"
    RENDERED = "rendered"
    SEEN = "seen"
    ANSWERED = "answered"
    IGNORED = "ignored"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    UNDELIVERED = "undelivered"
    UNKNOWN = "unknown"


#: Fates that end a prompt: no officer stands before it any more.
LAST_FATES: Final = frozenset(
    {
        Fate.ANSWERED,
        Fate.IGNORED,
        Fate.EXPIRED,
        Fate.WITHDRAWN,
        Fate.SUPERSEDED,
        Fate.UNDELIVERED,
    }
)


class AttemptState(StrEnum):
    """Where an attempt stands."""

    OPEN = "open"
    HELD = "held"
    WAITING = "waiting"
    PASSED = "passed"
    DONE = "done"
    ABORTED = "aborted"


class FollowUp(StrEnum):
    """What has to follow on an answer."""

    RECUSAL = "recusal"
    APPROVAL = "approval"
    PUT_OFF = "put_off"


class RuleState(StrEnum):
    """Where a rule version stands in its life."""

    DRAFT = "draft"
    DISCUSSION = "discussion"
    TRIAL = "trial"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    ABOLISHED = "abolished"


#: What a person found when they closed a finding: it was so; it was not so.
CONFIRMED: Final = "confirmed"
UNFOUNDED: Final = "unfounded"
#: What is known now says that a term was kept; nobody had to look.
CLEARED: Final = "cleared"
#: Ends of findings that were no breach.
NO_BREACH: Final = frozenset({CLEARED, UNFOUNDED})


class FindingState(StrEnum):
    """Where a finding stands."""

    SIGNAL = "signal"
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class LetterState(StrEnum):
    """Where a letter of supervision stands. That a day has passed is no state: nothing follows."""

    WAITING = "waiting"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    HELD = "held"
    NOT_HELD = "not_held"


class LetterAct(StrEnum):
    """What was said and done about a letter after it was sent."""

    ANSWER = "answer"
    TIME_ASKED = "time_asked"
    EXTENDED = "extended"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    HELD = "held"
    NOT_HELD = "not_held"


class GapReason(StrEnum):
    """Why the evaluation of an event is owed."""

    ERROR = "error"
    TIMEOUT = "timeout"
    ISOLATION = "isolation"
    BUSY = "busy"
    INERT = "inert"
    INVALID = "invalid"
    CONFLICT = "conflict"
    #: The platform's own records show it, and nobody told.
    MISSING = "missing"
