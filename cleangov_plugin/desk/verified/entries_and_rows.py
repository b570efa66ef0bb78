"""What entries of ours tell of rows in other tables, and checks that compare the two."""

import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar, Final, NamedTuple

from cleangov_plugin.desk.own_kinds import SOURCE
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger import disclosure
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.instants import instant

from .alarms import Alarm
from .checks import Gone, Meta, Run, Seen

#: A row and its entry are written in one transaction, each with the time of its own moment.
_APART: Final = timedelta(hours=1)


class Told(NamedTuple):
    """What an entry of ours tells.

    :param kind: its kind.
    :param subject: its case.
    :param at: when, as its body says.
    :param says: what it says openly, by code.
    :param shown: what it discloses, by code; without what was erased.
    """

    kind: str
    subject: str
    at: str
    says: Mapping[str, str]
    shown: Mapping[str, str]


class ToldCheck(ABC):
    """Takes down what entries of certain kinds tell; what they tell of is compared at the end.

    :param connection: a reading connection.
    :param log_id: the ledger.
    """

    #: Kinds of its entries. What verifying picks out of a run has to have them, too.
    kinds: ClassVar[frozenset[str]]

    def __init__(self, connection: Connection, log_id: str) -> None:
        self._connection, self._log_id = connection, log_id
        self._is_whole = True

    def kept(self) -> bool:
        """Answer that it was looked at."""
        return True

    def resume(self, kept: bool) -> None:
        """Go on behind what was looked at: what has no entry shows from the first leaf on alone.

        :param kept: what `kept` answered.
        :raises ValueError: where it is something else.
        """
        if kept is not True:
            raise ValueError
        self._is_whole = False

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Take down what entries tell.

        :param slice_: some of them, in their order.
        """
        for seen, told in told_of(slice_, self.kinds):
            self._take(seen, told)
        return iter(())

    @abstractmethod
    def _take(self, seen: Seen, told: Told) -> None:
        """Take down what one entry tells.

        :param seen: the entry.
        :param told: what it tells.
        """


def told_of(
    slice_: Sequence[Seen | Gone | Meta], kinds: Collection[str]
) -> Iterator[tuple[Seen, Told]]:
    """Pick the entries of ours of some kinds, each with what it tells.

    :param slice_: some entries, in their order.
    :param kinds: kinds; those that verifying picks out of a run.
    """
    some: Sequence[Seen | Gone | Meta] = slice_
    if isinstance(slice_, Run):
        some = [slice_[n] for n in slice_.answered]
    for seen in some:
        if isinstance(seen, Seen) and seen.body and seen.body["kind"] in kinds:
            told = told_by(seen)
            if told is not None:
                yield seen, told


def told_by(seen: Seen) -> Told | None:
    """Read what an entry of ours tells.

    :param seen: the entry; hostile.
    :return: None where it cannot be read, or a host has called an event of its own like ours.
    """
    try:
        document = json.loads(seen.row.body.decode())
        says = {str(code): str(text) for code, _, text in document["attrs"]}
        if says["e.source"] != SOURCE:
            return None
        shown = dict(disclosure.read(each) for each in disclosure.split(seen.row.disc))
        return Told(
            str(document["kind"]), str(document["subject"]), str(document["at"]), says, shown
        )
    except (ValueError, KeyError, TypeError, RecursionError, ProfileError):
        return None


def are_near(column: str | None, at: str) -> bool:
    """Answer whether a row and its entry tell of one moment.

    :param column: what the row says; hostile.
    :param at: what the body of the entry says.
    """
    try:
        return abs(instant(column or "") - instant(at)) <= _APART
    except (ValueError, OverflowError, TypeError):
        return False
