"""What is told of a suppression, exemption or deputy: what it is for, how it stands, how often."""

from datetime import datetime
from typing import Any

from cleangov_plugin.desk.review.rule_words import Teller
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.prompts.declarations import Declaration
from cleangov_plugin.prompts.deputies import Deputy
from cleangov_plugin.prompts.passing import Passing
from cleangov_plugin.store.declared_entries import AppliedSince


def there(teller: Teller, at: str) -> datetime:
    """Answer an instant on the clock of the agency.

    :param teller: of the ledger.
    :param at: fixed-width UTC text.
    """
    return instant(at).astimezone(teller.ledger.zone)


def applied_of(teller: Teller, one: Declaration, counts: AppliedSince) -> dict[str, Any]:
    """Tell how often it passed over something; a deputy passes over nothing.

    :param teller: of the ledger.
    :param one: what was declared.
    :param counts: what was counted.
    """
    if not isinstance(one, Passing) or one.confirmed_at is None:
        return {}
    found = counts.found.get(one.id)
    if found is None:
        return {"applied": 0}
    first, last = there(teller, found.first_at), there(teller, found.last_at)
    return {"applied": found.number, "first_applied": first, "last_applied": last}


def told_of(teller: Teller, one: Declaration) -> dict[str, Any]:
    """Tell what it is for.

    :param teller: of the ledger.
    :param one: what was declared.
    """
    if isinstance(one, Deputy):
        scope, place = ("role", one.role) if one.role else ("person", one.person)
        plain = {"rule_id": "", "title": "", "basis": ""}
        return {**plain, "scope": scope, "place": place, "deputy": one.deputy}
    assert isinstance(one, Passing)  # noqa: S101 - the books hold these two alone
    return {
        "rule_id": one.rule,
        "title": teller.title(one.rule),
        "scope": one.scope.value,
        "place": one.place,
        "basis": one.basis,
        "deputy": "",
    }


def state_of(one: Declaration, now: datetime) -> str:
    """Tell where it stands; what ended unagreed was refused, withdrawn or left lying.

    :param one: what was declared.
    :param now: the present time, aware.
    """
    if one.confirmed_at is None:
        if not one.is_over(now):
            return "waiting"
        if one.ended_by is None:
            return "lapsed"
        return "withdrawn" if one.ended_by == one.declared_by else "refused"
    if one.is_over(now):
        return "over"
    return "to_come" if isinstance(one, Deputy) and one.begins > now else "in_force"
