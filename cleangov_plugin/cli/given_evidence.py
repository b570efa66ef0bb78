"""What an auditor gives ``cleangov verify`` to compare a ledger with."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .sealed_places import keys_of, policy_of, with_policy

if TYPE_CHECKING:
    from cleangov_plugin.desk.sealed.outside import Outside
    from cleangov_plugin.desk.verified.evidence import Evidence
    from cleangov_plugin.desk.verified.receipts_check import Journal
    from cleangov_plugin.ledger.entry_code import CodeKey
    from cleangov_plugin.ledger.note_key import VerifierKey
    from cleangov_plugin.ledger.policy import Policy
    from cleangov_plugin.store.database import Database


@dataclass(slots=True, kw_only=True)
class Given:
    """What was given on the command line, and what is read of it.

    :param keys: folder of the key files, for what is not given.
    :param told: public keys of logs.
    :param code_keys: files with the first key of a ledger's codes.
    :param receipts: folder of the receipt journal.
    :param policy: file of a policy.
    :param seen: files of signed heads.
    :param is_copy: whether the database is a follower's.
    :param within: seconds within which an entry has to be sealed.
    """

    keys: Path | None
    told: tuple[str, ...] = ()
    code_keys: tuple[Path, ...] = ()
    receipts: Path | None = None
    policy: Path | None = None
    seen: tuple[Path, ...] = ()
    is_copy: bool = False
    within: float | None = None
    journal: "Journal | None" = field(default=None, init=False)
    believed: "Policy | None" = field(default=None, init=False)

    def read(self) -> None:
        """Read what is of all ledgers, before the database is read.

        :raises CleanGovError: where a file cannot be read, or is not what it should be.
        """
        from cleangov_plugin.desk.verified.receipts_check import Journal

        self.believed = policy_of(self.policy)
        self.journal = Journal.of(self.receipts) if self.receipts else None

    def evidence(
        self, database: "Database", folder: Path, log_id: str, others: Collection[str] = ()
    ) -> "Evidence":
        """Answer what one ledger is compared with.

        :param database: the database.
        :param folder: where head and tiles are kept.
        :param log_id: the ledger.
        :param others: ledgers that are verified besides; a head that names one is compared there.
        """
        from cleangov_plugin.desk.sealed.outside import Outside
        from cleangov_plugin.desk.verified.evidence import Evidence

        return Evidence(
            outside=Outside(folder, log_id),
            key=self._key(database, Outside(folder, log_id)),
            code_key=self._code_key(database, log_id),
            receipts=self.journal,
            policy=self.believed,
            seen=[
                (place, note) for place, note in self._kept() if _may_be_of(note, log_id, others)
            ],
            now=datetime.now(UTC),
            is_copy=self.is_copy,
            within=None if self.within is None else timedelta(seconds=self.within),
        )

    def _kept(self) -> Iterator[tuple[str, bytes]]:
        """Read the heads that the auditor kept, each with where it was kept."""
        from cleangov_plugin.desk.sealed.outside import LARGEST_HEAD

        for path in self.seen:
            yield str(path), path.read_bytes()[:LARGEST_HEAD]

    def _key(self, database: "Database", outside: "Outside") -> "VerifierKey | None":
        """Answer the key that the heads of a ledger are checked with; the auditor's, where told."""
        from cleangov_plugin.desk.sealed.outside import origin_of, signer_of
        from cleangov_plugin.desk.verified.evidence import believed_key
        from cleangov_plugin.ledger.note_key import read_verifier_key

        log_id = outside.log_id
        if self.told:
            known = [read_verifier_key(text) for text in self.told]
            return next((key for key in known if key.name == origin_of(log_id)), None)
        if self.believed and (key := believed_key(self.believed, outside)):
            return key
        signer = signer_of(keys_of(database, self.keys), log_id, is_made=False)
        return signer.verifier if signer else None

    def _code_key(self, database: "Database", log_id: str) -> "CodeKey | None":
        """Answer the first key of a ledger's entry codes; None where it was taken away."""
        from cleangov_plugin.desk.codes import begin_file, read_begin

        if self.code_keys:
            known = [read_begin(path) for path in self.code_keys]
            return next((key for key in known if key.log_id == log_id), None)
        if self.keys is None and not database.is_sqlite:
            return None
        path = begin_file(keys_of(database, self.keys), log_id)
        return read_begin(path) if path.exists() else None


def _may_be_of(note: bytes, log_id: str, others: Collection[str]) -> bool:
    """Tell whether a head has to be compared with a ledger: all but one that names another."""
    from cleangov_plugin.desk.sealed.outside import origin_of

    origin = note.partition(b"\n")[0]
    return origin not in {origin_of(each).encode() for each in others if each != log_id}


_with_copy = click.option(
    "--copy",
    "is_copy",
    is_flag=True,
    help="The database is a copy that 'cleangov follow' keeps: bodies and leaves alone.",
)

_with_haste = click.option(
    "--within",
    type=click.FloatRange(1, 86_400 * 366),
    metavar="SECONDS",
    help="Alarm where an entry waits for its seal longer than this, by this machine's clock.",
)


def with_evidence(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that name evidence; it is called with one `Given`.

    :param command: the command; it takes ``given``.
    """

    @click.option(
        "--key",
        "told",
        metavar="TEXT",
        multiple=True,
        help="The public key of a log, as 'cleangov seal --json' told it; once for each ledger.",
    )
    @click.option(
        "--code-key",
        "code_keys",
        type=click.Path(path_type=Path),
        multiple=True,
        help="File with the first key of a ledger's entry codes; the one in --keys where left out.",
    )
    @click.option(
        "--receipts",
        type=click.Path(path_type=Path),
        envvar="CLEANGOV_RECEIPTS",
        help="Folder of the platform's receipt journal.",
    )
    @click.option(
        "--seen",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        multiple=True,
        help="A signed head that you kept: from a receipt, a mail, a printed page typed in.",
    )
    @_with_copy
    @_with_haste
    @with_policy
    @wraps(command)
    def wrapped(*words: Any, **options: Any) -> Any:
        named = {name: options.pop(name) for name in _NAMES}
        return command(*words, given=Given(**named), **options)

    return wrapped


_NAMES = ("keys", "told", "code_keys", "receipts", "policy", "seen", "is_copy", "within")
