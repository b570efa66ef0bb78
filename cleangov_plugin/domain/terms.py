"""The closed lists of the field, each stored as the text or number written here."""

from enum import IntEnum, IntFlag, StrEnum
from typing import Final


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
