"""Words of the screens for today, checkpoints and cases, zh and en side by side."""

from collections.abc import Mapping
from typing import Final

REVIEW: Final[Mapping[str, tuple[str, str]]] = {
    # ---- Every page
    "top.name": ("清廉监督", "Supervision"),
    "top.home": ("返回平台", "Back to the platform"),
    "top.skip": ("跳到正文", "Skip to content"),
    "top.nav": ("监督页面", "Pages of supervision"),
    "nav.overview": ("今日", "Today"),
    "nav.checkpoints": ("检查点", "Checkpoints"),
    "nav.findings": ("疑点", "Findings"),
    "nav.signals": ("信号", "Signals"),
    "nav.terms": ("期限", "Terms"),
    "nav.letters": ("函件", "Letters"),
    "nav.real": ("真实日志", "Real logs"),
    "nav.doctor": ("运行状况", "How it runs"),
    "top.you": ("您是 {name}，{roles}", "You are {name} · {roles}"),
    "top.you.bare": ("您是 {name}", "You are {name}"),
    "top.unit": ("仅限本单位：{unit}", "Your unit only: {unit}"),
    # ---- Today
    "day.title": ("今日", "Today"),
    "day.line": ("今日 {today} 条 · 约 {minutes} 分钟", "{today} today · about {minutes} minutes"),
    "day.red.none": ("另有 0 条红色未显示", "no red one hidden"),
    "day.red.some": ("另有 {number} 条红色未显示", "red ones not shown here: {number}"),
    "day.nothing": ("今天没有等着您的事。", "Nothing waits for you today."),
    "day.first": ("先看这些", "Look at these first"),
    "day.corrected": (
        "已在环节中纠正 {number} 件 · 不计入个人",
        "{number} corrected at the step · not counted against anyone",
    ),
    "day.corrected.note": (
        "近 {days} 天，办理人员看到提示后自己改正的步骤。",
        "Steps of the last {days} days that officers put right themselves at a prompt.",
    ),
    "day.numbers": ("总数", "In all"),
    "day.open": ("待说明的疑点", "Open findings"),
    "day.due": ("{days} 天内到期或已过期", "Past due or due within {days} days"),
    "day.signals": ("近 {days} 天的新信号", "New signals of the last {days} days"),
    "day.waiting": ("不在上面清单中的", "Not on the list above"),
    "day.owed": ("待补核验的事件", "Events whose check is owed"),
    "day.more": ("{number} 以上", "{number} and more"),
    # ---- Filters and paging
    "filter.title": ("筛选", "Filter"),
    "filter.agency": ("机关", "Authority"),
    "filter.agency.imported": ("{name}（导入的日志）", "{name} (imported log)"),
    "filter.stream": ("业务", "Stream"),
    "filter.kind": ("事件", "Kind of event"),
    "filter.case": ("案件号", "Case"),
    "filter.unit": ("单位", "Unit"),
    "filter.rule": ("规则", "Rule"),
    "filter.outcome": ("核验结果", "Outcome"),
    "filter.outcome.hit": ("有命中", "Hit"),
    "filter.outcome.unknown": ("有无法核验", "Cannot be checked"),
    "filter.severity": ("程度", "Severity"),
    "filter.state": ("状态", "State"),
    "filter.since": ("从", "From"),
    "filter.until": ("到", "To"),
    "filter.any": ("全部", "Any"),
    "filter.apply": ("查看", "Show"),
    "filter.clear": ("清除筛选", "Clear the filter"),
    "filter.ignored": (
        "看不懂的条件未采用：{names}。",
        "What could not be read was left out: {names}.",
    ),
    "page.nav": ("翻页", "Pages"),
    "page.newest": ("最新", "Newest"),
    "page.newer": ("较新", "Newer"),
    "page.older": ("较早", "Older"),
    "page.first": ("回到开头", "From the beginning"),
    "page.next": ("下一页", "Next"),
    "page.onward": ("继续往前找", "Go on searching"),
    "page.searched": (
        "已查到 {moment}；更早的记录还没有查。",
        "Searched back to {moment}; what is older has not been looked at.",
    ),
    "page.broken_off": (
        "符合条件的很少，查到这里先停一下。",
        "Few fit; the search rests here.",
    ),
    "page.end": ("到此为止。", "That is all."),
    # ---- Checkpoints
    "checkpoints.title": ("廉政检查点", "Checkpoints"),
    "checkpoints.lead": (
        "每个关键环节的核验记录，最新的在前；只列命中的和无法核验的规则。",
        "What the rules saw at each step, the newest first; named are hits and what is unknown.",
    ),
    "checkpoints.none": ("没有符合条件的记录。", "No record fits."),
    "col.when": ("发生", "Happened"),
    "col.recorded": ("登记", "Recorded"),
    "col.case": ("案件", "Case"),
    "col.what": ("事项", "What"),
    "col.who": ("经办", "By"),
    "col.sum": ("金额", "Sum"),
    "col.checks": ("核验", "Checks"),
    "col.number": ("序号", "No."),
    "entry.step": ("环节 {step}", "step {step}"),
    "entry.nobody": ("未载明", "not known"),
    "entry.corrected": ("后有更正", "Corrected later"),
    "entry.missing": ("缺：{fields}", "Missing: {fields}"),
    "entry.later": ("{lag}后登记", "recorded {lag} later"),
    "entry.earlier": ("登记早于发生 {lag}", "recorded {lag} before"),
    "lag.days": ("{number} 天", "{number} d"),
    "lag.hours": ("{number} 小时", "{number} h"),
    "lag.minutes": ("{number} 分钟", "{number} min"),
    # ---- One case
    "case.title": ("案件 {case}", "Case {case}"),
    "case.imported": (
        "导入的日志，仅供研究：不涉及任何在办人员。",
        "An imported log, for study: nobody now in office is meant.",
    ),
    "case.partial": (
        "只显示本单位的记录，以及没有经办单位的记录。",
        "Only records of your unit are shown, and those of no unit.",
    ),
    "case.cut": (
        "记录太多，这里只显示最先查到的一部分；全部记录请从检查点查看。",
        "There are too many records; a part is shown. All of them stand among the checkpoints.",
    ),
    "case.says": (
        "这些记录说明平台当时报告了什么，不证明内容属实，也不说明谁有过错。",
        (
            "These records say what the platform reported. They do not say that it is true, or "
            "that anybody is at fault."
        ),
    ),
    "case.sum": ("一眼看清", "At a glance"),
    "case.records": ("记录", "Records"),
    "case.hits": ("有命中的", "With a hit"),
    "case.unknown": ("有无法核验的", "With something that cannot be checked"),
    "case.corrected": ("已在环节中纠正", "Corrected at the step"),
    "case.corrected.note": ("不计入个人", "not counted against anyone"),
    "case.waiting": ("等第二人复核", "Waiting for a second person"),
    "case.given_up": ("停下后未再办理", "Held, then given up"),
    "case.timeline": ("时间线", "Timeline"),
    "case.timeline.title": ("案件 {case} 的时间线", "Timeline of case {case}"),
    "case.timeline.desc": (
        (
            "{number} 条记录，{first} 至 {last}。上线为发生时间，下线为登记时间。"
            "有命中：{hits}；有无法核验：{unknown}。"
        ),
        (
            "{number} records, {first} to {last}. Upper line: when it happened; lower line: when "
            "it was recorded. With a hit: {hits}; with something that cannot be checked: {unknown}."
        ),
    ),
    "case.timeline.key": (
        "上线：发生时间　下线：登记时间　◆ 有命中　○ 有无法核验　数字为序号",
        (
            "Upper line: happened · lower line: recorded · ◆ hit · ○ cannot be checked · the "
            "numbers are those of the table"
        ),
    ),
    "case.none": ("没有", "none"),
    "case.entries": ("经过", "What happened"),
    "case.entries.part": ("经过（第 {first}–{last} 条）", "What happened ({first}–{last})"),
    "case.findings": ("疑点与信号", "Findings and signals"),
    "case.findings.none": ("本案没有疑点。", "Nothing was found in this case."),
    "case.prompts": ("提醒与答复", "Prompts and answers"),
    "case.prompts.none": (
        "没有需要载入案卷的提醒。",
        "No prompt of this case belongs to the file.",
    ),
    "case.prompt.no_words": ("没有留言", "no words"),
    "case.second": ("第二人（{role}）：{state}", "Second person ({role}): {state}"),
    "case.reply.offline": ("断网时作答，时间以设备为准", "given offline, at the device’s time"),
    "case.people": ("涉及的人", "People in this case"),
    "case.people.lead": (
        "以假名显示。查看姓名须写明理由；何人何时为何查看都记入本案，经办人日后也会看到。",
        (
            "Shown by pseudonym. To see a name you give a reason; who looked, when and why is "
            "recorded in this case, and the officer reads it later."
        ),
    ),
    "case.officer": ("经办人", "officer"),
    "case.actor": ("办理人，未载明单位（可能是当事人本人）", "acted, of no unit; maybe a citizen"),
    "case.party": ("当事人", "party"),
    "case.person.count": ("记录 {number} 条", "records: {number}"),
    "case.ask": ("查看姓名", "See the name"),
    "case.reason": ("理由", "Reason"),
    "case.looks": (
        "谁查看过姓名、个人信息或导出过证据包",
        "Who has seen a name or a personal field, or taken the evidence away",
    ),
    "case.look.bundle": ("导出了证据包", "the bundle of evidence"),
    "case.look.account": ("（系统账号，未报姓名）", "(an account of the server; nobody was named)"),
    "case.look": ("{viewed} 的姓名", "the name of {viewed}"),
    "case.look.field": ("字段 {field}", "the field {field}"),
    "case.look.erased": (
        "理由已于 {day} 删除，依据：{basis}",
        "the reason was erased on {day}, basis: {basis}",
    ),
    "case.erased": ("已依法删除的个人信息", "Personal fields that were erased"),
    "case.erased.line": (
        "{codes}（{number} 条记录）于 {day} 删除，依据：{basis}",
        "{codes} (in {number} records) erased on {day}, basis: {basis}",
    ),
    "case.more": ("下一部分", "Next part"),
}
