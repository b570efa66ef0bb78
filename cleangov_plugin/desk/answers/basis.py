"""What an answer rests on, checked when it is given: reason, document, approver, day."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from cleangov_hooks import Actor, Answer, Evidence
from cleangov_plugin.calendar import civil_day
from cleangov_plugin.desk.checkpoint.checked import is_plain
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_words import whole
from cleangov_plugin.desk.prompting.choices import last_day
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.reasons import Reason
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.prompts.panel import Offer
from cleangov_plugin.store import answer_bases, pseudonyms
from cleangov_plugin.store.answer_bases import BasisRow

from . import refusing
from .named import people_with
from .waiting import Row

#: Characters of a document's number or a file's name, and of an id.
_LONGEST: Final = 200
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What an answer rests on, each where the answer asks for it.

    :param reason: the coded reason.
    :param evidence: the document named.
    :param approver: who approved.
    :param approver_name: their pseudonym.
    :param until: the day by which what was put off follows.
    """

    reason: str | None = None
    evidence: Evidence | None = None
    approver: Actor | None = None
    approver_name: str | None = None
    until: date | None = None

    @property
    def document(self) -> str | None:
        """Answer the document as one text, with its digest where there is one."""
        if self.evidence is None:
            return None
        named, digest = self.evidence.reference, self.evidence.digest
        return f"{named} sha256:{digest}" if digest else named

    @property
    def parts(self) -> tuple[str | None, ...]:
        """Answer what tells two answers apart that have the same words."""
        day = self.until.isoformat() if self.until else None
        return self.reason, self.document, self.approver_name, day

    def row(self, answer_id: str, prompt_id: str) -> BasisRow | None:
        """Answer the row of its table; None where it rests on nothing.

        :param answer_id: the answer.
        :param prompt_id: the prompt answered.
        """
        if not any(self.parts):
            return None
        return BasisRow(
            answer_id=answer_id,
            prompt_id=prompt_id,
            reason=self.reason,
            evidence=self.evidence.reference if self.evidence else None,
            evidence_hash=(self.evidence.digest or None) if self.evidence else None,
            approver=self.approver_name,
            until_on=self.until.isoformat() if self.until else None,
        )


def checked(desk: Desk, ledger: Ledger, prompt: Row, offer: Offer, given: Answer) -> Basis:
    """Check what an answer rests on against what its choice asks for.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :param prompt: row of the prompt.
    :param offer: the choice.
    :param given: what was answered; hostile.
    :raises AnswerRefused: with the key of a phrase for the person.
    """
    reason = _reason(offer, given.reason)
    if (offer.needs_text or (reason and reason.needs_text)) and whole(given.text) is None:
        raise AnswerRefused("error.words")
    approver = _approver(desk, prompt, offer, given)
    pseudonym = desk.people.pseudonym
    return Basis(
        reason=reason.code if reason else None,
        evidence=_evidence(given.evidence, reason) if offer.reasons else None,
        approver=approver,
        approver_name=pseudonym(prompt["log_id"], "officer", approver.id) if approver else None,
        until=_until(desk, ledger, prompt, offer, given),
    )


def keep_basis(
    desk: Desk, connection: Connection, prompt: Row, answer_id: str, basis: Basis
) -> None:
    """Keep what an answer rests on, and who stands behind the pseudonym of an approver.

    :param desk: the desk.
    :param connection: a writing connection of our own.
    :param prompt: row of the prompt.
    :param answer_id: the answer.
    :param basis: what it rests on.
    """
    row, retention = basis.row(answer_id, prompt["prompt_id"]), desk.retention("case")
    if row is not None:
        answer_bases.save(connection, row, retention)
    if basis.approver is not None and basis.approver_name is not None:
        people = [(basis.approver_name, "officer", basis.approver.id)]
        pseudonyms.add_missing(connection, prompt["log_id"], people, frozenset(), retention)


def is_same_basis(connection: Connection, answer_id: str, given: Answer) -> bool:
    """Answer whether an answer that comes again rests on what it rested on before.

    :param connection: any connection.
    :param answer_id: the answer that is kept.
    :param given: what came again; hostile.
    """
    kept = answer_bases.find(connection, answer_id) or BasisRow(answer_id="", prompt_id="")
    named = given.evidence.reference.strip() if given.evidence else ""
    day = given.until.isoformat() if given.until else None
    return (kept.reason, kept.evidence, kept.until_on) == (given.reason or None, named or None, day)


def _reason(offer: Offer, code: str) -> Reason | None:
    if not offer.reasons:
        if code:
            raise AnswerRefused("error.no_reason", where=refusing.NOT_OFFERED)
        return None
    if not code:
        raise AnswerRefused("error.coded_reason")
    found = next((reason for reason in offer.reasons if reason.code == code), None)
    if found is None:
        raise AnswerRefused("error.coded_reason", where=refusing.NOT_OFFERED)
    return found


def _evidence(given: Evidence | None, reason: Reason | None) -> Evidence | None:
    named = given.reference.strip() if given else ""
    if given is None or not (named or given.digest):
        if reason is not None and reason.needs_evidence:
            raise AnswerRefused("error.evidence")
        return None
    is_fit = 0 < len(named) <= _LONGEST and named.isprintable() and is_plain(named)
    if not is_fit or (given.digest and not _DIGEST.fullmatch(given.digest)):
        raise AnswerRefused("error.evidence")
    return Evidence(reference=named, digest=given.digest)


def _approver(desk: Desk, prompt: Row, offer: Offer, given: Answer) -> Actor | None:
    if offer.then != "glass":
        return None
    named = given.approver
    if named is None or not named.id.strip():
        raise AnswerRefused("error.approver")
    is_fit = len(named.id) <= _LONGEST and is_plain(named.id)
    if not (is_fit and offer.role and _has_role(desk, named, offer.role)):
        raise AnswerRefused("error.approver", where=refusing.ROLE)
    if desk.people.pseudonym(prompt["log_id"], "officer", named.id) == prompt["actor"]:
        raise AnswerRefused("error.approver.own", where=refusing.OWN_STEP)
    return named


def _has_role(desk: Desk, named: Actor, role: str) -> bool:
    """Answer whether a person has a role: as the host said with the answer, or says now."""
    return role in named.roles or any(each.id == named.id for each in people_with(desk, role))


def _until(desk: Desk, ledger: Ledger, prompt: Row, offer: Offer, given: Answer) -> date | None:
    latest = last_day(ledger, civil_day(instant(prompt["created_at"]), ledger.zone), offer)
    if latest is None:
        return None
    if given.until is None or not desk.today(ledger) <= given.until <= latest:
        raise AnswerRefused("error.until")
    return given.until
