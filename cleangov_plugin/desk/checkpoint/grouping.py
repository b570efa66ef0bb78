"""Events of all cases by group: where an event belongs, and the filling of what rules ask for."""

import hmac
from functools import lru_cache
from hashlib import sha256

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Ledger
from cleangov_plugin.domain.record import Record
from cleangov_plugin.rules import Knowledge
from cleangov_plugin.rules.across import Group
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.store import groups
from cleangov_plugin.store.groups import Member

#: Hexadecimal digits of a key: 128 bits, so that no two groups are ever taken for one.
_LENGTH = 32


def hashed(desk: Desk, group_id: str, key: str) -> str:
    """Answer the name of a group in the index: what it is grouped by stands in no table.

    :param desk: the desk, with its keys.
    :param group_id: the group's hash.
    :param key: JSON list of the values it is grouped by.
    """
    return _hashed(desk.keys.key("pseudonym"), group_id, key)


@lru_cache(maxsize=4_096)
def _hashed(secret: bytes, group_id: str, key: str) -> str:
    message = f"group\x1f{group_id}\x1f{key}".encode()
    return hmac.new(secret, message, sha256).hexdigest()[:_LENGTH]


def member(desk: Desk, ledger: Ledger, group: Group, record: Record) -> Member | None:
    """Answer where an event belongs in a group; None where it does not.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :param group: the group.
    :param record: the event.
    """
    frame = Frame(record, Knowledge(zone=ledger.zone))
    key = group.key(frame)
    if key is None:
        return None
    return Member(group.id, hashed(desk, group.id, key), frame.day.toordinal())


def members(desk: Desk, ledger: Ledger, record: Record) -> list[Member]:
    """Answer where an event belongs, of all that the rules in force ask for.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :param record: the event.
    """
    found = (member(desk, ledger, g, record) for g in ledger.rules.groups_of(record.kind))
    return [each for each in found if each is not None]


def fill_groups(desk: Desk, ledger: Ledger, *, most: int | None = None) -> bool:
    """Fill the groups that the rules in force ask for, a slice in a transaction of its own.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :param most: slices at most; None for as many as there are.
    :return: whether all are filled.
    """
    wanted, ruleset = ledger.rules.groups(), ledger.rules.revision
    with desk.database.own_transaction(is_reading=True) as connection:
        states = groups.states(connection, ledger.log_id)
    if not wanted and not states:
        return True
    used = [group.id for group in wanted]
    if set(states) - set(used):
        with desk.database.own_transaction() as connection:
            groups.drop_others(connection, ledger.log_id, used)
    left = most
    for group in wanted:
        if states.get(group.id) == (ruleset, True):
            continue
        if states.get(group.id, (None,))[0] != ruleset:
            with desk.database.own_transaction() as connection:
                groups.begin(connection, ledger.log_id, group.id, ruleset)
        while left is None or left > 0:
            left = None if left is None else left - 1
            if not _fill(desk, ledger, group):
                break
    with desk.database.own_transaction(is_reading=True) as connection:
        return set(used) <= set(groups.filled(connection, ledger.log_id, ruleset))


def _fill(desk: Desk, ledger: Ledger, group: Group) -> bool:
    with desk.database.own_transaction() as connection:
        return groups.fill(
            connection,
            ledger.log_id,
            group.id,
            group.kinds,
            lambda record: member(desk, ledger, group, record),
        )
