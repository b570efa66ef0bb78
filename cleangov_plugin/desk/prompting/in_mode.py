"""A step that is held although a mode is in force: its panel says so, or one would wonder."""

from cleangov_hooks import Step
from cleangov_plugin.desk.choice.mode_words import named
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import SOURCE
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.prompts.modes import declared
from cleangov_plugin.store import mode_entries

from .views import Note


def notes_in_mode(
    desk: Desk, connection: Connection, ledger: Ledger, step: Step
) -> tuple[Note, ...]:
    """Name the modes in force at a step that is held all the same.

    :param desk: the desk.
    :param connection: any connection.
    :param ledger: the agency's ledger.
    :param step: where the officer stands.
    """
    now, unit = desk.host.now(), step.actor.unit if step.actor else None
    found = declared(mode_entries.records(connection, ledger.log_id, SOURCE))
    return tuple(
        Note(
            key="panel.mode",
            text=named(mode.mode, step.language),
            until=mode.ends.astimezone(ledger.zone),
        )
        for mode in found
        if mode.is_in_force(now) and mode.covers(unit, step.stream.value)
    )
