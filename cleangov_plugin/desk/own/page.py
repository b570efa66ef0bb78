"""The page of one officer: what waits for them and until when. Nothing of anybody else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from cleangov_hooks import Person
from cleangov_plugin.desk.answers.doubting import DoubtView, asked_of, raised_by
from cleangov_plugin.desk.answers.follow_views import follow_ups_of, put_off_by
from cleangov_plugin.desk.choice.person_statistics import (
    PersonFigures,
    figures_for,
    in_force,
    looks_at_figures,
)
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.host_labels import kind_called
from cleangov_plugin.desk.letters.receiving import inbox
from cleangov_plugin.desk.letters.views import LetterView
from cleangov_plugin.desk.prompting.inbox import requests
from cleangov_plugin.desk.prompting.reading import panel_of
from cleangov_plugin.desk.prompting.step_pages import way_to
from cleangov_plugin.desk.prompting.views import FollowView, Note, RequestView
from cleangov_plugin.desk.review.rule_words import Teller
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.terms import AttemptState
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.store.own_entries import cases_of
from cleangov_plugin.store.own_prompts import own_prompts

from .clean_hands import teller_for
from .commitments import CommitmentView, commitments
from .lessons import LessonView, lesson_for
from .looks import OwnLook, looks_at

#: Prompts shown at the most, and for how long one is looked for.
MOST: Final = 20
_LOOKS_BACK: Final = timedelta(days=30)
#: Cases listed at the most, and for how long one is looked for.
MOST_CASES: Final = 20
_ACTED: Final = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPrompt:
    """A prompt that stands before the officer, without the ways to answer: those stand at the step.

    :param case_id: the case.
    :param step: how the step is called; the host's own code where it declares no name.
    :param state: held, waiting for a second person, or passed: agreed to and still to be taken.
    :param headline: one sentence.
    :param body: paragraphs: facts and legal duty.
    :param basis: citations.
    :param notes: how far a second person is.
    :param at: when it was first shown, in the agency's zone.
    :param page: path of the step's own page; empty where the platform told none.
    """

    case_id: str
    step: str
    state: AttemptState
    headline: str
    body: tuple[str, ...]
    basis: tuple[str, ...]
    notes: tuple[Note, ...]
    at: datetime
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The day by which the officer is asked for something.

    :param day: the civil day in the agency's zone.
    :param left: working days after today up to that day; None where no calendar knows them.
    """

    day: date
    left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """What waits for one person.

    :param prompts: prompts that hold a step of theirs, the newest first.
    :param is_cut: whether older prompts were not looked at.
    :param requests: requests to agree to a step of somebody else, oldest first.
    :param letters: letters of supervision to them, the newest first.
    :param doubts: prompts that they said are wrong, and the answers, the newest first.
    :param to_judge: doubts of others that they may answer, the first that is due first.
    :param to_follow: what follows on answers of others and is theirs to decide.
    :param put_off: what they have put off themselves.
    :param next: the nearest day asked for; None where there is none.
    :param cases: cases in which the person acted of late, the newest first.
    :param looks: who has seen their name or fields in these cases, the newest first.
    :param lesson: of what they put right last; None where there is none to offer.
    :param commitments: those that are due, and those that were confirmed within the year.
    :param figures: the figures about them, where it was decided that there are any; else None.
    :param figure_titles: titles of the rules in the figures, by rule.
    :param figure_looks: when somebody else looked at those, the newest first.
    """

    prompts: tuple[OwnPrompt, ...]
    is_cut: bool
    requests: tuple[RequestView, ...]
    letters: tuple[LetterView, ...]
    doubts: tuple[DoubtView, ...]
    to_judge: tuple[DoubtView, ...]
    to_follow: tuple[FollowView, ...]
    put_off: tuple[FollowView, ...]
    next: Deadline | None
    cases: tuple[str, ...]
    looks: tuple[OwnLook, ...]
    lesson: LessonView | None = None
    commitments: tuple[CommitmentView, ...] = ()
    figures: PersonFigures | None = None
    figure_titles: Mapping[str, str] = field(default_factory=dict)
    figure_looks: tuple[datetime, ...] = ()

    @property
    def to_answer(self) -> int:
        """Answer how many letters wait for an answer."""
        return sum(letter.is_waiting for letter in self.letters)

    @property
    def to_decide(self) -> int:
        """Answer how many requests the person may decide."""
        return sum(not request.is_own for request in self.requests)

    @property
    def is_empty(self) -> bool:
        """Answer whether nothing is to be done."""
        waits = self.prompts or self.to_decide or self.to_answer or self.to_judge
        is_due = any(each.made_at is None for each in self.commitments)
        return not (waits or is_due or self.to_follow or self.put_off)


def own_page(desk: Desk, person: Person, language: str, is_read: Callable[[str], bool]) -> OwnPage:
    """Answer what waits for a person.

    :param desk: the desk.
    :param person: who looks; nothing but their own is read.
    :param language: BCP 47 tag.
    :param is_read: whether their device says that the lesson of a rule was read there.
    """
    asked, letters = requests(desk, person, language), inbox(desk, person, language)
    to_judge = tuple(d for d in asked_of(desk, person, language) if not d.is_own)
    to_follow = tuple(f for f in follow_ups_of(desk, person, language) if not f.is_own)
    put_off = put_off_by(desk, person, language)
    days = [each.until.date() for each in asked if not each.is_own]
    days += [each.until.date() for each in to_judge]
    days += [each.until.date() for each in (*to_follow, *put_off)]
    days += [each.due_on for each in letters if each.is_waiting]
    log_id = desk.host.agency().id
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = desk.shelf.ledger(connection, log_id)
        found, is_cut = (
            _prompts(desk, connection, ledger, person, language) if ledger else ((), False)
        )
        nearest = _deadline(desk, ledger, min(days)) if days and ledger else None
        acted = _acted(desk, connection, person, language, is_read)
    return OwnPage(
        prompts=found,
        is_cut=is_cut,
        requests=asked,
        letters=letters,
        doubts=raised_by(desk, person, language),
        to_judge=to_judge,
        to_follow=to_follow,
        put_off=put_off,
        next=nearest,
        **acted,
    )


def _acted(
    desk: Desk,
    connection: Connection,
    person: Person,
    language: str,
    is_read: Callable[[str], bool],
) -> dict[str, Any]:
    """Answer what is told of the work of a person: their cases, and what follows from them."""
    teller = teller_for(desk, connection, person, language)
    if teller is None:
        return {"cases": (), "looks": ()}
    log_id = teller.ledger.log_id
    own, since = desk.people.pseudonym(log_id, "officer", person.id), desk.host.now() - _ACTED
    cases = cases_of(connection, log_id, own, person.unit, since=since, size=MOST_CASES)
    return {
        "cases": cases,
        "looks": looks_at(desk, teller, own, cases),
        "lesson": lesson_for(desk, teller, person, is_read),
        "commitments": commitments(desk, connection, teller.ledger, person, language),
        **_figures(teller, own),
    }


def _figures(teller: Teller, own: str) -> dict[str, Any]:
    """Answer the figures about a person, where there are any: they read them first."""
    desk, connection, ledger = teller.desk, teller.connection, teller.ledger
    if desk.settings.person_statistics != "on":
        return {}
    zone, decision = ledger.zone, in_force(desk, connection, ledger.log_id)
    figures = None
    if decision is not None:
        there = replace(decision, until=decision.until.astimezone(zone))
        figures = figures_for(desk, connection, ledger.log_id, own, there)
    looks = looks_at_figures(desk, connection, ledger.log_id, own)
    return {
        "figures": figures,
        "figure_titles": {rule: teller.title(rule) for rule in figures.by_rule} if figures else {},
        "figure_looks": tuple(look.astimezone(zone) for look in looks),
    }


def _prompts(
    desk: Desk, connection: Connection, ledger: Ledger, person: Person, language: str
) -> tuple[tuple[OwnPrompt, ...], bool]:
    now = desk.host.now()
    own = desk.people.pseudonym(ledger.log_id, "officer", person.id)
    found = own_prompts(connection, ledger.log_id, own, since=now - _LOOKS_BACK, now=now, size=MOST)
    newest = {row["attempt_id"]: row for row in reversed(found.rows)}
    shown = []
    for row in reversed(newest.values()):
        view = panel_of(desk, connection, ledger, row, language)
        if view is not None:
            shown.append(
                OwnPrompt(
                    case_id=row["subject"],
                    step=kind_called(desk, row["kind"], row["step"], language),
                    state=AttemptState(row["attempt_state"]),
                    headline=view.headline,
                    body=view.body,
                    basis=view.basis,
                    notes=view.notes,
                    at=instant(row["created_at"]).astimezone(ledger.zone),
                    page=way_to(row["context"], row["attempt_id"]),
                )
            )
    return tuple(shown), found.is_cut


def _deadline(desk: Desk, ledger: Ledger, day: date) -> Deadline:
    today = desk.today(ledger)
    left = ledger.calendar.working_days_between(today, day) if ledger.calendar else None
    return Deadline(day=day, left=left)
