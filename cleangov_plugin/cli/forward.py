"""``cleangov forward``: from the outbox of a host's database to ``cleangov serve``."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from .main import FOUND
from .options import Options
from .watching import until_told, watch, with_pause

if TYPE_CHECKING:
    from cleangov_plugin.store.database import Database

    from .forwarding import Service

#: What a turn did, zh and en.
_TOLD: Final = (
    "已送达 {sent} 条，被拒 {refused} 条，未送达共 {left} 条",
    "sent {sent}, refused {refused}, still waiting {left}",
)


@click.command("forward")
@click.option("--to", "address", required=True, help="Address that 'cleangov serve' prints.")
@click.option(
    "--key",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The key to sign with, <caller>-<number>.key.",
)
@click.option("--watch", "is_watching", is_flag=True, help="Go on until told to end.")
@with_pause(2.0, "was sent")
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context, options: Options, address: str, key: Path, is_watching: bool, every: float
) -> None:
    """Send the events of the table supervision_outbox; --database is the host's own.

    At least once, in the order of each case, signed. It can be killed at any time: what was sent
    and not noted is sent again, and is kept once.

    Exit status: 1 where something is left; the column status says why.
    """
    from cleangov_plugin.store.connecting import connected

    from .forwarding import open_service

    service = open_service(address, key)
    with connected(options.url, is_made=False) as database:
        if not is_watching:
            if not _turn(options, database, service):
                ctx.exit(FOUND)
            return
        with until_told() as is_over:
            watch(partial(_turn, options, database, service), every, is_over)


def _turn(options: Options, database: "Database", service: "Service") -> bool:
    """Take a turn, say what it did, and answer whether nothing is left."""
    from .forwarding import Forwarded, NotTaken, forward

    done = Forwarded()
    try:
        forward(database, service.send, done)
    except NotTaken as problem:
        click.echo(f"cleangov: {problem}", err=True)
    told = _TOLD[options.language == "en"].format(**asdict(done))
    if done.sent or done.left:
        options.say(asdict(done), told)
    return not done.left
