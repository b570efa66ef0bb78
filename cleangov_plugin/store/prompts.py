"""Prompts, what became of them, and the answers."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from cleangov_plugin.domain.terms import LAST_FATES, Fate
from cleangov_plugin.ledger.instants import stamp

from . import tables
from .run import Retention, first, insert_missing, kept, rows, run


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptRow:
    """One prompt, as it is first written.

    :param prompt_id: unique.
    :param log_id: the agency's ledger.
    :param attempt_id: the attempt it holds.
    :param subject: the case.
    :param step: the host's own name of the step.
    :param actor: pseudonym of the officer it stands before.
    :param tier: 0 to 5.
    :param rules: JSON list of the merged rules, ``["E07@1"]``.
    :param outcomes: JSON of the merged hits with their typed values.
    :param digest: payload digest it is about, hexadecimal.
    :param created_at: fixed-width UTC text.
    :param expires_at: fixed-width UTC text; None where it does not expire.
    """

    prompt_id: str
    log_id: str
    attempt_id: str
    subject: str
    step: str
    actor: str | None
    tier: int
    rules: str
    outcomes: str
    digest: str
    created_at: str
    expires_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One answer.

    :param answer_id: unique.
    :param prompt_id: the prompt answered.
    :param choice: code of the choice.
    :param kind: kind of answer.
    :param answered_by: pseudonym of who answered.
    :param digest: payload digest that stood before them, hexadecimal.
    :param answered_at: fixed-width UTC text.
    :param client_at: when by the device's clock.
    :param words: their own words; personal, erasable.
    """

    answer_id: str
    prompt_id: str
    choice: str
    kind: str
    answered_by: str
    digest: str
    answered_at: str
    client_at: str | None
    words: str | None


def save_prompt(connection: Connection, row: PromptRow, retention: Retention) -> bool:
    """Write a prompt with its first fate; the same id again changes nothing.

    :param connection: a writing connection of our own.
    :param row: the prompt.
    :param retention: class and ISO day until which it is kept.
    :return: False where it was there already.
    """
    if prompt(connection, row.prompt_id) is not None:
        return False
    values = {**asdict(row), **kept(retention), "fate": Fate.CREATED.value}
    run(connection, insert(tables.prompt).values(values))
    _add_fate(connection, row.prompt_id, Fate.CREATED, row.created_at, values, None)
    return True


def prompt(
    connection: Connection, prompt_id: str, *, is_held: bool = False
) -> dict[str, Any] | None:
    """Look a prompt up, as a row of its table.

    :param connection: any connection.
    :param prompt_id: the prompt.
    :param is_held: whether others must wait with it until this transaction ends.
    """
    query = select(tables.prompt).where(tables.prompt.c.prompt_id == prompt_id)
    return first(connection, query.with_for_update() if is_held else query)


def standing(connection: Connection, log_id: str, before: datetime) -> list[dict[str, Any]]:
    """List prompts that wait for an answer, untouched since before an instant, as rows.

    A prompt is touched whenever the gate of its attempt is asked, or a second person decides.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param before: aware.
    :return: at most 500, oldest first, each with ``attempt_state``.
    """
    table, attempt = tables.prompt, tables.attempt
    open_fates = [
        fate.value for fate in Fate if fate not in LAST_FATES and fate is not Fate.UNKNOWN
    ]
    query = (
        select(table, attempt.c.state.label("attempt_state"))
        .join(
            attempt,
            (attempt.c.log_id == table.c.log_id) & (attempt.c.attempt_id == table.c.attempt_id),
        )
        .where(
            table.c.log_id == log_id,
            table.c.fate.in_(open_fates),
            table.c.created_at < stamp(before),
            func.coalesce(attempt.c.decided_at, table.c.created_at) < stamp(before),
        )
        .order_by(table.c.created_at)
        .limit(500)
    )
    return rows(connection, query)


def prompts_of(connection: Connection, log_id: str, attempt_id: str) -> list[dict[str, Any]]:
    """List the prompts of an attempt, newest first, as rows of their table.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param attempt_id: the attempt.
    """
    table = tables.prompt
    query = select(table).where(table.c.log_id == log_id, table.c.attempt_id == attempt_id)
    ordered = query.order_by(table.c.created_at.desc(), table.c.prompt_id)
    return rows(connection, ordered)


def set_fate(
    connection: Connection,
    prompt_id: str,
    fate: Fate,
    now: datetime,
    *,
    has_script: bool | None = None,
) -> bool:
    """Take note of what became of a prompt; every fate is kept, the newest stands on the prompt.

    :param connection: a writing connection of our own.
    :param prompt_id: the prompt.
    :param fate: what became of it.
    :param now: the present time, aware.
    :param has_script: whether a script reported it; only then can ``seen`` be known.
    :return: False where there is no such prompt, or its last fate is known already.
    """
    found = prompt(connection, prompt_id)
    if found is None or Fate(found["fate"]) in LAST_FATES or found["fate"] == fate.value:
        return False
    if found["fate"] != Fate.SEEN or fate is not Fate.RENDERED:  # seen implies rendered
        table = tables.prompt
        run(connection, update(table).where(table.c.prompt_id == prompt_id).values(fate=fate.value))
    _add_fate(connection, prompt_id, fate, stamp(now), found, has_script)
    return True


def fates(connection: Connection, prompt_id: str) -> list[tuple[Fate, str]]:
    """List the fates of a prompt in order, each with its instant.

    :param connection: any connection.
    :param prompt_id: the prompt.
    """
    table = tables.prompt_fate
    query = select(table.c.fate, table.c.at).where(table.c.prompt_id == prompt_id)
    return [(Fate(row.fate), row.at) for row in run(connection, query.order_by(table.c.id))]


def save_answer(connection: Connection, row: AnswerRow, retention: Retention) -> bool:
    """Write an answer; the same id again changes nothing.

    :param connection: a writing connection of our own.
    :param row: the answer.
    :param retention: class and ISO day until which it is kept.
    :return: False where it was there already.
    """
    table = tables.answer
    query = select(table.c.answer_id).where(table.c.answer_id == row.answer_id)
    if run(connection, query).first() is not None:
        return False
    run(connection, insert(table).values({**asdict(row), **kept(retention)}))
    return True


def answers_of(connection: Connection, prompt_ids: Iterable[str]) -> list[dict[str, Any]]:
    """List the answers to prompts, oldest first, as rows of their table.

    :param connection: any connection.
    :param prompt_ids: the prompts.
    """
    table = tables.answer
    query = select(table).where(table.c.prompt_id.in_(sorted(set(prompt_ids))))
    return rows(connection, query.order_by(table.c.answered_at, table.c.answer_id))


def spend(
    connection: Connection, log_id: str, actor: str, day: date, *, limit: int, retention: Retention
) -> bool:
    """Spend one of an officer's interruptive prompts of a day.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param actor: pseudonym of the officer.
    :param day: civil day in the agency's zone.
    :param limit: how many a day allows.
    :param retention: class and ISO day until which it is kept.
    :return: False where the day's budget is used up.
    """
    table = tables.prompt_budget
    key = {"log_id": log_id, "actor": actor, "day_on": day.isoformat()}
    insert_missing(connection, table, [{**key, **kept(retention), "shown": 0}])
    where = [table.c[name] == value for name, value in key.items()]
    statement = update(table).where(*where, table.c.shown < limit).values(shown=table.c.shown + 1)
    return run(connection, statement).rowcount == 1


def _add_fate(
    connection: Connection,
    prompt_id: str,
    fate: Fate,
    at: str,
    row: Mapping[str, Any],
    has_script: bool | None,
) -> None:
    values = {
        "prompt_id": prompt_id,
        "fate": fate.value,
        "at": at,
        "has_script": has_script,
        "retention_class": row["retention_class"],
        "retain_until": row["retain_until"],
    }
    run(connection, insert(tables.prompt_fate).values(values))
