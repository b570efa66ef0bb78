"""What entries of our own kinds are marked as, whatever the rules said."""

from collections.abc import Mapping
from typing import Final

from .our_kinds import OUR_KINDS, UNLISTED_KINDS
from .terms import Mark

#: By kind; of others nothing.
OUR_MARKS: Final[Mapping[str, Mark]] = {
    kind: Mark.OURS | (Mark.UNLISTED if kind in UNLISTED_KINDS else Mark(0)) for kind in OUR_KINDS
}
