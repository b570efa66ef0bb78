"""Officers' answers with the times of their prompts, for figures about rules; of nobody by name."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from cleangov_hooks import AnswerKind
from cleangov_plugin.domain.terms import Fate, Tier
from cleangov_plugin.ledger.instants import stamp

from . import tables
from .run import run

#: What an officer answers to what was asked. A doubt, a note to oversight and a second person's
#: word are none of it: they must cost nobody anything, not even as a number.
_OWN = (
    AnswerKind.CORRECTED,
    AnswerKind.SUGGESTION_ACCEPTED,
    AnswerKind.CONFIRMED,
    AnswerKind.JUSTIFIED,
    AnswerKind.ACKNOWLEDGED,
    AnswerKind.SECOND_PERSON_ASKED,
    AnswerKind.BREAK_GLASS,
    AnswerKind.DEFERRED,
)


class Timed(NamedTuple):
    """An answer, and when its prompt was shown.

    :param outcomes: JSON of the merged hits.
    :param tier: of the prompt.
    :param subject: the case.
    :param words: the officer's own words; None where there are none.
    :param answered_at: fixed-width UTC text: by the device's clock where it was cut off.
    :param rendered_at: when it was first on a page; None where nobody told.
    :param seen_at: when a script first told that it was in sight; None where none did.
    :param answered_by: pseudonym of the officer: figures of too few are none.
    :param taken_at: when it was taken, by our clock: of an offline answer later than it was given.
    """

    outcomes: str
    tier: int
    subject: str
    words: str | None
    answered_at: str
    rendered_at: str | None
    seen_at: str | None
    answered_by: str
    taken_at: str


def timed(
    connection: Connection, log_id: str, since: datetime, officer: str | None = None
) -> Iterator[Timed]:
    """Go through officers' answers to prompts made since an instant, in order of time.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param since: aware.
    :param officer: pseudonym of one officer, where it was decided that there are such figures.
    """
    prompt, answer, fate = tables.prompt, tables.answer, tables.prompt_fate
    at = func.coalesce(answer.c.client_at, answer.c.answered_at)

    def first(what: Fate) -> object:
        query = select(func.min(fate.c.at)).where(
            fate.c.prompt_id == prompt.c.prompt_id, fate.c.fate == what.value
        )
        return query.correlate(prompt).scalar_subquery()

    columns = (prompt.c.outcomes, prompt.c.tier, prompt.c.subject, answer.c.words)
    query = (
        select(  # type: ignore[call-overload]
            *columns,
            at,
            first(Fate.RENDERED),
            first(Fate.SEEN),
            answer.c.answered_by,
            answer.c.answered_at,
        )
        .join(answer, answer.c.prompt_id == prompt.c.prompt_id)
        .where(
            prompt.c.log_id == log_id,
            prompt.c.created_at >= stamp(since),
            prompt.c.tier >= Tier.CONFIRM,
            answer.c.kind.in_([kind.value for kind in _OWN]),
        )
        .where(*([] if officer is None else [answer.c.answered_by == officer]))
        .order_by(answer.c.answered_at, answer.c.answer_id)
    )
    for row in run(connection, query):
        yield Timed._make(row)
