"""Leaving: our tables are taken away, once nothing that is evidence would be lost by it."""

from pathlib import Path
from typing import Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.store import removal, schema
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.removal import Plan
from cleangov_plugin.store.schema import SchemaState
from cleangov_plugin.store.whole import still

from .export_check import differences

_EXPORT: Final = "cleangov db export DIR --with-identities"


class RemovalRefused(CleanGovError):
    """Tables that are not taken away, since something would be lost or broken by it."""


def look(database: Database, after_export: Path | None) -> tuple[Plan, list[str]]:
    """Look at what an uninstall would take away, and at what it would refuse for.

    :param database: the database.
    :param after_export: folder of an export; None where none is named.
    :return: what would go, and one line for each obstacle.
    """
    with still(database) as connection:
        planned = removal.plan(connection)
        return planned, obstacles(connection, planned, after_export)


def uninstall(database: Database, after_export: Path | None) -> Plan:
    """Take our tables away, in one transaction: all of them or none.

    :param database: the database.
    :param after_export: folder of an export that must equal what is there.
    :return: what has gone.
    :raises RemovalRefused: where there is an obstacle; nothing is changed then.
    """
    with database.own_transaction() as connection:
        removal.hold(connection)  # from here on, what is compared is what goes
        planned = removal.plan(connection)
        found = obstacles(connection, planned, after_export)
        if found:
            raise RemovalRefused(found[0], remedy=" ".join(found[1:]))
        removal.remove(connection, planned)
    return planned


def obstacles(connection: Connection, planned: Plan, after_export: Path | None) -> list[str]:
    """List what keeps our tables from being taken away, with what to do.

    :param connection: a connection.
    :param planned: what would go.
    :param after_export: folder of an export; None where none is named.
    """
    if schema.examine(connection).state is SchemaState.NEWER:
        return [
            "the tables are newer than this release, which does not know all of them.",
            "Install the release of the plugin that they belong to.",
        ]
    if planned.referring:
        named = ", ".join(planned.referring)
        return [
            f"these are not ours and refer to our tables: {named}.",
            "Remove them, or what in them refers to our tables.",
        ]
    if after_export is not None:
        found = differences(connection, after_export)
        if found:
            return [
                f"the export {after_export} is not what is there now: {'; '.join(found)}.",
                f"Stop the platform's use of the plugin, and export again: {_EXPORT}.",
            ]
    elif planned.entries:
        return [
            f"{planned.entries} entries of the ledger are not sealed, and would be lost.",
            f"Export first: {_EXPORT}; then name it: cleangov db uninstall --after-export DIR.",
        ]
    return []
