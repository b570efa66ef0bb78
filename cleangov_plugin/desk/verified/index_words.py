"""What looking at the case index may find, in Chinese and English: zh, then en."""

from collections.abc import Mapping
from typing import Final

#: By code, what is not as it was sealed.
INDEX_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "index_missing": (
        "叶子 {leaf} 起的记录已封存，而树头 {size} 之前没有案件索引的叶子。",
        "entries from leaf {leaf} on have no leaf of the case index behind them at head {size}.",
    ),
    "index_unread": (
        "案件索引的叶子 {leaf} 无法读取（{why}）。",
        "leaf {leaf}, of the case index, cannot be read ({why}).",
    ),
    "index_leaf": (
        "案件索引的叶子 {leaf} 与之前的记录不符：{names}。",
        "leaf {leaf}, of the case index, is not what the entries before it say: {names}.",
    ),
    "index_state": (
        "数据库中案件索引的进度与记录不符：{leaves} 片叶子，{entries} 条记录。",
        "the case index in the database does not cover {leaves} leaves and {entries} entries.",
    ),
    "index_case": (
        "数据库的案件索引中，案件 {case} 的条目与其记录不符（分桶 {number}）。",
        "the case index in the database has case {case} otherwise than entries (bucket {number}).",
    ),
    "index_bucket": (
        "数据库的案件索引中，分桶 {number} 的条目顺序不对或重复。",
        "bucket {number} of the case index in the database has items twice or in another order.",
    ),
    "index_tile": (
        "数据库的案件索引中，第 {level} 层瓦片 {number} 与记录不符。",
        "tile {level}/{number} of the case index in the database is not what the entries say.",
    ),
}
#: By code, what could not be compared.
INDEX_UNCHECKED: Final[Mapping[str, tuple[str, str]]] = {
    "no_index": (
        "案件的记录是否齐全（账本中还没有案件索引；请再封存一次）",
        "whether cases are complete (the ledger has no case index yet; seal again)",
    ),
    "index_unsure": (
        "叶子 {first} 之后的案件索引（那里的记录不是当初封存的）",
        "the case index from leaf {first} on (the entry there is not what was sealed)",
    ),
    "index_behind": (
        "数据库中的案件索引（只涵盖 {leaves} 片叶子中的 {covered} 片；请再封存一次）",
        "the case index in the database (it covers {covered} of {leaves} leaves; seal again)",
    ),
}
