"""``cleangov seal``: entries are put into the tree, and its head is signed and kept outside."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from cleangov_plugin.domain.errors import CleanGovError

from .options import Options
from .sealed_places import keys_of, open_place, policy_of, with_places, with_policy
from .watching import until_told, watch, with_pause

if TYPE_CHECKING:
    from cleangov_plugin.desk.sealed.pruning import Pruner
    from cleangov_plugin.ledger.policy import Policy
    from cleangov_plugin.store.database import Database

#: zh, then en.
_SAID = (
    "{log_id}：新封存 {added} 条，共 {size} 片叶子，树根 {root}",
    "{log_id}: {added} entries sealed, {size} leaves in all, root {root}",
)
_WATCHING = (
    "每隔 {every} 秒封存一次；Ctrl-C 结束。",
    "sealing, with pauses of {every} seconds; Ctrl-C ends it.",
)
_ROTATED = (
    "新密钥已与旧密钥并用，并已写入账本。请把新公钥交给审计员，再移走 {folder} 中旧的 tree-*.key。",
    "the new key signs, too. Give it to auditors, then take the older tree-*.key from {folder}.",
)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where everything lies that a sealing needs."""

    database: "Database"
    heads: Path
    keys: Path
    policy: "Policy | None"
    bundles: Path | None
    pruner: "Pruner"


class _Besides(NamedTuple):
    """Folders in which something follows from a sealing."""

    bundles: Path | None
    receipts: Path | None


def _with_folders(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command the options that name them."""

    @click.option(
        "--bundles",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder for the text of every sealed entry, for who may read them all and has no"
        " account of the database ('cleangov follow --from FOLDER'). Pseudonyms only; keep it from"
        " the public.",
    )
    @click.option(
        "--receipts",
        type=click.Path(path_type=Path),
        envvar="CLEANGOV_RECEIPTS",
        help="Folder of the platform's receipt journal, where it lies on this machine: files whose"
        " entries are all sealed under a head outside are taken out of it.",
    )
    @wraps(command)
    def wrapped(*words: Any, bundles: Path | None, receipts: Path | None, **options: Any) -> Any:
        return command(*words, besides=_Besides(bundles, receipts), **options)

    return wrapped


@click.command("seal")
@with_places
@with_policy
@click.option(
    "--new-key",
    is_flag=True,
    help="First let a new key sign beside the old one, named in the ledger (rotation).",
)
@_with_folders
@click.option(
    "--watch",
    "is_watching",
    is_flag=True,
    help="Go on sealing until the process is told to end.",
)
@with_pause(1.0, "is sealed", longest_s=60)
@click.pass_obj
def command(
    options: Options,
    heads: Path | None,
    keys: Path | None,
    policy: Path | None,
    new_key: bool,
    besides: _Besides,
    is_watching: bool,
    every: float,
) -> None:
    """Seal every ledger of the database; for cron, or as a worker with --watch.

    An entry becomes a leaf of a tree (RFC 6962). The head of the tree is signed with the key of the
    log and kept in a folder away from the database, as C2SP tlog-tiles has it. Sealing again adds
    what is new. A database that does not continue the head outside is not sealed: it was put back,
    or rewritten. Several workers may run: one seals, the others wait for their turn.
    """
    from cleangov_plugin.desk.sealed.pruning import Pruner

    with open_place(options, heads) as (database, folder):
        key_folder, believed = keys_of(database, keys), policy_of(policy)
        if new_key:
            _rotate(options, database, folder, key_folder)
        places = _Places(
            database, folder, key_folder, believed, besides.bundles, Pruner(besides.receipts)
        )
        if not is_watching:
            document, lines, refused = _sealed(options, places)
            if document or not refused:
                options.say(document, *lines)
            for problem in refused[1:]:
                click.echo(f"cleangov: {problem.said(options.language)}", err=True)
            if refused:
                raise refused[0]
            return
        with until_told() as is_over:
            click.echo(_WATCHING[options.language == "en"].format(every=every), err=True)
            watch(lambda: _told(options, places), every, is_over)


def _rotate(options: Options, database: "Database", folder: Path, key_folder: Path) -> None:
    """Name a new key in every ledger; the same file signs them all."""
    from cleangov_plugin.desk.sealed.outside import Outside
    from cleangov_plugin.desk.sealed.rotating import rotate

    for log_id in _ledgers(database):
        rotate(database, Outside(folder, log_id), key_folder, _now)
    if not options.is_json:
        options.say({}, _ROTATED[options.language == "en"].format(folder=key_folder))


def _now() -> datetime:
    return datetime.now(UTC)


def _ledgers(database: "Database") -> list[str]:
    from cleangov_plugin.store import rulebook

    with database.own_transaction(is_reading=True) as connection:
        return [str(row["log_id"]) for row in rulebook.agencies(connection)]


def _told(options: Options, places: _Places) -> None:
    """Seal what is there, and say what was new; what failed is said and tried again."""
    from cleangov_plugin.store.run import Busy

    try:
        document, lines, refused = _sealed(options, places)
    except Busy:
        return
    except CleanGovError as problem:
        click.echo(f"cleangov: {problem}", err=True)
        return
    except Exception as problem:  # the server restarts, the disk is full: a worker goes on
        click.echo(f"cleangov: {type(problem).__name__}", err=True)
        return
    for each in refused:
        click.echo(f"cleangov: {each}", err=True)
    if any(done["added"] for done in document.values()):
        options.say(document, *lines)


def _sealed(
    options: Options, places: _Places
) -> tuple[dict[str, Any], list[str], list[CleanGovError]]:
    """Seal every ledger; answer what was done, for machines and for people, and what was not.

    One that was put back, or rewritten, keeps none of the others from being sealed.
    """
    from cleangov_plugin.desk.sealed.heads import Recovery

    document: dict[str, Any] = {}
    lines: list[str] = []
    refused: list[CleanGovError] = []
    for log_id in _ledgers(places.database):
        try:
            document[log_id] = done = _sealed_one(places, log_id)
        except Recovery as problem:
            refused.append(problem)
            continue
        lines.append(_SAID[options.language == "en"].format(log_id=log_id, **done))
    return document, lines, refused


def _sealed_one(places: _Places, log_id: str) -> dict[str, Any]:
    from cleangov_plugin.desk.sealed.bundles import bundles_of, publish_bundles
    from cleangov_plugin.desk.sealed.outside import Outside, signers_of
    from cleangov_plugin.desk.sealed.sealing import seal

    database, outside = places.database, Outside(places.heads, log_id)
    *older, signer = signers_of(places.keys, log_id, is_made=True)
    done = seal(database, outside, signer, _now, older=older, policy=places.policy)
    places.pruner.after(database, outside, done.size, places.policy)
    if places.bundles is not None:
        publish_bundles(database, outside, bundles_of(places.bundles, places.heads, log_id))
    return {**asdict(done), "key": signer.verifier.text}
