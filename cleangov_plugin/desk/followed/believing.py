"""Whose heads a follower believes: keys that its owner gave, or a policy; never the source's."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cleangov_plugin.desk.sealed.outside import Outside, origin_of
from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.log_proof import verify_tree_head
from cleangov_plugin.ledger.meta import MetaKind, decode_meta
from cleangov_plugin.ledger.note import open_note
from cleangov_plugin.ledger.note_key import VerifierKey, read_verifier_key
from cleangov_plugin.ledger.policy import Policy
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.tree_head import TreeHead, read_tree_head

from .sources import Source

_PINNED: Final = "followed.key"
_LONGEST_KEY: Final = 20_000


@dataclass(frozen=True, slots=True)
class Believed:
    """Whose heads are believed of one ledger.

    :param log_id: the ledger.
    :param keys: keys of its log; used where there is no policy.
    :param policy: logs, witnesses and how many must cosign.
    """

    log_id: str
    keys: Sequence[VerifierKey] = ()
    policy: Policy | None = None

    @property
    def is_anybody(self) -> bool:
        """Answer whether anybody is believed at all."""
        logs = self.policy.logs if self.policy else self.keys
        return any(key.name == origin_of(self.log_id) for key in logs)

    def head(self, note: bytes) -> TreeHead:
        """Read a signed head.

        :param note: hostile.
        :raises Refused: where it is not signed by who is believed, or is of another log.
        """
        if self.policy is not None:
            head = verify_tree_head(note, self.policy).head
        else:
            head = read_tree_head(open_note(note, self.keys).text)
        if head.origin != origin_of(self.log_id):
            raise Refused("head.origin", f"this head is of {head.origin[:60]!r}.")
        return head

    def newest(self, notes: Sequence[bytes]) -> tuple[bytes, TreeHead]:
        """Answer the newest head that is believed; one may still wait for its witnesses.

        :param notes: signed heads, the newest first, at least one; hostile.
        :raises Refused: where the newest is not believed, but for witnesses that have not come.
        """
        waiting: Refused | None = None
        for note in notes:
            try:
                return note, self.head(note)
            except Refused as problem:
                if problem.rule != "policy.quorum-unmet":
                    raise
                waiting = waiting or problem
        raise waiting or Refused("note.unverified", "there is no head.")


def pinned(outside: Outside) -> list[VerifierKey]:
    """Read the key that was pinned at first use.

    :param outside: the follower's own folder.
    :raises SettingsError: where the file is no key.
    """
    path = outside.own / _PINNED
    try:
        with path.open("rb") as file:
            return [read_verifier_key(file.read(_LONGEST_KEY).decode("utf-8").strip())]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, Refused) as problem:
        what = f"the pinned key cannot be read ({type(problem).__name__})."
        raise SettingsError(what, where=str(path), remedy="Name the key: --key TEXT.") from problem


def pin(outside: Outside, key: VerifierKey) -> Path:
    """Keep a key that was believed at first use.

    :param outside: the follower's own folder.
    :param key: the key.
    :return: the file.
    :raises SettingsError: where it cannot be written.
    """
    path = outside.own / _PINNED
    try:
        outside.own.mkdir(parents=True, exist_ok=True)
        path.write_text(key.text + "\n", "utf-8")
    except OSError as problem:
        what = f"the key cannot be pinned ({type(problem).__name__})."
        raise SettingsError(what, where=str(path), remedy="Name another folder: --to.") from problem
    return path


def first_key(source: Source, log_id: str) -> VerifierKey | None:
    """Answer the key that the first leaf of a ledger names; nothing vouches for it yet.

    :param source: where the ledger is read.
    :param log_id: the ledger.
    """
    try:
        (text,) = source.texts(log_id, 0, 1, 1)
        document = decode_meta(text or b"")
        if document["meta"] != MetaKind.GENESIS or not isinstance(document.get("key"), str):
            return None
        key = read_verifier_key(document["key"])
    except (ProfileError, Refused, ValueError):
        return None
    return key if key.name == origin_of(log_id) and not key.suite.is_cosignature else None
