"""What verifying may find about those who were asked, and not check, in Chinese and English."""

from collections.abc import Mapping
from typing import Final

#: By code: the sentence, zh and en.
ASKED_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "asked_changed": (
        "向他人提出的请求或后续事项 {asked} 与记录 {entry} 发起它时所记的不符。",
        "what somebody was asked ({asked}) is not what it was when entry {entry} opened it.",
    ),
    "asked_decided": (
        "请求或后续事项 {asked} 的结果与记录 {entry} 所记的不符：{names}。",
        "what became of what somebody was asked ({asked}) is not what entry {entry} says: {names}.",
    ),
    "asked_gone": (
        "记录 {entry} 发起的请求或后续事项 {asked} 不见了。",
        "what entry {entry} says somebody was asked ({asked}) is gone.",
    ),
    "asked_unsaid": (
        "请求或后续事项 {asked} 在表中，但没有任何记录发起过它。",
        "somebody is asked something ({asked}), and no entry opened it.",
    ),
    "asked_moved": (
        "记录 {entry} 发起的请求或后续事项 {asked} 已是“{state}”，但没有任何记录说明。",
        "what entry {entry} says somebody was asked ({asked}) is {state}, and no entry says so.",
    ),
}
ASKED_UNCHECKED: Final[Mapping[str, tuple[str, str]]] = {
    "asked_unread": (
        "复核请求与后续事项（该数据库账号无权读取）",
        "requests to a second person and follow-ups (this account may not read them)",
    ),
    "asked_owed": (
        "{number} 项复核请求或后续事项（说明它们的记录尚未入账）",
        "{number} requests and follow-ups (the entries that tell of them are still owed)",
    ),
    "asked_owed_unread": (
        "{number} 项复核请求或后续事项（有尚待入账的事件，该数据库账号无权读取是否关于它们）",
        (
            "{number} requests and follow-ups (events wait for their entries; whether these are"
            " among them, this account may not read)"
        ),
    ),
    "asked_over": (
        "{number} 项复核请求或后续事项（保存期已满，表中已无）",
        "{number} requests and follow-ups (kept to the end of their time, and not there any more)",
    ),
    "asked_words": (
        "复核与后续事项决定中 {number} 处原话（已不在：依法删除，或被取走）",
        "the words of {number} decisions of others (they are not there: erased, or taken away)",
    ),
}
