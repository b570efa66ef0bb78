"""What is said when a request is not done: RFC 9457 problem details, in Chinese or English."""

import json
from collections.abc import Mapping
from typing import Any, Final

from flask import Response, request

from cleangov_plugin.web.words import word

#: Status, and what is said, zh and en. A code stays what it is: callers may act on it.
PROBLEMS: Final[Mapping[str, tuple[int, str, str]]] = {
    "held": (409, "此步须先处理提醒。", "This step waits for an answer."),
    "unsigned": (401, "请求没有完整签名。", "The request is not signed, or not wholly."),
    "signature": (401, "签名不符。", "The signature does not fit."),
    "clock": (
        401,
        "签名时间超出允许偏差，请校准时钟。",
        "Signed too early or too late by our clock.",
    ),
    "replayed": (
        401,
        "该请求已收到过（随机数重复）。",
        "This request came before: its nonce is used.",
    ),
    "officer": (
        403,
        "签名所代表的人员与内容不符，或未写明。",
        "The officer signed for is not the one who acts, or nobody is.",
    ),
    "pass": (403, "放行凭证不符或已过期。", "The pass is not for this, not ours, or has expired."),
    "agency": (422, "本服务不管该机关的记录。", "This service keeps another authority's records."),
    "no_key": (
        400,
        "缺少 Idempotency-Key 或格式不符。",
        "Idempotency-Key is missing or malformed.",
    ),
    "key_reused": (
        422,
        "该 Idempotency-Key 已用于另一请求。",
        "This Idempotency-Key came with another request before.",
    ),
    "shape": (422, "内容不符合约定。", "The document is not what was agreed."),
    "kind": (422, "没有申报过这种事件。", "This kind of event is not declared."),
    "answer": (409, "答复未被接受。", "The answer was not taken."),
    "unknown": (404, "没有这条记录。", "There is no such record."),
    "too_large": (413, "请求过大。", "The request is too large."),
    "not_found": (404, "没有这个地址。", "There is no such address."),
    "method": (405, "该地址不接受此方法。", "This address does not take this method."),
    "off": (503, "监督功能已由平台关闭。", "The platform has switched supervision off."),
    "inert": (503, "监督服务未就绪。", "Supervision is not ready; see 'cleangov doctor'."),
    "busy": (503, "系统繁忙，未作记录，请重发。", "Busy; nothing was recorded. Send it again."),
}


class Problem(Exception):
    """A request that is not done.

    :param code: one of `PROBLEMS`.
    :param detail: what exactly; empty where nothing more is known.
    :param more: further members.
    """

    def __init__(self, code: str, detail: str = "", **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.more = more


def language() -> str:
    """Answer the language of what people read, by Accept-Language; Chinese first."""
    return request.accept_languages.best_match(["zh-CN", "zh", "en"]) or "zh-CN"


def written(problem: Problem) -> Response:
    """Write a problem as a response.

    :param problem: the problem.
    """
    status, zh, en = PROBLEMS[problem.code]
    tongue = language()
    document = {
        "type": f"urn:cleangov:problem:{problem.code}",
        "title": zh if tongue.startswith("zh") else en,
        "status": status,
        **({"detail": problem.detail} if problem.detail else {}),
        **problem.more,
    }
    response = said(document, status)
    response.headers["Content-Type"] = "application/problem+json"
    response.headers["Content-Language"] = tongue
    if status == 503:
        response.headers["Retry-After"] = "2"
    return response


def said(document: Mapping[str, Any], status: int = 200) -> Response:
    """Write a document as a response.

    :param document: in JSON's own types.
    :param status: HTTP status.
    """
    text = json.dumps(document, ensure_ascii=False)
    return Response(text, status=status, content_type="application/json")


def answer_problem(key: str) -> Problem:
    """Answer the problem of an answer that was refused.

    :param key: key of the phrase for the person.
    """
    return Problem("answer", word(key, language()), reason=key.removeprefix("error."))
