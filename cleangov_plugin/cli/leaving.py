"""``cleangov db export`` and ``db uninstall``: a city may leave, with all that is its own."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from .main import FOUND
from .options import Options

if TYPE_CHECKING:
    from cleangov_plugin.desk.leaving.exporting import Progress
    from cleangov_plugin.store.removal import Plan

#: zh, then en.
_WORDS: Final = {
    "exported": (
        "已导出 {rows} 行到 {folder}",
        "{rows} rows exported to {folder}",
    ),
    "without": (
        "不含姓名对照、披露内容和个人填写的文字；需要时加 --with-identities。",
        "Without names, disclosures and people's own words; --with-identities adds them.",
    ),
    "with": (
        "内含姓名对照、披露内容和个人填写的文字：请像对待平台数据库一样保管。",
        "With names, disclosures and people's own words: guard it like the database itself.",
    ),
    "goes": ("将删除 {table}：{rows} 行", "would go: {table}, {rows} rows"),
    "gone": ("已删除 {table}：{rows} 行", "gone: {table}, {rows} rows"),
    "schema.goes": ("将删除模式 {schema}", "would go: the schema {schema}"),
    "schema.gone": ("已删除模式 {schema}", "gone: the schema {schema}"),
    "schema.stays": ("模式 {schema} 保留：{why}", "the schema {schema} stays: {why}"),
    "strange": ("其中还有 {names}", "it holds {names} as well"),
    "not_owned": ("它属于另一账号", "it belongs to another account"),
    "nothing": ("没有插件的表", "there is no table of the plugin"),
    "refused": ("不会执行：{why}", "would be refused: {why}"),
    "dry": (
        "什么都没有改动；加 --yes 执行。",
        "Nothing was changed; --yes does it.",
    ),
    "left": (
        "密钥和备用目录是文件，不在数据库中：如有请另行处理。",
        "Keys and spool are folders, not in the database: see to them yourself.",
    ),
}


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--log-id", metavar="ID", help="Only what belongs to the ledger of one authority.")
@click.option(
    "--with-identities",
    is_flag=True,
    help="Also who stands behind pseudonyms, what was disclosed, and people's own words.",
)
@click.pass_obj
def export(options: Options, folder: Path, log_id: str | None, with_identities: bool) -> None:
    """Write everything of the plugin's into FOLDER, in open formats.

    A gzipped file of JSON lines for each table, and a manifest with numbers of rows and digests.
    FOLDER must not exist or be empty; it is there whole or not at all, for its owner alone.
    """
    from cleangov_plugin.desk.leaving.exporting import export as write
    from cleangov_plugin.store.connecting import connected, require_schema
    from cleangov_plugin.store.whole import Scope

    with connected(options.url, is_made=False) as database:
        require_schema(database)
        scope = Scope(log_id=log_id, with_identities=with_identities)
        with _bar() as progress:
            made = write(database, folder, datetime.now(UTC), scope, progress)
    lines = [_say(options, "exported", rows=made.rows, folder=folder)]
    lines.append(_say(options, "with" if with_identities else "without"))
    options.say({"folder": str(folder), **made.document()}, *lines)


@click.command("uninstall")
@click.option("--yes", "is_meant", is_flag=True, help="Do it. Without, nothing is changed.")
@click.option(
    "--after-export",
    "folder",
    type=click.Path(path_type=Path),
    help="An export made --with-identities; it must equal what is there now.",
)
@click.pass_obj
@click.pass_context
def uninstall(ctx: click.Context, options: Options, is_meant: bool, folder: Path | None) -> None:
    """Take the plugin's own tables away, and nothing of the host's.

    Shows what would go; --yes does it, in one transaction. Entries that are not sealed stay,
    unless an export is named that equals them. Exit status: 1 where it would be refused.
    """
    from cleangov_plugin.desk.leaving.uninstalling import look
    from cleangov_plugin.desk.leaving.uninstalling import uninstall as remove
    from cleangov_plugin.store.connecting import connected

    with connected(options.url, is_made=False) as database:
        obstacles: list[str] = []
        if is_meant:
            planned = remove(database, folder)
        else:
            planned, obstacles = look(database, folder)
    document = {
        "done": is_meant,
        "rows": planned.rows,
        "drops_schema": planned.drops_schema,
        "strange": list(planned.strange),
        "unsealed": planned.entries,
        "refused": " ".join(obstacles) or None,
    }
    options.say(document, *_told(options, planned, obstacles, is_meant=is_meant))
    if obstacles:
        ctx.exit(FOUND)


def _told(
    options: Options, planned: "Plan", obstacles: list[str], *, is_meant: bool
) -> Iterator[str]:
    if planned.is_empty:
        yield _say(options, "nothing")
        return
    for table, rows in planned.rows.items():
        yield _say(options, "gone" if is_meant else "goes", table=table, rows=rows)
    yield from _schema(options, planned, is_meant=is_meant)
    if obstacles:
        yield _say(options, "refused", why=" ".join(obstacles))
    elif not is_meant:
        yield _say(options, "dry")
    else:
        yield _say(options, "left")


def _schema(options: Options, planned: "Plan", *, is_meant: bool) -> Iterator[str]:
    named = {"schema": "cleangov"}
    if planned.drops_schema:
        yield _say(options, "schema.gone" if is_meant else "schema.goes", **named)
    elif planned.drops_schema is not None:
        why = _say(options, "strange", names=", ".join(planned.strange))
        why = why if planned.strange else _say(options, "not_owned")
        yield _say(options, "schema.stays", why=why, **named)


def _say(options: Options, key: str, **values: object) -> str:
    return _WORDS[key][options.language == "en"].format(**values)


@contextmanager
def _bar() -> "Iterator[Progress]":
    """Show how far long work is, on the error channel of a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    bars: list[Any] = []

    def progress(done: int, all_: int) -> None:
        if not bars:
            bars.append(click.progressbar(length=all_, label="export", file=sys.stderr))
            bars[0].__enter__()
        bars[0].update(done - bars[0].pos)

    try:
        yield progress
    finally:
        if bars:
            bars[0].__exit__(None, None, None)
