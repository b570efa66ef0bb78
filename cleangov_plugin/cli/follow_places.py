"""What ``cleangov follow`` reads from, and what is the follower's own."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import click

from cleangov_plugin.domain.errors import SettingsError

from .follow_words import WORDS
from .options import Options

if TYPE_CHECKING:
    from cleangov_plugin.desk.followed.believing import Believed
    from cleangov_plugin.desk.followed.following import Copy
    from cleangov_plugin.desk.followed.sources import Source
    from cleangov_plugin.ledger.note_key import SignerKey, VerifierKey
    from cleangov_plugin.ledger.policy import Policy
    from cleangov_plugin.store.database import Database

_PURPOSE: Final = "witness"
_KEY_BYTES: Final = 32
#: Seconds between two lines about a long copy.
_QUIET_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Places:
    """The source, and the follower's own.

    :param source: where the agency's ledgers are read.
    :param database: the follower's database.
    :param heads: its folder of heads.
    :param keys: its folder of keys, and of what only it may read.
    """

    source: "Source"
    database: "Database"
    heads: Path
    keys: Path

    def agencies(self) -> dict[str, dict[str, Any]]:
        """List ledgers of the source, and those that were followed and are gone from it."""
        return {row["log_id"]: row for row in [*self.source.agencies(), *self._kept()]}

    def copy(self, log_id: str) -> "Copy":
        """Answer what the follower has of a ledger.

        :param log_id: the ledger.
        :raises SettingsError: where its key cannot be read or made.
        """
        from cleangov_plugin.desk.followed.following import Copy
        from cleangov_plugin.desk.sealed.outside import Outside

        outside = Outside(self.heads, log_id)
        return Copy(self.database, outside, _witness(self.keys, log_id), self.keys)

    def keep(self, row: Mapping[str, Any]) -> None:
        """Keep whose ledger it is; what is kept already stays.

        :param row: the agency.
        """
        from cleangov_plugin.store import rulebook

        if row["log_id"] in {kept["log_id"] for kept in self._kept()}:
            return
        with self.database.own_transaction() as connection:
            told = (row["log_id"], row["names"], row["zone"], row["country"])
            rulebook.save_agency(connection, *told)

    def believed(
        self,
        log_id: str,
        told: "Sequence[VerifierKey]",
        policy: "Policy | None",
        *,
        is_trusting: bool,
    ) -> "Believed":
        """Answer whose heads are believed of a ledger.

        :param log_id: the ledger.
        :param told: keys that were named.
        :param policy: the policy that was named.
        :param is_trusting: whether the key of the first leaf is pinned where none is known.
        :raises SettingsError: where nobody is believed.
        """
        from cleangov_plugin.desk.followed.believing import Believed, first_key, pin, pinned
        from cleangov_plugin.desk.sealed.outside import Outside

        outside = Outside(self.heads, log_id)
        found = Believed(log_id, told or pinned(outside), policy)
        if found.is_anybody or policy is not None:
            return found
        key = first_key(self.source, log_id) if is_trusting else None
        if key is None:
            raise SettingsError(
                "nobody is believed for this ledger yet.",
                where=log_id,
                remedy="Name the key of its log, told by another way than the source: --key TEXT or"
                " --policy FILE; or believe the first key once: --trust-first.",
            )
        pin(outside, key)
        return Believed(log_id, [key])

    def _kept(self) -> list[dict[str, Any]]:
        from cleangov_plugin.store import rulebook

        with self.database.own_transaction(is_reading=True) as connection:
            return rulebook.agencies(connection)


class Progress:
    """Says how far a long copy is.

    :param options: the options of the command line.
    :param log_id: the ledger.
    """

    def __init__(self, options: Options, log_id: str) -> None:
        self._words = WORDS["progress"][options.language == "en"]
        self._log_id = log_id
        self._last = time.monotonic()

    def __call__(self, done: int, all_: int) -> None:
        """Say it, where some time has passed.

        :param done: leaves that are copied.
        :param all_: of how many.
        """
        if time.monotonic() - self._last >= _QUIET_S:
            self._last = time.monotonic()
            click.echo(self._words.format(log_id=self._log_id, done=done, all=all_), err=True)


@contextmanager
def held(source: str, target: str, heads: Path | None, keys: Path | None) -> Iterator[Places]:
    """Hold the source and the follower's own open.

    :param source: the agency's database, or a folder of bundles.
    :param target: a folder, or the follower's database.
    :param heads: the follower's folder of heads; None takes one in or beside the target.
    :param keys: the follower's folder of keys; likewise.
    :raises SettingsError: where one of them cannot be used.
    """
    from cleangov_plugin.desk.followed.sources import DatabaseSource, FolderSource
    from cleangov_plugin.store.connecting import connected

    with ExitStack() as stack:
        reading: Source
        if "://" in source:
            theirs = stack.enter_context(connected(source, is_made=False))
            reading = DatabaseSource(theirs)
        else:
            reading = FolderSource(Path(source))
        url, beside = _target(target)
        ours = stack.enter_context(connected(url))
        if isinstance(reading, DatabaseSource) and ours.url == reading.database.url:
            what = "a copy in the agency's own database is none."
            raise SettingsError(what, where="--to", remedy="Name a database of your own.")
        _prepare(ours)
        if beside is None and (heads is None or keys is None):
            what = "the copy's heads and keys need folders of their own."
            raise SettingsError(what, where="--to", remedy="Name them: --heads and --keys.")
        yield Places(reading, ours, heads or Path(f"{beside}heads"), keys or Path(f"{beside}keys"))


def _target(target: str) -> tuple[str, str | None]:
    """Answer the URL of the follower's database, and how the names of its folders begin."""
    from cleangov_plugin.store.connecting import file_of

    if "://" in target:
        name = file_of(target)
        return target, None if name is None else f"{name}."
    folder = Path(target)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        what = f"this folder cannot be made ({type(problem).__name__})."
        raise SettingsError(what, where=target, remedy="Name another: --to FOLDER.") from problem
    return f"sqlite:///{folder / 'copy.db'}", f"{folder}/"


def _prepare(database: "Database") -> None:
    """Make the tables where there is none, and refuse a database that is no copy."""
    import cleangov_migrations
    from cleangov_plugin.store.connecting import require_schema, schema_of, shown
    from cleangov_plugin.store.copying import is_copy
    from cleangov_plugin.store.schema import SchemaState

    if schema_of(database).state is SchemaState.MISSING:
        with database.own_transaction() as connection:
            cleangov_migrations.upgrade(connection)
    require_schema(database)
    with database.own_transaction(is_reading=True) as connection:
        if not is_copy(connection):
            raise SettingsError(
                "this database has entries that were not copied: it is an agency's.",
                where=shown(database),
                remedy="Name a database of your own: --to.",
            )


def _witness(folder: Path, log_id: str) -> "SignerKey":
    """Read the key that the follower cosigns with; made at first use."""
    from cleangov_plugin.desk.keys import make_key
    from cleangov_plugin.ledger.note_key import SignerKey
    from cleangov_plugin.ledger.suites import Ed25519Cosignature

    path = folder / f"{_PURPOSE}-1.key"
    try:
        if not path.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_key(folder, _PURPOSE)
        secret = path.read_bytes()
    except OSError as problem:
        what = f"the key cannot be used ({type(problem).__name__})."
        raise SettingsError(what, where=str(path), remedy="Name a folder: --keys.") from problem
    if len(secret) != _KEY_BYTES:
        what = f"a key has {_KEY_BYTES} bytes, this file has {len(secret)}."
        raise SettingsError(what, where=str(path), remedy="Restore the file from its backup.")
    return SignerKey(f"cleangov-follower/{quote(log_id, safe='')}", Ed25519Cosignature(), secret)
