"""Kinds of event of requests to a second person that nobody decided, and what such kinds share."""

from typing import Final

from cleangov_hooks import ValueType
from cleangov_plugin.domain.our_kinds import REQUEST_ENDED, REQUEST_PASSED_ON

from .declared_kinds import attribute, kind

PROMPT: Final = attribute("prompt", ValueType.TEXT, "提示", "prompt", max_length=64)
REQUEST: Final = attribute("request", ValueType.TEXT, "请求", "request", max_length=64)
#: Ids and digests of the requests and follow-ups that something opens: see `answers.asked_entries`.
OPENS: Final = attribute("opens", ValueType.LIST, "发起的事项", "what it opens", max_length=100)
REQUEST_KINDS: Final = (
    kind(
        REQUEST_PASSED_ON,
        "复核请求逾期转交",
        "Request passed on to the next",
        PROMPT,
        REQUEST,
        attribute("role", ValueType.TEXT, "转交岗位", "to the role", max_length=64),
        OPENS,
    ),
    kind(
        REQUEST_ENDED,
        "复核请求无人决定而结束",
        "Request ended without a decision",
        PROMPT,
        REQUEST,
        attribute("state", ValueType.TEXT, "结果", "how it ended", max_length=64),
    ),
)
