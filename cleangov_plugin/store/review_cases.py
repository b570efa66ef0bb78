"""Everything kept of one case: its entries, what stood before its officers, what was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, or_, select

from cleangov_plugin.domain.terms import AttemptState, Fate, Mark

from . import tables
from .review import LARGE_CASE, Condition, Reach
from .run import first, rows, run

#: Attempts of a case that are looked at; a case with more is told to be cut.
MOST_ATTEMPTS = 500
_MOST_FINDINGS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One entry of a case in brief.

    :param id: number of its row.
    :param event_key: key of its event.
    :param kind: kind of its event.
    :param stream: business stream.
    :param occurred_at: fixed-width UTC text.
    :param recorded_at: fixed-width UTC text.
    :param marks: what the rules said, as `Mark`.
    :param supersedes: key of the event it corrects.
    """

    id: int
    event_key: str
    kind: str
    stream: str
    occurred_at: str
    recorded_at: str
    marks: int
    supersedes: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An attempt of a case with what stood before the officer.

    :param attempt: row of the attempt.
    :param prompts: rows of its prompts, oldest first.
    :param answers: rows of the answers to them, oldest first.
    :param requests: rows of requests to a second person, oldest first.
    """

    attempt: dict[str, Any]
    prompts: tuple[dict[str, Any], ...]
    answers: tuple[dict[str, Any], ...]
    requests: tuple[dict[str, Any], ...]


def traces(
    connection: Connection, log_id: str, subject: str, reach: Reach
) -> tuple[tuple[Trace, ...], bool]:
    """Answer the entries of a case in the order in which they were recorded here.

    Somebody who may see one unit sees the case if that unit has an entry in it: then also what
    nobody of any unit did, such as a citizen's answer, but nothing of other units.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    :param reach: how far the reader may see.
    :return: the entries, and whether there are more than can be looked at.
    """
    entry = tables.entry
    names = Trace.__dataclass_fields__
    query = (
        select(*(entry.c[name] for name in names))
        .where(entry.c.log_id == log_id, entry.c.subject == subject)
        .where(*_seen_by(log_id, subject, reach))
        .limit(LARGE_CASE + 1)
    )
    found = [Trace(**row) for row in run(connection, query).mappings()]
    ordered = sorted(found[:LARGE_CASE], key=lambda trace: trace.id)
    return tuple(ordered), len(found) > LARGE_CASE


def whole(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Fetch entries by number, as rows of their table. Ask only for what `traces` answered.

    :param connection: any connection.
    :param ids: numbers of rows.
    """
    entry = tables.entry
    query = select(entry).where(entry.c.id.in_(list(ids)))
    return {row["id"]: row for row in rows(connection, query)} if ids else {}


def held(connection: Connection, log_id: str, subject: str, reach: Reach) -> tuple[Held, ...]:
    """Answer the attempts of a case that a prompt stood before.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    :param reach: how far the reader may see.
    """
    attempt, prompt = tables.attempt, tables.prompt
    mine = [] if reach.unit is None else [attempt.c.unit == reach.unit]
    query = select(attempt).where(attempt.c.log_id == log_id, attempt.c.subject == subject, *mine)
    tries = {row["attempt_id"]: row for row in rows(connection, query.limit(MOST_ATTEMPTS))}
    asked = _of_attempts(connection, prompt, log_id, tries, "created_at")
    prompted = [row["prompt_id"] for row in asked]
    answer = tables.answer
    basis = tables.answer_basis
    rests = (basis.c.reason, basis.c.evidence, basis.c.evidence_hash, basis.c.approver)
    given = (
        select(answer, *rests, basis.c.until_on)
        .outerjoin(basis, basis.c.answer_id == answer.c.answer_id)
        .where(answer.c.prompt_id.in_(prompted))
        .order_by(answer.c.answered_at)
    )
    answers = rows(connection, given) if prompted else []
    requests = _of_attempts(connection, tables.second_request, log_id, tries, "requested_at")
    return tuple(
        Held(
            attempt=tries[id_],
            prompts=tuple(row for row in asked if row["attempt_id"] == id_),
            answers=tuple(
                row
                for row in answers
                if any(p["prompt_id"] == row["prompt_id"] and p["attempt_id"] == id_ for p in asked)
            ),
            requests=tuple(row for row in requests if row["attempt_id"] == id_),
        )
        for id_ in dict.fromkeys(row["attempt_id"] for row in asked)
    )


def findings_of(
    connection: Connection, log_id: str, subject: str, reach: Reach
) -> list[dict[str, Any]]:
    """List the findings of a case, oldest first, as rows of their table.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    :param reach: how far the reader may see.
    """
    finding = tables.finding
    query = select(finding).where(finding.c.log_id == log_id, finding.c.subject == subject)
    seen = query.where(*found_for(finding.c, reach)).order_by(finding.c.id)
    return rows(connection, seen.limit(_MOST_FINDINGS))


def put_right_since(
    connection: Connection, log_id: str, reach: Reach, since: str, kinds: Sequence[str]
) -> int:
    """Count the steps that were put right at a prompt before they were taken.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param reach: how far the reader may see.
    :param since: prompts from this instant on, fixed-width UTC text.
    :param kinds: kinds of answer that put something right.
    """
    prompt, attempt, answer = tables.prompt, tables.attempt, tables.answer
    is_same = (attempt.c.log_id == prompt.c.log_id) & (attempt.c.attempt_id == prompt.c.attempt_id)
    put_right = answer.c.kind.in_(list(kinds))
    by_hand = (prompt.c.fate == Fate.WITHDRAWN.value) & answer.c.kind.is_(None)
    steps = (
        select(prompt.c.attempt_id)
        .distinct()
        .join(attempt, is_same)
        .outerjoin(answer, answer.c.prompt_id == prompt.c.prompt_id)
        .where(prompt.c.log_id == log_id, prompt.c.created_at >= since)
        .where(attempt.c.state == AttemptState.DONE.value, put_right | by_hand)
    )
    if reach.unit is not None:
        steps = steps.where(attempt.c.unit == reach.unit)
    counted = select(func.count()).select_from(steps.subquery())
    return int(run(connection, counted).scalar() or 0)


def one_for(
    connection: Connection,
    table: Table,
    id_: int,
    reach: Reach,
    log_ids: Iterable[str] | None,
) -> dict[str, Any] | None:
    """Look a finding up, or a letter about one; None where the reader may not see it.

    :param connection: any connection.
    :param table: the table of findings, or of letters.
    :param id_: its number.
    :param reach: how far the reader may see.
    :param log_ids: the ledgers they may look into; None for all.
    :return: the row.
    """
    query = select(table).where(table.c.id == id_, *found_for(table.c, reach))
    if log_ids is not None:
        query = query.where(table.c.log_id.in_(sorted(log_ids)))
    return first(connection, query)


def found_for(columns: Any, reach: Reach) -> list[Condition]:
    """Write the conditions that no query of a reader for findings may be without.

    :param columns: columns of the findings.
    :param reach: how far the reader may see.
    """
    conditions = [] if reach.unit is None else [columns.unit == reach.unit]
    if not reach.sees_hidden:
        conditions.append(columns.visibility.in_(["lead", "officer"]))
    return conditions


def _seen_by(log_id: str, subject: str, reach: Reach) -> list[Condition]:
    entry = tables.entry
    conditions: list[Condition] = []
    if reach.unit is not None:
        other = tables.entry.alias()
        has_acted = (
            select(other.c.id)
            .where(
                other.c.log_id == log_id,
                other.c.subject == subject,
                other.c.unit == reach.unit,
            )
            .exists()
        )
        conditions.append(or_(entry.c.unit == reach.unit, entry.c.unit.is_(None) & has_acted))
    unseen = Mark.UNLISTED if reach.sees_hidden else Mark.UNLISTED | Mark.OURS
    conditions.append(entry.c.marks.bitwise_and(unseen.value) == 0)
    return conditions


def _of_attempts(
    connection: Connection, table: Any, log_id: str, tries: dict[str, Any], by: str
) -> list[dict[str, Any]]:
    if not tries:
        return []
    query = select(table).where(table.c.log_id == log_id, table.c.attempt_id.in_(sorted(tries)))
    return rows(connection, query.order_by(table.c[by]))
