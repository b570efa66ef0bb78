"""Why a personal field is not erased or not shown: said in Chinese and English."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from cleangov_plugin.domain.errors import CleanGovError


class _Said(NamedTuple):
    """One refusal in one language.

    :param where: field or record.
    :param what: what is wrong, one sentence.
    :param remedy: what to do about it; empty where nothing can be done.
    """

    where: str
    what: str
    remedy: str = ""


_FIRST_SAY: Final = "--entry、--case 或 --person 与 --field；或者 --person 与 --identity"
_NOTHING_ZH, _NOTHING_EN = "没有删除任何内容。", "Nothing was erased."
#: By key: zh, then en.
_REFUSED: Final[Mapping[str, tuple[_Said, _Said]]] = {
    "reason": (
        _Said("--reason", "理由至少 {least} 个字符。", "请写明为何需要。"),
        _Said(
            "--reason", "a reason has at least {least} characters.", "Say what it is needed for."
        ),
    ),
    "no_entry": (
        _Said("账本 {log_id}", "没有记录 {rows}。"),
        _Said("ledger {log_id}", "there is no entry {rows}."),
    ),
    "no_field": (
        _Said("记录 {row}", "没有字段 {code}。", "它有：{known}。"),
        _Said("entry {row}", "it has no field {code}.", "It has: {known}."),
    ),
    "no_fields": (
        _Said("记录 {row}", "没有字段 {code}。", "它没有个人信息字段。"),
        _Said("entry {row}", "it has no field {code}.", "It has no personal field."),
    ),
    "basis": (
        _Said(
            "--basis",
            "法律依据须为 {least} 至 {most} 个字符。",
            "请写明法律和决定，例如“个人信息保护法第四十七条第一款第三项，2026年12月申请”。",
        ),
        _Said(
            "--basis",
            "a legal basis has {least} to {most} characters.",
            "Name the law and the decision, as 'PIPL Art. 47(1)(3), request 2026-12'.",
        ),
    ),
    "not_written": (
        _Said("{log_id} {case}", "说明此事的记录暂时无法写入。", f"{_NOTHING_ZH}请再试一次。"),
        _Said(
            "{log_id} {case}",
            "the entry that tells of it could not be written just now.",
            f"{_NOTHING_EN} Try again.",
        ),
    ),
    "changed": (
        _Said("记录 {row}", "其间有人改动了这条记录。", f"{_NOTHING_ZH}请重新查看。"),
        _Said(
            "entry {row}",
            "somebody else has changed the entry meanwhile.",
            f"{_NOTHING_EN} Look again.",
        ),
    ),
    "absent": (
        _Said("", "{zh}。", _NOTHING_ZH),
        _Said("", "{en}.", _NOTHING_EN),
    ),
    "nowhere": (
        _Said("", "这些记录都没有字段 {codes}。", _NOTHING_ZH),
        _Said("", "no entry here has a field {codes}.", _NOTHING_EN),
    ),
    "field_before": (
        _Said("记录 {row}，{code}", "已于 {at} 删除，依据：{basis}。"),
        _Said("entry {row}, {code}", "it was erased on {at}, basis: {basis}."),
    ),
    "name_before": (
        _Said("{name}", "已于 {at} 删除，依据：{basis}。"),
        _Said("{name}", "it was erased on {at}, basis: {basis}."),
    ),
    "name_meanwhile": (
        _Said("{name}", "其间已由他人删除。"),
        _Said("{name}", "somebody else has erased it meanwhile."),
    ),
    "no_name": (
        _Said("{name}", "从未为它保存过姓名。"),
        _Said("{name}", "no name was ever kept for it."),
    ),
    "which": (
        _Said("erase", "须写明删除什么。", f"请给出{_FIRST_SAY}。"),
        _Said(
            "erase",
            "it must be said what is erased.",
            "Give --entry, --case or --person with --field; or --person with --identity.",
        ),
    ),
    "whose": (
        _Said("--person", "姓名对应的是假名，请给出假名。"),
        _Said("--person", "a name stands behind a pseudonym."),
    ),
    "who": (
        _Said("--basis, --by", "没有法律依据和经办人，不删除任何内容。"),
        _Said("--basis, --by", "nothing is erased without a legal basis and somebody who does it."),
    ),
}


class PersonalRefused(CleanGovError):
    """Something about personal fields that is not done.

    :param key: which refusal.
    :param values: what it names; nothing personal.
    """

    def __init__(self, key: str, **values: object) -> None:
        self._said = tuple(
            _Said._make(part.format(**values) for part in said) for said in _REFUSED[key]
        )
        english = self._said[1]
        super().__init__(english.what, where=english.where, remedy=english.remedy)

    def said(self, language: str) -> str:
        """Say it.

        :param language: BCP 47 tag.
        """
        if not language.lower().startswith("zh"):
            return str(self)
        where, what, remedy = self._said[0]
        return f"{where}：{what}{remedy}" if where else f"{what}{remedy}"


class DisclosureRefused(PersonalRefused):
    """A question for a field that is not answered."""


class ErasureRefused(PersonalRefused):
    """An erasure that is not made."""


class AlreadyErased(ErasureRefused):
    """There is nothing to erase: it was erased before."""
