"""Whether the officer who takes a step is tied to a party: asked at a gate whose rules need it.

Whoever has an interest in a case stands back from it (Civil Servant Law, article 76; Administrative
Penalty Law 2021, article 43). The platform's registers know it, not the form: so it is asked, about
the parties of this case and nobody else, and the rules are told as if the event had said it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from cleangov_hooks import ActorKind, AttributeValue, Relation, Tie, guarded_call
from cleangov_plugin.desk.budget import Budget
from cleangov_plugin.desk.checkpoint.checked import Checked
from cleangov_plugin.desk.checkpoint.judging import Judged, judge
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_words import cleaned
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.terms import Phase
from cleangov_plugin.store import case_parties, pseudonyms

#: What a rule is told: that there is a tie, in which register, and as of which day.
TIED: Final = "tied_to_party"
SOURCE: Final = "tie_source"
AS_OF: Final = "tie_as_of"
#: Newest entries of the case that are looked at, while an officer waits.
_NEWEST: Final = 100
_LONGEST: Final = 200


def judged_with_ties(
    desk: Desk, connection: Connection, checked: Checked, budget: Budget
) -> tuple[Judged, Checked]:
    """Ask the rules of a gate; again, where one needs to know of a tie that a register knows.

    :param desk: the desk.
    :param connection: any connection.
    :param checked: the event that would be recorded.
    :param budget: looked at between rules, and before each party.
    :return: what they said, and of which event.
    :raises InvalidEvent: where no such agency is kept.
    """
    judged = judge(desk, connection, checked, Phase.GATE, out_of_time=budget.is_over)
    fields = (each for bound in judged.plan.bound for each in bound.rule.fields.values())
    tied = None
    if any(each.code == TIED for each in fields):
        tied = _tied(desk, connection, checked, budget)
    if tied is None:
        return judged, checked
    return judge(desk, connection, tied, Phase.GATE, out_of_time=budget.is_over), tied


def _tied(desk: Desk, connection: Connection, checked: Checked, budget: Budget) -> Checked | None:
    """Answer an event that says whether its officer is tied to a party; None where nobody knows.

    There is no tie where the registers say so of every party, and every party was asked about.
    The payload's digest stays what it is: what a pass binds is what the host asked.
    """
    actor = checked.event.actor
    if actor is None or actor.kind is not ActorKind.PERSON:
        return None
    answers = []
    for party in _parties(connection, checked):
        if budget.is_over():
            desk.counters.add("ties.unasked")
            return None
        found = None if party is None else _relation(desk, actor.id, party)
        if found is not None and found.tie is Tie.YES:
            return _with(checked, _told(found))
        answers.append(found is not None and found.tie is Tie.NO)
    return _with(checked, {TIED: False}) if answers and all(answers) else None


def _with(checked: Checked, told: dict[str, AttributeValue]) -> Checked:
    record = checked.record
    return checked._replace(record=replace(record, attributes={**record.attributes, **told}))


def _parties(connection: Connection, checked: Checked) -> Iterator[str | None]:
    """Name the parties of the event, then those that the case names besides.

    None stands for those whom nobody can name any more, or who were not looked for.
    """
    yield from dict.fromkeys(party.id for party in checked.event.parties)
    record = checked.record
    found = case_parties.parties_of(connection, record.log_id, record.case_id, newest=_NEWEST)
    others = [name for name in found.names if name not in record.parties]
    named = pseudonyms.identities(connection, record.log_id, others) if others else {}
    yield from named.values()
    if len(named) < len(others) or not found.is_whole:
        yield None


def _relation(desk: Desk, officer: str, party: str) -> Relation | None:
    report = guarded_call(
        desk.host.plugins, "cleangov_relation", officer_id=officer, party_id=party
    )
    return next((answer for answer in report.values if isinstance(answer, Relation)), None)


def _told(found: Relation) -> dict[str, AttributeValue]:
    told: dict[str, AttributeValue] = {TIED: True}
    source = cleaned(found.source) if isinstance(found.source, str) else None
    if source is not None:
        told[SOURCE] = source[:_LONGEST]
    if type(found.as_of) is date:
        told[AS_OF] = found.as_of
    return told
