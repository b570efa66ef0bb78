"""What verifying may find and what it could not check, in Chinese and English."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from .index_words import INDEX_SAID, INDEX_UNCHECKED


class Detector(StrEnum):
    """What finds that something is not as it was."""

    LEAF = "LEAF"
    ROOT = "ROOT"
    SIGNATURE = "SIG"
    OUTSIDE = "ANCH"
    LANE = "STRM"
    COLUMN = "COL"
    DELAY = "MMD"
    CODE = "MAC"
    ERASURE = "ERAS"
    SCHEMA = "SCHEMA"
    RECEIPT = "RCPT"
    COVERAGE = "COVER"
    TIME = "TIME"
    INDEX = "INDEX"
    WITNESS = "WIT"


#: By code: what finds it, and the sentence, zh and en.
ALARMS: Final[Mapping[str, tuple[Detector, str, str]]] = {
    "tile": (
        Detector.ROOT,
        "叶子 {leaf} 的散列与瓦片中的不同。",
        "leaf {leaf} has another hash than its tile.",
    ),
    "leaf_gap": (
        Detector.ROOT,
        "叶子 {leaf} 不见了，接着的是叶子 {next}。",
        "leaf {leaf} is not there; leaf {next} follows.",
    ),
    "entry_gone": (
        Detector.LEAF,
        "叶子 {leaf} 对应的记录不见了：通道 {lane}，序号 {no}。",
        "the entry of leaf {leaf} is gone: lane {lane}, no {no}.",
    ),
    "leaf_unnamed": (
        Detector.LEAF,
        "叶子 {leaf} 的记录和出处都不见了，也没有声明丢失。",
        "leaf {leaf} has neither entry nor place, and was not declared lost.",
    ),
    "body": (
        Detector.LEAF,
        "记录 {entry} 的内容不是当初封存为叶子 {leaf} 的内容。",
        "the body of entry {entry} is not what was sealed as leaf {leaf}.",
    ),
    "no_body": (
        Detector.COLUMN,
        "记录 {entry} 的内容无法读取。",
        "entry {entry} is no body.",
    ),
    "columns": (
        Detector.COLUMN,
        "记录 {entry} 的这些列与其内容不符：{names}。",
        "columns of entry {entry} are not what its body says: {names}.",
    ),
    "meta": (
        Detector.LEAF,
        "账本自身的叶子 {leaf} 不是当初封存的内容。",
        "leaf {leaf}, the ledger's own, is not what was sealed.",
    ),
    "meta_unread": (
        Detector.LEAF,
        "账本自身的叶子 {leaf} 无法读取（{why}）。",
        "leaf {leaf}, the ledger's own, cannot be read ({why}).",
    ),
    "no_genesis": (
        Detector.SIGNATURE,
        "账本自身的叶子（首叶或换钥记录）没有写明签名密钥 {key}。",
        "no leaf of the ledger, neither the first nor one of a rotation, names the key {key}.",
    ),
    "lane_gap": (
        Detector.LANE,
        "通道 {lane} 从序号 {last} 跳到 {no}：有记录缺失或被添加。",
        "lane {lane} goes from no {last} to no {no}: entries are missing or were added.",
    ),
    "lane_order": (
        Detector.LANE,
        "记录 {entry} 指明的前一条不是通道 {lane} 中的前一条。",
        "entry {entry} names another entry before it than lane {lane} has.",
    ),
    "left_behind": (
        Detector.DELAY,
        "记录 {entry} 未封存，而更晚的记录已封存。",
        "entry {entry} is in no leaf, and later ones are.",
    ),
    "head_size": (
        Detector.ROOT,
        "一个树头有 {size} 片叶子，实有 {leaves} 片。",
        "a head has {size} leaves, and there are {leaves}.",
    ),
    "head_root": (
        Detector.ROOT,
        "前 {size} 片叶子的树根与树头所说的不同。",
        "the first {size} leaves have another root than their head says.",
    ),
    "note": (
        Detector.SIGNATURE,
        "树头 {size} 的签名无效（{why}）。",
        "the note of head {size} is not good ({why}).",
    ),
    "note_of_another": (
        Detector.SIGNATURE,
        "树头 {size} 的签名属于另一个树头。",
        "the note of head {size} is of another head.",
    ),
    "outside_note": (
        Detector.SIGNATURE,
        "库外树头的签名无效（{why}）。",
        "the head outside is not good ({why}).",
    ),
    "seen_note": (
        Detector.SIGNATURE,
        "保存在 {place} 的树头签名无效（{why}）。",
        "the head kept in {place} is not good ({why}).",
    ),
    "seen_size": (
        Detector.OUTSIDE,
        "保存在 {place} 的树头有 {size} 片叶子，数据库有 {leaves} 片。",
        "the head kept in {place} has {size} leaves, the database {leaves}.",
    ),
    "seen_root": (
        Detector.OUTSIDE,
        "同一密钥签了两个说法：前 {size} 片叶子不是 {place} 中树头所含的叶子。",
        "two stories were signed: the first {size} leaves are not those of the head in {place}.",
    ),
    "cosigned_note": (
        Detector.WITNESS,
        "见证过的树头不符合核验策略（{why}）。",
        "the cosigned head does not meet the policy ({why}).",
    ),
    "cosigned_late": (
        Detector.WITNESS,
        "自 {at}（{size} 片叶子）以来，没有足够的见证人联署。",
        "since {at}, at {size} leaves, too few witnesses have cosigned.",
    ),
    "clock_back": (
        Detector.TIME,
        "记录 {entry} 的写入时间早于通道 {lane} 中的前一条超过五分钟。",
        "entry {entry} was written over five minutes before the one before it in lane {lane}.",
    ),
    "after_cosigned": (
        Detector.TIME,
        "记录 {entry} 自称写于见证人联署 {size} 片叶子之后。",
        "entry {entry} says it was written after witnesses cosigned its tree of {size} leaves.",
    ),
    "outside_size": (
        Detector.OUTSIDE,
        "库外树头有 {size} 片叶子，数据库有 {leaves} 片。",
        "the head outside has {size} leaves, the database {leaves}.",
    ),
    "outside_root": (
        Detector.OUTSIDE,
        "前 {size} 片叶子不是库外树头所含的叶子。",
        "the first {size} leaves are not those of the head outside.",
    ),
    "field_missing": (
        Detector.ERASURE,
        "记录 {entry} 有 {number} 个个人信息字段缺失，没有任何删除记录。",
        "{number} personal fields of entry {entry} are missing without a record of an erasure.",
    ),
    "field_forged": (
        Detector.ERASURE,
        "记录 {entry} 有 {number} 个披露项，其内容并不含有它们的摘要：被改、被移或被添加。",
        "{number} disclosures of entry {entry} are not in its body: changed, moved or added.",
    ),
    "field_again": (
        Detector.ERASURE,
        "记录 {entry} 的字段 {field} 已依法删除（见记录 {told}），现在又出现了：请再次删除。",
        "field {field} of entry {entry} was erased (entry {told}) and is there: erase again.",
    ),
    "digests_unread": (
        Detector.ERASURE,
        "记录 {entry} 的个人信息摘要无法读取。",
        "the digests of personal fields of entry {entry} cannot be read.",
    ),
    "erasure_unread": (
        Detector.ERASURE,
        "删除记录 {entry} 无法读取。",
        "entry {entry} tells of an erasure and cannot be read.",
    ),
    "erasure_baseless": (
        Detector.ERASURE,
        "删除记录 {entry} 没有写明法律依据。",
        "entry {entry} tells of an erasure without a legal basis.",
    ),
    "erasure_of_nothing": (
        Detector.ERASURE,
        "删除记录 {entry} 指向通道 {lane} 序号 {no} 的字段 {field}，而该记录没有这个字段。",
        "entry {entry} erases field {field} of lane {lane}, no {no}, which has no such field.",
    ),
    "name_missing": (
        Detector.ERASURE,
        "假名 {pseudonym} 对应的姓名缺失，没有任何删除记录。",
        "the name behind {pseudonym} is missing without a record of an erasure.",
    ),
    "name_again": (
        Detector.ERASURE,
        "假名 {pseudonym} 对应的姓名已依法删除（见记录 {entry}），现在又出现了：请再次删除。",
        "the name behind {pseudonym} was erased (entry {entry}) and is there: erase again.",
    ),
    "code_none": (
        Detector.CODE,
        "记录 {entry} 没有校验码，而 {first} 之后写入的记录都有。",
        "entry {entry} has no code, and all that were written after {first} have one.",
    ),
    "code_before": (
        Detector.CODE,
        "记录 {entry} 自称写于 {first} 启用校验码之前，但当时并未封存。",
        "entry {entry} says it was written before {first}, when codes began, and was not sealed.",
    ),
    "code_wrong": (
        Detector.CODE,
        "记录 {entry} 的校验码与其内容不符。",
        "the code of entry {entry} is not that of its body.",
    ),
    "code_day": (
        Detector.CODE,
        "记录 {entry} 的校验码属于第 {epoch} 日，而记录写于第 {day} 日。",
        "the code of entry {entry} is of day {epoch}, and it was written on day {day}.",
    ),
    "code_back": (
        Detector.CODE,
        "记录 {entry} 的日期早于通道 {lane} 中在它之前的校验码。",
        "entry {entry} is of an earlier day than a code before it in lane {lane}.",
    ),
    "code_time": (
        Detector.CODE,
        "记录 {entry} 的写入时间无法读取。",
        "when entry {entry} was written cannot be read.",
    ),
    "receipt_gone": (
        Detector.RECEIPT,
        "有回执的记录不在账中：通道 {lane}，序号 {no}，写于 {at}，散列 {hash}。",
        "an entry with a receipt is not there: lane {lane}, no {no}, written {at}, hash {hash}.",
    ),
    "receipt_line": (
        Detector.RECEIPT,
        "回执日志 {file} 第 {line} 行无法读取。",
        "line {line} of the receipt journal {file} cannot be read.",
    ),
    "schema_added": (
        Detector.SCHEMA,
        "上次封存之后新增了：{thing}。",
        "{thing}: added since the tables were last sealed.",
    ),
    "schema_changed": (
        Detector.SCHEMA,
        "上次封存之后改动了：{thing}。",
        "{thing}: changed since the tables were last sealed.",
    ),
    "schema_gone": (
        Detector.SCHEMA,
        "上次封存之后不见了：{thing}。",
        "{thing}: gone since the tables were last sealed.",
    ),
    "schema_more": (
        Detector.SCHEMA,
        "表的结构另有 {number} 处不同。",
        "{number} more things of the tables differ.",
    ),
    "schema_other": (
        Detector.SCHEMA,
        "表的结构不是上次封存时的结构。",
        "the tables are not made as when they were last sealed.",
    ),
    "tile_width": (
        Detector.ROOT,
        "瓦片 {level}/{n} 有 {bytes} 字节，应有 {right} 字节。",
        "tile {level}/{n} has {bytes} bytes, not {right}.",
    ),
    "tile_row": (
        Detector.ROOT,
        "瓦片 {level}/{n} 不是由其下一层得出的。",
        "tile {level}/{n} does not follow from the level below.",
    ),
    "tile_gone": (
        Detector.ROOT,
        "第 {level} 层缺少瓦片。",
        "tiles of level {level} are missing.",
    ),
    "tile_strange": (
        Detector.ROOT,
        "树不应有第 {level} 层的这些瓦片。",
        "the tree has no such tiles of level {level}.",
    ),
    **{code: (Detector.INDEX, *said) for code, said in INDEX_SAID.items()},
}
#: By code: what could not be checked.
UNCHECKED: Final[Mapping[str, tuple[str, str]]] = {
    "lost": (
        "叶子 {first} 至 {last} 的记录：恢复备份时丢失，{by} 于 {at} 声明，理由：{reason}",
        "entries of leaves {first} to {last}: lost, as declared at {at} by {by}: {reason}",
    ),
    "no_cosigned": (
        "见证（{place} 中没有联署过的树头）",
        "witnesses (there is no cosigned head in {place})",
    ),
    "no_head": ("库外树头（{place} 中没有）", "the head outside (there is none in {place})"),
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
    "no_key": ("签名（没有该账本的公钥）", "signatures (the key of the log is not here)"),
    **INDEX_UNCHECKED,
}
