"""Every act about a letter is an entry: written in the transaction that writes the act."""

import logging
from collections.abc import Callable, Mapping
from typing import TypeVar

from cleangov_hooks import AttributeValue, Person
from cleangov_plugin.desk.checkpoint.entering import enter
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import own_event
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import AnswerRefused

T = TypeVar("T")
logger = logging.getLogger("cleangov")


def recorded(desk: Desk, work: Callable[[Connection], T]) -> T:
    """Do something about a letter and record it, both or neither.

    :param desk: the desk.
    :param work: does it, and calls `record`, on the connection it is given.
    :return: what the work answers.
    :raises AnswerRefused: with the key of a phrase, where it is refused or cannot be recorded.
    """
    try:
        with desk.database.own_transaction() as connection:
            return work(connection)
    except AnswerRefused:
        raise
    except Exception as problem:  # whatever it was: what is not recorded is not done
        logger.warning("an act about a letter was not recorded: %s", type(problem).__name__)
        raise AnswerRefused("error.letter.unrecorded") from problem


def record(
    desk: Desk,
    connection: Connection,
    person: Person,
    place: tuple[str, str],
    kind: str,
    attributes: Mapping[str, AttributeValue],
) -> None:
    """Write the entry of an act.

    :param desk: the desk.
    :param connection: the connection on which the act is written.
    :param person: who does it.
    :param place: ledger and case.
    :param kind: kind of event, one of our own.
    :param attributes: what is told of it; what is None is left out.
    """
    event = own_event(kind, person, desk.host.now(), place, step="letter", attributes=attributes)
    enter(desk, connection, event)
