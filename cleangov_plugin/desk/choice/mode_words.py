"""What officers and administrators read of modes, zh and en."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from cleangov_plugin.domain.terms import Eased
from cleangov_plugin.prompts.modes import Declared

#: Of each mode: its name, and what an officer reads whose step goes on in it. zh, then en.
NAMES: Final[Mapping[Eased, tuple[str, str]]] = {
    Eased.EMERGENCY: ("应急状态", "Emergency"),
    Eased.CAMPAIGN: ("专项行动", "Campaign"),
    Eased.GREEN_CHANNEL: ("绿色通道", "Green channel"),
    Eased.INSTANT: ("当场办理", "Decided on the spot"),
    Eased.ON_COMMITMENT: ("告知承诺", "On commitment"),
}
_DEFERRED: Final = (
    "{name}至 {until}：这一步先办，应说明的事项到期后再看。",
    "{name} until {until}: this step goes on; what would be asked is looked at afterwards.",
)
_EASED: Final = (
    "{name}：这一步不停，所见已记录。",
    "{name}: this step is not held; what was seen is recorded.",
)


def named(mode: Eased, language: str) -> str:
    """Answer the name of a mode.

    :param mode: the mode.
    :param language: BCP 47 tag.
    """
    return NAMES[mode][0 if language.lower().startswith("zh") else 1]


def told(
    mode: Eased, declared: Declared | None, zone: ZoneInfo, language: str, *, is_later: bool
) -> str:
    """Tell an officer why a step goes on.

    :param mode: the mode.
    :param declared: its declaration, where it was declared.
    :param zone: the agency's zone.
    :param language: BCP 47 tag.
    :param is_later: whether it is looked at when the mode ends.
    """
    place = 0 if language.lower().startswith("zh") else 1
    until = _moment(declared.ends, zone, place) if declared else ""
    words = _DEFERRED if is_later else _EASED
    return words[place].format(name=NAMES[mode][place], until=until)


def _moment(at: datetime, zone: ZoneInfo, place: int) -> str:
    there = at.astimezone(zone)
    if place == 0:
        return f"{there.month}月{there.day}日{there:%H:%M}"
    return f"{there:%d %b %H:%M}"
