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
        "轮到刘敏：许可窗口还差一份材料",
        "Liu Min’s turn: a paper is missing at the permit window",
    ),
    "tour.2.go": (
        "您是刘敏 · 打开晨光书店的申请",
        "You are Liu Min · open the bookshop’s application",
    ),
    "tour.2.type": (
        "您是刘敏 · 3月6日要过效果图，现在还要房东同意书 · 写上，按“发出补正告知”",
        (
            "You are Liu Min · on 6 March you asked for a drawing, now for the landlord’s "
            "consent · type it, press Send the notice"
        ),
    ),
    "tour.2.held": (
        "您是刘敏 · 这一步停住了，什么都没有发出 · 看提示，按“{label}”",
        "You are Liu Min · the step waits, nothing is sent · read the prompt, press “{label}”",
    ),
    "tour.2.waits": (
        "您是刘敏 · 这一步停着 · 按提示办，或者看下一幕",
        "You are Liu Min · the step waits · follow the prompt, or go on",
    ),
    "tour.2.note": (
        "两份材料写在一份告知里，已发出：提示替她做完了。",
        "One notice for both is out: the prompt did her work.",
    ),
    "tour.2.calm": ("补正告知已发出。", "The notice is out."),
    "tour.2.items": ("房东同意书", "The landlord’s consent"),
    "tour.3.be": (
        "轮到赵磊：他要报第四次变更",
        "Zhao Lei’s turn: he has a fourth variation to file",
    ),
    "tour.3.go": ("您是赵磊 · 打开雨水管工程", "You are Zhao Lei · open the storm drain"),
    "tour.3.type": (
        "您是赵磊 · 前三次变更都批了 · 金额填 490000，写明理由，按“申报”",
        "You are Zhao Lei · three were approved before · type 490000 and a reason, press File",
    ),
    "tour.3.held": (
        "您是赵磊 · 这一步停住了，什么都没有写入 · 看提示，按“{label}”",
        "You are Zhao Lei · the step waits, nothing is written · read the prompt, press “{label}”",
    ),
    "tour.3.waits": (
        "您是赵磊 · 这一步停着 · 按提示办，或者看下一幕",
        "You are Zhao Lei · the step waits · follow the prompt, or go on",
    ),
    "tour.3.waiting": (
        "您是赵磊 · 已经问了总工何平 · 轮到何平：请求在他的收件箱里",
        "You are Zhao Lei · He Ping, the chief engineer, is asked · his turn: it is in his inbox",
    ),
    "tour.3.inbox": (
        "您是总工何平 · 打开收件箱",
        "You are He Ping, the chief engineer · open your inbox",
    ),
    "tour.3.agree": (
        "您是总工何平 · 看看赵磊的请求，按“{label}”",
        "You are He Ping, the chief engineer · read Zhao Lei’s request, press “{label}”",
    ),
    "tour.3.agreed": (
        "您是总工何平 · 已经同意 · 轮到赵磊：再按一次“申报”",
        "You are He Ping · you have agreed · Zhao Lei’s turn: he presses File again",
    ),
    "tour.3.nothing": (
        "您是总工何平 · 现在没有等您答复的请求 · 轮到赵磊",
        "You are He Ping · nothing waits for your word now · Zhao Lei’s turn",
    ),
    "tour.3.elsewhere": (
        "您是总工何平 · 问的是别人；等有了答复，赵磊再申报",
        "You are He Ping · somebody else was asked; Zhao Lei can file once they have answered",
    ),
    "tour.3.again": (
        "您是赵磊 · 何平已同意 · 再按一次“申报”",
        "You are Zhao Lei · He Ping has agreed · press File again",
    ),
    "tour.3.over": (
        "工程已经验收，不能再报变更 · 下一个是监督员林岚",
        "The works are accepted, no more can be filed · next comes Lin Lan, the auditor",
    ),
    "tour.3.note": ("何平同意后，已申报。", "Filed, with He Ping’s agreement."),
    "tour.3.reason": (
        "K1+240 处探明旧管，改线绕行。",
        "An old pipe was found at K1+240; the line goes round it.",
    ),
    "tour.4.be": (
        "轮到林岚，监督员：看看刚才的事有哪些到了她那里",
        "Lin Lan’s turn, the auditor: see what of this has reached her",
    ),
    "tour.4.ask": (
        (
            "您是监督员林岚 · 打开“监督” · 今日第一条是赵磊的变更：点开，按“去函询问”，发出；"
            "想当面谈，就按“约请提醒谈话”"
        ),
        (
            "You are Lin Lan, the auditor · under Oversight the first thing today is "
            "Zhao Lei’s variations: open it, press Ask, send; or invite him to a talk"
        ),
    ),
    "tour.4.unplayed": (
        "您是监督员林岚 · 您的页面在“监督”里 · 还有没演的一幕：在首页按“开始”",
        (
            "You are Lin Lan, the auditor · your pages are under Oversight · a scene is not "
            "played yet: press Start on the front page"
        ),
    ),
    "tour.4.asked": (
        "您是监督员林岚 · 询问函已发出 · 轮到赵磊：函在他的收件箱里",
        "You are Lin Lan · the letter is sent · Zhao Lei’s turn: it is in his inbox",
    ),
    "tour.4.inbox": (
        "您是赵磊 · 有一封询问函 · 打开收件箱",
        "You are Zhao Lei · there is a letter for you · open your inbox",
    ),
    "tour.4.answer": (
        "您是赵磊 · 看询问函，写明情况，提交答复；您的话与疑点一起显示",
        "You are Zhao Lei · read the letter, say how it was; your words stand beside the finding",
    ),
    "tour.5.answered": (
        "赵磊已答复，林岚今天就能看到 · 真实案件里又如何？看同样的规则在真实日志里看见了什么",
        (
            "Zhao Lei has answered, and Lin Lan sees it today · and in real life? "
            "See what the same rules saw in real logs"
        ),
    ),
    "tour.end": (
        "导览到此为止 · 您是监督员林岚 · 随便走走，或者换一个人",
        "The tour is done · you are Lin Lan · look around, or be somebody else",
    ),
    "tour.end.administrator": (
        "导览到此为止 · 您是监督员林岚 · 还可以当一回数据库管理员：悄悄改一条记录，看瞒不瞒得住",
        (
            "The tour is done · you are Lin Lan · now be the database administrator, if you like: "
            "change a record, and see whether it stays unseen"
        ),
    ),
    "tour.end.unplayed": (
        "您是监督员林岚 · 还有没演的一幕：在首页按“开始”",
        "You are Lin Lan · a scene is not played yet: press Start on the front page",
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
