"""Words of requests to a second person, zh and en side by side."""

from collections.abc import Mapping
from typing import Final

REQUESTS: Final[Mapping[str, tuple[str, str]]] = {
    "request.title": ("复核请求", "Request for a second look"),
    "request.open": ("等待{role}答复，{until} 前。", "Waits for {role}, until {until}."),
    "request.approved": ("{role}已同意。", "{role} has agreed."),
    "request.refused": ("{role}没有同意：{reason}", "{role} did not agree: {reason}"),
    "request.expired": (
        "{role}没有在 {until} 前答复。办理人可以再请一次，或者按提醒里给出的办法先办。",
        "{role} did not answer by {until}. Ask again, or go on as the prompt says.",
    ),
    "request.withdrawn": (
        "不再需要答复：这一步已改动、已办完或已撤回。",
        "No answer is needed any more: the step was changed, taken or given up.",
    ),
    "request.nobody": (
        "平台上现在没有人可以作为{role}复核。",
        "Nobody on the platform can look a second time as {role} now.",
    ),
    "decided.approved": (
        "已记录：您同意了案件 {case} 的这一步，办理人可以继续。",
        "Kept: you agreed to the step in case {case}. The officer can go on.",
    ),
    "decided.refused": (
        "已记录：您没有同意案件 {case} 的这一步，办理人会看到您的理由。",
        "Kept: you did not agree to the step in case {case}. The officer reads your reason.",
    ),
    "request.since": ("{since} 提出", "asked {since}"),
    "request.instead": ("代替{role}", "in place of {role}"),
    "request.named": ("指定一人", "one person by name"),
    "request.own": (
        "到期没有答复的，自动转给下一人；没有下一人的，提醒里会给出办法。",
        "If nobody answers in time, the next in line is asked, or the prompt says what to do.",
    ),
    "panel.request": ("查看请求和期限", "See the request and its clock"),
    "panel.second": ("请谁", "Whom to ask"),
    "panel.second.any": ("任何一位{role}", "Anybody: {role}"),
    "panel.passed_on": (
        "{role}没有答复或没有人，已转下一位。",
        "{role}: no answer, or nobody there. The next in line is asked.",
    ),
    "panel.nobody": (
        "平台上现在没有人可以作为{role}复核。请找{who}安排；等不及的，先办并写明情况。",
        "{role}: nobody there now. Turn to {who}; if it cannot wait, go on and say why.",
    ),
    "inbox.tied": (
        "平台显示您与办理人有隶属或利害关系，须由他人复核。",
        "The platform knows a tie between you and the officer; somebody else must look at it.",
    ),
    "inbox.deputy": ("您代理他人答复", "You are asked in somebody else’s place"),
    "error.second": (
        "指定的人不担任这个岗位，或者就是您自己；请另选一人。",
        "Whoever you named does not have that role, or is yourself. Name somebody else.",
    ),
}
