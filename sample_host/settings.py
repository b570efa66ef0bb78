"""The settings of the city platform, read once; what begins with CLEANGOV_ is passed on unread."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from .clock import ZONE
from .i18n import LANGUAGES, language_tag

_KNOWN: Final = frozenset(
    {
        "DATABASE_URL",
        "LANGUAGE",
        "CLOCK",
        "CLOCK_TICKS",
        "PLUGINS",
        "KILL_SWITCH_FILE",
        "TOUR",
        "SECRET_KEY",
        "ISOLATION_LEVEL",
        "TESTING",
        "ADMINISTRATOR",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSettings:
    """What can be set.

    :param database_url: SQLAlchemy URL; SQLite needs a file.
    :param language: language of the first visit, ``"zh-CN"`` or ``"en"``.
    :param clock: begin of the fixed demo day, aware; None takes the real time.
    :param clock_ticks: whether demo time moves by a second a write instead of running.
    :param plugins: whether plugins are looked for.
    :param kill_switch: file whose existence switches supervision off; None has no switch.
    :param tour: whether the tour bar is shown.
    :param secret: key that signs the session cookie.
    :param isolation_level: transaction isolation of the database connections, if not its default.
    :param administrator: file of the scene in which a visitor changes records behind everybody's
        back, to keep what was there before; None has no such scene.
    :param testing: whether Flask's testing mode is on.
    :param supervision: settings for plugins.
    """

    database_url: str
    language: str = "zh-CN"
    clock: datetime | None = None
    clock_ticks: bool = False
    plugins: bool = True
    kill_switch: Path | None = None
    tour: bool = True
    secret: str
    isolation_level: str | None = None
    testing: bool = False
    administrator: Path | None = None
    supervision: Mapping[str, str]


def read_settings(config: Mapping[str, Any]) -> HostSettings:
    """Read the settings.

    :param config: names in capitals, see `HostSettings`.
    :return: the settings.
    :raises ValueError: where a name is unknown or a value cannot be read.
    """
    supervision = {k: str(v) for k, v in config.items() if k.startswith("CLEANGOV_")}
    unknown = sorted(set(config) - _KNOWN - set(supervision))
    if unknown:
        raise ValueError(f"unknown settings: {', '.join(unknown)}; known: {sorted(_KNOWN)}")
    url = str(config.get("DATABASE_URL", "sqlite:///yunting.db"))
    supervision.setdefault("CLEANGOV_DATABASE_URL", url)
    switch, scene = config.get("KILL_SWITCH_FILE"), config.get("ADMINISTRATOR")
    return HostSettings(
        database_url=url,
        language=_language(config.get("LANGUAGE", "zh-CN")),
        clock=_instant(config.get("CLOCK")),
        clock_ticks=_is_on(config.get("CLOCK_TICKS", False)),
        plugins=_is_on(config.get("PLUGINS", True)),
        kill_switch=Path(switch) if switch else None,
        tour=_is_on(config.get("TOUR", True)),
        secret=str(config.get("SECRET_KEY") or secrets.token_hex(32)),
        isolation_level=config.get("ISOLATION_LEVEL"),
        testing=_is_on(config.get("TESTING", False)),
        administrator=Path(scene) if scene else None,
        supervision=supervision,
    )


def _language(value: object) -> str:
    tag = language_tag(str(value))
    if tag is None:
        raise ValueError(f"LANGUAGE: one of {', '.join(LANGUAGES)} was expected, not {value!r}")
    return tag


def _instant(value: object) -> datetime | None:
    if value is None or value == "":
        return None
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return instant if instant.tzinfo else instant.replace(tzinfo=ZONE)


def _is_on(value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in ("on", "1", "true", "yes"):
        return True
    if text in ("off", "0", "false", "no", ""):
        return False
    raise ValueError(f"on or off was expected, not {value!r}")
