"""Words of the screens for letters and drawings, zh and en side by side."""

from collections.abc import Mapping
from typing import Final

LETTERS: Final[Mapping[str, tuple[str, str]]] = {
    # ---- Writing one
    "letter.ask": ("去函询问", "Ask"),
    "letter.ask.lead": (
        "请当时办理的人说明情况；答复会与这条线索一并显示。",
        "Ask whoever acted how it came about; the answer is shown wherever this is shown.",
    ),
    "letter.new": ("询问函", "A letter of inquiry"),
    "letter.new.about": ("关于：{title}（案件 {case}）", "About: {title}, case {case}"),
    "letter.to": ("收件人（以假名显示）", "To, by pseudonym"),
    "letter.days": ("几个工作日内答复", "Working days to answer"),
    "letter.middle": ("正文（可修改）", "The text; change it as you like"),
    "letter.middle.help": (
        "抬头、期限和当事人的权利由模板写明，不能删去。",
        "Number, term and the rights of the person are written by the template; they stay.",
    ),
    "letter.reason": ("为何去函（记入账本，收件人看不到）", "Why you write (recorded; not shown)"),
    "letter.reason.signal": (
        "信号不对应任何人；去函即把它与一个人联系起来，须写明理由。",
        "A signal is of nobody. A letter ties it to a person, so say why.",
    ),
    "letter.preview": ("预览", "Preview"),
    "letter.preview.title": ("发出时的样子", "As it will be sent"),
    "letter.send": ("发出", "Send"),
    "letter.back": ("不发，返回", "Back, without sending"),
    "letter.no.number": ("发出时编号", "numbered when sent"),
    # ---- The letter
    "letter.officer": ("经办人 {short}", "Officer {short}"),
    "letter.officer.unit": ("经办人 {short}（{unit}）", "Officer {short} ({unit})"),
    "letter.state": ("办理情况", "Where it stands"),
    "letter.state.due": ("请于 {day} 前答复", "Answer asked for by {day}"),
    "letter.state.overdue": ("{day} 前未答复", "Not answered by {day}"),
    "letter.state.overdue.note": (
        "不会因此自动产生任何后果；是否再联系，由您决定。",
        "Nothing follows from that by itself. Whether to ask again is for you to decide.",
    ),
    "letter.sent": ("{at} 发出", "sent {at}"),
    "letter.evidence": ("本函依据的全部内容", "Everything this letter stands on"),
    "letter.record.few": (
        "这条规则办结的案例还太少（{closed} 件），说不准有多准。",
        "Too few cases of this rule are closed ({closed}) to say how good it is.",
    ),
    "letter.record.some": (
        "发函时，这条规则已办结 {closed} 件，其中查实 {confirmed} 件。",
        "When this was sent, {closed} cases of this rule were closed and {confirmed} confirmed.",
    ),
    "letter.print": (
        "打印：用浏览器的打印功能，版面为 A4 公函；也可存为 PDF。",
        "To print it, or to keep it as PDF, use the browser’s print: it is set on A4 as a letter.",
    ),
    "letter.acts": ("往来", "What was said since"),
    "letter.acts.none": ("还没有答复。", "Nothing yet."),
    "letter.late": ("逾期答复", "after the day asked for"),
    "letter.extended": ("期限延至 {day}", "extended to {day}"),
    "letter.no.words": ("原文已删除。", "The words were erased."),
    # ---- Answering it
    "letter.answer": ("答复", "Your answer"),
    "letter.answer.more": ("补充答复", "Add to your answer"),
    "letter.answer.help": (
        "原样显示在这条线索旁边，不会改动。最多 2,000 字。",
        "It is shown beside the lead, word for word. Up to 2,000 characters.",
    ),
    "letter.answer.send": ("提交答复", "Send the answer"),
    "letter.time": ("需要更多时间", "I need more time"),
    "letter.time.reason": ("为什么", "Why"),
    "letter.time.send": ("申请延期", "Ask for more time"),
    "letter.is_withdrawn": (
        "这封函已撤回，不必答复。",
        "This letter was withdrawn. There is nothing to answer.",
    ),
    # ---- What the sender may do
    "letter.extend": ("延长期限", "Give more time"),
    "letter.extend.days": ("再给几个工作日", "Working days more"),
    "letter.withdraw": ("撤回这封函", "Withdraw this letter"),
    "letter.act.reason": ("理由（收件人会看到）", "Reason; the person reads it"),
    # ---- Wherever a finding stands
    "letter.about": ("去函与答复", "Letters and answers"),
    "letter.brief.waiting": ("已去函，请于 {day} 前答复", "Asked; answer by {day}"),
    "letter.brief.answered": ("已去函，已答复", "Asked and answered"),
    "letter.brief.withdrawn": ("已去函，已撤回", "Asked, then withdrawn"),
    "letter.brief.time": ("对方申请延期", "more time was asked for"),
    "letter.said": ("答复", "Answer"),
    # ---- All of them
    "letters.title": ("函件", "Letters"),
    "letters.lead": (
        "监督部门发出的询问函和谈话邀请，最新的在前。逾期不会自动产生任何后果。",
        "Letters of inquiry, or invitations to talks, the newest first. Being late has no effect.",
    ),
    "letters.none": ("没有符合条件的函件。", "No letter fits."),
    "letters.all": ("全部函件", "All letters"),
    "letters.finding": ("第 {id} 号", "No. {id}"),
    "standing.open": ("待答复", "Not answered yet"),
    "standing.due": ("近几天到期", "Due within days"),
    "standing.overdue": ("已过期限", "Past due"),
    "standing.answered": ("已答复", "Answered"),
    "standing.withdrawn": ("已撤回", "Withdrawn"),
    "standing.held": ("已谈话", "Held"),
    "standing.not_held": ("没有谈成", "Not held"),
    "col.sent": ("发出", "Sent"),
    "col.letter": ("函与答复", "Letter and answer"),
    "col.to": ("收件人", "To"),
    "col.about": ("关于", "About"),
    # ---- In the inbox of the platform
    "letter.inbox": ("监督部门的来函", "Letters from supervision"),
    "letter.inbox.read": ("阅读并答复", "Read and answer"),
    "letter.inbox.again": ("查看", "Look at it"),
    # ---- Today
    "day.estimate": (
        "按每条 {each} 分钟估算（设定值，不是测量值），一天最多列 {most} 条",
        "counted at {each} minutes each (a setting, not a measurement), {most} a day at the most",
    ),
    "day.letters": ("监督部门发出的函", "Letters that were sent"),
    "day.letters.overdue": ("{day} 前未答复", "not answered by {day}"),
    "day.letters.time": ("申请延期", "asks for more time"),
    "day.letters.answered": ("已答复", "answered"),
    "day.letters.waiting": ("{day} 前答复", "answer by {day}"),
    "day.letters.to": ("{number}，致 {short}", "{number} to {short}"),
    # ---- Drawings
    "bars.title": ("{value}与{line}之比", "{value} as a share of {line}"),
    "bars.desc": (
        "{number} 项，{first} 至 {last}。线为{line}。各为：{shares}。",
        "Number of bars: {number}, {first} to {last}. The line is {line}. They are at: {shares}.",
    ),
    "bars.line": ("{line}（即 100%）", "{line} (100%)"),
    "bars.span": ("{days} 天内 {number} 项", "{number} within {days} days"),
    "bars.between": (
        "{days} 天内 {number} 项，均在 {low}%–{high}% 之间",
        "{number} within {days} days, each at {low}–{high}%",
    ),
    "bars.left.out": ("更早的 {number} 项未画出", "earlier ones not drawn: {number}"),
    "bars.own": ("本次", "this step"),
    "bars.share": ("占比", "Share"),
    "bars.unknown": ("无法核验", "cannot be told"),
    # ---- What is refused
    "error.letter.not_here": (
        "不能就此去函。",
        "No letter can be written about this.",
    ),
    "error.letter.nobody": (
        "本案没有可以去函的经办人。",
        "Nobody who acted in this case can be written to.",
    ),
    "error.letter.concerned": (
        "您在本案中办过事，请由未涉及本案的人去函。",
        "You acted in this case yourself. Somebody who did not must write.",
    ),
    "error.letter.elsewhere": (
        "本案正在行政复议或诉讼中，由受理机关处理，不再另行去函。",
        "This case is in reconsideration or before a court and is left to them.",
    ),
    "error.letter.waits": (
        "已就此向同一人去函，尚待答复。",
        "This person was asked about it already, and has not answered yet.",
    ),
    "error.letter.reason": (
        "请写明理由（至少四个字）。",
        "Please give your reason (at least four characters).",
    ),
    "error.letter.days": ("请填写有效的工作日数。", "Please give a number of working days."),
    "error.letter.over": (
        "这封函已答复或已撤回，不能再这样处理。",
        "This letter was answered or withdrawn; that can no longer be done.",
    ),
    "error.letter.words": ("请写下您的答复。", "Please write your answer."),
    "error.letter.time": (
        "请写明为什么需要更多时间（至少四个字）。",
        "Please say why you need more time (at least four characters).",
    ),
    "error.letter.not_yours": ("这封函不是给您的。", "This letter is not to you."),
    "error.letter.unrecorded": (
        "未能记入账本，因此没有办理。请稍后再试。",
        "It could not be recorded, and so it was not done. Try again later.",
    ),
}
