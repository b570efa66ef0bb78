"""What ``erase`` says, zh and en; never a value."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from .options import Options

if TYPE_CHECKING:
    from cleangov_plugin.desk.personal.copies import Copy
    from cleangov_plugin.desk.personal.erasing import Planned

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "goes": (
        "将删除 {fields} 个字段，涉及 {entries} 条记录：{codes}",
        "would go: {fields} fields of {entries} entries: {codes}",
    ),
    "gone": (
        "已删除 {fields} 个字段，涉及 {entries} 条记录：{codes}",
        "gone: {fields} fields of {entries} entries: {codes}",
    ),
    "entries": ("  记录：{rows}", "  entries: {rows}"),
    "already": (
        "  记录 {row} 的 {code} 已于 {at} 删除，依据：{basis}",
        "  {code} of entry {row} was erased on {at}, basis: {basis}",
    ),
    "record": ("已写入删除记录：{rows}", "told by entry {rows}"),
    "name.goes": ("将删除假名 {name} 对应的姓名", "would go: the name behind {name}"),
    "name.gone": ("已删除假名 {name} 对应的姓名", "gone: the name behind {name}"),
    "again": (
        "再次删除：{fields} 个字段，{names} 个姓名",
        "erased again: {fields} fields, {names} names",
    ),
    "empties": ("  也将清空：{where}", "  would be emptied, too: {where}"),
    "emptied": ("  也已清空：{where}", "  emptied, too: {where}"),
    "left": ("  仍存在于：{where}", "  still in: {where}"),
    "dry": (
        "什么都没有改动；加 --yes --basis 依据 --by 姓名 执行。",
        "Nothing was changed; --yes --basis TEXT --by NAME does it.",
    ),
    "file": (
        "文件 {name} 的空闲页中仍有已删除的字节：用 --vacuum 重写文件。",
        "The file {name} still holds erased bytes: --vacuum writes it anew.",
    ),
    "log": (
        "预写日志未能清空，有人正在读取：稍后再次运行，或重启平台。",
        "The write-ahead log was not emptied, since somebody reads: run 'erase --again' later.",
    ),
    "vacuum": (
        "未能重写数据库文件：有人正在使用，或权限不足。",
        "The database could not be written anew: somebody uses it, or rights are missing.",
    ),
    "postgresql": (
        "PostgreSQL 在 VACUUM FULL 之前保留这些字节；预写日志、副本和备份保留到过期为止。",
        "PostgreSQL keeps the bytes until VACUUM FULL; its log, replicas and backups, longer.",
    ),
}
_PLACES: Final[Mapping[str, tuple[str, str]]] = {
    "cleangov_answer": ("答复 {key} 中办理人员自己的话", "the words of answer {key}"),
    "cleangov_answer_basis": ("答复 {key} 所附文件的名称", "the document named with answer {key}"),
    "cleangov_follow_up": ("后续事项 {key} 中的话", "the words of follow-up {key}"),
    "cleangov_second_request": ("复核请求 {key} 中的话", "the words of second request {key}"),
    "cleangov_instrument": ("函件 {key}", "letter {key}"),
    "cleangov_instrument_act": ("函件办理记录 {key}", "act {key} about a letter"),
    "cleangov_gap": ("未入账事件 {key}", "open gap {key}"),
    "cleangov_entry": ("记录 {key} 的核验依据", "the values beside entry {key}"),
    "cleangov_finding": ("疑点 {key}", "finding {key}"),
    "cleangov_prompt": ("提醒 {key}", "prompt {key}"),
    "cleangov_staged_event": ("回放中的事件 {key}", "staged event {key} of a replay"),
    "spool": ("暂存文件 {key}", "spooled file {key}"),
}
_MOST_ROWS: Final = 20


def say(options: Options, key: str, **values: object) -> str:
    """Write a sentence.

    :param options: the options of the command line.
    :param key: which.
    :param values: what stands in it.
    """
    return _WORDS[key][options.language == "en"].format(**values)


def planned_lines(options: Options, planned: "Planned", *, is_done: bool) -> Iterator[str]:
    """Say which fields of which entries go or have gone.

    :param options: the options of the command line.
    :param planned: what was planned.
    :param is_done: whether it is done.
    """
    rows = sorted({field.row.id for field in planned.doomed})
    codes = ", ".join(sorted({field.code for field in planned.doomed}))
    numbers = {"fields": len(planned.doomed), "entries": len(rows), "codes": codes}
    yield say(options, "gone" if is_done else "goes", **numbers)
    shown = ", ".join(map(str, rows[:_MOST_ROWS])) + (" …" if len(rows) > _MOST_ROWS else "")
    yield say(options, "entries", rows=shown)
    for row, told in planned.already:
        yield say(options, "already", row=row, code=told.code, at=told.at, basis=told.basis)
    yield from copy_lines(options, planned.copies, is_done=is_done)


def copy_lines(options: Options, copies: "Iterable[Copy]", *, is_done: bool) -> Iterator[str]:
    """Say where the values stood besides.

    :param options: the options of the command line.
    :param copies: the places.
    :param is_done: whether it is done.
    """
    for copy in copies:
        where = _PLACES[copy.table][options.language == "en"].format(key=copy.key)
        emptied = "emptied" if is_done else "empties"
        yield say(options, emptied if copy.is_emptied else "left", where=where)


def planned_document(planned: "Planned") -> dict[str, Any]:
    """Answer the same for machines.

    :param planned: what was planned.
    """
    entries: dict[int, list[str]] = {}
    for field in planned.doomed:
        entries.setdefault(field.row.id, []).append(field.code)
    return {
        "fields": len(planned.doomed),
        "entries": [{"entry": row, "fields": codes} for row, codes in sorted(entries.items())],
        "already": [
            {"entry": row, "field": told.code, "at": told.at, "basis": told.basis}
            for row, told in planned.already
        ],
        "copies": copies_document(planned.copies),
    }


def copies_document(copies: "Iterable[Copy]") -> list[dict[str, Any]]:
    """Answer for machines where the values stood besides.

    :param copies: the places.
    """
    return [{"table": c.table, "key": c.key, "is_emptied": c.is_emptied} for c in copies]
