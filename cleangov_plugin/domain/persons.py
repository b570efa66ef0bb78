"""Kinds of the entries that tell of person statistics: decided on, agreed to, ended, looked at."""

from typing import Final

PERSONS_DECLARED: Final = "int.person_statistics.declared"
PERSONS_CONFIRMED: Final = "int.person_statistics.confirmed"
PERSONS_ENDED: Final = "int.person_statistics.ended"
PERSONS_VIEWED: Final = "int.person_statistics.viewed"
#: All of them.
PERSONS_KINDS: Final = (PERSONS_DECLARED, PERSONS_CONFIRMED, PERSONS_ENDED, PERSONS_VIEWED)
