"""What is kept of a case beside its entries, as evidence needs it: words of letters, open gaps."""

from typing import Any, Final

from sqlalchemy import Connection, select

from cleangov_plugin.domain.terms import GapReason

from . import tables
from .gaps import GapState
from .run import rows, run

#: Open gaps of a ledger that are looked through.
MOST_GAPS: Final = 20_000


def letter_words(connection: Connection, log_id: str, subject: str) -> list[str]:
    """Answer the words of all letters of a case and of what was said about them, as they stand.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    """
    letter, act = tables.instrument, tables.instrument_act
    is_of_case = (letter.c.log_id == log_id) & (letter.c.subject == subject)
    own = select(letter.c.words).where(is_of_case, letter.c.words.is_not(None))
    said = (
        select(act.c.words)
        .join(letter, letter.c.id == act.c.instrument_id)
        .where(is_of_case, act.c.words.is_not(None))
    )
    return [*run(connection, own).scalars(), *run(connection, said).scalars()]


def open_gaps(connection: Connection, log_id: str) -> list[dict[str, Any]]:
    """List what is owed or was given up of a ledger, oldest first.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :return: rows with ``gap``, ``reason``, ``state``, ``owed_at`` and ``event``.
    """
    gap = tables.gap
    states = [GapState.OWED.value, GapState.GIVEN_UP.value]
    columns = (gap.c.id.label("gap"), gap.c.reason, gap.c.state, gap.c.owed_at, gap.c.event)
    query = select(*columns).where(gap.c.state.in_(states), gap.c.log_id == log_id)
    found = rows(connection, query.order_by(gap.c.id).limit(MOST_GAPS))
    return [{**row, "reason": GapReason(row["reason"]).value} for row in found]
