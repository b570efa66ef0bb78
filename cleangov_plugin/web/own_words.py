"""Words of the officer's own page, zh and en side by side."""

from collections.abc import Mapping
from typing import Final

OWN: Final[Mapping[str, tuple[str, str]]] = {
    "nav.mine": ("我的页面", "My page"),
    "mine.title": ("等我处理的事", "What waits for me"),
    "mine.lead": (
        "这里只有您自己的事，别人打不开这一页；不打分，不统计。",
        "Only what concerns you; nobody else can open it. It scores nothing and counts nothing.",
    ),
    "mine.lead.figures": (
        "这里只有您自己的事，别人打不开这一页；不打分。",
        "Only what concerns you; nobody else can open it. It scores nothing.",
    ),
    "mine.figures": ("关于您答复方式的统计", "Figures about how you answer"),
    "mine.figures.help": (
        (
            "经两个人决定启用，至 {until}。依据：{basis}。征求意见：{consulted}。近 90 天；"
            "只说答复的方式，不说决定的内容，不排名。首先应看的是规则：是否问得太多。"
        ),
        (
            "Two people decided on them, until {until}. Law: {basis}. Consulted: {consulted}. The "
            "last 90 days; they say in which manner you answered, not what you decided, and order "
            "nobody. The rule is to be looked at first: it may ask too much."
        ),
    ),
    "mine.figures.line": (
        "答复 {answers} 次；过快 {hurried}/{timed}；用语重复 {copied}/{worded}",
        "{answers} answers; hurried {hurried} of {timed}; copied {copied} of {worded}",
    ),
    "mine.figures.few": (
        "其余规则的答复太少，不作统计。",
        "Of other rules there are too few answers to say anything.",
    ),
    "mine.figures.looks": ("谁看过这些统计", "Who has looked at these figures"),
    "mine.nothing": (
        "现在没有等您处理的事。有了会显示在这里，也会显示在您办事的地方。",
        "Nothing waits for you now. What comes up stands here, and where you work.",
    ),
    "mine.next": ("最近的期限：{day}", "Next deadline: {day}"),
    "mine.next.days": (
        "最近的期限：{day}（还有 {left} 个工作日）",
        "Next deadline: {day}; working days left: {left}",
    ),
    "mine.next.today": ("最近的期限：{day}，就是今天", "Next deadline: {day}, which is today"),
    "mine.next.past": (
        "{day} 的期限已过，仍然可以答复，不会因此自动产生任何后果。",
        "The deadline of {day} is past. You can still answer; nothing follows by itself.",
    ),
    "mine.prompts": ("停在您这里的环节", "Steps of yours that are held"),
    "mine.prompts.help": (
        "到平台上该案件的这一步去处理：提醒和可选的办法都在那里。",
        "Go to that step of the case on the platform: the prompt and your choices stand there.",
    ),
    "mine.prompts.cut": (
        "只查看了最近的提醒；更早的请到案件里看。",
        "Only the latest prompts were looked at. Earlier ones stand at their cases.",
    ),
    "mine.state.held": ("等您决定", "Yours to decide"),
    "mine.state.waiting": ("等复核人答复", "With the second person"),
    "mine.state.passed": ("已同意，等您办理", "Agreed; take the step"),
    "mine.since": ("{at} 起", "since {at}"),
    "mine.requests": ("请您复核", "You are asked for a second look"),
    "mine.reason.help": (
        "不同意时须写明理由，办理人会看到。",
        "A no needs your reason; whoever takes the step reads it.",
    ),
    "mine.letters": ("监督部门的来函和约谈", "Letters and talks from supervision"),
    "mine.letters.help": (
        "每封函都附有它依据的全部内容；需要更多时间可以在函里申请。",
        "Each letter comes with everything it stands on. You can ask there for more time.",
    ),
    "mine.cases": ("我办过的案件", "Cases in which I acted"),
    "mine.cases.help": (
        "每案一页履职记录：哪些环节登记为已办，核验了什么，哪些无法核验。可打印，可下载。",
        (
            "For each case a record of your duties: what is recorded as done, what was checked, "
            "and what could not be. You can print it or take it with you."
        ),
    ),
    "mine.case": ("其他案号", "Another case number"),
    "mine.case.open": ("打开履职记录", "Open the record"),
    "mine.looks": ("谁查看过我", "Who has looked at me"),
    "mine.looks.help": (
        (
            "查看您姓名或个人信息、打开您所办案件或导出其证据包的，在 {days} 天后一律显示在这里；"
            "不因事由而提前或推迟。"
        ),
        (
            "Whoever saw your name or a personal field of yours, opened a case you acted in or "
            "took its evidence away stands here after {days} days, whatever the matter: none is "
            "told sooner or later."
        ),
    ),
    "looks.who": ("监督人员", "Somebody who supervises"),
    "looks.account": (
        "使用服务器系统账号的人（未报姓名）",
        "An account of the server; nobody was named",
    ),
    "looks.bundle": ("导出了本案的证据包", "took the evidence of the case away"),
    "looks.case": ("打开了本案", "opened the case"),
    "looks.name": ("查看了您的姓名", "saw your name"),
    "looks.field": ("查看了字段 {field}", "saw the field {field}"),
    "looks.no.reason": ("理由已依法删除", "the reason was erased"),
    "looks.none.here": ("在本案里没有。", "Nobody, in this case."),
    "looks.no.cases": (
        "近 180 天没有您经办的案件，无从查看。",
        "You acted in no case in the last 180 days, so there is nothing to look at.",
    ),
    "looks.none": ("在这些案件里没有。", "Nobody, in these cases."),
    "duties.title": ("履职记录 {case}", "Duties recorded in {case}"),
    "duties.officer": ("办理人 {name}（假名 {pseudonym}）", "{name} (pseudonym {pseudonym})"),
    "duties.made": ("生成于 {at}", "made {at}"),
    "duties.says": (
        (
            "说明：以下是登记为已办的环节。不说明动机，不涉及收付款，也不能当作更多的证明；"
            "没有这份记录，不说明任何问题。"
        ),
        (
            "These duties are recorded as done. That says nothing of motives or payments and "
            "proves no more; to have no such record says nothing of anybody."
        ),
    ),
    "duties.steps": ("登记为已办的环节", "Recorded as done"),
    "duties.entry": ("账本第 {lane} 列第 {no} 条", "entry {no} of lane {lane}"),
    "duties.receipt": ("取回执", "Get the receipt"),
    "duties.later": (
        "这一步已经写入账本，还没有封存。请一分钟后再来取回执。",
        "The step is written and not sealed yet. Come back for the receipt in a minute.",
    ),
    "duties.quiet": ("核验过、没有要提示的：", "Checked, with nothing to say:"),
    "duties.no.rules": (
        "这个环节没有对办理人公开的规则。",
        "No rule that officers may see looks at this step.",
    ),
    "duties.earlier": (
        "当时适用的规则后来改过：那时核验了什么，这里列不全。",
        "The rules have changed since: what was checked then cannot be listed here in full.",
    ),
    "duties.cut": ("只列出前 {number} 个环节。", "Only the first {number} steps are listed."),
    "duties.answers": ("提示与我的答复", "Prompts and what I answered"),
    "duties.cannot": ("这份记录说明不了的", "What this record cannot say"),
    "duties.cannot.unchecked": (
        "上面标明“无法核验”的：缺少数据，既不是合格，也不是不合格。",
        "What stands above as not checked: data were missing. It is neither good nor bad.",
    ),
    "duties.cannot.motive": (
        "为什么这样办，有没有收付款，平台外发生了什么。",
        "Why it was done so, whether anything was paid, what happened off the platform.",
    ),
    "duties.cannot.unreported": (
        "平台没有报来的环节，以及登记内容是否属实。",
        "Steps that the platform never reported, and whether what is recorded is true.",
    ),
    "duties.cannot.rules": (
        "只按对办理人公开的规则生成。",
        "It is made from rules that officers may see, and from no other.",
    ),
    "duties.file": ("下载（JSON）", "Download (JSON)"),
    "duties.print": ("打印请用浏览器的打印功能。", "To print it, use your browser."),
    "error.not_own_case": (
        "这个案号下没有登记为您办理的环节。",
        "No step is recorded as yours under this case number.",
    ),
    "commit.title": ("岗位承诺，请确认", "Your commitment, to be confirmed"),
    "commit.help": (
        "办理有风险的环节前，每年每类业务确认一次。不确认也不影响办理；点击不是电子签名。",
        (
            "Once a year for each kind of case, from the first risky step on. No step waits for "
            "it, and a click is no electronic signature."
        ),
    ),
    "commit.do": ("我确认", "I confirm"),
    "commit.made": ("我的岗位承诺", "What I have confirmed"),
    "panel.commit": (
        "本年度的岗位承诺还没有确认，请在“我的页面”上看一看；不影响这一步。",
        (
            "Your commitment of this year is not confirmed yet: it stands on your page. "
            "This step does not wait for it."
        ),
    ),
    "done.record": ("履职记录和回执", "Your record and receipt"),
    "done.lesson": ("为什么这样规定（两分钟）", "Why there is this rule (two minutes)"),
    "lesson.title": ("两分钟：为什么这样规定", "Two minutes: why there is this rule"),
    "lesson.help": (
        "您在 {case} 当场改正了。这一页不计分、不留记录，只有您看得到。",
        "You put this right in {case}. It is not scored, nothing is kept, and you alone see it.",
    ),
    "lesson.example": ("例如：", "For example:"),
    "lesson.question": (
        "想一想：其他不变，{field}是 {value}，还会提醒吗？",
        "A question: all else the same and “{field}” {value}. Would it still be asked about?",
    ),
    "lesson.answer": (
        "不会。{field}为 {hit} 时提醒，为 {clear} 时不提醒。",
        "No. With “{field}” {hit} it is asked about, with {clear} it is not.",
    ),
    "lesson.done": ("知道了，不再显示", "Done; do not show it again"),
    "mine.rights": (
        "您在提醒处自己改正的，别人的页面上不会记在您名下。",
        "What you put right at a prompt stands under nobody’s name on anybody else’s page.",
    ),
}
