"""What answers rest on: a coded reason, a document that is named, an approver, a day."""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select

from . import tables
from .run import Retention, kept, run


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisRow:
    """What one answer rests on.

    :param answer_id: the answer.
    :param prompt_id: the prompt answered.
    :param reason: code of the reason.
    :param evidence: number of a document, or name of a file; may be personal, erasable.
    :param evidence_hash: SHA-256 of the file, hexadecimal.
    :param approver: pseudonym of who approved.
    :param until_on: ISO day by which what was put off follows.
    """

    answer_id: str
    prompt_id: str
    reason: str | None = None
    evidence: str | None = None
    evidence_hash: str | None = None
    approver: str | None = None
    until_on: str | None = None


def save(connection: Connection, row: BasisRow, retention: Retention) -> None:
    """Write what an answer rests on; the answer is there already.

    :param connection: a writing connection of our own.
    :param row: what it rests on.
    :param retention: class and ISO day until which it is kept.
    """
    run(connection, insert(tables.answer_basis).values({**asdict(row), **kept(retention)}))


def find(connection: Connection, answer_id: str) -> BasisRow | None:
    """Read what an answer rests on; None where it rests on nothing besides its words.

    :param connection: any connection.
    :param answer_id: the answer.
    """
    table = tables.answer_basis
    named = [table.c[name] for name in BasisRow.__dataclass_fields__]
    row = run(connection, select(*named).where(table.c.answer_id == answer_id)).mappings().first()
    return None if row is None else BasisRow(**row)
