"""``cleangov recover``: a database that was put back goes on; what was lost is declared."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleangov_plugin.domain.errors import SettingsError

from .options import Options
from .sealed_places import keys_of, open_place, with_places

if TYPE_CHECKING:
    from cleangov_plugin.desk.sealed.lost_receipts import LostReceipts
    from cleangov_plugin.desk.sealed.recovering import Lost

#: zh, then en.
_WOULD = (
    "{log_id}：叶子 {first} 至 {last} 的记录已随旧数据库丢失；尚未改动任何内容，加 --yes 即声明。",
    "{log_id}: the entries of leaves {first} to {last} are lost; nothing was changed: add --yes.",
)
_DONE = (
    "{log_id}：已声明叶子 {first} 至 {last} 的记录丢失。现在运行 cleangov seal。",
    "{log_id}: the entries of leaves {first} to {last} are declared lost. Run 'cleangov seal' now.",
)
#: By whether it is done: entries that were not sealed yet, zh, then en.
_TAIL = {
    False: (
        "{log_id}：另有 {entries} 条尚未封存的记录丢失（{since} 至 {until}；通道：{lanes}）",
        (
            "{log_id}: {entries} entries that were not sealed yet are lost, of {since} to {until}"
            " (lanes: {lanes})"
        ),
    ),
    True: (
        "{log_id}：已声明 {entries} 条尚未封存的记录丢失（{since} 至 {until}；通道：{lanes}）",
        (
            "{log_id}: {entries} entries that were not sealed yet are declared lost, of {since} to"
            " {until} (lanes: {lanes})"
        ),
    ),
}
#: Where another entry stands at places of which receipts tell, zh, then en.
_HELD = (
    (
        "{log_id}：其中 {number} 处现有另一条记录（通道与序号 {lanes}）：是此后写入的，还是被人"
        "换上的？请先用 cleangov verify 查看，再作声明"
    ),
    (
        "{log_id}: at {number} of these places another entry stands (lane: numbers {lanes}):"
        " written since, or put there instead? Look at 'cleangov verify' before you declare it"
    ),
)
#: By whether it is done: where nothing that was sealed is lost.
_NO_LEAF = {
    False: (
        "{log_id}：已封存的记录没有丢失；尚未改动任何内容，加 --yes 即声明。",
        "{log_id}: nothing that was sealed is lost; nothing was changed: add --yes.",
    ),
    True: (
        "{log_id}：已封存的记录没有丢失。现在运行 cleangov seal。",
        "{log_id}: nothing that was sealed is lost. Run 'cleangov seal' now.",
    ),
}
#: By whether it is done: a file of receipts, zh, then en.
_FILES = {
    False: (
        "  回执文件 {file}：{lost} 张回执的记录不在库中，将移入 put-away，另 {kept} 张留下",
        "  receipts {file}: {lost} of entries that are not there; to put-away, {kept} lines stay",
    ),
    True: (
        "  回执文件 {file} 已移至 {moved_to}（{lost} 张回执的记录已丢失），另 {kept} 张留下",
        "  receipts {file} were moved to {moved_to}: {lost} of lost entries; {kept} lines stay",
    ),
}


@click.command("recover")
@with_places
@click.option(
    "--receipts",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="CLEANGOV_RECEIPTS",
    help="Folder of the platform's receipt journal; what tells of lost entries is moved aside.",
)
@click.option("--log-id", required=True, metavar="ID", help="The ledger.")
@click.option("--reason", default="", metavar="TEXT", help="Why the database was put back.")
@click.option("--by", default="", metavar="OFFICE", help="Which office declares it; no name.")
@click.option("--yes", is_flag=True, help="Do it; without, only what would be done is said.")
@click.pass_obj
def command(
    options: Options,
    heads: Path | None,
    keys: Path | None,
    receipts: Path | None,
    log_id: str,
    reason: str,
    by: str,
    yes: bool,
) -> None:
    """Declare what was lost with a database that was put back, so that sealing can go on.

    The hashes of the lost entries are taken over from the tiles outside: the tree stays the one
    that was signed, receipts stay good, and a leaf of the ledger says what is missing, why, and
    which office said so. Both stay in the ledger for ever: write no name into them. Look for a
    newer backup first. Entries that were lost before they were sealed are known by their receipts
    alone; the leaf names them by lane, number and hash.

    Files of the receipt journal that tell of entries that are not there any more are moved into its
    folder put-away, and named; what else they tell stays in the journal. None is deleted. Run it
    while the platform stands still.
    """
    from cleangov_plugin.desk.sealed.lost_receipts import lost_receipts, receipts_of_lost
    from cleangov_plugin.desk.sealed.outside import Outside, signer_of
    from cleangov_plugin.desk.sealed.recovering import lost, recover

    with open_place(options, heads) as (database, folder):
        signer = signer_of(keys_of(database, keys), log_id, is_made=False)
        if signer is None:
            raise SettingsError("there is no key of the log.", where="--keys")
        outside = Outside(folder, log_id)
        journal = receipts if receipts is not None and receipts.is_dir() else None
        told_of = receipts_of_lost(database, log_id, journal) if journal else ()
        if yes:
            now = lambda: datetime.now(UTC)  # noqa: E731 - as every clock here
            found = recover(database, outside, signer, now, reason=reason, by=by, receipts=told_of)
        else:
            found = lost(database, outside, signer, told_of)
        files = lost_receipts(database, log_id, journal, is_moved=yes) if journal else ()
    _say(options, log_id, found, files, is_done=yes)


def _say(
    options: Options,
    log_id: str,
    found: "Lost",
    files: "Sequence[LostReceipts]",
    *,
    is_done: bool,
) -> None:
    """Say what is lost, and which files of receipts tell of it."""
    from cleangov_plugin.desk.verified.missing import lanes_of, places_of

    yes, which = is_done, options.language == "en"
    words = (_DONE if yes else _WOULD) if found.first < found.end else _NO_LEAF[yes]
    line = words[which].format(log_id=log_id, first=found.first, last=found.end - 1)
    more = []
    if found.tail is not None:
        lanes = lanes_of(found.tail.lanes)
        tail = {"entries": found.tail.entries, "since": found.tail.since, "until": found.tail.until}
        more.append(_TAIL[yes][which].format(log_id=log_id, lanes=lanes, **tail))
    if found.held:
        values = {"number": len(found.held), "lanes": places_of(found.held)}
        more.append(_HELD[which].format(log_id=log_id, **values))
    told = [asdict(file) for file in files]
    lines = [_FILES[yes][options.language == "en"].format(**file) for file in told]
    document = {"log_id": log_id, "is_done": yes, **asdict(found), "receipts": told}
    options.say(document, line, *more, *lines)
