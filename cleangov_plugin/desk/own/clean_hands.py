"""The clean-hands record of one officer in one case: duties recorded as done, and no more.

It is made from rules that officers may see, and from nothing else: were it withheld or shorter
while something hidden is looked into, its absence would tell the officer so. Whoever has none is
listed nowhere. What was put right at a prompt does not stand in it: the officer may hand it on.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cleangov_hooks import Person, Precision
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.review.answers import told_prompts
from cleangov_plugin.desk.review.case_views import PromptView
from cleangov_plugin.desk.review.checkpoints import agencies_of, agency_view, entry_view
from cleangov_plugin.desk.review.entry_views import OutcomeView
from cleangov_plugin.desk.review.readers import Reader, open_ledger
from cleangov_plugin.desk.review.rule_words import Teller
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase, Result, Visibility
from cleangov_plugin.ledger.body import record_of
from cleangov_plugin.rules.planning import plan
from cleangov_plugin.store import own_entries, review_cases
from cleangov_plugin.store.review import Reach

from .looks import OwnLook, looks_at

#: A case of more steps of one officer is told to be cut.
MOST: Final = 200
_UNKNOWN: Final = frozenset({Result.CANNOT_BE_CHECKED, Result.ERROR, Result.TIMEOUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStep:
    """A step that the platform recorded as done by the officer.

    :param label: how its kind is called.
    :param step: the host's own name of the step.
    :param event_id: id of the event in its source.
    :param source: which system said so.
    :param lane: lane of the entry.
    :param no: number in the lane.
    :param occurred_at: when it happened, in the agency's zone.
    :param recorded_at: when the host recorded it, in the agency's zone.
    :param precision: how finely `occurred_at` is known.
    :param is_corrected: whether a later entry corrects it.
    :param quiet: titles of the rules that looked at it and had nothing to say.
    :param found: what rules found, settled by an answer or not.
    :param unchecked: what could not be checked.
    :param is_earlier: whether it was judged by rules other than those in force now: then what they
        said is not known here in full.
    """

    label: str
    step: str
    event_id: str
    source: str
    lane: int
    no: int
    occurred_at: datetime
    recorded_at: datetime
    precision: Precision
    is_corrected: bool
    quiet: tuple[str, ...]
    found: tuple[OutcomeView, ...]
    unchecked: tuple[OutcomeView, ...]
    is_earlier: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanHands:
    """What an officer is recorded to have done in a case.

    :param log_id: the agency's ledger.
    :param agency: its name in the reader's language.
    :param case_id: the case.
    :param officer: pseudonym of the officer.
    :param made_at: when this was made, in the agency's zone.
    :param steps: the steps, in the order of the acts.
    :param is_cut: whether there are more than are shown.
    :param prompts: prompts that were not simply heeded, with the answers, oldest first.
    :param looks: who saw the officer's name or fields in this case.
    """

    log_id: str
    agency: str
    case_id: str
    officer: str
    made_at: datetime
    steps: tuple[OwnStep, ...]
    is_cut: bool
    prompts: tuple[PromptView, ...]
    looks: tuple[OwnLook, ...]

    @property
    def is_unchecked(self) -> bool:
        """Answer whether there is anything that could not be checked."""
        return any(step.unchecked or step.is_earlier for step in self.steps)


def clean_hands(desk: Desk, person: Person, case_id: str, language: str) -> CleanHands | None:
    """Tell an officer what they are recorded to have done in a case.

    :param desk: the desk.
    :param person: who looks; nothing of anybody else is read.
    :param case_id: the case; hostile.
    :param language: BCP 47 tag.
    :return: the record; None where no step of theirs stands in such a case.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        teller = teller_for(desk, connection, person, language)
        if teller is None or "\x00" in case_id:
            return None
        log_id = teller.ledger.log_id
        own = desk.people.pseudonym(log_id, "officer", person.id)
        rows = own_entries.of_officer(connection, log_id, case_id, own)
        if not rows:
            return None
        corrected = own_entries.superseded(connection, log_id, case_id)
        held = review_cases.held(connection, log_id, case_id, teller.reader.reach)
        theirs = [each for each in held if each.attempt["actor"] == own]
        return CleanHands(
            log_id=log_id,
            agency=agency_view(agencies_of(connection, teller.reader), log_id).name,
            case_id=case_id,
            officer=own,
            made_at=desk.host.now().astimezone(teller.ledger.zone),
            steps=tuple(_step(teller, row, corrected) for row in rows[:MOST]),
            is_cut=len(rows) > MOST,
            prompts=told_prompts(teller, theirs).prompts,
            looks=looks_at(desk, teller, own, [case_id]),
        )


def teller_for(desk: Desk, connection: Connection, person: Person, language: str) -> Teller | None:
    """Answer who tells an officer of their own; None where the agency has no ledger yet.

    :param desk: the desk.
    :param connection: any connection.
    :param person: who looks.
    :param language: BCP 47 tag.
    """
    own = desk.host.agency().id
    reader = Reader(person=person, own=own, reach=Reach(), language=language)
    ledger = open_ledger(desk, connection, reader, own)
    if ledger is None:
        return None
    return Teller(desk=desk, connection=connection, ledger=ledger, reader=reader)


def _step(teller: Teller, row: Mapping[str, Any], corrected: frozenset[str]) -> OwnStep:
    document = json.loads(row["body"])
    shown = _officers(teller.ledger)
    document["outcomes"] = [o for o in document["outcomes"] if (o[0], o[1], o[3]) in shown]
    view = entry_view(teller, {**row, "body": json.dumps(document)})
    record = record_of(document, row["id"])
    said = {(o[0], o[1], o[3]) for o in document["outcomes"]}
    is_earlier = document["ruleset"] != teller.ledger.rules.revision
    return OwnStep(
        label=view.label,
        step=view.step,
        event_id=record.event_id,
        source=record.source,
        lane=row["lane"],
        no=row["no"],
        occurred_at=view.occurred_at,
        recorded_at=view.recorded_at,
        precision=view.precision,
        is_corrected=row["event_key"] in corrected,
        quiet=() if is_earlier else _quiet(teller, record, shown - said),
        found=tuple(outcome for outcome in view.outcomes if outcome.result not in _UNKNOWN),
        unchecked=tuple(outcome for outcome in view.outcomes if outcome.result in _UNKNOWN),
        is_earlier=is_earlier,
    )


def _officers(ledger: Ledger) -> frozenset[tuple[str, int, str]]:
    """Name the rules, by binding, of which officers may see what they say of an event."""
    return frozenset(
        (rule.id, rule.version, binding.id)
        for rule, binding in ledger.rules.bound
        if Phase.EVENT in binding.phases and binding.visibility is Visibility.OFFICER
    )


def _quiet(
    teller: Teller, record: Record, named: frozenset[tuple[str, int, str]]
) -> tuple[str, ...]:
    """Answer the titles of the rules that were asked about a step and had nothing to say."""
    asked = plan(
        teller.ledger.rules,
        record.kind,
        Phase.EVENT,
        on=record.occurred_at.astimezone(teller.ledger.zone).date(),
        unit=record.unit,
        step=record.step,
        source=record.source,
    )
    found = [
        bound.rule
        for bound in asked.bound
        if (bound.rule.id, bound.rule.version, bound.binding.id) in named
        and (not bound.streams or record.stream in bound.streams)
    ]
    return tuple(dict.fromkeys(teller.title(rule.id, rule.version) for rule in found))
