"""What a screen needs to show, ready in one language: no screen reads a table or renders a rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cleangov_hooks import AnswerKind, CodedReason, Money, Term
from cleangov_plugin.domain.evaluation import Value
from cleangov_plugin.domain.terms import FollowUp


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceView:
    """One answer of a panel.

    :param code: code of the choice.
    :param kind: kind of answer.
    :param label: its text.
    :param needs_text: whether words are required.
    :param then: what follows, see `prompts.panel.Offer`.
    :param patch: corrected values by event field, for answers that put something right.
    :param is_recommended: whether it is shown first.
    :param reasons: the reasons of which one is taken; empty where none is asked.
    :param approver_role: role of whoever has to be named as approver; None where nobody has.
    :param latest: the last day to which it may be put off; None where nothing is.
    :param role: role of the second person, for requests.
    """

    code: str
    kind: AnswerKind
    label: str
    needs_text: bool
    then: str
    patch: Mapping[str, Value]
    is_recommended: bool
    reasons: tuple[CodedReason, ...] = ()
    approver_role: str | None = None
    latest: date | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A line on a panel, in the screens' own words.

    :param key: key of the phrase.
    :param role: role it speaks of; empty where none.
    :param steward: whoever a doubt was passed on to; empty where none.
    :param text: somebody's words it repeats; empty where none.
    :param until: an instant it names, in the agency's zone.
    :param turn_to: role to which the officer can turn; empty where none.
    """

    key: str
    role: str = ""
    steward: str = ""
    text: str = ""
    until: datetime | None = None
    turn_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelView:
    """The one panel that holds an attempt.

    :param id: id of the prompt.
    :param attempt_id: the attempt held.
    :param tier: 2, 4 or 5.
    :param rules: the merged rules.
    :param headline: one sentence.
    :param body: paragraphs: facts and legal duty.
    :param basis: citations.
    :param choices: ways to answer; while a second person is asked, to take that back.
    :param notes: how far the request to a second person is, or what became of it.
    :param language: language of the texts.
    :param request_id: the request to a second person that is open; None where none is.
    :param term: the term that the step would end; None where none runs.
    """

    id: str
    attempt_id: str
    tier: int
    rules: tuple[str, ...]
    headline: str
    body: tuple[str, ...]
    basis: tuple[str, ...]
    choices: tuple[ChoiceView, ...]
    notes: tuple[Note, ...]
    language: str
    request_id: str | None = None
    term: Term | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HintView:
    """One sentence beside a form, shown without a click.

    :param text: the sentence.
    :param rule: the rule and version it comes from.
    :param beside: the event field it stands beside.
    """

    text: str
    rule: str
    beside: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneView:
    """What is said after a step was done.

    :param opened: findings this step left to be explained.
    :param unknown: controls of the step that could not be checked.
    :param is_owed: whether the evaluation is still owed.
    """

    opened: int
    unknown: int
    is_owed: bool

    @property
    def is_open(self) -> bool:
        """Answer whether something is left to be explained."""
        return self.opened > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request to the person who looks at it: will you agree?

    :param id: id of the request.
    :param case_id: the case.
    :param headline: one sentence.
    :param body: paragraphs.
    :param until: when it ends, in the agency's zone.
    :param is_own: whether the reader took the step and so may not agree to it.
    :param as_deputy: whether the reader is asked in somebody else's place.
    """

    id: str
    case_id: str
    headline: str
    body: tuple[str, ...]
    until: datetime
    is_own: bool
    as_deputy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPage:
    """One request, for whoever asked or is asked.

    :param id: id of the request.
    :param case_id: the case.
    :param step: how the step is called; the host's own code where it declares no name.
    :param state: open, approved, refused, expired, withdrawn or nobody.
    :param role: the role that is asked.
    :param is_named: whether one person is asked by name.
    :param instead_of: the role that the rule names, where another one is asked; else empty.
    :param since: when it was asked, in the agency's zone.
    :param until: when it ends, in the agency's zone.
    :param headline: one sentence of the prompt.
    :param body: paragraphs of the prompt.
    :param basis: citations of the prompt.
    :param words: what whoever decided wrote; empty where nothing.
    :param is_own: whether the reader asked.
    :param may_decide: whether the reader may decide now.
    """

    id: str
    case_id: str
    step: str
    state: str
    role: str
    is_named: bool
    instead_of: str
    since: datetime
    until: datetime
    headline: str
    body: tuple[str, ...]
    basis: tuple[str, ...]
    words: str
    is_own: bool
    may_decide: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowView:
    """What follows on an officer's answer, for whoever is asked, or for the officer.

    :param id: id of the follow-up.
    :param kind: what has to follow.
    :param case_id: the case.
    :param step: how the step is called; the host's own code where it declares no name.
    :param headline: one sentence of the prompt that was answered.
    :param body: paragraphs of the prompt.
    :param words: the officer's own words; empty where there are none.
    :param reason: label of the coded reason; empty where there is none.
    :param document: the document named; empty where none is.
    :param until: when it is due, in the agency's zone.
    :param is_late: whether it is past that.
    :param is_own: whether the reader gave the answer, and so may not decide.
    """

    id: str
    kind: FollowUp
    case_id: str
    step: str
    headline: str
    body: tuple[str, ...]
    words: str
    reason: str
    document: str
    until: datetime
    is_late: bool
    is_own: bool


def shown(value: Value, scale: int) -> str:
    """Write a corrected value as the text of a form field.

    :param value: the value.
    :param scale: digits after the point that the field shows for money; 0 for a field in fen.
    :return: ``"800.00"`` for 80,000 fen and a scale of 2.
    """
    if isinstance(value, Money):
        if scale <= 0:
            return str(value.minor)
        sign, minor = ("-", -value.minor) if value.minor < 0 else ("", value.minor)
        return f"{sign}{minor // 10**scale}.{minor % 10**scale:0{scale}d}"
    return str(value)
