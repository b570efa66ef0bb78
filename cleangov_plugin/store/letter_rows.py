"""Letters of supervision and acts about them, as verifying looks at them."""

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from sqlalchemy import Connection, Select, null, select

from . import tables
from .run import may_read, run

_AT_ONCE: Final = 1_000


class LetterNow(NamedTuple):
    """What the table of letters says of one.

    :param id: number of its row.
    :param kind: kind of instrument.
    :param year: year of its number.
    :param no: its number in the year.
    :param finding_id: the finding it is about.
    :param subject: the case.
    :param addressee: pseudonym of the person it went to.
    :param sent_by: pseudonym of the sender.
    :param sent_at: when it was sent, fixed-width UTC text.
    :param due_on: ISO day by which an answer is asked for.
    :param state: where it stands.
    :param words: the middle part as its writer wrote it; None where there is none, or none any
        more.
    :param reason: why it was sent; None as with the words.
    """

    id: int
    kind: str
    year: int
    no: int
    finding_id: int
    subject: str
    addressee: str
    sent_by: str
    sent_at: str
    due_on: str
    state: str
    words: str | None = None
    reason: str | None = None


class ActNow(NamedTuple):
    """What the table of acts says of one.

    :param letter: number of the letter's row.
    :param kind: what it is.
    :param done_by: pseudonym of who did it.
    :param done_at: when, fixed-width UTC text.
    :param due_on: for an extension, the new ISO day.
    :param words: their words; None where there are none any more.
    """

    letter: int
    kind: str
    done_by: str
    done_at: str
    due_on: str | None
    words: str | None = None


def may_be_read(connection: Connection) -> bool:
    """Answer whether this account may read letters.

    :param connection: any connection.
    """
    return may_read(connection, tables.instrument, "state")


def words_may_be_read(connection: Connection) -> bool:
    """Answer whether this account may read people's own words: an auditor's may not.

    :param connection: any connection.
    """
    of_act = may_read(connection, tables.instrument_act, "words")
    return of_act and may_read(connection, tables.instrument, "words")


def letters(connection: Connection, log_id: str, *, with_words: bool) -> Iterator[LetterNow]:
    """Go through the letters of a ledger.

    :param connection: a reading connection.
    :param log_id: the ledger.
    :param with_words: whether words are read; else there seem to be none.
    """
    it = tables.instrument
    names = LetterNow._fields[:-2]
    own = (it.c.words, it.c.reason) if with_words else (null(), null())
    query = select(*(it.c[name] for name in names), *own).where(it.c.log_id == log_id)
    for row in _each(connection, query.order_by(it.c.id)):
        yield LetterNow._make(row)


def acts(connection: Connection, log_id: str, *, with_words: bool) -> Iterator[ActNow]:
    """Go through what was said and done about the letters of a ledger.

    :param connection: a reading connection.
    :param log_id: the ledger.
    :param with_words: whether words are read; else there seem to be none.
    """
    it, letter = tables.instrument_act, tables.instrument
    columns = (it.c.instrument_id, it.c.kind, it.c.done_by, it.c.done_at, it.c.due_on)
    words = it.c.words if with_words else null()
    query = select(*columns, words).join(letter, letter.c.id == it.c.instrument_id)
    for row in _each(connection, query.where(letter.c.log_id == log_id).order_by(it.c.id)):
        yield ActNow._make(row)


def _each(
    connection: Connection, query: Select[tuple[object, ...]]
) -> Iterator[tuple[object, ...]]:
    found = run(connection, query)
    while some := list(islice(found, _AT_ONCE)):
        yield from (tuple(row) for row in some)
