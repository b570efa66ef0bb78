"""What is shown of letters: no word of a screen, and moments in the agency's zone."""

from dataclasses import dataclass
from datetime import date, datetime

from cleangov_plugin.domain.terms import LetterAct, LetterState

from .templates import INQUIRY, TALK


@dataclass(frozen=True, slots=True, kw_only=True)
class ActView:
    """Something said or done about a letter after it was sent.

    :param kind: what it is.
    :param at: when, in the agency's zone.
    :param by: pseudonym of who did it.
    :param words: their words; empty where there are none or they were erased.
    :param due_on: for an extension, the day by which an answer was then asked for.
    :param is_late: whether it is an answer that came after the day asked for.
    :param meets_at: of a talk, the time that was proposed, given or accepted, in the agency's zone.
    """

    kind: LetterAct
    at: datetime
    by: str
    words: str
    due_on: date | None
    is_late: bool
    meets_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterView:
    """One letter.

    :param id: its number among all.
    :param number: its number as people write it.
    :param title: what stands above it.
    :param log_id: its ledger.
    :param case_id: the case.
    :param finding_id: the finding it is about.
    :param addressee: pseudonym of the person it goes to.
    :param unit: that person's unit in the case.
    :param sent_by: pseudonym of the sender.
    :param reason: why it was sent; empty for who may not see it, or where it was erased.
    :param state: where it stands.
    :param sent_at: when it was sent, in the agency's zone.
    :param due_on: the day by which an answer is asked for.
    :param is_overdue: whether that day is past without an answer.
    :param middle: paragraphs of the writer's part.
    :param language: BCP 47 tag of these paragraphs.
    :param last: paragraphs of the last part: until when, and what the person may do.
    :param closed: findings of the rule that were closed when it was sent.
    :param confirmed: how many of them were confirmed.
    :param acts: what was said and done since, in order.
    :param kind: kind of instrument.
    :param meets_at: of a talk, when it is to be, in the agency's zone; None for a letter.
    :param place: of a talk, where it is to be.
    """

    id: int
    number: str
    title: str
    log_id: str
    case_id: str
    finding_id: int
    addressee: str
    unit: str
    sent_by: str
    reason: str
    state: LetterState
    sent_at: datetime
    due_on: date
    is_overdue: bool
    middle: tuple[str, ...]
    language: str
    last: tuple[str, ...]
    closed: int
    confirmed: int
    acts: tuple[ActView, ...]
    kind: str = INQUIRY
    meets_at: datetime | None = None
    place: str = ""

    @property
    def answers(self) -> tuple[ActView, ...]:
        """Answer the answers, in order."""
        return tuple(act for act in self.acts if act.kind is LetterAct.ANSWER)

    @property
    def is_waiting(self) -> bool:
        """Answer whether it waits for an answer."""
        return self.state is LetterState.WAITING

    @property
    def is_open(self) -> bool:
        """Answer whether it may still be answered."""
        return self.state in (LetterState.WAITING, LetterState.ANSWERED)

    @property
    def is_talk(self) -> bool:
        """Answer whether it invites to a talk."""
        return self.kind == TALK

    @property
    def is_accepted(self) -> bool:
        """Answer whether the time of a talk is accepted, as it is now."""
        turns = (LetterAct.ACCEPTED, LetterAct.TIME_ASKED, LetterAct.EXTENDED)
        last = [act.kind for act in self.acts if act.kind in turns][-1:]
        return self.is_waiting and last == [LetterAct.ACCEPTED]

    @property
    def asks_for_time(self) -> bool:
        """Answer whether more time was asked for, and nobody has given it since."""
        kinds = [act.kind for act in self.acts]
        if LetterAct.TIME_ASKED not in kinds or not self.is_waiting:
            return False
        asked = len(kinds) - 1 - kinds[::-1].index(LetterAct.TIME_ASKED)
        return not {LetterAct.EXTENDED, LetterAct.ACCEPTED} & set(kinds[asked:])
