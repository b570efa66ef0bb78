"""``cleangov verify``: is the sealed ledger still what it was?"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .main import FOUND
from .options import Options
from .sealed_places import keys_of, open_place, policy_of, with_places, with_policy

if TYPE_CHECKING:
    from cleangov_plugin.desk.sealed.alarms import Verified
    from cleangov_plugin.ledger.note_key import VerifierKey
    from cleangov_plugin.store.database import Database

#: zh, then en.
_WORDS = {
    "looked": (
        "{log_id}：核对了 {leaves} 条已封存记录，另有 {unsealed} 条尚未封存",
        "{log_id}: {leaves} sealed entries looked at, {unsealed} are not sealed yet",
    ),
    "good": ("  未发现改动", "  no change was found"),
    "unchecked": ("  无法核验：{what}", "  cannot be checked: {what}"),
}


@click.command("verify")
@with_places
@click.option(
    "--key",
    "told",
    metavar="TEXT",
    multiple=True,
    help="The public key of a log, as 'cleangov seal --json' told it; once for each ledger.",
)
@with_policy
@click.option(
    "--seen",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A signed head that you kept: from a receipt, a mail, a printed page typed in.",
)
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    options: Options,
    heads: Path | None,
    keys: Path | None,
    told: tuple[str, ...],
    policy: Path | None,
    seen: tuple[Path, ...],
) -> None:
    """Work every sealed entry out anew, and compare it with the heads in the database and outside.

    Each alarm names what found it (LEAF, ROOT, SIG, ANCH and so on), the entry and the leaf. The
    key of the log should come from somewhere else than this machine: --key. So should the policy,
    which names the witnesses you believe.

    Exit status: 1 where anything is not as it was sealed.
    """
    from cleangov_plugin.desk.sealed.evidence import Evidence
    from cleangov_plugin.desk.sealed.outside import LARGEST_HEAD, Outside
    from cleangov_plugin.desk.sealed.verifying import verify
    from cleangov_plugin.store import rulebook
    from cleangov_plugin.store.whole import still

    document: dict[str, Any] = {}
    lines: list[str] = []
    believed = policy_of(policy)
    is_clean = True
    with open_place(options, heads) as (database, folder), still(database) as connection:
        for log_id in (row["log_id"] for row in rulebook.agencies(connection)):
            key = _key(database, keys, told, log_id)
            evidence = Evidence(
                outside=Outside(folder, log_id),
                key=key,
                policy=believed,
                seen=[(str(path), path.read_bytes()[:LARGEST_HEAD]) for path in seen],
                now=datetime.now(UTC),
            )
            found = verify(connection, evidence)
            document[log_id] = _document(found, options.language)
            lines.extend(_said(options, log_id, found))
            is_clean = is_clean and not found.alarms
    options.say(document, *lines)
    if not is_clean:
        ctx.exit(FOUND)


def _key(
    database: "Database", keys: Path | None, told: tuple[str, ...], log_id: str
) -> "VerifierKey | None":
    """Answer the key that the heads of a ledger are checked with."""
    from cleangov_plugin.desk.sealed.outside import origin_of, signer_of
    from cleangov_plugin.ledger.note_key import read_verifier_key

    if told:
        known = [read_verifier_key(text) for text in told]
        return next((key for key in known if key.name == origin_of(log_id)), None)
    signer = signer_of(keys_of(database, keys), log_id, is_made=False)
    return signer.verifier if signer else None


def _document(found: "Verified", language: str) -> dict[str, Any]:
    """Answer what was found for machines; the sentences besides, for who reads it there."""
    return {
        "leaves": found.leaves,
        "unsealed": found.unsealed,
        "alarms": [{**asdict(each), "what": each.said(language)} for each in found.alarms],
        "unchecked": [{**asdict(each), "what": each.said(language)} for each in found.unchecked],
    }


def _said(options: Options, log_id: str, found: "Verified") -> Iterator[str]:
    is_english = options.language == "en"

    def say(key: str, **values: object) -> str:
        return _WORDS[key][is_english].format(**values)

    yield say("looked", log_id=log_id, leaves=found.leaves, unsealed=found.unsealed)
    for alarm in found.alarms:
        yield f"  {alarm.detector}: {alarm.said(options.language)}"
    if not found.alarms:
        yield say("good")
    for what in found.unchecked:
        yield say("unchecked", what=what.said(options.language))
