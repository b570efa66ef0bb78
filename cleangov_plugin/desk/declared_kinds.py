"""Kinds of event of what is declared: modes, passings, deputies, statistics, ties of a person."""

from typing import Any, Final

from cleangov_hooks import AttributeType, EventType, Privacy, Stream, ValueType
from cleangov_plugin.domain.our_kinds import (
    DEPUTY_CONFIRMED,
    DEPUTY_DECLARED,
    DEPUTY_ENDED,
    MODE_CONFIRMED,
    MODE_DECLARED,
    MODE_ENDED,
    PASSING_CONFIRMED,
    PASSING_DECLARED,
    PASSING_ENDED,
    PERSONS_CONFIRMED,
    PERSONS_DECLARED,
    PERSONS_ENDED,
    PERSONS_VIEWED,
    TIE_TOLD,
)
from cleangov_plugin.ledger.erasure import BASIS as _BASIS


def attribute(code: str, type_: ValueType, zh: str, en: str, **more: Any) -> AttributeType:
    """Declare an attribute of a kind of our own.

    :param code: its code.
    :param type_: its type.
    :param zh: how it is called in Chinese.
    :param en: how it is called in English.
    :param more: other fields of the declaration.
    """
    return AttributeType(code=code, type=type_, labels={"zh": zh, "en": en}, **more)


def kind(code: str, zh: str, en: str, *attributes: AttributeType) -> EventType:
    """Declare a kind of our own.

    :param code: its code.
    :param zh: how it is called in Chinese.
    :param en: how it is called in English.
    :param attributes: its attributes.
    """
    return EventType(
        kind=code, stream=Stream.PERSONNEL, labels={"zh": zh, "en": en}, attributes=attributes
    )


#: Open: whoever verifies must see that there was one. It names a law, never a person.
BASIS: Final = attribute(_BASIS, ValueType.TEXT, "法律依据", "legal basis", max_length=500)


_MODE: Final = attribute("mode_id", ValueType.TEXT, "状态编号", "mode", max_length=64)
#: Open: a mode is declared to everybody. It names a ground, never a person.
_WHY: Final = attribute("why", ValueType.TEXT, "理由", "ground", max_length=300)
_UNTIL: Final = attribute("until", ValueType.DATETIME, "结束时间", "until")
_PASSING: Final = attribute("passing_id", ValueType.TEXT, "编号", "number", max_length=64)
_DECISION: Final = attribute("decision_id", ValueType.TEXT, "编号", "number", max_length=64)
_DEPUTY: Final = attribute("deputy_id", ValueType.TEXT, "编号", "number", max_length=64)

#: Their kinds.
DECLARED_KINDS: Final = (
    kind(
        MODE_DECLARED,
        "宣布特殊状态",
        "Mode declared",
        _MODE,
        attribute("mode", ValueType.TEXT, "状态", "mode", max_length=64),
        _WHY,
        _UNTIL,
        attribute("units", ValueType.LIST, "单位", "units", max_length=20),
        attribute("streams", ValueType.LIST, "业务流", "streams", max_length=20),
    ),
    kind(MODE_CONFIRMED, "确认特殊状态", "Mode agreed to", _MODE),
    kind(MODE_ENDED, "结束特殊状态", "Mode ended", _MODE, _WHY),
    kind(
        PASSING_DECLARED,
        "宣布抑制或豁免",
        "Suppression or exemption declared",
        _PASSING,
        attribute("sort", ValueType.TEXT, "类别", "suppression or exemption"),
        attribute("rule", ValueType.TEXT, "规则", "rule", max_length=64),
        attribute("scope", ValueType.TEXT, "范围", "for what", max_length=64),
        attribute("place", ValueType.TEXT, "对象", "unit, step, case or pseudonym"),
        BASIS,
        _WHY,
        _UNTIL,
    ),
    kind(PASSING_CONFIRMED, "确认抑制或豁免", "Suppression or exemption agreed to", _PASSING),
    kind(PASSING_ENDED, "结束抑制或豁免", "Suppression or exemption ended", _PASSING, _WHY),
    kind(
        DEPUTY_DECLARED,
        "指定代理人",
        "Deputy declared",
        _DEPUTY,
        attribute("deputy", ValueType.TEXT, "代理人（假名）", "deputy, by pseudonym"),
        attribute("role", ValueType.TEXT, "代理的岗位", "for the role", max_length=64),
        attribute("person", ValueType.TEXT, "代理的人（假名）", "for, by pseudonym"),
        attribute("begins", ValueType.DATETIME, "开始时间", "from"),
        _WHY,
        _UNTIL,
    ),
    kind(DEPUTY_CONFIRMED, "确认代理人", "Deputy agreed to", _DEPUTY),
    kind(DEPUTY_ENDED, "结束代理", "Deputy ended", _DEPUTY, _WHY),
    kind(
        PERSONS_DECLARED,
        "决定启用人员统计",
        "Person statistics decided on",
        _DECISION,
        BASIS,
        attribute("consulted", ValueType.TEXT, "征求了谁的意见", "consulted", max_length=300),
        _WHY,
        _UNTIL,
    ),
    kind(PERSONS_CONFIRMED, "确认启用人员统计", "Person statistics agreed to", _DECISION),
    kind(PERSONS_ENDED, "停用人员统计", "Person statistics ended", _DECISION, _WHY),
    kind(
        PERSONS_VIEWED,
        "查看人员统计",
        "Person statistics viewed",
        attribute(
            "viewed", ValueType.TEXT, "被查看人（假名）", "whose, by pseudonym", max_length=64
        ),
        attribute(
            "reason", ValueType.TEXT, "理由", "reason", privacy=Privacy.PERSONAL, max_length=500
        ),
    ),
    kind(
        TIE_TOLD,
        "告知利害关系",
        "Tie of a second person told",
        attribute("attempt", ValueType.TEXT, "办理编号", "attempt", max_length=200),
        attribute(
            "second", ValueType.TEXT, "第二人（假名）", "second person, by pseudonym", max_length=64
        ),
        attribute("party", ValueType.TEXT, "当事人（假名）", "party, by pseudonym", max_length=64),
        attribute("tie", ValueType.TEXT, "隶属或利害关系", "tie", max_length=64),
        attribute("degree", ValueType.INTEGER, "第几层关系", "degree"),
        attribute("source", ValueType.TEXT, "来源", "register", max_length=200),
        attribute("as_of", ValueType.DATE, "截至", "as of"),
    ),
)
