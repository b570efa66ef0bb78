"""Suppressions, exemptions and deputies as those with the right read them: who, why, until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, TypeAlias

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own.clean_hands import teller_for
from cleangov_plugin.desk.review.rule_words import Teller
from cleangov_plugin.desk.settings import Settings
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.terms import Visibility
from cleangov_plugin.prompts.declarations import Declaration
from cleangov_plugin.prompts.deputies import Deputy
from cleangov_plugin.prompts.passing import Scope, Sort
from cleangov_plugin.store.declared_entries import AppliedSince

from .declaring import Book
from .deputies import DEPUTIES
from .exception_parts import applied_of, state_of, there, told_of
from .passings import PASSINGS, applied, quiet_rules

#: What ends within so long is told at the top.
SOON: Final = timedelta(days=14)
#: Of each section, at the most: those that stand, and those that are over, the newest first.
MOST: Final = 50
#: Newest entries in which it is counted how often each passed over something: a page stays a page.
COUNTED: Final = 10_000
_Names: TypeAlias = tuple[tuple[str, str], ...]


class Section(StrEnum):
    """One section of the page."""

    SUPPRESSION = Sort.SUPPRESSION.value
    EXEMPTION = Sort.EXEMPTION.value
    DEPUTY = "deputy"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionView:
    """A suppression, an exemption or a deputy that was declared.

    :param id: its id.
    :param section: which of them it is.
    :param rule_id: id of the rule; empty for a deputy.
    :param title: title of the rule; empty for a deputy.
    :param scope: for what: unit, step, case or party; for a deputy role or person.
    :param place: the unit, step, case or role; of people the pseudonym.
    :param basis: the law that exempts; empty where there is none.
    :param deputy: pseudonym of who stands in; empty for what is no deputy.
    :param why: the ground; open to everybody.
    :param state: ``waiting``, ``to_come``, ``in_force``, ``over``, ``refused``, ``withdrawn`` or
        ``lapsed``.
    :param declared_at: when, in the agency's zone.
    :param declared_by: pseudonym of who asked for it.
    :param confirmed_at: when a second person agreed; None where nobody has.
    :param confirmed_by: pseudonym of the second person.
    :param begins: from when it counts, once agreed to; None where it is from then on.
    :param ends: when it ends or ended.
    :param ended_by: pseudonym of who ended, refused or withdrew it; None where nobody did.
    :param ended_why: the ground for that.
    :param days_left: civil days to its end where that is soon; None otherwise.
    :param may_agree: whether the reader may agree to it.
    :param may_end: whether the reader may end, refuse or withdraw it.
    :param is_own: whether the reader asked for it.
    :param is_named: whether it is for a person or a party, whom the second person names to be sure.
    :param applied: checkpoints that it passed over; None for what passes over nothing.
    :param first_applied: when the first of them happened; None where there is none.
    :param last_applied: when the last of them did.
    """

    id: str
    section: Section
    rule_id: str
    title: str
    scope: str
    place: str
    basis: str
    deputy: str
    why: str
    state: str
    declared_at: datetime
    declared_by: str | None
    confirmed_at: datetime | None
    confirmed_by: str | None
    begins: datetime | None
    ends: datetime
    ended_by: str | None
    ended_why: str
    days_left: int | None
    may_agree: bool
    may_end: bool
    is_own: bool
    is_named: bool
    applied: int | None = None
    first_applied: datetime | None = None
    last_applied: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One section: what stands, then what is over.

    :param section: which.
    :param standing: what waits or holds, the first to end first.
    :param past: what is over, the newest first.
    :param is_cut: whether more is kept than is shown.
    """

    section: Section
    standing: tuple[ExceptionView, ...]
    past: tuple[ExceptionView, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionsView:
    """The whole page.

    :param sections: in their order.
    :param soon: what ends within `SOON`, the first to end first.
    :param waiting: what waits for the reader as the second person.
    :param rules: rules that somebody can be exempt from: id and title.
    :param quiet: rules that can be suppressed: id and title.
    :param roles: roles whom a rule or the settings name as second persons.
    :param counted_from: from when on it was counted what they passed over; None where all was.
    """

    sections: tuple[SectionView, ...]
    soon: tuple[ExceptionView, ...]
    waiting: tuple[ExceptionView, ...]
    rules: _Names
    quiet: _Names
    roles: tuple[str, ...]
    counted_from: datetime | None

    def find(self, id_: str) -> ExceptionView | None:
        """Answer what was declared under an id; None where the reader sees none such.

        :param id_: the id; hostile.
        """
        shown = (each for section in self.sections for each in (*section.standing, *section.past))
        return next((each for each in shown if each.id == id_), None)


def may_see(settings: Settings, person: Person) -> bool:
    """Answer whether somebody may open the page, and act on it.

    :param settings: the plugin's settings.
    :param person: who.
    """
    allowed = (*settings.reviewers.split(), *settings.stewards.split())
    return bool(person.roles & frozenset(allowed))


def exceptions_for(desk: Desk, person: Person, language: str) -> ExceptionsView | None:
    """Answer what was declared; None where the person has no right, or there is no ledger yet.

    :param desk: the desk.
    :param person: who looks.
    :param language: BCP 47 tag.
    """
    if not may_see(desk.settings, person):
        return None
    with desk.database.own_transaction(is_reading=True) as connection:
        teller = teller_for(desk, connection, person, language)
        if teller is None:
            return None
        return _view(teller, connection, _hidden(teller))


def book_of(section: Section) -> Book[Any]:
    """Answer the book in which a section is kept.

    :param section: the section.
    """
    return DEPUTIES if section is Section.DEPUTY else PASSINGS


def check_named(desk: Desk, log_id: str, one: ExceptionView, name: str, language: str) -> None:
    """Refuse to agree to somebody else than whom it is for: the page shows a pseudonym alone.

    :param desk: the desk.
    :param log_id: the agency's ledger.
    :param one: what was declared.
    :param name: whom the second person names, as the platform knows them; hostile.
    :param language: language of refusals.
    :raises DeclarationRefused: where it is for somebody else.
    """
    if not one.is_named:
        return
    role = "officer" if one.section is Section.DEPUTY else "party"
    if desk.people.pseudonym(log_id, role, name.strip()) != (one.deputy or one.place):
        raise book_of(one.section).refusal("named", language)


def _hidden(teller: Teller) -> frozenset[str]:
    """Name the rules that whoever looks may know nothing of."""
    settings, person = teller.desk.settings, teller.reader.person
    if person.roles & frozenset(settings.reviewers.split()):
        return frozenset()
    bound = teller.ledger.rules.bound
    open_ = {rule.id for rule, b in bound if b.visibility is not Visibility.OVERSIGHT}
    return frozenset(rule.id for rule, _ in bound) - open_


def _view(teller: Teller, connection: Connection, hidden: frozenset[str]) -> ExceptionsView:
    log_id = teller.ledger.log_id
    passings = [p for p in PASSINGS.records(connection, log_id) if p.rule not in hidden]
    found: dict[Section, list[Declaration]] = {section: [] for section in Section}
    for each in passings:
        found[Section(each.sort.value)].append(each)
    found[Section.DEPUTY].extend(DEPUTIES.records(connection, log_id))
    counts = applied(connection, log_id, passings, COUNTED)
    sections = tuple(_section(teller, name, those, counts) for name, those in found.items())
    standing = sorted((o for s in sections for o in s.standing), key=lambda each: each.ends)
    named = {rule.id: teller.title(rule.id) for rule, _ in teller.ledger.rules.bound}
    rules = tuple(sorted((i, title) for i, title in named.items() if i not in hidden))
    quiet = quiet_rules(teller.ledger)
    return ExceptionsView(
        sections=sections,
        soon=tuple(each for each in standing if each.days_left is not None),
        waiting=tuple(each for each in standing if each.may_agree),
        rules=rules,
        quiet=tuple(each for each in rules if each[0] in quiet),
        roles=_asked_roles(teller, hidden),
        counted_from=there(teller, counts.since) if counts.since else None,
    )


def _asked_roles(teller: Teller, hidden: frozenset[str]) -> tuple[str, ...]:
    """List the roles for which somebody may stand in."""
    rules = (rule for rule, _ in teller.ledger.rules.bound if rule.id not in hidden)
    asked = {answer.role for rule in rules for answer in rule.answers if answer.role}
    return tuple(sorted(asked | set(teller.desk.settings.second_heads.split())))


def _section(
    teller: Teller, section: Section, those: list[Declaration], counts: AppliedSince
) -> SectionView:
    now = teller.desk.host.now()
    standing = sorted((d for d in those if not d.is_over(now)), key=lambda d: (d.ends, d.id))
    past = sorted((d for d in those if d.is_over(now)), key=lambda d: (d.ends, d.id), reverse=True)
    return SectionView(
        section=section,
        standing=tuple(_one(teller, section, each, counts) for each in standing[:MOST]),
        past=tuple(_one(teller, section, each, counts) for each in past[:MOST]),
        is_cut=max(len(standing), len(past)) > MOST,
    )


def _one(teller: Teller, section: Section, one: Declaration, counts: AppliedSince) -> ExceptionView:
    zone, person, now = teller.ledger.zone, teller.reader.person, teller.desk.host.now()
    own = teller.desk.people.pseudonym(teller.ledger.log_id, "officer", person.id)
    told, is_over, is_own = told_of(teller, one), one.is_over(now), one.declared_by == own
    is_free = one.confirmed_at is None and not is_own and told["deputy"] != own
    is_soon = not is_over and one.ends - now <= SOON
    today = now.astimezone(zone).date()
    return ExceptionView(
        id=one.id,
        section=section,
        **told,
        why=one.why,
        state=state_of(one, now),
        declared_at=one.declared_at.astimezone(zone),
        declared_by=one.declared_by,
        confirmed_at=one.confirmed_at.astimezone(zone) if one.confirmed_at else None,
        confirmed_by=one.confirmed_by,
        begins=one.begins.astimezone(zone) if isinstance(one, Deputy) else None,
        ends=one.ends.astimezone(zone),
        ended_by=one.ended_by,
        ended_why=one.ended_why,
        days_left=(one.ends.astimezone(zone).date() - today).days if is_soon else None,
        may_agree=not is_over and is_free,
        may_end=not is_over,
        is_own=is_own,
        is_named=section is Section.DEPUTY or told["scope"] == Scope.PARTY.value,
        **applied_of(teller, one, counts),
    )
