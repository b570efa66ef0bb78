"""How the plugin is, in one word and in codes: for monitors, without a word about anybody."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from cleangov_hooks import Host
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.inert import Inert
from cleangov_plugin.desk.review.readers import is_operator
from cleangov_plugin.desk.settings import Settings
from cleangov_plugin.desk.start import settings_of
from cleangov_plugin.domain.errors import SettingsError

from .checks import examine
from .health_check import State


class Pulse(StrEnum):
    """The state of the plugin in this process."""

    OK = "ok"
    DEGRADED = "degraded"
    SWITCHED_OFF = "switched_off"
    INERT = "inert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a monitor is told.

    :param state: the one word.
    :param reasons: codes of what makes it so; what to do about each is said by the doctor.
    :param notes: codes of what somebody should know of all the same.
    :param counters: what happened in this process since it started.
    """

    state: Pulse
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    counters: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A plugin in a process, as those who watch it see it.

    :param host: the host's services.
    :param desk_of: answers the desk, or None while the plugin is inert.
    :param inert: why, where it is.
    :param is_off: answers whether the host's kill switch is on.
    """

    host: Host
    desk_of: Callable[[], Desk | None]
    inert: Inert
    is_off: Callable[[], bool]

    @property
    def pulse(self) -> Pulse:
        """Answer the one word as far as this process knows it without looking anywhere."""
        desk = self.desk_of()
        if desk is None:
            return Pulse.INERT
        if self.is_off():
            return Pulse.SWITCHED_OFF
        return Pulse.DEGRADED if _own_reasons(desk) else Pulse.OK

    def may_see(self) -> bool:
        """Answer whether whoever is signed in may see more than that the process lives."""
        person = self.host.person()
        return person is not None and is_operator(self.settings() or Settings(), person)

    def settings(self) -> Settings | None:
        """Answer the plugin's settings; None where they are what is wrong."""
        desk = self.desk_of()
        if desk is not None:
            return desk.settings
        try:
            return settings_of(self.host)
        except SettingsError:
            return None


def told(watched: Watched) -> Told:
    """Look at a plugin: briefly, since a monitor asks again and again.

    :param watched: the plugin.
    :return: what a monitor is told.
    """
    settings, desk = watched.settings(), watched.desk_of()
    today = watched.host.now().date()
    checks = examine(settings, today, is_brief=True) if settings else []
    bad = {check.key for check in checks if check.state is State.BAD}
    notes = {check.key for check in checks if check.state is State.NOTE}
    if desk is None:
        reasons = bad or {watched.inert.code}
        reasons |= {"events.lost"} if watched.inert.lost else set()
        counters = {"spooled": watched.inert.kept, "lost": watched.inert.lost}
    else:
        reasons = bad | _own_reasons(desk)
        counters = dict(sorted(desk.counters.numbers.items()))
    state = watched.pulse
    return Told(
        state=Pulse.DEGRADED if state is Pulse.OK and reasons else state,
        reasons=tuple(sorted(reasons)),
        notes=tuple(sorted(notes)),
        counters=counters,
    )


def _own_reasons(desk: Desk) -> set[str]:
    """Answer what this process alone knows of."""
    is_lossy, resting = desk.counters.numbers.get("lost"), desk.breakers.resting()
    return ({"events.lost"} if is_lossy else set()) | ({"verbs.resting"} if resting else set())
