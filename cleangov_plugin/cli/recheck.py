"""``cleangov rules recheck``: what the rules said, worked out again from the entries."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from .main import FOUND
from .options import Options
from .progress import tell


@click.command("recheck")
@click.option("--agency", "log_id", metavar="ID", help="One ledger only.")
@click.option("--no-findings", is_flag=True, help="Write nothing: for a database to read alone.")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, options: Options, log_id: str | None, *, no_findings: bool) -> None:
    """Work out again what the rules in force said of every event: live = replayed.

    Whole cases are read by another statement than the one in the flow, and what each evaluation
    could see is taken from its own snapshot. The share that is the same must be 100.00 %; run it
    by night. Entries judged by rules that are no longer in force are counted apart. Each difference
    becomes a finding, once, for whoever owns findings.

    Exit status: 1 where something else comes out of an entry.
    """
    from cleangov_plugin.desk.backtested.differing import Differences
    from cleangov_plugin.desk.backtested.rechecking import recheck
    from cleangov_plugin.desk.collecting import rarely_collected
    from cleangov_plugin.desk.shelf import Shelf

    from .own_desk import ledger_of, ledgers
    from .reading import reading

    wanted = ledgers(options) if log_id is None else [ledger_of(options, log_id)]
    said: list[dict[str, Any]] = []
    lines: list[str] = []
    new: list[tuple[Any, Any]] = []
    with rarely_collected(), reading(options) as (connection, _):
        for row in wanted:
            ledger = Shelf().ledger(connection, row["log_id"])
            found = None
            if ledger is not None:
                differences = Differences.of_ledger(connection, ledger.log_id)
                found = recheck(connection, ledger, tell, differences.met)
                new.append((ledger, differences))
            lines += _lines(row["log_id"], found, 0 if options.language.startswith("zh") else 1)
            document = {"share": None, "different": None} if found is None else asdict(found)
            share = None if found is None else found.share
            said.append({"agency": row["log_id"], **document, "share": share})
    if not no_findings:
        lines += _opened(options, new)
    options.say(said, *lines)
    if any(each["different"] != 0 for each in said):
        ctx.exit(FOUND)


def _opened(options: Options, new: list[tuple[Any, Any]]) -> Iterator[str]:
    """Open the findings of all ledgers, when nothing is read any more."""
    from cleangov_plugin.desk.backtested.differing import open_differences
    from cleangov_plugin.store.connecting import connected

    from .settings import settings_for

    settings, number = settings_for(options), 0
    for ledger, differences in new:
        if differences.new:
            with (
                connected(options.url, is_made=False) as database,
                database.own_transaction() as connection,
            ):
                now = datetime.now(UTC)
                number += open_differences(connection, ledger, differences, settings, now)
    if number:
        yield ("新立疑点 {n} 条", "findings opened: {n}")[
            0 if options.language.startswith("zh") else 1
        ].format(n=number)


def _lines(log_id: str, found: Any, number: int) -> Iterator[str]:
    """Tell what came of one ledger, in Chinese (0) or English (1)."""
    if found is None:  # its time zone is not known on this machine
        yield f"{log_id}: " + ("无法核验：时区未知", "cannot be checked: unknown time zone")[number]
        return
    yield (
        "{a}：一致 {share}（一致 {same}，不一致 {different}，旧规则 {older}，无法核验 {unseen}）",
        (
            "{a}: {share} the same ({same} the same, {different} not, {older} by older rules,"
            " {unseen} cannot be checked)"
        ),
    )[number].format(
        a=log_id,
        share=found.share,
        same=found.same,
        different=found.different,
        older=found.older,
        unseen=found.unseen,
    )
    for each in found.shown:
        yield f"  {each.case}  {each.event.replace(chr(9), ' ')}  #{each.row}"
        yield ("    当时 ", "    then ")[number] + _listed(each.then, each.values_then)
        yield ("    现在 ", "    now  ")[number] + _listed(each.now, each.values_now)


def _listed(outcomes: tuple[tuple[str, ...], ...], values: str) -> str:
    return f"{'; '.join(' '.join(outcome) for outcome in outcomes) or '—'}  {values}"
