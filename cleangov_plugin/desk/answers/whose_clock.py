"""Whose clock says when an answer was given: one that runs ahead is not believed, and is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: By so much a device's clock may be ahead of the platform's without being called wrong.
TOLERANCE: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Clock:
    """When an answer was given.

    :param at: the time that is kept, aware; never later than the platform's, but for the tolerance.
    :param device: the device's own, aware; None where it told none, or one that is ahead.
    :param ahead: whole seconds by which a clock was ahead; None where none was.
    """

    at: datetime
    device: datetime | None
    ahead: int | None


def read(now: datetime, since: datetime, at: datetime, device: datetime | None) -> Clock:
    """Read what was told about the time of an answer; hostile.

    :param now: the platform's present time, aware.
    :param since: when the prompt was made, aware: nobody answered it before.
    :param at: when by whoever hands the answer on, aware.
    :param device: when by the device's clock, aware, for answers given without a connection.
    :return: what is kept.
    :raises TypeError: where one of them is no aware instant.
    """
    ahead = max(told - now for told in (at, device or at))
    return Clock(
        at=max(at, since) if at - now <= TOLERANCE else now,
        device=max(device, since) if device and device - now <= TOLERANCE else None,
        ahead=int(ahead.total_seconds()) if ahead > TOLERANCE else None,
    )
