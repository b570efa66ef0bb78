"""Who may look at what: roles from the host, one reach for every query."""

from dataclasses import dataclass

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.settings import Settings
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.store import rulebook
from cleangov_plugin.store.review import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who may look through records.

    :param person: who it is.
    :param own: ledger of the platform's own authority.
    :param reach: how far they may see; goes into every query.
    :param language: BCP 47 tag of what is written for them.
    """

    person: Person
    own: str
    reach: Reach
    language: str

    @property
    def is_reviewer(self) -> bool:
        """Answer whether they may see all units, and ask for a name."""
        return self.reach.unit is None

    def may_open(self, log_id: str) -> bool:
        """Answer whether they may look into a ledger.

        :param log_id: the ledger.
        """
        return self.is_reviewer or log_id == self.own


def reader_of(desk: Desk, person: Person, language: str) -> Reader | None:
    """Answer how far a person may see; None where they may see nothing here.

    :param desk: the desk.
    :param person: who is signed in.
    :param language: BCP 47 tag of what is written for them.
    """
    reach = _reach(desk.settings, person)
    if reach is None:
        return None
    own = desk.host.agency().id
    return Reader(person=person, own=own, reach=reach, language=language)


def is_operator(settings: Settings, person: Person) -> bool:
    """Answer whether a person may see how the plugin is.

    :param settings: the plugin's settings.
    :param person: who is signed in.
    """
    return bool(person.roles & _roles(settings.operators))


def open_ledger(desk: Desk, connection: Connection, reader: Reader, log_id: str) -> Ledger | None:
    """Answer a ledger with the rules as they are now; None where the reader may not look into it.

    :param desk: the desk.
    :param connection: any connection.
    :param reader: who looks.
    :param log_id: the ledger.
    """
    if not reader.may_open(log_id):
        return None
    ledger = desk.shelf.ledger(connection, log_id)
    if ledger is not None:
        desk.shelf.refresh(connection, ledger, *rulebook.revisions(connection, log_id))
    return ledger


def _reach(settings: Settings, person: Person) -> Reach | None:
    if person.roles & _roles(settings.reviewers):
        return Reach(sees_hidden=True)
    if person.roles & _roles(settings.leads) and person.unit:
        return Reach(unit=person.unit)
    return None


def _roles(setting: str) -> frozenset[str]:
    return frozenset(setting.split())
