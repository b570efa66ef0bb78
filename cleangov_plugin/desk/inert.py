"""What the plugin does while it can do nothing: it says why, and loses no event it can keep."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cleangov_hooks import EventType

from .spool import Spool
from .wire import told

logger = logging.getLogger("cleangov")


@dataclass(slots=True)
class Inert:
    """The state of a plugin that is attached and does nothing.

    :param reason: why, with what to do about it.
    :param spool: where events are kept until the reason is gone; None where none is known.
    :param lost: events that nothing could keep.
    :param kept: events that wait in the spool.
    :param code: the reason for machines: ``"starting"``, ``"host"``, ``"settings"``, ``"schema"``
        or ``"error"``.
    """

    reason: str
    spool: Spool | None = None
    lost: int = 0
    kept: int = 0
    code: str = "starting"

    def say(self) -> None:
        """Say once, in the log, why nothing will be done."""
        logger.error("inert, the platform runs without supervision: %s", self.reason)

    def keep(self, events: Sequence[object], types: Mapping[str, EventType]) -> None:
        """Keep events for the day the reason is gone.

        :param events: what the host sent; hostile.
        :param types: the kinds that the host declares.
        """
        for event in events:
            if self.spool is not None and self.spool.put(told(event, types)):
                self.kept += 1
            else:
                self.lost += 1
