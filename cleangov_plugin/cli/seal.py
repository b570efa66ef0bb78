"""``cleangov seal``: entries are put into the tree, and its head is signed and kept outside."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from .options import Options
from .sealed_places import keys_of, open_place, with_places

#: zh, then en.
_SAID = (
    "{log_id}：新封存 {added} 条，共 {size} 条，树根 {root}",
    "{log_id}: {added} entries sealed, {size} in all, root {root}",
)


@click.command("seal")
@with_places
@click.pass_obj
def command(options: Options, heads: Path | None, keys: Path | None) -> None:
    """Seal every ledger of the database; for cron, or after each day.

    An entry becomes a leaf of a tree (RFC 6962). The head of the tree is signed with the key of the
    log and kept in a folder away from the database, as C2SP tlog-tiles has it. Sealing again adds
    what is new. A database that does not continue the head outside is not sealed: it was put back,
    or rewritten.
    """
    from cleangov_plugin.desk.sealed.outside import Outside, signer_of
    from cleangov_plugin.desk.sealed.sealing import seal
    from cleangov_plugin.store import rulebook

    with open_place(options, heads) as (database, folder):
        key_folder = keys_of(database, keys)
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
    options.say(document, *lines)
