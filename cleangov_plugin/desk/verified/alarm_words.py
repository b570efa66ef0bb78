"""What verifying may find, in Chinese and English."""

from collections.abc import Mapping
from typing import Final

from .asked_words import ASKED_SAID
from .detectors import Detector
from .held_words import HELD
from .index_words import INDEX_SAID
from .letter_words import LETTERS_SAID
from .rule_words import RULES_SAID

#: By code: what finds it, and the sentence, zh and en.
ALARMS: Final[Mapping[str, tuple[Detector, str, str]]] = {
    **HELD,
    **RULES_SAID,
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
    "value_type": (
        Detector.COLUMN,
        "表 {table} 的列 {column}（行 {row}）的值不是该列应有的类型：{found}。",
        "column {column} of table {table}, row {row}, holds a value of another type: {found}.",
    ),
    "broken_off": (
        Detector.COLUMN,
        "核验到此中断：数据库里有一个值无法读取（{why}）。此后的内容没有核验。",
        (
            "verifying broke off at a value in the database that cannot be read ({why}); nothing"
            " after it was verified."
        ),
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
    "answer_changed": (
        Detector.COLUMN,
        "答复表与记录 {entry} 所记的答复不符。",
        "the table of answers says another thing than entry {entry}.",
    ),
    "answer_gone": (
        Detector.COLUMN,
        "记录 {entry} 所记的答复不见了。",
        "the answer that entry {entry} tells of is gone.",
    ),
    "finding_changed": (
        Detector.COLUMN,
        "疑点表与记录 {entry} 所记的疑点 {finding} 不符：{names}。",
        "finding {finding} is not in its table what entry {entry} says: {names}.",
    ),
    "finding_gone": (
        Detector.COLUMN,
        "记录 {entry} 所记的疑点 {finding} 不见了。",
        "finding {finding}, of which entry {entry} tells, is gone.",
    ),
    "finding_unsaid": (
        Detector.COLUMN,
        "疑点 {finding} 已变更，但没有任何记录说明。",
        "finding {finding} was changed, and no entry says so.",
    ),
    "finding_lost": (
        Detector.COLUMN,
        "记录 {entry} 写明规则 {rule} 在案件 {case} 命中，而由此产生的疑点不见了。",
        "entry {entry} says that {rule} hit in {case}, and the finding it raised is gone.",
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
    "unsealed_late": (
        Detector.DELAY,
        "记录 {entry} 写于 {at}，至今未封存。",
        "entry {entry} was written at {at}, and nobody has sealed it.",
    ),
    "left_behind": (
        Detector.DELAY,
        "记录 {entry} 未封存，而更晚的记录已封存。",
        "entry {entry} is in no leaf, and later ones are.",
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
    "index_lies": (
        Detector.COLUMN,
        "索引与表中的行不符：{what}。",
        "an index does not lead to the rows of its table: {what}.",
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
    **{code: (Detector.COLUMN, *said) for code, said in {**LETTERS_SAID, **ASKED_SAID}.items()},
    **{code: (Detector.INDEX, *said) for code, said in INDEX_SAID.items()},
}
