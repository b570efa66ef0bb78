"""Where ``seal`` and ``verify`` find what is kept away from the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleangov_plugin.domain.errors import SettingsError

from .options import Options

if TYPE_CHECKING:
    from cleangov_plugin.ledger.policy import Policy
    from cleangov_plugin.store.database import Database


def with_places(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that name both folders.

    :param command: the command.
    """
    heads = click.option(
        "--heads",
        type=click.Path(path_type=Path),
        envvar="CLEANGOV_HEADS",
        help="Folder of signed heads and tiles, best on another machine; beside an SQLite "
        "database where left out.",
    )
    keys = click.option(
        "--keys",
        type=click.Path(path_type=Path),
        envvar="CLEANGOV_KEYS",
        help="Folder of the key files; beside an SQLite database where left out.",
    )
    return heads(keys(command))


def with_policy(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option that names a policy.

    :param command: the command.
    """
    option = click.option(
        "--policy",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="CLEANGOV_POLICY",
        help="File with the log, its witnesses and how many must cosign (C2SP tlog-policy).",
    )
    return option(command)


def policy_of(path: Path | None) -> "Policy | None":
    """Read a policy.

    :param path: its file; None where none was named.
    :raises CleanGovError: where the file cannot be read, or is no policy.
    """
    from cleangov_plugin.ledger.policy import read_policy

    if path is None:
        return None
    try:
        return read_policy(path.read_bytes())
    except OSError as problem:
        raise SettingsError(
            f"the policy cannot be read ({type(problem).__name__}).",
            where=str(path),
            remedy="Name a file that is there: --policy FILE.",
        ) from problem


@contextmanager
def open_place(
    options: Options, heads: Path | None, *, takes_views: bool = False
) -> "Iterator[tuple[Database, Path]]":
    """Open the database, and answer it with the folder of the heads.

    :param options: the options of the command line.
    :param heads: the folder that was named.
    :param takes_views: whether a view may stand in the place of a table, as somebody put it there.
    :raises SettingsError: where none was named and none can be guessed.
    """
    from cleangov_plugin.store.connecting import connected, require_schema

    with connected(options.url, is_made=False) as database:
        require_schema(database, takes_views=takes_views)
        yield database, heads or _beside(database, "heads", "--heads")


def keys_of(database: "Database", keys: Path | None) -> Path:
    """Answer the folder of the key files.

    :param database: the database.
    :param keys: the folder that was named.
    :raises SettingsError: where none was named and none can be guessed.
    """
    return keys or _beside(database, "keys", "--keys")


def save(path: Path, data: bytes) -> None:
    """Write a file that somebody named.

    :param path: the file.
    :param data: its bytes.
    :raises SettingsError: where it cannot be written.
    """
    try:
        path.write_bytes(data)
    except OSError as problem:
        raise SettingsError(
            f"this file cannot be written ({type(problem).__name__}).",
            where=str(path),
            remedy="Name a file in a folder that can be written: --out FILE.",
        ) from problem


def _beside(database: "Database", name: str, option: str) -> Path:
    if database.is_sqlite and database.url.database:
        return Path(f"{database.url.database}.{name}")
    raise SettingsError(
        f"the {name} need a folder away from the database.",
        where=option,
        remedy=f"Name it: {option} FOLDER.",
    )
