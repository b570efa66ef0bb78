"""``cleangov receipt``: the proof for one entry, to be handed to somebody."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleangov_plugin.domain.errors import SettingsError

from .main import FOUND, MISUSED
from .options import NUMBER, Options
from .sealed_places import keys_of, open_place, save, with_places

if TYPE_CHECKING:
    from cleangov_plugin.desk.evidence.receipts import Receipt
    from cleangov_plugin.store.database import Database

#: zh, then en.
_SAVED = (
    "证明写入 {path}；公钥请从别处取得后再核对。",
    "The proof is in {path}; take the key from elsewhere to check it.",
)


@click.command("receipt")
@with_places
@click.option("--entry", "row", type=NUMBER, metavar="N", help="Number of the entry.")
@click.option("--event", metavar="ID", help="Id of its event in its source.")
@click.option(
    "--lane", type=click.IntRange(0, NUMBER.max), metavar="L", help="Its lane, with --no."
)
@click.option("--no", type=NUMBER, metavar="N", help="Its number in the lane.")
@click.option("--log-id", metavar="ID", help="The ledger, where several have such an entry.")
@click.option(
    "--tiles",
    type=click.Choice(["database", "outside"]),
    default="database",
    show_default=True,
    help="Where the hashes are taken from.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the proof (C2SP tlog-proof) to a file as well.",
)
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context, options: Options, /, heads: Path | None, keys: Path | None, **asked: Any
) -> None:
    """Print the receipt of one entry: what it proves and what not, zh and en, and the proof.

    Nothing of the entry stands on it. Anybody checks it on the page /cleangov/check, or with
    openssl as docs/ledger.md has it.

    Exit status: 1 where the entry is not sealed yet, or there is no signed head.
    """
    from cleangov_plugin.desk.evidence.proving import MISUSE, NotProven
    from cleangov_plugin.desk.evidence.receipts import finder, receipt
    from cleangov_plugin.desk.evidence.words import why_not

    named = {name: asked[name] for name in ("row", "event", "lane", "no")}
    find = finder(**named)
    if find is None:
        raise click.UsageError("Name one entry: --entry N, or --event ID, or --lane L --no N.")
    with open_place(options, heads) as (database, folder):
        try:
            made = receipt(
                database,
                folder,
                find,
                asked=", ".join(str(value) for value in named.values() if value is not None),
                keys=_keys(database, keys),
                log_id=asked["log_id"],
                from_outside=asked["tiles"] == "outside",
            )
        except NotProven as problem:
            click.echo(f"cleangov: {why_not(problem, options.language)}", err=True)
            ctx.exit(MISUSED if problem.code in MISUSE else FOUND)
    if asked["out"]:
        save(asked["out"], made.proof)
        click.echo(_SAVED[options.language == "en"].format(path=asked["out"]), err=True)
    options.say(_document(made), made.paper().removesuffix("\n"))


def _keys(database: "Database", keys: Path | None) -> Path | None:
    """Answer the folder of the keys, which is looked into for the public half alone."""
    try:
        return keys_of(database, keys)
    except SettingsError:
        return None


def _document(made: "Receipt") -> dict[str, Any]:
    head, place = made.head.head, made.place
    return {
        "log_id": place.log_id,
        "entry": place.row,
        "lane": place.lane,
        "no": place.no,
        "leaf": made.leaf,
        "hash": made.hash.hex(),
        "size": head.size,
        "root": head.root.hex(),
        "published_at": made.head.at,
        "key": made.key,
        "proof": made.proof.decode(),
    }
