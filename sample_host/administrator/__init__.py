"""Be the administrator: records changed behind everybody's back, verified, and put back.

A scene of the demo alone. It knows the tables as whoever keeps the database does, by their names,
and the plugin by its command line.
"""

from .acting import Busy, act, undo
from .deeds import DEEDS, Aim, Deed, aim, is_sealing
from .keeping import Kept
from .place import NO_KEYS, Place, place_of
from .verifying import Found, Item, verify

__all__ = (
    "DEEDS",
    "NO_KEYS",
    "Aim",
    "Busy",
    "Deed",
    "Found",
    "Item",
    "Kept",
    "Place",
    "act",
    "aim",
    "is_sealing",
    "place_of",
    "undo",
    "verify",
)
