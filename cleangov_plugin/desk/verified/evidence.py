"""What a ledger is compared with when it is verified."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

from cleangov_plugin.desk.sealed.outside import HEAD, Outside, origin_of
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.entry_code import CodeKey
from cleangov_plugin.ledger.log_proof import verify_tree_head
from cleangov_plugin.ledger.note import open_note
from cleangov_plugin.ledger.note_key import VerifierKey
from cleangov_plugin.ledger.policy import Policy
from cleangov_plugin.ledger.strict import Refused

from .receipts_check import Journal
from .second import Second


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a ledger is compared with; none of it comes from the database.

    :param outside: where head and tiles are kept; while anybody seals, with the heads noted before
        the database was read.
    :param key: the key of the log; None checks no signature.
    :param code_key: the first key of the ledger's codes; None checks no code.
    :param receipts: the receipt journal as it was before the database was read; None checks none.
    :param policy: whom the auditor believes; None asks for no witness.
    :param seen: heads that the auditor kept, each with where it was kept; hostile.
    :param now: the present time; None judges nothing by it.
    :param within: how soon an entry has to be sealed, by `now`; None asks for no haste.
    :param is_copy: whether the database is a follower's, which has bodies and leaves alone.
    :param second: a second process that sees the state that is verified; None does all in this one.
    :param beside: another connection to the state that is verified, asked by another thread for
        what takes long; None asks one thing after the other.
    """

    outside: Outside
    key: VerifierKey | None = None
    code_key: CodeKey | None = None
    receipts: Journal | None = None
    policy: Policy | None = None
    seen: Sequence[tuple[str, bytes]] = ()
    now: datetime | None = None
    within: timedelta | None = None
    is_copy: bool = False
    beside: Connection | None = None
    second: Second | None = None

    def cosigned(self) -> tuple[int, int] | None:
        """Answer size and earliest time (seconds since 1970) of the newest cosigned head."""
        note = self.outside.cosigned()
        if self.policy is None or note is None:
            return None
        try:
            proven = verify_tree_head(note, self.policy)
        except Refused:
            return None  # it is said elsewhere
        return proven.head.size, min(proven.cosigned.values(), default=0)


def believed_key(policy: Policy, outside: Outside) -> VerifierKey | None:
    """Answer the key that a policy believes of a ledger.

    :param policy: the auditor's own.
    :param outside: where head and tiles of the ledger are kept.
    :return: of several, as after a rotation, the first that signed the head outside, and else the
        first; None where the policy names no log of this origin.
    """
    known = [key for key in policy.logs if key.name == origin_of(outside.log_id)]
    for key in known[1:] and known:
        with suppress(Refused):
            open_note(outside.head() or b"", [key])
            return key
    return next(iter(known), None)


def ledgers_in(folder: Path) -> set[str]:
    """Answer the ledgers that have a head in a folder.

    :param folder: the folder that `Outside` has; it need not be there.
    """
    try:
        return {unquote(each.name) for each in folder.iterdir() if (each / HEAD).is_file()}
    except OSError:  # there is none, or nobody may look: that is told where a head is read
        return set()
