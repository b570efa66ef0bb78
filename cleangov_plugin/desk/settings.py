"""All settings of the plugin in one frozen object, read once from the host and the environment."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from cleangov_plugin.domain.errors import SettingsError

from .origins import read_origins

PREFIX: Final = "CLEANGOV_"
#: Names that the project's own tests and tools read; not settings of the plugin.
_NOT_SETTINGS: Final = frozenset(
    {"CLEANGOV_TEST_PG", "CLEANGOV_CHROMIUM", "CLEANGOV_SHARED_DATA", "CLEANGOV_WHEELHOUSE"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be set, as ``CLEANGOV_<NAME>``.

    :param database_url: SQLAlchemy URL of the database that holds the plugin's tables: the
        host's own database.
    :param keys: folder of the key files, one key a purpose; made at the first start.
    :param spool: folder for events that no table could take; empty keeps none.
    :param spool_kb: kibibytes that the spool may hold at the most.
    :param heads: folder of signed heads and hash tiles, best on another machine; empty takes one
        beside an SQLite database.
    :param policy: file that names the witnesses of the ledger (C2SP tlog-policy), who are asked to
        cosign its heads; empty asks nobody.
    :param seal_seconds: seconds after which the running platform seals what it has recorded; 0
        leaves it to ``cleangov seal``.
    :param receipts: folder of the receipt journal, on this machine and away from the database;
        empty keeps none.
    :param oversight_key: oversight's public key (``cleangov oversight new-key``), to which what an
        officer tells oversight alone is sealed; empty offers no such answer.
    :param rules: folder of rule files to load at the start; empty takes the shipped rulebook.
    :param pass_minutes: minutes for which a pass earned by an answer is good.
    :param request_days: working days for which a request to a second person is open.
    :param second_heads: roles, apart by spaces, of whom the first that somebody has is asked where
        nobody answered a request to a second person in time, or nobody has the role; empty asks
        nobody else.
    :param owner: role that owns new findings until a person takes them.
    :param due_days: working days until a new finding is due.
    :param letter_days: working days in which a letter of inquiry asks for an answer.
    :param doubt_days: working days in which whoever answers for it answers an officer who says that
        a prompt is wrong.
    :param look_days: days after which an officer is told that somebody saw their name or a personal
        field of theirs; the same for every look, so that no silence tells of anything.
    :param prompt_days: days for which a prompt may be answered; after that its step is tried anew.
    :param day_minutes: minutes a day that somebody has for looking at what waits; the list of
        the day is cut to it.
    :param item_minutes: minutes that one thing on that list takes, for the estimate above it. An
        assumption (a case page made to be read in two minutes), not a measurement: set your own.
    :param day_prompts: prompts of tiers 2 and 3 that an officer is shown on a day; what is less
        weighty is a hint from then on, and recorded. What the law calls void or revocable, and
        tiers 4 and 5, are shown all the same.
    :param retention_years: years for which records of a case are kept.
    :param reviewers: roles, apart by spaces, that may look through all records.
    :param leads: roles that may look through the records of their own unit.
    :param stewards: roles that, beside the reviewers, declare suppressions, exemptions and
        deputies, agree to them and end them on their page; of rules for oversight only they see
        nothing.
    :param person_statistics: ``"on"`` where two people may decide that figures about single
        officers are made for a time; ``"off"`` makes none, whatever was decided.
    :param operators: roles that may see how the plugin is.
    :param origins: origins, apart by spaces, of front ends besides the platform's own that may show
        prompts (CORS): ``https://desk.example``; empty allows none.
    """

    database_url: str = ""
    keys: str = ""
    spool: str = ""
    spool_kb: int = 10_240
    heads: str = ""
    policy: str = ""
    seal_seconds: int = 0
    receipts: str = ""
    oversight_key: str = ""
    rules: str = ""
    pass_minutes: int = 10
    request_days: int = 3
    second_heads: str = ""
    owner: str = "supervision"
    due_days: int = 10
    letter_days: int = 7
    doubt_days: int = 5
    look_days: int = 30
    prompt_days: int = 30
    day_minutes: int = 30
    item_minutes: int = 2
    day_prompts: int = 3
    retention_years: int = 30
    reviewers: str = "auditor supervision"
    leads: str = ""
    stewards: str = "rule_steward"
    person_statistics: str = "off"
    operators: str = "it database_admin"
    origins: str = ""

    @property
    def receipts_folder(self) -> Path | None:
        """Answer the folder of the receipt journal; None where none is kept."""
        return Path(self.receipts) if self.receipts else None

    @property
    def rules_folder(self) -> Path | None:
        """Answer the folder of rule files, or None for the shipped rulebook."""
        return Path(self.rules) if self.rules else None


_RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "spool_kb": (0, 10_485_760),
    "seal_seconds": (0, 60),
    "pass_minutes": (1, 60),
    "request_days": (1, 30),
    "due_days": (1, 90),
    "letter_days": (1, 90),
    "doubt_days": (1, 30),
    "look_days": (0, 365),
    "prompt_days": (1, 90),
    "day_minutes": (2, 480),
    "item_minutes": (1, 120),
    "day_prompts": (1, 50),
    "retention_years": (1, 100),
}


def read_settings(host: Mapping[str, str], environ: Mapping[str, str]) -> Settings:
    """Read the settings: the host's mapping first, then the environment.

    :param host: the host's settings; names without the prefix belong to the host.
    :param environ: the process environment.
    :return: the settings.
    :raises SettingsError: where a name is unknown or a value out of range.
    """
    known = {PREFIX + field.name.upper(): field.name for field in fields(Settings)}
    given = {
        name: value
        for source in (environ, host)
        for name, value in source.items()
        if name.startswith(PREFIX) and name not in _NOT_SETTINGS
    }
    chosen: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            remedy = f"Did you mean {near[0]}?" if near else "Remove it; see docs/install.md."
            raise SettingsError("there is no such setting.", where=name, remedy=remedy)
        chosen[known[name]] = _number(name, known[name], value)
    read_origins(str(chosen.get("origins", "")))
    if chosen.get("person_statistics", "off") not in ("on", "off"):
        where = f"{PREFIX}PERSON_STATISTICS"
        raise SettingsError("this is on or off.", where=where, remedy="Leave it out for off.")
    return Settings(**chosen)


def _number(name: str, field: str, value: str) -> str | int:
    if field not in _RANGES:
        return str(value)
    low, high = _RANGES[field]
    remedy = f"Give a whole number from {low} to {high}."
    try:
        number = int(value)
    except (TypeError, ValueError):
        raise SettingsError(f"{value!r} is not a number.", where=name, remedy=remedy) from None
    if not low <= number <= high:
        raise SettingsError(f"{number} is out of range.", where=name, remedy=remedy)
    return number
