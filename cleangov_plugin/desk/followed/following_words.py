"""Why a follower refuses what it reads, in Chinese and English."""

from collections.abc import Mapping
from typing import Final

#: By code: the sentence, zh and en.
REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "wiped": (
        "来源中没有此账本的已签树头；副本已有 {size} 片叶子，树根 {root}",
        "the source has no signed head of this ledger; the copy has {size} leaves, root {root}",
    ),
    "put_back": (
        "来源退回到 {there} 片叶子（树根 {there_root}）；副本已有 {size} 片叶子，树根 {root}",
        (
            "the source is back at {there} leaves, root {there_root};"
            " the copy has {size} leaves, root {root}"
        ),
    ),
    "fork": (
        (
            "来源的 {there} 片叶子（树根 {there_root}）不是副本 {size} 片叶子"
            "（树根 {root}）的延续：同一账本有两个说法，两份已签树头即为证据"
        ),
        (
            "the {there} leaves of the source, root {there_root}, do not continue the {size}"
            " leaves of the copy, root {root}: two stories of one ledger, and both signed heads"
            " prove it"
        ),
    ),
    "head": (
        "来源的树头不能采信（{why}）；副本已有 {size} 片叶子，树根 {root}",
        (
            "the head of the source is not to be believed ({why});"
            " the copy has {size} leaves, root {root}"
        ),
    ),
    "body": (
        "第 {leaf} 片叶子的内容不是封存时的内容（叶子哈希应为 {wanted}，实为 {found}）",
        "leaf {leaf} is not what was sealed: its hash is {found}, and the tree has {wanted}",
    ),
    "gone": (
        "第 {leaf} 片叶子没有内容，也没有人声明它已丢失",
        "there is nothing behind leaf {leaf}, and nobody declared it lost",
    ),
    "unreadable": (
        "自第 {leaf} 片叶子起的瓦片或数据包不能使用（{why}）",
        "tiles or bundles from leaf {leaf} on cannot be used ({why})",
    ),
    "tiles": (
        "来源的瓦片不通向其已签树头（{there} 片叶子，树根 {there_root}）",
        (
            "the tiles of the source do not lead to its signed head"
            " ({there} leaves, root {there_root})"
        ),
    ),
    "slice": (
        "第 {leaf} 至 {last} 片叶子不通向已签树头（{there} 片叶子，树根 {there_root}）",
        (
            "leaves {leaf} to {last} do not lead to the signed head"
            " ({there} leaves, root {there_root})"
        ),
    ),
    "own": (
        "副本自身的表不是写入时的样子（{size} 片叶子，树根应为 {root}）",
        "the copy's own tables are not what was written ({size} leaves, root {root})",
    ),
}
