"""Suppressions and exemptions: declared by a steward, agreed to by another, until a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cleangov_hooks import Person
from cleangov_plugin.desk.checkpoint.passing_over import SUBJECT, red_rules
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.prompts.passing import BY, KINDS, LONGEST, SCOPES, Passing, Scope, Sort
from cleangov_plugin.prompts.passing import declared as read
from cleangov_plugin.store import declared_entries, rulebook
from cleangov_plugin.store.declared_entries import AppliedSince

from .declaring import Book

_LONGEST_PLACE, _LONGEST_BASIS = 200, 300
_REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "rule": ("现行规则中没有 {rule}。", "there is no rule {rule} in force."),
    "red": (
        "{rule} 属红色，不能抑制：法律另有规定时，只能对某个案件或当事人作豁免。",
        "{rule} is red and is never suppressed; where a law says so, a case or a party is exempt.",
    ),
    "scope": ("须写明其中一项：{scopes}。", "name one of these: {scopes}."),
}


PASSINGS: Final = Book(
    kinds=KINDS,
    subject=SUBJECT,
    step="passing",
    read=read,
    called=("抑制或豁免", "suppression or exemption"),
    refusals=_REFUSALS,
    looked_for="passings",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A suppression or an exemption that somebody wants to declare.

    :param sort: which of both.
    :param rule: id of the rule.
    :param places: for what, by scope; one of them. A party by the platform's own id.
    :param why: the ground; open to everybody.
    :param until: when it ends by itself, aware.
    :param basis: the law that exempts.
    """

    sort: Sort
    rule: str
    places: Mapping[Scope, str]
    why: str
    until: datetime
    basis: str = ""


def declare(desk: Desk, log_id: str, wish: Wish, person: Person, language: str) -> str:
    """Declare a suppression or an exemption; it counts once somebody else has agreed.

    :param desk: the desk.
    :param log_id: the agency's ledger.
    :param wish: what is declared; hostile.
    :param person: who declares it.
    :param language: language of refusals.
    :return: its id.
    :raises DeclarationRefused: where it has no end, no ground or no place, or the rule is red.
    """
    _check_rule(desk, log_id, wish, language)
    named = [(scope, place) for scope, place in wish.places.items() if place]
    if len(named) != 1 or named[0][0] not in SCOPES[wish.sort]:
        scopes = ", ".join(f"--{scope.value}" for scope in SCOPES[wish.sort])
        raise PASSINGS.refusal("scope", language, scopes=scopes)
    scope, place = named[0]
    place = PASSINGS.name(place, f"--{scope.value}", language, _LONGEST_PLACE)
    if scope is Scope.PARTY:
        place = desk.people.pseudonym(log_id, "party", place)
    basis = None
    if wish.sort is Sort.EXEMPTION:
        basis = PASSINGS.name(wish.basis, "--basis", language, _LONGEST_BASIS)
    attributes = {
        "sort": wish.sort.value,
        "rule": wish.rule,
        "scope": scope.value,
        "place": place,
        "basis": basis,
        "why": PASSINGS.why(wish.why, language),
        "until": PASSINGS.until(desk, wish.until, "--until", LONGEST[wish.sort], language),
    }
    return PASSINGS.declare(desk, log_id, person, attributes, language)


def counted(desk: Desk, log_id: str) -> tuple[tuple[Passing, int], ...]:
    """Answer all suppressions and exemptions, each with how many checkpoints it passed over.

    :param desk: the desk.
    :param log_id: the agency's ledger.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        all_ = PASSINGS.records(connection, log_id)
        found = applied(connection, log_id, all_).found
        return tuple((each, found[each.id].number if each.id in found else 0) for each in all_)


def applied(
    connection: Connection, log_id: str, those: Iterable[Passing], most: int | None = None
) -> AppliedSince:
    """Answer how often suppressions and exemptions passed over something; no row where none may.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param those: which.
    :param most: newest entries that are looked at; None for all.
    """
    agreed = [each.confirmed_at for each in those if each.confirmed_at is not None]
    if not agreed:
        return AppliedSince({}, "")
    return declared_entries.applied(connection, log_id, BY, stamp(min(agreed)), most)


def quiet_rules(ledger: Ledger) -> frozenset[str]:
    """Name the rules in force that can be suppressed.

    :param ledger: the agency's ledger.
    """
    return frozenset(rule.id for rule, _ in ledger.rules.bound) - red_rules(ledger)


def _check_rule(desk: Desk, log_id: str, wish: Wish, language: str) -> None:
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = desk.shelf.ledger(connection, log_id)
        if ledger is not None:
            desk.shelf.refresh(connection, ledger, *rulebook.revisions(connection, log_id))
    bound = ledger.rules.bound if ledger is not None else ()
    if ledger is None or wish.rule not in {rule.id for rule, _ in bound}:
        raise PASSINGS.refusal("rule", language, rule=wish.rule[:40])
    if wish.sort is Sort.SUPPRESSION and wish.rule in red_rules(ledger):
        raise PASSINGS.refusal("red", language, rule=wish.rule)
