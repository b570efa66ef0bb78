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

_FILL_IN = {"zh-CN": "尚须填写：{keys}", "en": "Still to be filled in: {keys}"}

if TYPE_CHECKING:
    from cleangov_plugin.intake.event_logs import EventLog
    from cleangov_plugin.intake.mapping import LogMapping
    from cleangov_plugin.store.database import Database
    from cleangov_plugin.store.replay_runs import Run

    from .feeding import Progress


@click.command("replay")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    "name",
    metavar="NAME|FILE.yaml",
    help="How the file becomes events: a shipped mapping, or a file of yours.",
)
@click.option(
    "--keys",
    metavar="FOLDER",
    envvar="CLEANGOV_KEYS",
    help="Folder of the key files; beside an SQLite database where left out.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["csv", "jsonl", "ocds", "xes", "xlsx"]),
    help="Format of the file, where its name does not say it.",
)
@click.option(
    "--inspect",
    "is_inspected",
    is_flag=True,
    help="Read the head of the file only, and print a draft of a mapping.",
)
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    options: Options,
    file: Path,
    name: str | None,
    keys: str | None,
    format_: str | None,
    *,
    is_inspected: bool,
) -> None:
    """Show what the rules see in an event log: XES, CSV, JSON lines or OCDS releases, packed (.gz)
    or not, or an XLSX workbook.

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
    agency: with a second file, of both. gaps are events whose evaluation is owed. unread are the
    OCDS releases that could not be read, each by its place.

    With --inspect nothing is stored: columns and values at the head of the file are looked at, and
    a mapping is drafted from them. Every guess carries a comment that says why and how sure it is;
    where ??? stands a person must fill in: a time zone, for example, is never guessed.

    \b
      cleangov replay --inspect EXPORT.xlsx > mine.yaml
      cleangov replay EXPORT.xlsx --mapping mine.yaml

    Exit status: 1 where events are owed, among them those that are recorded already with other
    content, or releases were not read; 2 where the file, the mapping or the database is wrong.

    --inspect 只读文件开头，按列名与取值写出映射草稿；每处猜测都注明理由与把握，时区从不猜测。
    """
    if is_inspected:
        _inspect(options, file, format_)
        return
    if name is None:
        raise click.UsageError("Missing option '--mapping'. Name one, or draft it with --inspect.")
    from cleangov_plugin.desk.collecting import rarely_collected
    from cleangov_plugin.desk.review.real import keep_tally
    from cleangov_plugin.intake.event_logs import EventLog
    from cleangov_plugin.intake.mapping import find_mapping
    from cleangov_plugin.store.connecting import connected

    from .replay_report import report_of

    begun = time.monotonic()
    mapping = find_mapping(name)
    with rarely_collected(), connected(options.url) as database:
        log = EventLog(file, mapping, format_)
        run, was_done = _replayed(database, log, keys)
        found = report_of(database, run, was_done=was_done)
        with database.own_transaction() as connection:  # the page of real logs shows it
            keep_tally(connection, run.run_id, found.rules, found.checkpoints)
    seconds = round(time.monotonic() - begun, 1)
    options.say(found.document(seconds), *found.lines(options.language, seconds))
    if found.gaps or found.unread:
        ctx.exit(FOUND)


def _inspect(options: Options, file: Path, format_: str | None) -> None:
    """Print a draft of a mapping, and on the error channel what is left to a person."""
    from cleangov_plugin.intake.drafting.drafts import draft_of

    draft = draft_of(file, format_, options.language)
    options.say(draft.document(), draft.text.rstrip("\n"))
    if draft.left and not options.is_json:
        click.echo(_FILL_IN[options.language].format(keys=", ".join(draft.left)), err=True)


def _replayed(database: "Database", log: "EventLog", keys: str | None) -> "tuple[Run, bool]":
    """Bring a run to its end, from wherever it stands; answer whether it stood there already."""
    from cleangov_plugin.store import replay_runs
    from cleangov_plugin.store.replay_runs import RunState

    from .feeding import digest_of, stage_file

    file, mapping = log.path, log.mapping
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

    settings = {
        "CLEANGOV_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "CLEANGOV_RECEIPTS": "",  # what is replayed can be replayed again, into any database
    }
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
