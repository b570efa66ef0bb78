"""Opening the desk when the host is ready: settings, keys, tables, rules and working days."""

import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cleangov_hooks import Agency, Host
from cleangov_plugin.domain.errors import CleanGovError, SchemaError, SettingsError
from cleangov_plugin.store import calendars, rulebook, schema
from cleangov_plugin.store.calendars import Day
from cleangov_plugin.store.connecting import refusal
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.run import alone
from cleangov_plugin.store.schema import SchemaState

from .answers import noting
from .checkpoint.grouping import fill_groups
from .codes import Codes
from .desk import Counters, Desk
from .keys import Keys, open_keys
from .receipts import ReceiptJournal
from .settings import Settings, read_settings
from .shelf import Connection, Shelf
from .spool import Spool

logger = logging.getLogger("cleangov")

#: Milliseconds to wait for a lock while starting: other processes may be starting, too.
_STARTING_MS: Final = 10_000
#: Slices of older entries that a group gets at the start, and to see that it is whole.
_FEW_SLICES: Final = 2
_MENDS: Final[Mapping[SchemaState, str]] = {
    SchemaState.MISSING: "Run 'cleangov db upgrade', or call cleangov_migrations.upgrade.",
    SchemaState.OLDER: "Run 'cleangov db upgrade'.",
    SchemaState.NEWER: "Install the release of the plugin that these tables belong to.",
}

Documents = Callable[[Path | None], Sequence[Mapping[str, Any]]]
Days = Callable[[str, Iterable[int]], Sequence[Day]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where rules and working days come from: read outside the desk, which parses no file.

    :param documents: reads all rule documents of a folder; None is the shipped rulebook.
    :param days: reads the working days of a country for some years.
    :param clocks: reads all clock documents of a folder; None is the shipped clockbook.
    """

    documents: Documents
    days: Days
    clocks: Documents


def missing_services(host: object) -> list[str]:
    """Name the services of the contract that a host does not offer.

    :param host: what a host handed over; hostile.
    """
    wanted = (*Host.__annotations__, *(name for name in vars(Host) if not name.startswith("_")))
    return [name for name in dict.fromkeys(wanted) if not hasattr(host, name)]


def settings_of(host: Host) -> Settings:
    """Read the settings of a host.

    :param host: its services.
    :raises SettingsError: where a name is unknown or a value out of range.
    """
    return read_settings(host.settings, os.environ)


def spool_of_host(host: Host) -> Spool:
    """Open the spool that a host's settings name, though other settings may be wrong.

    :param host: its services.
    """
    for names in (("CLEANGOV_SPOOL", "CLEANGOV_SPOOL_KB"), ("CLEANGOV_SPOOL",)):
        own = [{n: s[n] for n in names if n in s} for s in (host.settings, os.environ)]
        with suppress(SettingsError):
            return spool_of(read_settings(*own))
    return Spool(None, 0)


def spool_of(settings: Settings) -> Spool:
    """Open the spool that the settings name.

    :param settings: the settings.
    """
    folder = Path(settings.spool) if settings.spool else None
    return Spool(folder, settings.spool_kb * 1024)


def open_desk(host: Host, settings: Settings, sources: Sources | None) -> Desk:
    """Open the desk of a host, and bring rules and working days up to date.

    :param host: its services.
    :param settings: its settings.
    :param sources: where rules and working days come from; None leaves them as they are.
    :return: the desk.
    :raises CleanGovError: where something is missing or wrong, with the remedy.
    """
    if not settings.database_url:
        raise SettingsError(
            "the plugin does not know where its tables are.",
            where="CLEANGOV_DATABASE_URL",
            remedy="Give the SQLAlchemy URL of the host's own database.",
        )
    try:
        database = Database(settings.database_url, patience_ms=_STARTING_MS)
    except Exception as problem:  # an address that no driver understands
        raise refusal(problem, settings.database_url, "CLEANGOV_DATABASE_URL") from problem
    try:
        check_schema(database)
        folder = keys_folder(settings, database)
        keys, codes = open_keys(folder), Codes(folder)
        codes.open(host.agency().id, host.now())
        if sources is not None:
            _bring_up(database, host, settings, sources)
        shelf = _filled(database, host.agency(), settings)
    finally:  # an inert plugin holds no connection
        database.dispose()
    desk = _made(host, settings, keys, codes, shelf)
    _group_older(desk)
    return desk


def _group_older(desk: Desk) -> None:
    """Group older entries for rules that have just come into force; a large ledger waits."""
    try:
        with desk.database.own_transaction(is_reading=True) as connection:
            ledger = desk.shelf.ledger(connection, desk.host.agency().id)
        if ledger is not None and ledger.rules.groups():
            fill_groups(desk, ledger, most=_FEW_SLICES)
    except Exception as problem:  # until a tick does it, these rules say that they cannot check
        logger.info("groups: %s", type(problem).__name__)
    finally:  # a process that forks after the start shares no connection
        desk.database.dispose()


def _made(host: Host, settings: Settings, keys: Keys, codes: Codes, shelf: Shelf) -> Desk:
    """Put together what was opened."""
    database, counters = Database(settings.database_url), Counters()
    counters.add("owed")  # an earlier process may have left something: let a request look
    return Desk(
        host=host,
        settings=settings,
        keys=keys,
        database=database,
        shelf=shelf,
        spool=spool_of(settings),
        codes=codes,
        receipts=ReceiptJournal(settings.receipts_folder, database, counters.add),
        counters=counters,
    )


def _filled(database: Database, agency: Agency, settings: Settings) -> Shelf:
    """Read the ledger now, and not in the first officer's step."""
    shelf = Shelf(takes_notes=noting.key_of(settings) is not None)
    with database.own_transaction(is_reading=True) as connection:
        if shelf.ledger(connection, agency.id) is None:
            raise SettingsError(
                f"the time zone {agency.zone!r} is unknown.",
                where=f"agency {agency.id}",
                remedy="Let the host name an IANA zone, for example Asia/Shanghai.",
            )
    return shelf


def _bring_up(database: Database, host: Host, settings: Settings, sources: Sources) -> None:
    agency = host.agency()
    names = dict(agency.names)
    with database.own_transaction() as connection:
        alone(connection, "cleangov start")
        rulebook.save_agency(connection, agency.id, names, agency.zone, agency.country)
        sync_rules(connection, agency.id, host, settings, sources)
        _bring_days(connection, agency, host, sources)


def check_schema(database: Database) -> None:
    """Refuse tables that are missing, older or newer than this code.

    :param database: the database.
    :raises SchemaError: with what to do.
    """
    with database.own_transaction(is_reading=True) as connection:
        found = schema.examine(connection)
    if found.state is SchemaState.RIGHT:
        return
    what = f"the tables are {found.state} (revision {found.revision}, wanted {found.wanted})."
    raise SchemaError(what, where=str(database.url.database), remedy=_MENDS[found.state])


def sync_rules(
    connection: Connection, log_id: str, host: Host, settings: Settings, sources: Sources
) -> None:
    """Make rules and clocks in force those of the files; nothing changes where they are equal.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param host: its services.
    :param settings: its settings.
    :param sources: where rules come from.
    """
    documents = sources.documents(settings.rules_folder)
    clocks = sources.clocks(settings.rules_folder)
    synced = rulebook.sync(connection, log_id, documents, host.now(), clocks)
    for id_ in synced.added:
        logger.info("rules: %s is new or has a new text", id_)
    for id_ in synced.retired:
        logger.info("rules: %s is retired", id_)


def keys_folder(settings: Settings, database: Database) -> Path:
    """Answer the key folder; a city on SQLite may leave it to us, beside its database.

    :param settings: the settings.
    :param database: the database.
    :raises SettingsError: where none is named and none can be guessed.
    """
    if settings.keys:
        return Path(settings.keys)
    if database.is_sqlite and database.url.database:
        return Path(f"{database.url.database}.keys")
    raise SettingsError(
        "the keys that name people and sign passes need a folder of their own.",
        where="CLEANGOV_KEYS",
        remedy="Name a folder that this process alone can read, and back it up.",
    )


def heads_folder(settings: Settings, database: Database) -> Path | None:
    """Answer the folder of signed heads; None where none is named and none can be guessed.

    :param settings: the settings.
    :param database: the database.
    """
    if settings.heads:
        return Path(settings.heads)
    if database.is_sqlite and database.url.database not in (None, "", ":memory:"):
        return Path(f"{database.url.database}.heads")
    return None


def _bring_days(connection: Connection, agency: Agency, host: Host, sources: Sources) -> None:
    """Fill the calendar up to the end of next year; without a source the plugin runs on.

    Asked at each start: a notice that was published meanwhile makes a new version, equal days
    change nothing.
    """
    year = host.now().year
    try:
        days = sources.days(agency.country, range(year - 2, year + 2))
    except CleanGovError as problem:
        if calendars.load(connection, agency.id) is None:
            logger.warning("working days: %s", problem)
        return
    calendars.store(
        connection, agency.id, days, source=f"holidays {agency.country}", now=host.now()
    )
