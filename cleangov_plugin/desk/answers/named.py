"""The people whom an officer may name: those of whom the host says that they have the role."""

from typing import Final

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk

from .deciders import holders

#: More than these are not offered: nobody looks through them.
MOST: Final = 200


def people_with(desk: Desk, role: str) -> tuple[Person, ...]:
    """Ask the host who has a role now.

    :param desk: the desk.
    :param role: code of the role.
    :return: none where the host cannot say.
    """
    return (holders(desk, role) or ())[:MOST]
