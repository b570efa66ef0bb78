"""``cleangov seal``: entries are put into the tree, and its head is signed and kept outside."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleangov_plugin.domain.errors import CleanGovError

from .options import Options
from .sealed_places import keys_of, open_place, with_places

if TYPE_CHECKING:
    from cleangov_plugin.store.database import Database

#: zh, then en.
_SAID = (
    "{log_id}：新封存 {added} 条，共 {size} 片叶子，树根 {root}",
    "{log_id}: {added} entries sealed, {size} leaves in all, root {root}",
)


@click.command("seal")
@with_places
@click.option("--watch", is_flag=True, help="Go on sealing until the process is told to end.")
@click.option(
    "--every",
    type=click.FloatRange(0.1, 60),
    default=1.0,
    show_default=True,
    metavar="SECONDS",
    help="With --watch: the pause after everything is sealed.",
)
@click.pass_obj
def command(
    options: Options, heads: Path | None, keys: Path | None, watch: bool, every: float
) -> None:
    """Seal every ledger of the database; for cron, or as a worker with --watch.

    An entry becomes a leaf of a tree (RFC 6962). The head of the tree is signed with the key of the
    log and kept in a folder away from the database, as C2SP tlog-tiles has it. Sealing again adds
    what is new. A database that does not continue the head outside is not sealed: it was put back,
    or rewritten. Several workers may run: one seals, the others wait for their turn.
    """
    with open_place(options, heads) as (database, folder):
        key_folder = keys_of(database, keys)
        if not watch:
            document, lines = _sealed(options, database, folder, key_folder)
            options.say(document, *lines)
            return
        with _until_told() as is_over:
            _watch(lambda: _told(options, database, folder, key_folder), every, is_over)


def _watch(turn: Callable[[], None], every_s: float, is_over: threading.Event) -> None:
    while True:
        turn()
        if is_over.wait(every_s):
            return


@contextmanager
def _until_told() -> Iterator[threading.Event]:
    """Answer what is set when the process is told to end; a turn that has begun is ended first."""
    is_over = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: is_over.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield is_over
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _told(options: Options, database: "Database", folder: Path, key_folder: Path) -> None:
    """Seal what is there, and say what was new; what failed is said and tried again."""
    from cleangov_plugin.store.run import Busy

    try:
        document, lines = _sealed(options, database, folder, key_folder)
    except Busy:
        return
    except CleanGovError as problem:
        click.echo(f"cleangov: {problem}", err=True)
        return
    except Exception as problem:  # the server restarts, the disk is full: a worker goes on
        click.echo(f"cleangov: {type(problem).__name__}", err=True)
        return
    if any(done["added"] for done in document.values()):
        options.say(document, *lines)


def _sealed(
    options: Options, database: "Database", folder: Path, key_folder: Path
) -> tuple[dict[str, Any], list[str]]:
    """Seal every ledger; answer what was done, for machines and for people."""
    from cleangov_plugin.desk.sealed.outside import Outside, signer_of
    from cleangov_plugin.desk.sealed.sealing import seal
    from cleangov_plugin.store import rulebook

    with database.own_transaction(is_reading=True) as connection:
        ledgers = [row["log_id"] for row in rulebook.agencies(connection)]
    document, lines = {}, []
    for log_id in ledgers:
        signer = signer_of(key_folder, log_id, is_made=True)
        if signer is None:  # a key is made where there is none
            continue
        done = seal(database, Outside(folder, log_id), signer, lambda: datetime.now(UTC))
        document[log_id] = {**asdict(done), "key": signer.verifier.text}
        lines.append(_SAID[options.language == "en"].format(log_id=log_id, **asdict(done)))
    return document, lines
