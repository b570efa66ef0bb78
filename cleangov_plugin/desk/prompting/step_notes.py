"""What a panel says besides its hits: a mode that changes nothing here, a commitment due."""

from collections.abc import Iterator

from cleangov_hooks import Person, Step
from cleangov_plugin.desk.choice.mode_words import named
from cleangov_plugin.desk.choice.modes import MODES
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own.commitments import is_due
from cleangov_plugin.desk.shelf import Connection, Ledger

from .views import Note


def notes_of_step(
    desk: Desk, connection: Connection, ledger: Ledger, step: Step
) -> tuple[Note, ...]:
    """Say what an officer would wonder about, or owes, at a step that is held.

    :param desk: the desk.
    :param connection: any connection.
    :param ledger: the agency's ledger.
    :param step: where the officer stands.
    """
    if step.actor is None:
        return ()
    notes = list(_in_mode(desk, connection, ledger, step))
    officer = Person(id=step.actor.id, name="", unit=step.actor.unit)
    if is_due(desk, connection, ledger, officer, step.stream):
        notes.append(Note(key="panel.commit"))
    return tuple(notes)


def _in_mode(desk: Desk, connection: Connection, ledger: Ledger, step: Step) -> Iterator[Note]:
    """Name the modes in force at a step that is held all the same."""
    now, unit = desk.host.now(), step.actor.unit if step.actor else None
    for mode in MODES.records(connection, ledger.log_id):
        if mode.is_in_force(now) and mode.covers(unit, step.stream.value):
            until = mode.ends.astimezone(ledger.zone)
            yield Note(key="panel.mode", text=named(mode.mode, step.language), until=until)
