"""What verifying may find, what finds it, and how it is said in Chinese and English."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final


class Detector(StrEnum):
    """What finds that something is not as it was."""

    LEAF = "LEAF"
    ROOT = "ROOT"
    SIGNATURE = "SIG"
    OUTSIDE = "ANCH"
    LANE = "STRM"
    COLUMN = "COL"
    DELAY = "MMD"


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
    "body": (
        Detector.LEAF,
        "记录 {entry} 的内容不是当初封存为叶子 {leaf} 的内容。",
        "the body of entry {entry} is not what was sealed as leaf {leaf}.",
    ),
    "no_body": (
        Detector.COLUMN,
        "记录 {entry} 的内容无法读取（{why}）。",
        "entry {entry} is no body ({why}).",
    ),
    "columns": (
        Detector.COLUMN,
        "记录 {entry} 的这些列与其内容不符：{names}。",
        "columns of entry {entry} are not what its body says: {names}.",
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
}
#: By code: what could not be checked.
_UNCHECKED: Final[Mapping[str, tuple[str, str]]] = {
    "no_head": ("库外树头（{place} 中没有）", "the head outside (there is none in {place})"),
    "no_key": ("签名（没有该账本的公钥）", "signatures (the key of the log is not here)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that is not as it was.

    :param code: what it is.
    :param detector: what found it.
    :param entry: number of the entry's row; None where it is not one entry, or the row is gone.
    :param leaf: number of the leaf; None where there is none.
    :param values: what its sentence names besides.
    """

    code: str
    detector: Detector
    entry: int | None = None
    leaf: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def said(self, language: str) -> str:
        """Answer the sentence.

        :param language: BCP 47 tag.
        """
        _, zh, en = ALARMS[self.code]
        sentence = zh if language.lower().startswith("zh") else en
        return sentence.format(entry=self.entry, leaf=self.leaf, **self.values)


def alarm(
    code: str, *, entry: int | None = None, leaf: int | None = None, **values: object
) -> Alarm:
    """Make an alarm; what finds it stands with its code.

    :param code: what it is.
    :param entry: number of the entry's row.
    :param leaf: number of the leaf.
    :param values: what its sentence names besides.
    """
    return Alarm(code=code, detector=ALARMS[code][0], entry=entry, leaf=leaf, values=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """Something that could not be checked.

    :param code: what it is.
    :param values: what its sentence names.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def said(self, language: str) -> str:
        """Answer what it is.

        :param language: BCP 47 tag.
        """
        zh, en = _UNCHECKED[self.code]
        return (zh if language.lower().startswith("zh") else en).format(**self.values)


@dataclass(slots=True, kw_only=True)
class Verified:
    """What was looked at, and what was found.

    :param leaves: leaves that were worked out anew.
    :param unsealed: entries that no leaf stands for.
    :param alarms: what is wrong.
    :param unchecked: what could not be checked.
    """

    leaves: int = 0
    unsealed: int = 0
    alarms: list[Alarm] = field(default_factory=list)
    unchecked: list[Unchecked] = field(default_factory=list)

    def raise_alarm(self, code: str, **named: Any) -> None:
        """Note an alarm.

        :param code: what it is.
        :param named: entry, leaf, and what its sentence names besides.
        """
        self.alarms.append(alarm(code, **named))
