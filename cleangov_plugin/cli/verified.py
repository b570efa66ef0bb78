"""What verifying found, for machines and for people."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleangov_plugin.desk.verified.alarms import Verified

#: Things of the tables, or rules, that are named on a line.
_NAMED = 5
#: zh, then en.
_WORDS = {
    "looked": (
        "{log_id}：核对了 {leaves} 条已封存记录，另有 {unsealed} 条尚未封存",
        "{log_id}: {leaves} sealed entries looked at, {unsealed} are not sealed yet",
    ),
    "good": ("  未发现改动", "  no change was found"),
    "tables": (
        "  表的结构在 {at} 封存为已改动（叶子 {leaf}）：{things}",
        "  tables were sealed as changed at {at} (leaf {leaf}): {things}",
    ),
    "rules": (
        "  规则第 {revision} 版次在 {at} 封存（叶子 {leaf}）：{editions}",
        "  revision {revision} of the rules was sealed at {at} (leaf {leaf}): {editions}",
    ),
    "zone": (
        "  机关的时区改为 {zone}，在 {at} 封存（叶子 {leaf}）",
        "  another zone of the authority, {zone}, was sealed at {at} (leaf {leaf})",
    ),
    "days": (
        "  工作日历第 {calendar} 版在 {at} 封存（叶子 {leaf}）：{editions}",
        "  version {calendar} of the working days was sealed at {at} (leaf {leaf}): {editions}",
    ),
    "unchecked": ("  无法核验：{what}", "  cannot be checked: {what}"),
}


def document_of(found: "Verified", language: str) -> dict[str, Any]:
    """Answer what was found for machines; the sentences besides, for who reads it there.

    :param found: what was found.
    :param language: BCP 47 tag of the sentences.
    """
    return {
        "leaves": found.leaves,
        "unsealed": found.unsealed,
        "alarms": [{**asdict(each), "what": each.said(language)} for each in found.alarms],
        "unchecked": [{**asdict(each), "what": each.said(language)} for each in found.unchecked],
        "schema_changes": [dict(each) for each in found.schema_changes],
        "rule_changes": [dict(each) for each in found.rule_changes],
    }


def lines_of(found: "Verified", log_id: str, language: str) -> Iterator[str]:
    """Answer what was found for people.

    :param found: what was found.
    :param log_id: the ledger.
    :param language: BCP 47 tag.
    """
    is_english = not language.lower().startswith("zh")

    def say(key: str, **values: object) -> str:
        return _WORDS[key][is_english].format(**values)

    yield say("looked", log_id=log_id, leaves=found.leaves, unsealed=found.unsealed)
    for alarm in found.alarms:
        yield f"  {alarm.detector}: {alarm.said(language)}"
    if not found.alarms:
        yield say("good")
    for change in found.schema_changes:
        yield say("tables", **{**change, "things": _short(change["things"])})
    for change in found.rule_changes:
        if change["zone"] is not None:
            yield say("zone", **change)
        if not change["editions"]:
            continue
        key = "rules" if any(each["what"] != "calendar" for each in change["editions"]) else "days"
        names = [f"{each['id']} {each['number']}" for each in change["editions"]]
        yield say(key, **{**change, "editions": _short(names)})
    for what in found.unchecked:
        yield say("unchecked", what=what.said(language))


def _short(names: list[str]) -> str:
    """Write some names; all of them are in the answer for machines."""
    more = f" … +{len(names) - _NAMED}" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
