"""What it costs that agency and oversight are one process, and whether oversight follows."""

from pathlib import Path
from typing import Final

from cleangov_plugin.desk.settings import Settings
from cleangov_plugin.ledger.policy import read_policy
from cleangov_plugin.ledger.strict import Refused

from .health_check import Check, State

#: How the names of followers' keys begin; `cleangov follow` names them.
_FOLLOWER: Final = "cleangov-follower/"


def sides(settings: Settings) -> Check:
    """Look whether anybody else has to have seen the ledger; else one machine holds everything.

    A follower shows in the policy alone: it asks the agency for nothing.

    :param settings: the plugin's settings.
    """
    followers = _followers(settings)
    if not followers:
        return Check(key="sides.one", state=State.NOTE)
    return Check(key="sides.two", state=State.GOOD, values={"names": ", ".join(followers)})


def _followers(settings: Settings) -> list[str]:
    if not settings.policy:
        return []
    try:
        policy = read_policy(Path(settings.policy).read_bytes())
    except (OSError, Refused):
        return []
    found = policy.witnesses.items()
    return sorted(name for name, key in found if key.name.startswith(_FOLLOWER))
