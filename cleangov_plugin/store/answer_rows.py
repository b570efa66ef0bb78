"""Answers as verifying looks at them, many at a time."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, null, select

from . import tables
from .run import may_read, run


class AnswerFound(NamedTuple):
    """What the table of answers says of one.

    :param prompt_id: the prompt it answers.
    :param choice: the choice taken.
    :param kind: its kind.
    :param words: somebody's own words; None where there are none, or none any more.
    :param reason: code of the reason.
    :param evidence: the document named; None where there is none, or none any more.
    :param evidence_hash: SHA-256 of the document, hexadecimal.
    :param approver: pseudonym of who approved.
    :param until_on: ISO day to which it was put off.
    """

    prompt_id: str
    choice: str
    kind: str
    words: str | None
    reason: str | None = None
    evidence: str | None = None
    evidence_hash: str | None = None
    approver: str | None = None
    until_on: str | None = None


def words_may_be_read(connection: Connection) -> bool:
    """Answer whether this account may read people's own words: an auditor's may not.

    :param connection: any connection.
    """
    return may_read(connection, tables.answer, "words")


def answers(
    connection: Connection, ids: Collection[str], *, with_words: bool
) -> dict[str, AnswerFound]:
    """Read answers by their ids; those that are not there are left out.

    :param connection: any connection.
    :param ids: some hundreds at the most.
    :param with_words: whether words are read; else there seem to be none.
    """
    table = tables.answer
    basis = tables.answer_basis
    words = table.c.words if with_words else null()
    named = basis.c.evidence if with_words else null()
    query = (
        select(table.c.answer_id, table.c.prompt_id, table.c.choice, table.c.kind, words)
        .add_columns(basis.c.reason, named, basis.c.evidence_hash)
        .add_columns(basis.c.approver, basis.c.until_on)
        .outerjoin(basis, basis.c.answer_id == table.c.answer_id)
        .where(table.c.answer_id.in_(list(ids)))
    )
    return {row[0]: AnswerFound._make(row[1:]) for row in run(connection, query)}


def kept_until(connection: Connection, rows: Collection[int]) -> dict[int, str | None]:
    """Answer until when entries, and with them what belongs to their cases, are kept.

    :param connection: any connection.
    :param rows: numbers of entries, some hundreds at the most.
    :return: ISO day by number; None where an entry is kept for ever.
    """
    entry = tables.entry
    query = select(entry.c.id, entry.c.retain_until).where(entry.c.id.in_(list(rows)))
    return {row.id: row.retain_until for row in run(connection, query)}
