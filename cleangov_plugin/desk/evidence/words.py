"""Why something is not proven, and what is wrong with a proof, in Chinese and English."""

from collections.abc import Mapping
from typing import Final

from cleangov_plugin.ledger.strict import Refused

from .proving import NotProven

#: By code of `NotProven`, zh and en.
NOT_PROVEN: Final[Mapping[str, tuple[str, str]]] = {
    "no_entry": ("没有这条记录（{asked}）。", "there is no such entry ({asked})."),
    "ambiguous": (
        "有多条这样的记录（{found}），请用 --log-id 或 --entry 指明。",
        "there are several such entries ({found}); name one with --log-id or --entry.",
    ),
    "no_case": ("没有案件 {asked} 的记录。", "there is no entry of the case {asked}."),
    "case_of_many": (
        "多个机关都有这个案件号（{found}），请用 --log-id 指明。",
        "several authorities have a case of this number ({found}); name one with --log-id.",
    ),
    "case_not_sealed": (
        "案件 {asked} 的记录还没有一条在已公布的树头（{size} 片叶子）之下，请稍后再试。",
        "no entry of the case {asked} is under the published head ({size} leaves); try soon.",
    ),
    "too_many": (
        "这个案件的记录超过 {most} 条，一份证据包装不下。",
        "the case has more than {most} entries; one bundle does not hold them.",
    ),
    "not_sealed": (
        "记录 {row} 还没有封存。最迟应在 {until} 封存；届时仍未封存，即是账本失职，可据此投诉。",
        "entry {row} is not sealed yet. It must be by {until}; after that you may complain of it.",
    ),
    "not_signed": (
        "叶子 {leaf} 已经放入，但已公布的树头只到 {size} 片叶子，请稍后再试。",
        "leaf {leaf} is put in, but the published head covers {size} leaves only; try again soon.",
    ),
    "no_head": (
        "账本 {log_id} 还没有签名的树头，先运行 cleangov seal。",
        "the ledger {log_id} has no signed head yet; run cleangov seal first.",
    ),
    "bad_head": (
        "库外的树头无法读取（{why}），请运行 cleangov verify。",
        "the head outside cannot be read ({why}); run cleangov verify.",
    ),
    "not_in_tree": (
        "叶子 {leaf} 与已签名的树头不符（{why}）：有人改动过，请运行 cleangov verify。",
        "leaf {leaf} does not fit the signed head ({why}); run cleangov verify.",
    ),
    "no_index": (
        "已公布的树头还不包含案件目录，请先运行 cleangov seal。",
        "the published head has no index of cases yet; run cleangov seal first.",
    ),
    "index_differs": (
        "案件目录与已签名的不符（{why}）：有人改动过，请运行 cleangov verify。",
        "the index of cases is not the one that was signed ({why}); run cleangov verify.",
    ),
    "no_disclosure": (
        "这个案件没有可以公开的字段 {code}：没有记录过，或者已经依法删除。",
        "the case has no field {code} to disclose: there never was one, or it was erased.",
    ),
}
#: By the first words of a rule, zh and en: what is wrong with a bundle or a proof.
_REFUSED: Final = (
    ("policy.quorum-unmet", "见证人的签名不够。", "too few witnesses have signed."),
    (
        "policy.log",
        "树头不是您信任的账本签署的。",
        "the head was signed by a log you do not trust.",
    ),
    ("policy", "核对依据（policy）无法读取。", "the policy cannot be read."),
    ("key", "公钥无法读取。", "the public key cannot be read."),
    ("note.signature", "树头的签名是错的。", "the signature of the head is wrong."),
    ("note.unverified", "树头没有您信任的签名。", "the head bears no signature that you trust."),
    ("note", "树头的格式不对。", "the head is not written as a head is."),
    ("head", "树头的格式不对。", "the head is not written as a head is."),
    ("proof", "这不是一份证明。", "this is no proof."),
    ("inclusion", "证明对不上：不是这条记录。", "the proof leads elsewhere: not to this entry."),
    ("zip", "文件不是证据包应有的样子。", "the file is not made as a bundle is."),
    ("case.entries", "记录不全，或者多了。", "entries are missing, or there are too many."),
    ("case.chain", "记录被换过，或者次序不对。", "other entries, or in another order."),
    ("bucket", "案件目录的一页不对。", "the page of the case index is wrong."),
    ("index", "不是案件目录。", "this is no index of cases."),
    ("disclosure", "公开的字段与记录中的摘要不符。", "a field is not the one in the entry."),
    ("evidence.missing", "证据包缺少必备部分。", "a part of the bundle is missing."),
    ("evidence.sum", "文件与校验和不符。", "the files are not those of the checksum."),
    ("evidence.head", "证明所依据的树头不一致。", "the proofs are of different heads."),
    ("evidence.entry", "一条记录不是应有的样子。", "an entry is not as entries are."),
    ("evidence.case", "一条记录不属于这个案件。", "an entry is not of this case."),
    ("evidence.order", "记录的次序不对。", "entries stand in another order."),
    (
        "evidence.index",
        "案件目录不是最新的，或不是目录。",
        "the index of cases is not the newest, or none.",
    ),
    ("evidence.replies", "答复与记录不符。", "replies are not those of the entries."),
    ("evidence.rules", "规则的准确率一栏与记录不符。", "the rules' figures do not fit."),
    ("evidence.gaps", "缺口一栏不对。", "the list of gaps is wrong."),
    ("evidence.clock", "时间精度与记录不符。", "the clocks are not those of the entries."),
    ("", "证据包的一部分无法读取。", "a part of the bundle cannot be read."),
)


def why_not(problem: NotProven, language: str) -> str:
    """Say why there is no proof.

    :param problem: what stands in the way.
    :param language: BCP 47 tag.
    """
    zh, en = NOT_PROVEN[problem.code]
    return (zh if is_chinese(language) else en).format(**problem.values)


def what_is_wrong(rule: str, language: str) -> str:
    """Say what is wrong with a proof or a bundle, in a sentence.

    :param rule: the rule that was broken.
    :param language: BCP 47 tag.
    """
    found = next(said for said in _REFUSED if rule.startswith(said[0]))
    return found[1] if is_chinese(language) else found[2]


def refused_said(problem: Refused, language: str) -> str:
    """Say what is wrong, with the rule that was broken.

    :param problem: what was found.
    :param language: BCP 47 tag.
    """
    return f"{what_is_wrong(problem.rule, language)} [{problem.rule}]"


def is_chinese(language: str) -> bool:
    """Answer whether a language is Chinese; every other reader is answered in English.

    :param language: BCP 47 tag.
    """
    return language.lower().startswith("zh")
