"""What a finding says where live and replayed differ, in Chinese and English."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final

from cleangov_hooks import Money
from cleangov_plugin.domain.evaluation import Value
from cleangov_plugin.domain.terms import Result
from cleangov_plugin.rules.writing import language_of, write

#: What stands in place of a rule's id: no rule can be called so.
DIFFERING: Final = "live-replayed"

#: By key: zh, then en.
_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("重算结果与当时不一致", "Worked out again, something else comes out"),
    "why": (
        (
            "每次核验所得，都能由留存的记录重新算出。不一致，说明程序有误，或者记录被改动过，"
            "与经办人无关。请信息中心查明原因，并核对账本（cleangov verify）。"
        ),
        (
            "What a check found can be worked out again from the records. Where it differs, the"
            " program is wrong or a record was changed; it says nothing of the officer. Have IT"
            " find out which, and verify the ledger (cleangov verify)."
        ),
    ),
    "row": ("第 {row} 号记录：", "Entry {row}: "),
    "rule": ("{rule} 当时为“{then}”，现在为“{now}”", "{rule} then “{then}”, now “{now}”"),
    "same": ("{rule} 结果同为“{now}”，依据不同", "{rule} “{now}” both times, on other values"),
    "value": ("{name} 由 {then} 变为 {now}", "{name} was {then} and is {now}"),
    "joint": ("；", "; "),
    "end": ("。", "."),
}
_RESULTS: Final[Mapping[str, tuple[str, str]]] = {
    Result.HIT.value: ("命中", "hit"),
    Result.CLEAR.value: ("未命中", "clear"),
    Result.SUPPRESSED.value: ("命中", "hit"),
    Result.EXEMPT.value: ("豁免", "exempt"),
    Result.CANNOT_BE_CHECKED.value: ("无法核验", "cannot be checked"),
    Result.ERROR.value: ("核验出错", "the check failed"),
    Result.TIMEOUT.value: ("核验超时", "the check ran out of time"),
}
_NONE: Final = "—"


def differing_title(language: str) -> str:
    """Write the title of such a finding.

    :param language: BCP 47 tag.
    """
    return _SAID["title"][_tongue(language)]


def differing_why(language: str) -> str:
    """Write why there is such a finding, and what is to be done.

    :param language: BCP 47 tag.
    """
    return _SAID["why"][_tongue(language)]


def differing_text(values: Mapping[str, Value], language: str) -> str:
    """Write what differs.

    :param values: the values of the finding.
    :param language: BCP 47 tag.
    :return: plain text.
    """
    tongue = _tongue(language)
    parts = _SAID["joint"][tongue].join(_parts(values, language, tongue))
    return f"{_SAID['row'][tongue].format(row=values.get('row'))}{parts}{_SAID['end'][tongue]}"


def _parts(values: Mapping[str, Value], language: str, tongue: int) -> Iterator[str]:
    names, then, now = (_texts(values.get(key)) for key in ("rules", "then", "now"))
    for place, (name, before, after) in enumerate(zip(names, then, now, strict=True)):
        said = "same" if before == after else "rule"
        yield _SAID[said][tongue].format(
            rule=name.partition("@")[0],
            then=_RESULTS.get(before, (before, before))[tongue],
            now=_RESULTS.get(after, (after, after))[tongue],
        )
        prefix = f"now.{place}."
        for key in sorted(key for key in values if key.startswith(prefix)):
            called = key.removeprefix(prefix)
            yield _SAID["value"][tongue].format(
                name=called,
                then=_written(values.get(f"then.{place}.{called}"), language),
                now=_written(values[key], language),
            )


def _texts(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _written(value: Value, language: str) -> str:
    if value is None:
        return _NONE
    if isinstance(value, bool):
        return (("否", "是"), ("no", "yes"))[_tongue(language)][value]
    if isinstance(value, Money):
        return write(value, "money", language)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S%z}"
    if isinstance(value, date):
        return write(value, "date", language)
    return write(value, "list", language) if isinstance(value, tuple) else str(value)


def _tongue(language: str) -> int:
    return 0 if language_of(language) == "zh" else 1
