"""What ``cleangov follow`` says, in Chinese and English."""

from collections.abc import Mapping
from typing import Final

#: By key: zh, then en.
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "done": (
        "{log_id}：新抄录 {added} 片叶子，共 {size} 片，树根 {root}，已联署",
        "{log_id}: {added} leaves copied and verified, {size} in all, root {root}, cosigned",
    ),
    "refused": ("{log_id}：拒绝：{what}", "{log_id}: REFUSED: {what}"),
    "stays": (
        "  未再抄录；已有副本保持不变。请先查看两份树头，勿重建副本。",
        (
            "  Nothing more was copied, and what the copy has is kept. Look at both heads first,"
            " and do not make the copy anew."
        ),
    ),
    "nothing": ("来源中还没有账本", "there is no ledger in the source yet"),
    "watching": (
        "每隔 {every} 秒跟进一次；Ctrl-C 结束。",
        "following, with pauses of {every} seconds; Ctrl-C ends it.",
    ),
    "progress": ("{log_id}：{done}/{all}", "{log_id}: {done} of {all} leaves"),
}
