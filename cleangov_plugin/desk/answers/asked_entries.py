"""What entries tell of those who are asked: a request or follow-up begins and ends with an entry.

An entry that opens one names it, with a digest of all that is never changed of its row: who asks
whom about what, until when. So its table can be compared with the ledger.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from cleangov_hooks import Event
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import own_event
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.our_kinds import FOLLOW_UP_DECIDED, REQUEST_ENDED
from cleangov_plugin.store import prompts, second_requests
from cleangov_plugin.store.follow_ups import FollowRow
from cleangov_plugin.store.second_requests import RequestRow

#: Attribute by which an entry names what it opens.
OPENS: Final = "opens"
#: State in which a request begins, by the one in which it stands.
_BEGINS: Final = {
    **dict.fromkeys(second_requests.DOUBTS, second_requests.DOUBTED),
    second_requests.NOBODY: second_requests.NOBODY,
}


def named(row: FollowRow | RequestRow, state: str) -> str:
    """Name what is opened, as an entry does: its id, and the digest of its row.

    :param row: the row as it is written.
    :param state: where it stands then.
    """
    id_ = row.follow_id if isinstance(row, FollowRow) else row.request_id
    values = {name: getattr(row, name) for name in type(row).__slots__}
    return f"{id_} {digest_of_row(values, state)}"


def digest_of_row(values: Mapping[str, Any], state: str) -> str:
    """Answer the digest of what is never changed of a row.

    :param values: those columns by name.
    :param state: where it stands, then or at any later time.
    :return: SHA-256, hexadecimal.
    """
    told = {**values, "begins": begins(state)}
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def begins(state: str) -> str:
    """Answer the state in which a row began.

    :param state: where it stands now.
    """
    return _BEGINS.get(state, second_requests.OPEN)


def request_ended(
    desk: Desk, connection: Connection, request: Mapping[str, Any], state: str
) -> Event:
    """Make the event of a request that ended and that nobody decided.

    :param desk: the desk.
    :param connection: any connection.
    :param request: row of the request.
    :param state: how it ended.
    """
    about = {"request": request["request_id"], "state": state}
    return _ended(desk, connection, REQUEST_ENDED, request, about)


def follow_up_ended(
    desk: Desk, connection: Connection, follow_up: Mapping[str, Any], state: str
) -> Event:
    """Make the event of a follow-up that ended and that nobody decided.

    :param desk: the desk.
    :param connection: any connection.
    :param follow_up: row of the follow-up.
    :param state: how it ended.
    """
    about = {"follow_up": follow_up["follow_id"], "about": follow_up["kind"], "choice": state}
    return _ended(desk, connection, FOLLOW_UP_DECIDED, follow_up, about)


def _ended(
    desk: Desk, connection: Connection, kind: str, row: Mapping[str, Any], about: Mapping[str, Any]
) -> Event:
    prompt = prompts.prompt(connection, row["prompt_id"]) or {}
    return own_event(
        kind,
        None,
        desk.host.now(),
        (row["log_id"], prompt.get("subject", "")),
        step=prompt.get("step", ""),
        attributes={"prompt": row["prompt_id"], **about},
    )
