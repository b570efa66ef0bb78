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
    "mine.letters": ("监督部门的来函", "Letters from supervision"),
    "mine.letters.help": (
        "每封函都附有它依据的全部内容；需要更多时间可以在函里申请。",
        "Each letter comes with everything it stands on. You can ask there for more time.",
    ),
    "mine.rights": (
        "您在提醒处自己改正的，别人的页面上不会记在您名下。",
        "What you put right at a prompt stands under nobody’s name on anybody else’s page.",
    ),
}
