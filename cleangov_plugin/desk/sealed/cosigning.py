"""Behind a published head: witnesses are asked, and the newest head that enough cosigned stays."""

from collections.abc import Callable
from datetime import datetime

from cleangov_plugin.ledger.policy import NONE, Policy
from cleangov_plugin.ledger.tree_head import TreeHead
from cleangov_plugin.store import tree
from cleangov_plugin.store.database import Database

from .outside import Outside
from .witnesses import Asked, ask


def cosign(
    database: Database,
    outside: Outside,
    policy: Policy | None,
    known: TreeHead | None,
    size: int,
    now: Callable[[], datetime],
) -> Asked | None:
    """Ask the witnesses of a policy to cosign the head outside, and keep what they answered.

    A witness that is away is asked again at the next sealing; nothing waits for it.

    :param database: the database.
    :param outside: where the head is kept; held by the caller.
    :param policy: whom verifiers believe; None asks nobody.
    :param known: the head before, which witnesses have probably seen.
    :param size: size of the head outside.
    :param now: answers the present time.
    :return: who cosigned it, and why others did not; None where nobody is to be asked.
    """
    note = outside.head()
    if policy is None or policy.quorum == NONE or not policy.addresses or note is None:
        return None
    with database.own_transaction(is_reading=True) as connection:
        asked = ask(connection, outside.log_id, note, known.size if known else 0, policy)
    if asked.note != note:
        outside.publish(asked.note, {})
        with database.own_transaction() as connection:
            tree.published(connection, outside.log_id, size, asked.note.decode(), now())
    if policy.is_met(asked.names) and outside.cosigned() != asked.note:
        outside.keep_cosigned(asked.note)
    return asked
