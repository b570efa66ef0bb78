"""Texts of the tour bar."""

from typing import Final

TOUR: Final = {
    "tour.label": ("三分钟导览", "Three-minute tour"),
    "tour.place": ("{scene}/{scenes}", "{scene}/{scenes}"),
    "tour.done": ("完", "done"),
    "tour.do": ("替我做", "do it for me"),
    "tour.next": ("下一幕", "next scene"),
    "tour.home": ("首页", "front page"),
    "tour.1.be": (
        "轮到陈静：她有一笔罚款要决定",
        "Chen Jing’s turn: she has a fine to decide",
    ),
    "tour.1.go": (
        "您是陈静 · 打开王记面馆的案件",
        "You are Chen Jing · open the noodle shop’s case",
    ),
    "tour.1.type": (
        "您是陈静 · 拟罚 800 元，店主申辩了；有人来电要求重罚 · 金额填 2000，按“作出决定”",
        (
            "You are Chen Jing · the owner objected to 800, a caller wants more · "
            "type 2000, press Decide"
        ),
    ),
    "tour.1.held": (
        "您是陈静 · 这一步停住了，什么都没有写入 · 看提示，按“{label}”",
        "You are Chen Jing · the step waits, nothing is written · read the prompt, press “{label}”",
    ),
    "tour.1.waits": (
        "您是陈静 · 这一步停着 · 也可以自己把金额填成 800，按“作出决定”",
        "You are Chen Jing · the step waits · or type 800 yourself and press Decide",
    ),
    "tour.1.note": (
        "已按 {sum}决定；她先前填过什么，别人看不到。",
        "Decided at {sum}; nobody else sees what she had typed before.",
    ),
    "tour.1.calm": ("已按 {sum}决定。", "Decided at {sum}."),
    "tour.1.heavier": ("停过之后，仍按 {sum}决定。", "Held first, then decided at {sum}."),
    "tour.1.unstopped": (
        "已按 {sum}决定，没有什么让这一步停下。",
        "Decided at {sum}: nothing made this step wait.",
    ),
    "tour.1.none": ("案件已决定，没有罚款。", "The case is decided, without a fine."),
    "tour.2.be": (
        "轮到赵磊：他要报第四次变更",
        "Zhao Lei’s turn: he has a fourth variation to file",
    ),
    "tour.2.go": ("您是赵磊 · 打开雨水管工程", "You are Zhao Lei · open the storm drain"),
    "tour.2.type": (
        "您是赵磊 · 前三次变更都批了 · 金额填 490000，写明理由，按“申报”",
        "You are Zhao Lei · three were approved before · type 490000 and a reason, press File",
    ),
    "tour.2.held": (
        "您是赵磊 · 这一步停住了，什么都没有写入 · 看提示，按“{label}”",
        "You are Zhao Lei · the step waits, nothing is written · read the prompt, press “{label}”",
    ),
    "tour.2.waits": (
        "您是赵磊 · 这一步停着 · 按提示办，或者看下一幕",
        "You are Zhao Lei · the step waits · follow the prompt, or go on",
    ),
    "tour.2.waiting": (
        "您是赵磊 · 已经问了总工何平 · 轮到何平：请求在他的收件箱里",
        "You are Zhao Lei · He Ping, the chief engineer, is asked · his turn: it is in his inbox",
    ),
    "tour.2.inbox": (
        "您是总工何平 · 打开收件箱",
        "You are He Ping, the chief engineer · open your inbox",
    ),
    "tour.2.agree": (
        "您是总工何平 · 看看赵磊的请求，按“{label}”",
        "You are He Ping, the chief engineer · read Zhao Lei’s request, press “{label}”",
    ),
    "tour.2.agreed": (
        "您是总工何平 · 已经同意 · 轮到赵磊：再按一次“申报”",
        "You are He Ping · you have agreed · Zhao Lei’s turn: he presses File again",
    ),
    "tour.2.nothing": (
        "您是总工何平 · 现在没有等您答复的请求 · 轮到赵磊",
        "You are He Ping · nothing waits for your word now · Zhao Lei’s turn",
    ),
    "tour.2.elsewhere": (
        "您是总工何平 · 问的是别人；等有了答复，赵磊再申报",
        "You are He Ping · somebody else was asked; Zhao Lei can file once they have answered",
    ),
    "tour.2.again": (
        "您是赵磊 · 何平已同意 · 再按一次“申报”",
        "You are Zhao Lei · He Ping has agreed · press File again",
    ),
    "tour.2.over": (
        "工程已经验收，不能再报变更 · 最后轮到监督员林岚",
        "The works are accepted, no more can be filed · last comes Lin Lan, the auditor",
    ),
    "tour.2.note": ("何平同意后，已申报。", "Filed, with He Ping’s agreement."),
    "tour.2.reason": (
        "K1+240 处探明旧管，改线绕行。",
        "An old pipe was found at K1+240; the line goes round it.",
    ),
    "tour.end": (
        "导览到此为止 · 最后换成监督员林岚：看看刚才的事有哪些到了她那里",
        "The tour is done · last, be Lin Lan, the auditor: see what of this has reached her",
    ),
    "tour.end.here": (
        "导览到此为止 · 您是监督员林岚 · 您的页面在“监督”里",
        "The tour is done · you are Lin Lan, the auditor · your pages are under Oversight",
    ),
    "tour.end.unplayed": (
        "您是监督员林岚，导览的最后一站 · 还有没演的一幕：在首页按“开始”",
        (
            "You are Lin Lan, the auditor, last stop of the tour · a scene is not played yet: "
            "press Start on the front page"
        ),
    ),
    "tour.end.off": (
        "导览到此为止 · 没有插件，林岚的页面打不开",
        "The tour is done · without the plugin Lin Lan has no pages",
    ),
    "tour.missing.off": (
        "监督插件已关闭：没有步骤会停下，写入照常；页脚可以重新接入。",
        (
            "The supervision plugin is off: no step will wait, all is written as ever. "
            "The foot of the page attaches it again."
        ),
    ),
    "tour.missing.none": (
        "没有安装监督插件：没有步骤会停下，写入照常。",
        "No supervision plugin is installed: no step will wait, all is written as ever.",
    ),
}
