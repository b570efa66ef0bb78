"""``cleangov evidence``: the bundle of a case for somebody outside, and the check of one."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .main import FOUND, MISUSED
from .options import Options
from .own_desk import desk_of, ledger_of
from .sealed_places import open_place, save, with_places

if TYPE_CHECKING:
    from cleangov_plugin.desk.evidence.exporting import Exported, Wish
    from cleangov_plugin.desk.evidence.verifying import VerifiedBundle
    from cleangov_plugin.ledger.policy import Policy

#: zh, then en.
_WORDS = {
    "made": (
        "{path}：案件 {case} 的全部 {entries} 条记录，树头 {size} 片叶子，公开字段 {fields} 个",
        "{path}: all {entries} entries of {case}, head of {size} leaves, {fields} fields shown",
    ),
    "unsealed": (
        "  另有 {unsealed} 条记录尚未封存，不在其中",
        "  {unsealed} more entries are not under the head yet, and not in it",
    ),
    "recorded": (
        "  已记入记录 {record}（{who}）",
        "  that it was made is entry {record} ({who})",
    ),
    "unrecorded": (
        "  没有记入账本（--unrecorded）",
        "  that it was made is not recorded (--unrecorded)",
    ),
    "named": ("由 {by} 导出", "asked for by {by}"),
    "account": ("系统账号，未报姓名", "an account of this machine; nobody was named"),
    "good": (
        "属实：账本 {log_id} 中案件 {case} 的全部 {entries} 条记录，截至 {size} 片叶子的树头",
        "good: all {entries} entries of the case {case} in {log_id}, up to a head of {size} leaves",
    ),
    "cosigned": ("  见证：{names}", "  witnesses: {names}"),
    "said": (
        "  规则的准确率和缺口是导出者的陈述，未经证明",
        "  figures of rules and gaps are the exporter's word, and not proven",
    ),
    "bad": ("不属实：{why}", "not good: {why}"),
}


@click.group("evidence")
def command() -> None:
    """Make the bundle of a case that proves itself elsewhere, and verify one."""


@command.command("export")
@click.argument("case")
@with_places
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE.zip",
    help="Where to write the bundle.",
)
@click.option("--log-id", metavar="ID", help="The ledger, where several have such a case.")
@click.option(
    "--disclose",
    metavar="CODE",
    multiple=True,
    help="Show a personal field, as 'reason'; all others stay digests.",
)
@click.option("--by", metavar="NAME", help="Who asks, as the platform knows them.")
@click.option("--reason", metavar="TEXT", help="Why; it is recorded.")
@click.option(
    "--unrecorded",
    is_flag=True,
    help="Where the account may not write: write no entry that tells of it, and say so.",
)
@click.pass_obj
@click.pass_context
def export_(
    ctx: click.Context,
    options: Options,
    /,
    heads: Path | None,
    keys: Path | None,
    **asked: Any,
) -> None:
    """Write everything that proves a case, and what must not be hidden beside it.

    Entries and their proofs, the proof that these are all, replies, how often each rule was wrong,
    what is owed, clocks, the fields that were chosen, a page in both languages, and a script that
    checks it with openssl and coreutils.

    That it was made is an entry of the case before it is handed out: by whom (--by, or else the
    account of this machine, said as such), which fields it shows, and its hash. Whoever acted in
    the case sees it among those who have looked. No personal field is shown without that entry.

    Exit status: 1 where the case is not sealed yet, or the ledger was changed.
    """
    from cleangov_plugin.desk.evidence.exporting import Wish, export
    from cleangov_plugin.desk.evidence.proving import MISUSE, NotProven
    from cleangov_plugin.desk.evidence.words import why_not

    if asked["unrecorded"] and asked["disclose"]:  # what is personal is shown to nobody unrecorded
        raise click.UsageError("Personal fields (--disclose) are not shown with --unrecorded.")
    wish = Wish(case=asked["case"], log_id=asked["log_id"], disclose=asked["disclose"])
    with open_place(options, heads) as (database, folder):
        try:
            made = export(database, folder, wish, datetime.now(UTC))
        except NotProven as problem:
            click.echo(f"cleangov: {why_not(problem, options.language)}", err=True)
            ctx.exit(MISUSED if problem.code in MISUSE else FOUND)
    record = None if asked["unrecorded"] else _recorded(options, made, wish, keys, asked)
    save(asked["out"], made.data)
    options.say(*_made(options, made, asked, record))


def _recorded(
    options: Options, made: "Exported", wish: "Wish", keys: Path | None, asked: dict[str, Any]
) -> int:
    """Write the entry of an export, and answer its number."""
    from cleangov_plugin.desk.evidence.recorded import record_export

    with desk_of(options, ledger_of(options, made.log_id), keys) as desk:
        return record_export(desk, made, wish, asked["by"], asked["reason"])


@command.command("verify")
@click.argument("bundle", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--policy",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Whom you believe: logs, witnesses and a quorum (C2SP tlog-policy).",
)
@click.option("--key", metavar="TEXT", help="The log's public key alone, without witnesses.")
@click.pass_obj
@click.pass_context
def verify_(
    ctx: click.Context,
    options: Options,
    /,
    bundle: Path,
    policy: Path | None,
    key: str | None,
) -> None:
    """Verify a bundle, without any database. Whom to believe comes from you, never from the bundle.

    Exit status: 1 where anything in it is not as it has to be, or a part is missing.
    """
    from cleangov_plugin.desk.evidence.verifying import verify_bundle
    from cleangov_plugin.desk.evidence.words import refused_said
    from cleangov_plugin.ledger.evidence_zip import LONGEST_BUNDLE
    from cleangov_plugin.ledger.strict import Refused

    believed = _policy(policy, key)
    with bundle.open("rb") as file:
        data = file.read(LONGEST_BUNDLE + 1)
    try:
        found = verify_bundle(data, believed)
    except Refused as problem:
        document = {"good": False, "rule": problem.rule, "where": problem.where}
        document["what"] = refused_said(problem, options.language)
        detail = f"  {problem.where}: {problem.what}" if problem.where else f"  {problem.what}"
        options.say(document, _say(options, "bad", why=document["what"]), detail)
        ctx.exit(FOUND)
    options.say({"good": True, **asdict(found)}, *_good(options, found))


def _made(
    options: Options, made: "Exported", asked: dict[str, Any], record: int | None
) -> tuple[Any, ...]:
    """Answer what is said of a bundle: as data, and line by line."""
    told = {name: value for name, value in asdict(made).items() if name != "data"}
    told |= {"path": str(asked["out"]), "case": asked["case"], "bytes": len(made.data)}
    told |= {"record": record, "by": asked["by"]}
    lines = [_say(options, "made", **told)]
    lines += [_say(options, "unsealed", **told)] if made.unsealed else []
    who = _say(options, "named" if asked["by"] else "account", **told)
    lines.append(_say(options, "recorded" if record else "unrecorded", **told, who=who))
    return told, *lines


def _good(options: Options, found: "VerifiedBundle") -> list[str]:
    lines = [_say(options, "good", **asdict(found))]
    if found.cosigned:
        lines.append(_say(options, "cosigned", names=", ".join(sorted(found.cosigned))))
    return [*lines, _say(options, "said")]


def _policy(path: Path | None, key: str | None) -> "Policy":
    from cleangov_plugin.ledger.note_key import read_verifier_key
    from cleangov_plugin.ledger.policy import NONE, Policy, read_policy

    if (path is None) == (key is None):
        raise click.UsageError("Say whom you believe: --policy FILE, or --key TEXT.")
    if path is not None:
        return read_policy(path.read_bytes())
    return Policy((read_verifier_key((key or "").strip()),), {}, {}, NONE)


def _say(options: Options, key: str, **values: object) -> str:
    return _WORDS[key][options.language == "en"].format(**values)
