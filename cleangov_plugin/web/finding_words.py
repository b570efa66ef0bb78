"""Words of the screens for findings, names, imported logs and IT, zh and en side by side."""

from collections.abc import Mapping
from typing import Final

FINDINGS: Final[Mapping[str, tuple[str, str]]] = {
    # ---- Findings
    "findings.title": ("疑点", "Findings"),
    "findings.lead": (
        "疑点是一个问题，不是结论。先到期的在前。",
        "A finding is a question, not a verdict. What is due first comes first.",
    ),
    "findings.closed": ("已办结的疑点，最近的在前。", "Closed findings, the latest first."),
    "findings.none": ("没有符合条件的疑点。", "No finding fits."),
    "signals.title": ("信号", "Signals"),
    "signals.lead": (
        "信号仅供研究：没有责任人，没有期限，不对应任何人。最新的在前。",
        "Signals are for study: no owner, no due date, and of nobody. The newest first.",
    ),
    "signals.none": ("没有符合条件的信号。", "No signal fits."),
    "col.due": ("期限", "Due"),
    "col.found": ("发现", "Found"),
    "col.due.found": ("期限或发现", "Due or found"),
    "col.rule": ("规则与事实", "Rule and facts"),
    "col.unit": ("单位", "Unit"),
    "col.severity": ("程度", "Severity"),
    "col.state": ("状态", "State"),
    "finding.overdue": ("已过期限", "past due"),
    "finding.due": ("{day} 到期", "due {day}"),
    "finding.number": ("疑点 {id}", "Finding {id}"),
    "finding.signal.number": ("信号 {id}", "Signal {id}"),
    "finding.facts": ("本案事实", "The facts of this case"),
    "finding.rule": ("这条规则", "The rule"),
    "finding.rule.id": ("{id} 第 {version} 版", "{id}, version {version}"),
    "finding.steward": ("由 {steward} 负责", "answered for by {steward}"),
    "finding.decided": ("如何判定", "How this was decided"),
    "finding.basis": ("依据", "What it stands on"),
    "finding.record": ("这条规则准不准", "How good this rule is"),
    "finding.record.few": (
        "案例太少，还说不准（已办结 {closed} 件，满 {needed} 件才统计）。",
        "Too few cases yet to say ({closed} closed; from {needed} on it is counted).",
    ),
    "finding.record.some": (
        "查实 {share}%：已办结 {closed} 件，查实 {confirmed} 件，经查并无问题 {cleared} 件。",
        (
            "{share}% were confirmed: of {closed} closed, {confirmed} were confirmed and {cleared} "
            "turned out to be in order."
        ),
    ),
    "finding.standing": ("处理情况", "Where it stands"),
    "finding.owner": ("责任人", "Owner"),
    "finding.state": ("状态", "State"),
    "finding.due.on": ("期限", "Due"),
    "finding.found": ("发现时间", "Found"),
    "finding.disposition": ("处置结论", "What became of it"),
    "finding.close": ("办结疑点", "Close this finding"),
    "finding.close.note": (
        "办结结论和理由会记入账本；办结后不再重新打开。",
        "What became of it, and why, become an entry of the ledger; it is not opened again.",
    ),
    "error.finding.ending": ("请选择处置结论。", "Please choose what became of it."),
    "error.finding.not_here": ("不能由您办结。", "It is not yours to close."),
    "error.finding.over": ("已经办结，或仅供研究。", "It is closed already, or for study only."),
    "error.finding.letter": (
        "还有函件待答复：请等答复，或先撤回。",
        "A letter about it waits for its answer: wait for it, or withdraw the letter.",
    ),
    "finding.event": ("在这一步发现", "The step it was found at"),
    "finding.event.none": ("该环节的记录不可见。", "The record of that step is not shown to you."),
    "finding.case": ("看整个案件", "See the whole case"),
    "finding.signal.note": (
        "信号仅供研究：没有责任人、没有期限、不显示经办人；是否进一步了解，须由人决定并写明理由。",
        (
            "A signal is for study: no owner, no due date, no officer shown. Whether to look "
            "further is for a person to decide, with a reason."
        ),
    ),
    "finding.nobody": ("暂无", "nobody yet"),
    # ---- Terms
    "terms.title": ("运行中的期限", "Terms that run"),
    "terms.lead": ("先届满的在前。", "The one that is over first stands first."),
    "terms.none": ("没有运行中的期限。", "No term runs."),
    "terms.last": ("最后一日", "Last day"),
    "terms.clock": ("期限", "Term"),
    "terms.started": ("起算", "Started"),
    "terms.used": ("已用", "Used"),
    "terms.range": ("尚不能确定", "which it is cannot be said yet"),
    "terms.over": ("已过期限", "over"),
    "terms.left": ("还剩 {number} 个工作日", "working days left: {number}"),
    "terms.waits": (
        "这一步在等第二人，至迟 {until}",
        "the step waits for a second person, until {until} at the latest",
    ),
    "terms.paused": ("已中止计算", "paused"),
    "terms.unknown": ("尚不能确定", "cannot be said yet"),
    "terms.cut": ("只显示最先届满的 {number} 项。", "Only the first {number} are shown."),
    "terms.says": (
        "期限即将届满或已过时，系统会自行提出，见疑点。已用比例以最近一次核对为准。",
        (
            "Where a term is nearly over, or over, a finding says so by itself. The share used is "
            "that of the latest look."
        ),
    ),
    # ---- A name
    "name.title": ("姓名", "The name"),
    "name.is": ("{short} 的平台编号是", "The platform’s id of {short} is"),
    "name.erased": (
        "{short} 与姓名的对应关系已删除。",
        "Who stands behind {short} has been erased.",
    ),
    "name.recorded": (
        "您的查看已记为第 {row} 号记录。",
        "That you looked is recorded as entry {row}.",
    ),
    "name.back": ("回到案件", "Back to the case"),
    # ---- Real logs
    "real.title": ("真实日志", "Real logs"),
    "real.lead": (
        "同一套规则在真实日志中看到了什么，哪些无法核验。数字都可以点开。",
        (
            "What the same rules saw in real logs, and what they could not check. Every number "
            "leads to its records."
        ),
    ),
    "real.big": (
        "“两步不得同一人办理”若不分级，会在这些真实许可中的约 {share}% 命中。所以要分级。",
        (
            "A plain “two different people” rule fires on about {share}\u00a0% of these real "
            "permits. So it is tiered."
        ),
    ),
    "real.big.from": ("{hits} / {cases} 件", "{hits} of {cases} permits"),
    "real.none": (
        "还没有导入日志。运行：cleangov replay 文件 --mapping 名称",
        "No log has been imported yet. Run: cleangov replay FILE --mapping NAME",
    ),
    "real.uncounted": (
        "这份日志还没有统计。请再运行一次同样的 cleangov replay。",
        "Nobody has counted this log yet. Run the same cleangov replay again.",
    ),
    "real.file": ("{cases} 件案件，{events} 条事件", "Cases: {cases} · events: {events}"),
    "real.source": ("来源", "Source"),
    "real.idle": ("无可看内容的规则：{rules}", "Rules with nothing to look at: {rules}"),
    "real.study": (
        "这些都是供研究的信号，不是结论，也不指向任何人。",
        "All of this is for study: signals, not verdicts, and of nobody.",
    ),
    "real.gaps": ("没有读到的部分：", "What could not be read:"),
    "real.odd": (
        "{name}：{number} 个值无法读取，按未知计；首个在 {where}（{what}）",
        "{name}: {number} values count as unknown, the first at {where} ({what})",
    ),
    "real.unread": ("{number} 条未读入，其中：", "{number} records were not read, among them:"),
    "real.next": ("接下来", "What next"),
    "real.next.replay": (
        "在您自己的导出文件上运行，先看列名草拟映射：",
        "Run it on your own export; a mapping is drafted from its columns:",
    ),
    "real.next.attach": ("接入您的平台：", "Attach it to your platform:"),
    "real.next.rule": ("写一条规则：", "Write a rule:"),
    "col.rule.name": ("规则", "Rule"),
    "col.cases": ("案件", "Cases"),
    "col.seen": ("看到", "Seen"),
    "col.share": ("占比", "Share"),
    "col.unknown": ("无法核验", "Cannot be checked"),
    "real.missing": ("缺 {field}：{number}", "{field} missing: {number}"),
    # ---- How it runs
    "doctor.title": ("运行状况", "How the plugin runs"),
    "doctor.good": ("没有需要处理的。", "Nothing needs to be done."),
    "doctor.bad": ("需要处理：{number}", "To be mended: {number}"),
    "doctor.off": ("总开关已打开：插件不工作。", "The kill switch is on: the plugin does nothing."),
    "doctor.checks": ("检查", "Checks"),
    "doctor.counters": ("本进程启动以来", "In this process since it started"),
    "doctor.counters.none": ("还没有记数。", "Nothing has been counted yet."),
    "col.found.it": ("发现", "Found"),
    "col.remedy": ("怎么办", "What to do"),
    "col.name": ("名称", "Name"),
    "col.count": ("次数", "Number"),
    # ---- What is refused
    "error.page.busy": (
        "暂时打不开这个页面，请稍后再试。",
        "This page cannot be opened just now. Try again in a moment.",
    ),
    "error.off": (
        "监督插件已由总开关停用；平台照常运行。需要时请联系信息中心。",
        (
            "Supervision is switched off by its kill switch; the platform runs on. Whoever runs "
            "the platform can switch it on again."
        ),
    ),
    "error.off.form": (
        "监督插件已由总开关停用，您提交的内容没有记下。",
        "Supervision is switched off by its kill switch, and what you sent was not recorded.",
    ),
    "error.inert.form": (
        "监督插件已停用自保，您提交的内容没有记下；平台照常运行。",
        "The plugin is inert, and what you sent was not recorded; the platform runs on.",
    ),
    "error.inert": (
        "插件已停用自保，平台照常运行。原因请在平台所在的机器上运行 cleangov doctor。",
        "The plugin is inert; the platform runs on. Run 'cleangov doctor' on its machine.",
    ),
    "error.no_right": (
        "这个页面供监督人员使用，您的角色不能查看。",
        "This page is for those who supervise. Your role does not open it.",
    ),
    "error.no_right.doctor": (
        "这个页面供信息中心使用，您的角色不能查看。",
        "This page is for IT. Your role does not open it.",
    ),
    "error.not_found": (
        "没有这条记录，或者您不能查看。",
        "There is no such record, or it is not for you to see.",
    ),
    "error.reason": (
        "请写明查看姓名的理由（至少四个字）。",
        "Please say why you need the name (at least four characters).",
    ),
    "error.not_here": (
        "这个姓名不能在这里查看。",
        "This name cannot be seen from here.",
    ),
    "error.unviewed": (
        "您的查看未能记入账本，因此不显示。请稍后再试。",
        "That you look could not be recorded, so nothing is shown. Try again later.",
    ),
    "error.unrecorded": (
        "查看未能记入账本，因此不显示姓名。请稍后再试。",
        "That you looked could not be recorded, and so the name is not shown. Try again later.",
    ),
}
