"""What is said of heads, in Chinese and English: of signatures, witnesses and clocks."""

from collections.abc import Mapping
from typing import Final

from .detectors import Detector

#: By code: what finds it, and the sentence, zh and en.
HELD: Final[Mapping[str, tuple[Detector, str, str]]] = {
    "no_genesis": (
        Detector.SIGNATURE,
        "账本自身的叶子（首叶或换钥记录）没有写明签名密钥 {key}。",
        "no leaf of the ledger, neither the first nor one of a rotation, names the key {key}.",
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
    "mirror_empty": (
        Detector.OUTSIDE,
        "{place} 中没有这个账本的树头：没有可以核验的东西。",
        "there is no head of this ledger in {place}, and so nothing that could be verified.",
    ),
    "bundle": (
        Detector.LEAF,
        "第 {n} 个记录包无法读取（{why}）。",
        "entry bundle {n} cannot be read ({why}).",
    ),
    "bundle_leaf": (
        Detector.LEAF,
        "叶子 {leaf} 的内容与记录包中的不同。",
        "leaf {leaf} is not of the body in its entry bundle.",
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
    "outside_old": (
        Detector.OUTSIDE,
        "库外树头只有 {size} 片叶子，而一天多以前已签发 {newest} 片叶子的树头：它被换回了旧的。",
        "the head outside has {size} leaves; one of {newest} was signed over a day ago.",
    ),
    "head_gone": (
        Detector.OUTSIDE,
        "{place} 中的树头（{size} 片叶子）在数据库中的那一行不见了。",
        "the row of the head in {place}, of {size} leaves, is gone from the database.",
    ),
    "tile_outside": (
        Detector.ROOT,
        "库外的瓦片 {path} 与数据库中的不同。",
        "tile {path} outside is not the one in the database.",
    ),
    "outside_root": (
        Detector.OUTSIDE,
        "前 {size} 片叶子不是库外树头所含的叶子。",
        "the first {size} leaves are not those of the head outside.",
    ),
}
