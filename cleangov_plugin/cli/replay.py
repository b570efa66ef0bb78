"""``cleangov replay``: what the rules would have seen in an export, by the very same hooks."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleangov_plugin.domain.errors import SettingsError

from .main import FOUND
from .options import Options

if TYPE_CHECKING:
    from cleangov_plugin.intake.mapping import LogMapping
    from cleangov_plugin.store.database import Database
    from cleangov_plugin.store.replay_runs import Run

    from .feeding import Progress


@click.command("replay")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    "name",
    required=True,
    metavar="NAME|FILE.yaml",
    help="How the file becomes events: a shipped mapping, or a file of yours.",
)
@click.option(
    "--keys",
    metavar="FOLDER",
    envvar="CLEANGOV_KEYS",
    help="Folder of the key files; beside an SQLite database where left out.",
)
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, options: Options, file: Path, name: str, keys: str | None) -> None:
    """Show what the rules see in an event log: XES or CSV, packed (.gz) or not.

    The file is staged and then fed, in the order in which things were known, through the hooks
    a live platform calls, into an agency of its own. What is found are signals for study: nobody
    owns them, and no clock runs. The same file with the same mapping adds nothing a second time;
    a run that was broken off goes on where it stopped. A database without tables gets them.

    \b
    What is counted, by rule; every number counts cases:
      cases               something to look at: clear, hit or could not be checked at least once
      hits                the rule hit at least once
      cannot_be_checked   it hit nowhere, and at least once something was missing
    cases, events and derived_events are those of the file; derived_events (told by the log as a
    value of the case) are not among the events. checkpoints, rules and gaps are those of the
    agency: with a second file, of both. gaps are events whose evaluation is owed.

    Exit status: 1 where events are owed, among them those that are recorded already with other
    content; 2 where the file, the mapping or the database is wrong.
    """
    from cleangov_plugin.desk.review.real import keep_tally
    from cleangov_plugin.intake.mapping import find_mapping
    from cleangov_plugin.store.connecting import connected

    from .replay_report import report_of

    begun = time.monotonic()
    mapping = find_mapping(name)
    with connected(options.url) as database:
        run, was_done = _replayed(database, file, mapping, keys)
        found = report_of(database, run, was_done=was_done)
        with database.own_transaction() as connection:  # the page of real logs shows it
            keep_tally(connection, run.run_id, found.rules, found.checkpoints)
    seconds = round(time.monotonic() - begun, 1)
    options.say(found.document(seconds), *found.lines(options.language, seconds))
    if found.gaps:
        ctx.exit(FOUND)


def _replayed(
    database: "Database", file: Path, mapping: "LogMapping", keys: str | None
) -> "tuple[Run, bool]":
    """Bring a run to its end, from wherever it stands; answer whether it stood there already."""
    from cleangov_plugin.intake.event_logs import EventLog
    from cleangov_plugin.store import replay_runs
    from cleangov_plugin.store.replay_runs import RunState

    from .feeding import digest_of, stage_file

    log = EventLog(file, mapping)
    digest = digest_of(file)
    _prepare(database, mapping)
    with database.own_transaction() as connection:
        run = replay_runs.open_run(connection, mapping.agency.id, digest, mapping.digest)
    was_done = run.state is RunState.DONE
    if run.state is RunState.STAGING:
        with _bar("stage", file.stat().st_size) as progress:
            run = stage_file(database, run, log, digest, progress)
    if run.state is RunState.FEEDING:
        run = _fed(database, run, mapping, keys)
    return run, was_done


def _prepare(database: "Database", mapping: "LogMapping") -> None:
    """Make the tables of a database that has none, and keep out of the ledger of the living."""
    import cleangov_migrations
    from cleangov_plugin.store import replay_runs
    from cleangov_plugin.store.connecting import require_schema, schema_of

    if schema_of(database).revision is None:
        with database.own_transaction() as connection:
            cleangov_migrations.upgrade(connection)
    require_schema(database)
    with database.own_transaction(is_reading=True) as connection:
        is_living = replay_runs.is_a_living_agency(connection, mapping.agency.id)
    if is_living:
        raise SettingsError(
            f"the agency '{mapping.agency.id}' has records that no replay wrote.",
            where=f"mapping {mapping.id}",
            remedy="Give the mapping an agency of its own, or replay into another database.",
        )


def _fed(database: "Database", run: "Run", mapping: "LogMapping", keys: str | None) -> "Run":
    from cleangov_plugin.store import staging

    from .feeding import feed, moment
    from .host import HistoryHost, attached

    settings = {"CLEANGOV_DATABASE_URL": database.url.render_as_string(hide_password=False)}
    if keys:
        settings["CLEANGOV_KEYS"] = keys
    elif not database.is_sqlite:
        raise SettingsError(
            "the keys that name people need a folder of their own.",
            where="--keys",
            remedy="Name a folder that you alone can read, or set CLEANGOV_KEYS.",
        )
    with database.own_transaction(is_reading=True) as connection:
        begin = moment(staging.first_moment(connection, run) or 0)
    host = HistoryHost(mapping.source, mapping.agency, settings, begin)
    types = mapping.event_types(run.summary["kinds"])
    with attached(host, types), _bar("feed", run.staged) as progress:
        progress(run.fed)
        return feed(database, run, host, progress)


@contextmanager
def _bar(label: str, length: int) -> "Iterator[Progress]":
    """Show how far long work is, on the error channel of a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:

        def progress(position: int) -> None:
            bar.update(min(position, length) - bar.pos)

        yield progress
