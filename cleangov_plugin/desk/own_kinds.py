"""Kinds of event that are our own: what those who supervise do is recorded like everything else."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from cleangov_hooks import (
    Actor,
    AttributeValue,
    Event,
    EventType,
    Person,
    Privacy,
    Stream,
    ValueType,
)
from cleangov_plugin.domain.our_kinds import (
    ANSWER_LATE,
    ANSWER_REFUSED,
    CALLS_REFUSED,
    COMMITMENT_MADE,
    DOUBT_SETTLED,
    FIELD_VIEWED,
    FIELDS_ERASED,
    FINDING_CHANGED,
    FOLLOW_UP_DECIDED,
    IDENTITY_ERASED,
    LETTER_ANSWERED,
    LETTER_EXTENDED,
    LETTER_SENT,
    LETTER_TIME_ASKED,
    LETTER_WITHDRAWN,
    NAME_VIEWED,
    NOTE_SEALED,
    PROMPT_ANSWERED,
    TALK_ACCEPTED,
    TALK_HELD,
)
from cleangov_plugin.domain.record import OWN_SOURCE
from cleangov_plugin.ledger.erasure import ERASED, MOST_FIELDS, PSEUDONYM

from .asked_kinds import OPENS, PROMPT, REQUEST, REQUEST_KINDS
from .declared_kinds import BASIS as _BASIS
from .declared_kinds import DECLARED_KINDS
from .declared_kinds import attribute as _attribute
from .declared_kinds import kind as _kind
from .viewed_kinds import VIEWED_KINDS

#: Our own source of events, beside the host's.
SOURCE: Final = OWN_SOURCE


#: Personal: it can be erased from the record, which then still proves that there was one.
_REASON: Final = _attribute(
    "reason", ValueType.TEXT, "理由", "reason", privacy=Privacy.PERSONAL, max_length=2_000
)
#: Kept as digest and size alone: the words stand with the letter or the answer, where they can be
#: erased.
_WORDS: Final = _attribute("words", ValueType.TEXT, "正文", "words", privacy=Privacy.SECRET)
_LETTER: Final = (
    _attribute("letter", ValueType.TEXT, "文号", "letter", max_length=64),
    _attribute("finding", ValueType.INTEGER, "疑点", "finding"),
)
#: Proven, and shown to nobody who is not given the field: what somebody put right is theirs.
_OF_ONE: Final = {"privacy": Privacy.PERSONAL}
_REFUSED: Final = (
    PROMPT,
    REQUEST,
    _attribute("reason", ValueType.TEXT, "原因", "reason", max_length=64),
)
_AT: Final = _attribute("at", ValueType.DATETIME, "谈话时间", "time of the talk")
_MEETING: Final = (
    _AT,
    _attribute("place", ValueType.TEXT, "谈话地点", "place of the talk", max_length=200),
)
_DUE: Final = _attribute("due", ValueType.DATE, "答复期限", "answer by")
#: `viewed` is the pseudonym whose name was shown, `to` the one a letter went to.
OWN_KINDS: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        kind.kind: kind
        for kind in (
            _kind(
                NAME_VIEWED,
                "查看姓名",
                "Name viewed",
                _attribute(
                    "viewed",
                    ValueType.TEXT,
                    "被查看人（假名）",
                    "whose name, by pseudonym",
                    max_length=64,
                ),
                replace(_REASON, max_length=500),
            ),
            _kind(
                LETTER_SENT,
                "发出函件",
                "Letter sent",
                *_LETTER,
                _attribute(
                    "to", ValueType.TEXT, "收件人（假名）", "to, by pseudonym", max_length=64
                ),
                _DUE,
                *_MEETING,
                _WORDS,
                _REASON,
            ),
            _kind(LETTER_ANSWERED, "答复函件", "Letter answered", *_LETTER, _WORDS),
            _kind(
                PROMPT_ANSWERED,
                "答复提示",
                "Prompt answered",
                PROMPT,
                _attribute("answer", ValueType.TEXT, "答复编号", "answer", max_length=64),
                _attribute("choice", ValueType.TEXT, "选项", "choice", **_OF_ONE, max_length=64),
                _attribute(
                    "answer_kind", ValueType.TEXT, "答复种类", "kind", **_OF_ONE, max_length=64
                ),
                _WORDS,
                _attribute(
                    "reason_code", ValueType.TEXT, "理由", "reason", **_OF_ONE, max_length=64
                ),
                _attribute(
                    "evidence", ValueType.TEXT, "文件", "document", **_OF_ONE, max_length=300
                ),
                _attribute(
                    "approver",
                    ValueType.TEXT,
                    "批准人（假名）",
                    "approved by, by pseudonym",
                    **_OF_ONE,
                    max_length=64,
                ),
                _attribute("until", ValueType.DATE, "最迟日期", "put off until", **_OF_ONE),
                _attribute("clock_ahead", ValueType.INTEGER, "时钟超前（秒）", "clock ahead, s"),
                _attribute("tie", ValueType.TEXT, "隶属或利害关系", "tie to the officer"),
                _attribute("party_tie", ValueType.TEXT, "与当事人的关系", "tie to a party"),
                _attribute("as_deputy", ValueType.TEXT, "代理编号", "as deputy", max_length=64),
                REQUEST,
                OPENS,
            ),
            _kind(
                DOUBT_SETTLED,
                "答复“这条提示不对”",
                "Doubt about a prompt answered",
                PROMPT,
                _attribute("request", ValueType.TEXT, "疑问编号", "doubt", max_length=64),
                _attribute("choice", ValueType.TEXT, "结论", "verdict", **_OF_ONE, max_length=64),
                _WORDS,
            ),
            _kind(
                FOLLOW_UP_DECIDED,
                "办理后续事项",
                "Follow-up of an answer decided",
                PROMPT,
                _attribute("follow_up", ValueType.TEXT, "后续事项编号", "follow-up", max_length=64),
                _attribute("about", ValueType.TEXT, "事项", "about", max_length=64),
                _attribute("choice", ValueType.TEXT, "结论", "verdict", **_OF_ONE, max_length=64),
                _WORDS,
            ),
            _kind(ANSWER_REFUSED, "无权的答复被拒绝", "Answer of somebody else refused", *_REFUSED),
            _kind(ANSWER_LATE, "过时的答复被拒绝", "Answer out of date refused", *_REFUSED),
            _kind(
                CALLS_REFUSED,
                "接口调用被拒绝",
                "Calls of machines refused",
                _attribute("key", ValueType.TEXT, "所称密钥", "key that they named", max_length=64),
                _attribute("problem", ValueType.TEXT, "原因", "reason", max_length=64),
                _attribute("number", ValueType.INTEGER, "次数", "number"),
            ),
            _kind(
                NOTE_SEALED,
                "密封给监督方的说明",
                "Note sealed to oversight",
                _attribute("box", ValueType.TEXT, "密文", "sealed box", max_length=20_000),
            ),
            _kind(
                COMMITMENT_MADE,
                "确认岗位承诺",
                "Commitment confirmed",
                _attribute("function", ValueType.TEXT, "业务", "function", max_length=64),
                _attribute("version", ValueType.INTEGER, "文本版本", "version of the text"),
                _WORDS,
            ),
            *REQUEST_KINDS,
            *DECLARED_KINDS,
            *VIEWED_KINDS,
            _kind(LETTER_TIME_ASKED, "申请延期答复", "More time asked for", *_LETTER, _AT, _REASON),
            _kind(LETTER_EXTENDED, "延长答复期限", "Term extended", *_LETTER, _DUE, _AT, _REASON),
            _kind(TALK_ACCEPTED, "接受谈话时间", "Time of a talk accepted", *_LETTER, _AT),
            _kind(
                TALK_HELD,
                "谈话情况",
                "Talk held or not",
                *_LETTER,
                _attribute("is_held", ValueType.BOOLEAN, "已谈话", "held"),
                _REASON,
            ),
            _kind(LETTER_WITHDRAWN, "撤回函件", "Letter withdrawn", *_LETTER, _REASON),
            _kind(
                FINDING_CHANGED,
                "疑点变更",
                "Finding changed",
                _attribute("finding", ValueType.INTEGER, "疑点", "finding"),
                _attribute("change", ValueType.INTEGER, "第几次变更", "number of the change"),
                _attribute("state", ValueType.TEXT, "状态", "state", max_length=64),
                _attribute("owner", ValueType.TEXT, "责任人", "owner", max_length=200),
                _attribute("due_day", ValueType.DATE, "期限", "due"),
                _attribute("rule", ValueType.TEXT, "规则", "rule", **_OF_ONE, max_length=200),
                _attribute("part", ValueType.TEXT, "部分", "part", **_OF_ONE, max_length=200),
                _attribute(
                    "disposition", ValueType.TEXT, "处置结论", "outcome", **_OF_ONE, max_length=64
                ),
                _REASON,
            ),
            _kind(
                FIELD_VIEWED,
                "查看个人信息字段",
                "Personal field viewed",
                _attribute("lane", ValueType.INTEGER, "写入序列", "lane"),
                _attribute("no", ValueType.INTEGER, "序号", "number in the lane"),
                _attribute("field", ValueType.TEXT, "字段", "field", max_length=200),
                replace(_REASON, max_length=500),
            ),
            _kind(
                FIELDS_ERASED,
                "删除个人信息字段",
                "Personal fields erased",
                _attribute(
                    ERASED, ValueType.LIST, "已删除的字段", "fields erased", max_length=MOST_FIELDS
                ),
                _BASIS,
            ),
            _kind(
                IDENTITY_ERASED,
                "删除姓名对照",
                "Name behind a pseudonym erased",
                _attribute(PSEUDONYM, ValueType.TEXT, "假名", "pseudonym", max_length=64),
                _BASIS,
            ),
        )
    }
)


def own_event(
    kind: str,
    person: Person | None,
    now: datetime,
    place: tuple[str, str],
    *,
    step: str,
    attributes: Mapping[str, AttributeValue],
) -> Event:
    """Make the event of something that somebody of the oversight side did, or who they asked.

    :param kind: one of our own kinds.
    :param person: who does it; None where nobody does, and it follows from what is known.
    :param now: the present time, aware.
    :param place: ledger and case.
    :param step: name of the step.
    :param attributes: what is told of it; what is None is left out.
    """
    log_id, case_id = place
    return Event(
        id=secrets.token_hex(16),
        source=SOURCE,
        agency_id=log_id,
        stream=Stream.PERSONNEL,
        case_id=case_id,
        kind=kind,
        step=step,
        actor=_actor(person) if person else None,
        occurred_at=now,
        recorded_at=now,
        attributes={code: value for code, value in attributes.items() if value is not None},
    )


def _actor(person: Person) -> Actor:
    return Actor(id=person.id, roles=tuple(sorted(person.roles)), unit=person.unit)
