"""``cleangov disclose``: one personal field without the others, and it is recorded who asked."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from .main import FOUND
from .options import NUMBER, Options
from .own_desk import desk_of, ledger_of

if TYPE_CHECKING:
    from cleangov_plugin.desk.personal.disclosing import FieldView

#: zh, then en.
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "disclosed": ("记录 {row}，{code}：{value}", "entry {row}, {code}: {value}"),
    "erased": (
        "记录 {row}，{code}：已于 {at} 依法删除（依据：{basis}；见记录 {told}）",
        "entry {row}, {code}: erased on {at} (basis: {basis}; entry {told} tells it)",
    ),
    "missing": (
        "记录 {row}：有字段缺失而没有删除记录，可能就是 {code}；请运行 cleangov verify",
        "entry {row}: a field, perhaps {code}, is missing without a record; see 'cleangov verify'",
    ),
    "forged": (
        "记录 {row}，{code}：所存的披露项不是当初写入的；请运行 cleangov verify",
        "entry {row}, {code}: what is disclosed is not what was written; run 'cleangov verify'",
    ),
    "text": ("披露项（RFC 9901）：{text}", "disclosure (RFC 9901): {text}"),
    "digest": (
        "摘要（SHA-256，base64url）：{digest}，列于记录内容的 _sd 中；叶子散列 {leaf}",
        "digest (SHA-256, base64url): {digest}, in the body's _sd; leaf hash {leaf}",
    ),
    "record": ("查看已记入记录 {record}", "that you looked is entry {record}"),
}


@click.command("disclose")
@click.option("--log-id", metavar="ID", help="The ledger; may be left out where there is one.")
@click.option("--entry", type=NUMBER, required=True, metavar="N", help="The entry.")
@click.option("--field", "code", required=True, metavar="CODE", help="The field.")
@click.option("--by", required=True, metavar="NAME", help="Who asks, as the platform knows them.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is recorded.")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, options: Options, /, **given: Any) -> None:
    """Show one personal field of an entry without the others.

    With --json, also the body: SHA-256 of the disclosure stands in it, so that whoever has body
    and disclosure can check the one value and reads no other. Who asked, and why, is an entry.

    Exit status: 1 where the field was erased, is missing or is not what was written.
    """
    from cleangov_hooks import Person
    from cleangov_plugin.desk.personal.disclosing import FieldVerdict, disclose

    row = ledger_of(options, given["log_id"])
    person = Person(id=given["by"], name=given["by"], roles=frozenset(), unit=None)
    with desk_of(options, row) as desk:
        seen = disclose(desk, row["log_id"], given["entry"], given["code"], given["reason"], person)
    options.say(_document(seen), *_lines(options, seen))
    if seen.verdict is not FieldVerdict.DISCLOSED:
        ctx.exit(FOUND)


def _document(seen: "FieldView") -> dict[str, Any]:
    told = seen.told
    return {
        "entry": seen.row,
        "lane": seen.lane,
        "no": seen.no,
        "field": seen.code,
        "verdict": seen.verdict.value,
        "value": seen.value,
        "disclosure": seen.text,
        "digest": seen.digest,
        "body": seen.body,
        "leaf_hash": seen.leaf,
        "erased": {"at": told.at, "basis": told.basis, "entry": told.row} if told else None,
        "record": seen.record,
    }


def _lines(options: Options, seen: "FieldView") -> Iterator[str]:
    def say(key: str, **values: object) -> str:
        return _WORDS[key][options.language == "en"].format(**values)

    told: dict[str, object] = {"row": seen.row, "code": seen.code, "value": seen.value}
    if seen.told is not None:
        told |= {"at": seen.told.at, "basis": seen.told.basis, "told": seen.told.row}
    yield say(seen.verdict.value, **told)
    if seen.text is not None:
        yield say("text", text=seen.text)
        yield say("digest", digest=seen.digest, leaf=seen.leaf)
        yield say("record", record=seen.record)
