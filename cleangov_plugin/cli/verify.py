"""``cleangov verify``: is the sealed ledger still what it was?"""

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .given_evidence import Given, with_evidence
from .main import FOUND
from .options import Options
from .sealed_places import open_place, with_places
from .verified import document_of, lines_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cleangov_plugin.desk.shelf import Connection
    from cleangov_plugin.desk.verified.evidence import Evidence
    from cleangov_plugin.desk.verified.progress import Begun
    from cleangov_plugin.desk.verified.receipts_check import Journal
    from cleangov_plugin.store.database import Database


@click.command("verify")
@click.option(
    "--progress",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Your own file: verify what is new since it was written, and write how far it is now.",
)
@with_evidence
@with_places
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    options: Options,
    heads: Path | None,
    progress: Path | None,
    given: Given,
) -> None:
    """Work every sealed entry out anew, and compare it with the heads in the database and outside.

    Each alarm names what found it (LEAF, ROOT, SIG, ANCH and so on), the entry and the leaf. The
    keys should come from somewhere else than this machine: --key, --code-key. So should the policy,
    which names the witnesses you believe.

    Exit status: 1 where anything is not as it was sealed.
    """
    from cleangov_plugin.desk.verified.progress import read_progress, write_progress
    from cleangov_plugin.desk.verified.verifying import verify

    document: dict[str, Any] = {}
    lines: list[str] = []
    is_clean = True
    given.read()
    begun = read_progress(progress) if progress else {}
    ends = dict(begun)
    with _looking(options, heads, given, begun) as (connection, folder, evidence):
        for log_id in _ledgers(connection, given.journal, folder):
            found = verify(connection, evidence(log_id), begun.get(log_id))
            document[log_id] = document_of(found, options.language)
            lines.extend(lines_of(found, log_id, options.language))
            is_clean = is_clean and not found.alarms
            if found.reached is not None:
                ends[log_id] = found.reached
    if progress and is_clean:
        write_progress(progress, ends)
    options.say(document, *lines)
    if not is_clean:
        ctx.exit(FOUND)


@contextmanager
def _looking(
    options: Options, heads: Path | None, given: Given, begun: "Mapping[str, Begun]"
) -> "Iterator[tuple[Connection, Path, Callable[[str], Evidence]]]":
    """Hold a connection to which the database stands still, and what answers the evidence."""
    from cleangov_plugin.desk.collecting import rarely_collected
    from cleangov_plugin.desk.sealed.outside import Outside
    from cleangov_plugin.desk.verified.second import second_process
    from cleangov_plugin.store.same_state import still_with

    with (
        rarely_collected(),
        open_place(options, heads, takes_views=True) as (database, folder),
        second_process(database, _leaves(database, begun)) as second,
    ):
        with database.own_look() as connection:
            there = _ledgers(connection, given.journal, folder)
        noted = {log_id: Outside(folder, log_id).noted() for log_id in there}
        with still_with(database, second) as (connection, beside, is_joined):

            def evidence(log_id: str) -> "Evidence":
                found = given.evidence(database, folder, log_id, there)
                return replace(
                    found,
                    outside=noted.get(log_id, found.outside),
                    beside=beside,
                    second=second if is_joined else None,
                )

            yield connection, folder, evidence


def _leaves(database: "Database", begun: "Mapping[str, Begun]") -> int:
    """Answer how many leaves there seem to be that were not verified yet."""
    from cleangov_plugin.store import tree

    with database.own_look() as connection:
        sizes = tree.sizes(connection)
    before = {log_id: each.size for log_id, each in begun.items()}
    return max((size - before.get(log_id, 0) for log_id, size in sizes.items()), default=0)


def _ledgers(connection: "Connection", journal: "Journal | None", folder: Path) -> list[str]:
    """Answer the ledgers there are, and those there were: heads and the journal know of them."""
    from cleangov_plugin.desk.verified.evidence import ledgers_in
    from cleangov_plugin.store import tree

    there = tree.ledgers(connection)
    known = ledgers_in(folder) | (journal.ledgers() if journal else set())
    return there + sorted(known - set(there))
