"""What could not be checked, in Chinese and English."""

from collections.abc import Mapping
from typing import Final

from .asked_words import ASKED_UNCHECKED
from .index_words import INDEX_UNCHECKED

#: By code: the sentence, zh and en.
UNCHECKED: Final[Mapping[str, tuple[str, str]]] = {
    "copy": (
        "个人字段、写入时间、校验码与表结构（副本只有记录正文与叶子；请在机关的数据库上核验）",
        (
            "personal fields, times of writing, codes and how the tables are made"
            " (a copy has bodies and leaves alone: verify the agency's database, too)"
        ),
    ),
    "lost": (
        "叶子 {first} 至 {last} 的记录：恢复备份时丢失，{by} 于 {at} 声明，理由：{reason}",
        "entries of leaves {first} to {last}: lost, as declared at {at} by {by}: {reason}",
    ),
    "lost_tail": (
        (
            "{number} 条尚未封存的记录（通道与序号 {lanes}）：恢复备份时丢失，"
            "{by} 于 {at} 声明，理由：{reason}"
        ),
        (
            "{number} entries that were not sealed yet (lane: numbers {lanes}): lost, as declared"
            " at {at} by {by}: {reason}"
        ),
    ),
    "lost_held": (
        (
            "{number} 处（通道与序号 {lanes}）所丢失的是什么：{by} 于 {at} 声明丢失时，"
            "那里已有另一条记录，理由：{reason}"
        ),
        (
            "what was lost at {number} places (lane: numbers {lanes}): another entry stood there"
            " when they were declared lost at {at} by {by}: {reason}"
        ),
    ),
    "no_cosigned": (
        "见证（{place} 中没有联署过的树头）",
        "witnesses (there is no cosigned head in {place})",
    ),
    "begun": (
        "前 {size} 片叶子和案件索引（此前已核验，本次未再看）",
        "the first {size} leaves and the case index: they were verified before, and not again",
    ),
    "no_head": ("库外树头（{place} 中没有）", "the head outside (there is none in {place})"),
    "no_tiles": (
        "库外的瓦片（{place} 中没有）",
        "the tiles outside (there are none in {place})",
    ),
    "no_code_key": (
        "记录的校验码（没有首个密钥）",
        "the codes of entries (the first key of the codes is not here)",
    ),
    "no_receipts": (
        "有无记录在封存前被删（没有回执日志）",
        "whether entries were taken away before sealing (there is no receipt journal)",
    ),
    "receipt_cut": (
        "回执日志 {file} 第 {line} 行（写到一半中断）",
        "line {line} of the receipt journal {file}, which was cut while it was written",
    ),
    "no_schema": (
        "表的结构（账本从未封存过）",
        "how the tables are made (that was never sealed)",
    ),
    "schema_moved": (
        "从版本 {before} 到 {after} 时表有哪些改动（尚未封存；请再封存一次）",
        "what the tables' revision {after} changed of {before} (not sealed yet; seal again)",
    ),
    "answer_words": (
        "{number} 条答复的原话（已不在：依法删除，或被取走）",
        "the words of {number} answers (they are not there: erased, or taken away)",
    ),
    "answer_words_unread": (
        "{number} 条答复的原话（该数据库账号无权读取）",
        "the words of {number} answers (this account may not read them)",
    ),
    "answers_over": (
        "{number} 条答复（保存期已满，表中已无）",
        "{number} answers (they were kept to the end of their time, and are not there any more)",
    ),
    "findings_unread": (
        "疑点的变更（该数据库账号无权读取）",
        "what became of findings (this account may not read them)",
    ),
    "findings_over": (
        "{number} 条疑点（保存期已满，表中已无）",
        "{number} findings (they were kept to the end of their time, and are not there any more)",
    ),
    "hits_unread": (
        "{number} 条有命中的记录是否仍有疑点（该数据库账号无权读取）",
        "whether {number} entries with hits still have findings (this account may not read them)",
    ),
    "hits_owed": (
        (
            "{number} 条有命中的记录为何没有疑点"
            "（有事件据称尚待处理；无权读取或没有首个密钥，不能辨其真伪）"
        ),
        (
            "why {number} entries with hits have no finding (events seem to wait; without the right"
            " to read them, or the first key of the codes, nobody can tell whether they do)"
        ),
    ),
    "hits_over": (
        "{number} 条有命中的记录没有疑点（其说明的保存期已满）",
        "why {number} entries with hits have no finding (what would say so is past its time)",
    ),
    "letters_unread": (
        "函件及其办理（该数据库账号无权读取）",
        "letters and what was done about them (this account may not read them)",
    ),
    "letter_words": (
        "函件及答复的 {number} 处原话（已不在：依法删除，或被取走）",
        "{number} texts of letters and answers (they are not there: erased, or taken away)",
    ),
    "letter_words_unread": (
        "函件及答复的原话（该数据库账号无权读取）",
        "the words of letters and of answers to them (this account may not read them)",
    ),
    "no_rules": (
        "规则与绑定（账本从未封存过其内容）",
        "rules and bindings (what they are was never sealed)",
    ),
    "rules_moved": (
        "规则从第 {before} 版次到第 {after} 版次有哪些改动（尚未封存；请再封存一次）",
        "what revision {after} of the rules changed of {before} (not sealed yet; seal again)",
    ),
    "no_calendar": (
        "工作日历（账本尚未封存过其内容；请再封存一次）",
        "working days (what they are was not sealed yet; seal again)",
    ),
    "no_zone": (
        "机关的时区（账本尚未封存过；请再封存一次）",
        "the zone of the authority (it was not sealed yet; seal again)",
    ),
    "calendar_unread": (
        "工作日历（该数据库账号无权读取）",
        "working days (this account may not read them)",
    ),
    "calendar_moved": (
        "工作日历从第 {before} 版到第 {after} 版有哪些改动（尚未封存；请再封存一次）",
        "what version {after} of the working days changed of {before} (not sealed yet; seal again)",
    ),
    "no_key": ("签名（没有该账本的公钥）", "signatures (the key of the log is not here)"),
    "names": (
        "假名背后的姓名（该数据库账号无权读取）",
        "names behind pseudonyms (this account may not read them)",
    ),
    **INDEX_UNCHECKED,
    **ASKED_UNCHECKED,
}
