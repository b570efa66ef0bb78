"""Words of what an answer rests on and of what follows on it, zh and en side by side."""

from collections.abc import Mapping
from typing import Final

FOLLOWED: Final[Mapping[str, tuple[str, str]]] = {
    "panel.reason": ("理由（选一项）", "Reason (choose one)"),
    "panel.reason.none": ("请选择", "Choose"),
    "panel.reason.text": ("须写明情况", "in your words"),
    "panel.reason.evidence": ("须注明文件", "name a document"),
    "panel.words.optional": ("补充说明（可不填）", "More in your words (you may leave it empty)"),
    "panel.evidence": (
        "文件的编号，或文件名（文件本身不保存在这里）",
        "Number of the document, or name of the file (the file itself is not kept here)",
    ),
    "panel.approver": ("谁批准的", "Who approved it"),
    "panel.approver.none": (
        "平台没有可以批准的人员名单，这里不能放行。",
        "The platform names nobody who could approve, so this is not possible here.",
    ),
    "panel.until": ("最迟哪天（不晚于 {day}）", "By which day ({day} at the latest)"),
    "panel.recused.open": (
        "您已申请回避。{role}将在 {until} 前决定由谁办理；他人可以继续办理。",
        "You have stepped back. {role} decides by {until} who takes the case; others may go on.",
    ),
    "panel.recused.agreed": (
        "{role}已同意您回避，这一步由他人办理。",
        "{role} has agreed that you step back. Somebody else takes this step.",
    ),
    "panel.recused.declined": (
        "{role}认为您不必回避，请继续办理：{reason}",
        "{role} says that you need not step back. Please go on: {reason}",
    ),
    "mine.follow": ("请您处理", "You are asked to decide"),
    "follow.recusal": ("有人申请回避", "An officer steps back"),
    "follow.approval": ("有人写明由您批准", "You were named as the one who approved"),
    "follow.put_off": ("您答应补办的事", "What you put off"),
    "follow.yes.recusal": ("同意回避，换人办理", "Agree; somebody else takes it"),
    "follow.no.recusal": ("不必回避，继续办理", "Not needed; they go on"),
    "follow.yes.approval": ("是我批准的", "I approved it"),
    "follow.no.approval": ("不是我批准的", "I did not approve it"),
    "decided.recusal.agreed": (
        "已记录：您同意了案件 {case} 的回避；请另派人办理。",
        "Kept: they stand back from case {case}. Please give it to somebody else.",
    ),
    "decided.recusal.declined": (
        "已记录：案件 {case} 不必回避；办理人会看到您的理由。",
        "Kept: they go on with case {case}, and read your reason.",
    ),
    "decided.approval.agreed": (
        "已记录：案件 {case} 的这一步是您批准的。",
        "Kept: you approved the step in case {case}.",
    ),
    "decided.approval.declined": (
        "已记录：案件 {case} 的这一步不是您批准的；监督人员会看到。",
        "Kept: you did not approve the step in case {case}. Those who supervise see it.",
    ),
    "follow.words": ("您的话（不同意时须写明）", "Your words (needed for a no)"),
    "follow.conflict": (
        "这是您自己的答复，须由他人处理。",
        "This is your own answer; somebody else must decide.",
    ),
    "follow.document": ("文件：{name}", "Document: {name}"),
    "mine.put_off": ("您推后补办的事", "What you have put off"),
    "mine.put_off.until": ("最迟 {at} 办好", "to be done by {at}"),
    "mine.put_off.help": (
        "在期限前办好即可；到期未办，会成为一条疑点。",
        "Do it by the day. If nothing has come by then, a finding is opened.",
    ),
    "overdue.title": ("逾期未办的后续事项", "Follow-ups past their day"),
    "overdue.lead": (
        "办理时推后、申请回避或写明他人批准的，到期还没有办好或答复。按逾期长短排列。",
        (
            "What was put off, an officer who stepped back, a step that somebody is said to have "
            "approved: the day is past and nothing has come. The longest past stands first."
        ),
    ),
    "overdue.none": ("没有逾期未办的后续事项。", "No follow-up is past its day."),
    "overdue.what": ("事项", "What"),
    "overdue.owner": ("应由谁办", "Whose turn"),
    "overdue.late": ("逾期", "Past"),
    "overdue.days": ("{n} 个工作日", "{n} working days"),
    "overdue.day": ("{n} 个工作日", "{n} working day"),
    "overdue.none.yet": ("不足一个工作日", "less than a working day"),
    "overdue.cut": ("只列出最早的 {n} 项。", "Only the first {n} are listed."),
    "overdue.kind.put_off": ("推后补办的事没有办", "What was put off has not come"),
    "overdue.kind.recusal": ("回避申请没有决定", "Nobody decided about stepping back"),
    "overdue.kind.approval": ("写明的批准人没有确认", "The named approver has not said so"),
    "overdue.kind.unnamed": ("没有写明批准人", "No approver was ever named"),
    "reply.recusal_declared": ("申请回避", "Stepped back"),
    "reply.approver": ("批准人：{name}", "Approved by: {name}"),
    "reply.until": ("推后至 {day}", "Put off until {day}"),
    "error.coded_reason": (
        "请从列出的理由中选一项。",
        "Choose one of the reasons that are listed.",
    ),
    "error.evidence": (
        "请注明文件的编号或文件名，不超过 200 字。",
        "Name the document: its number or the file’s name, in 200 characters at most.",
    ),
    "error.approver": (
        "请写明批准人；批准人须有相应职权。",
        "Name who approved it: a person who has the role for it.",
    ),
    "error.approver.own": (
        "您不能批准自己的环节，请写明另一位批准人。",
        "You cannot approve your own step. Name somebody else.",
    ),
    "error.until": (
        "请选一个期限内的日期：不早于今天，不晚于规定的最后一天。",
        "Choose a day from today to the last day that is allowed.",
    ),
    "error.lapsed": (
        "这条提醒已过期，答复没有记下。请重新办理这一步，会有新的提醒。",
        "This prompt has expired. Your answer was not recorded: take the step again for a new one.",
    ),
}
