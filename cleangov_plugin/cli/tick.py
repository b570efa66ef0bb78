"""``cleangov tick``: what is owed is done, in every ledger of the database."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from cleangov_plugin.domain.errors import SchemaError

from .main import FOUND
from .options import Options
from .settings import settings_for


@click.command("tick")
@click.option(
    "--spool",
    "with_spool",
    is_flag=True,
    help="Take spooled events, too. Only while the platform is down: it alone knows what it undid.",
)
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, options: Options, with_spool: bool) -> None:
    """Check events that are owed, end what ran out, make the day's figures; for cron.

    Exit status: 1 where something is still owed or given up.
    """
    totals: dict[str, int] = {}
    for number, row in enumerate(_agencies(options)):
        # Gaps and spool are of the whole database: the first ledger's turn takes them all.
        done = _ticked(options, row, with_spool=with_spool and number == 0)
        for name, value in done.items():
            totals[name] = totals.get(name, 0) + value
    told = "  ".join(f"{name} {value}" for name, value in totals.items())
    options.say(totals, told or "no living authority")
    if totals.get("waiting") or totals.get("given_up"):
        ctx.exit(FOUND)


def _agencies(options: Options) -> list[dict[str, Any]]:
    """List the authorities that live: in a replayed log no clock runs."""
    from cleangov_plugin.store import rulebook
    from cleangov_plugin.store.connecting import connected, require_schema
    from cleangov_plugin.store.replay_runs import runs_of

    with connected(options.url) as database:
        require_schema(database)
        with database.own_transaction(is_reading=True) as found:
            rows = rulebook.agencies(found)
            living = [row for row in rows if not runs_of(found, row["log_id"])]
    if not rows:
        raise SchemaError(
            "no authority is kept in this database.",
            remedy="Start the platform with the plugin once, or replay a log.",
        )
    return living


def _ticked(options: Options, row: Mapping[str, Any], *, with_spool: bool) -> dict[str, int]:
    from cleangov_hooks import Agency
    from cleangov_plugin.desk.catching_up import tick
    from cleangov_plugin.desk.start import open_desk

    from .host import HistoryHost

    agency = Agency(id=row["log_id"], names=row["names"], zone=row["zone"], country=row["country"])
    host = HistoryHost("tick", agency, {}, datetime.now(UTC))
    desk = open_desk(host, settings_for(options), None)
    try:
        with desk.database.own_transaction(is_reading=True) as connection:
            ledger = desk.shelf.ledger(connection, agency.id)
        return {} if ledger is None else asdict(tick(desk, ledger, with_spool=with_spool))
    finally:
        desk.close()
