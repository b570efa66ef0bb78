"""``cleangov verify-mirror``: the published folder of heads and tiles, without a database."""

from datetime import UTC, datetime
from pathlib import Path

import click

from .main import FOUND
from .options import Options
from .sealed_places import policy_of, with_policy
from .verified import document_of, lines_of


@click.command("verify-mirror")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--log-id", required=True, metavar="ID", help="The ledger.")
@click.option(
    "--key",
    "told",
    metavar="TEXT",
    help="The public key of the log; that of --policy where left out.",
)
@click.option(
    "--seen",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A signed head that you kept.",
)
@click.option(
    "--bundles",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of entry bundles, for those entitled to bodies.",
)
@with_policy
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    options: Options,
    folder: Path,
    log_id: str,
    told: str | None,
    seen: tuple[Path, ...],
    bundles: Path | None,
    policy: Path | None,
) -> None:
    """Work the tree of a ledger out anew from its published tiles; no database is opened.

    FOLDER is the folder of heads and tiles that 'cleangov seal' writes, or a copy of it. Without
    bodies this proves that tiles and head fit each other and the heads that you kept.

    Exit status: 1 where anything is not as it was signed, or there is no signed head.
    """
    from cleangov_plugin.desk.sealed.outside import LARGEST_HEAD, Outside
    from cleangov_plugin.desk.verified.evidence import Evidence, believed_key
    from cleangov_plugin.desk.verified.mirror import verify_mirror
    from cleangov_plugin.ledger.note_key import read_verifier_key

    outside, believed = Outside(folder, log_id), policy_of(policy)
    key = read_verifier_key(told) if told else None
    if key is None and believed is not None:
        key = believed_key(believed, outside)
    if key is None:
        raise click.UsageError(
            "Say whom you believe: --key TEXT, or a --policy FILE that names the log."
        )
    evidence = Evidence(
        outside=outside,
        key=key,
        policy=believed,
        seen=[(str(path), path.read_bytes()[:LARGEST_HEAD]) for path in seen],
        now=datetime.now(UTC),
    )
    found = verify_mirror(evidence, bundles)
    document = {log_id: document_of(found, options.language)}
    options.say(document, *lines_of(found, log_id, options.language))
    if found.alarms:
        ctx.exit(FOUND)
