"""Kinds of the entries that are our own: what people do in the plugin, each as it is stored."""

from typing import Final

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
#: Somebody decided about an officer who stepped back, or said whether they had approved a step;
#: or what was put off came by itself, or did not.
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
#: A request to a second person ended without a decision: nobody answered, or nobody needs to.
REQUEST_ENDED: Final = "int.request.ended"
#: What opens or ends a request to a second person, a doubt, or a follow-up of an answer.
ASKED_KINDS: Final = frozenset(
    {PROMPT_ANSWERED, REQUEST_PASSED_ON, REQUEST_ENDED, DOUBT_SETTLED, FOLLOW_UP_DECIDED}
)
#: A suppression or an exemption, and a deputy: declared, agreed to, or ended before their time.
PASSING_DECLARED: Final = "int.passing.declared"
PASSING_CONFIRMED: Final = "int.passing.confirmed"
PASSING_ENDED: Final = "int.passing.ended"
DEPUTY_DECLARED: Final = "int.deputy.declared"
DEPUTY_CONFIRMED: Final = "int.deputy.confirmed"
DEPUTY_ENDED: Final = "int.deputy.ended"
#: A platform far away told whether a second person is tied to the officer whose step waits.
TIE_TOLD: Final = "int.tie.told"
#: Person statistics were decided on, agreed to, ended, or looked at.
PERSONS_DECLARED: Final = "int.person_statistics.declared"
PERSONS_CONFIRMED: Final = "int.person_statistics.confirmed"
PERSONS_ENDED: Final = "int.person_statistics.ended"
PERSONS_VIEWED: Final = "int.person_statistics.viewed"
#: Kinds of the entries that tell of person statistics.
PERSONS_KINDS: Final = (PERSONS_DECLARED, PERSONS_CONFIRMED, PERSONS_ENDED, PERSONS_VIEWED)
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
        *(REQUEST_PASSED_ON, REQUEST_ENDED),
        TIE_TOLD,
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
        *(REQUEST_PASSED_ON, REQUEST_ENDED),
        CASE_VIEWED,
    }
)
