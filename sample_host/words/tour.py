"""Texts of the tour bar."""

from typing import Final

TOUR: Final = {
    "tour.label": ("三分钟导览", "Three-minute tour"),
    "tour.place": ("{scene}/{scenes}", "{scene}/{scenes}"),
    "tour.do": ("替我做", "do it for me"),
    "tour.next": ("下一幕", "next"),
    "tour.home": ("首页", "front page"),
    "tour.1.be": ("换成陈静：她要决定一笔罚款", "be Chen Jing: she has a fine to decide"),
    "tour.1.go": (
        "您是陈静 · 打开王记面馆的案件",
        "you are Chen Jing · open the noodle shop’s case",
    ),
    "tour.1.type": (
        "您是陈静 · 把罚款改成 2000，按“作出决定”",
        "you are Chen Jing · raise the fine to 2000, press Decide",
    ),
    "tour.1.held": (
        "这一步停住了 · 看提示，选“改回 800 元”",
        "the step waits · read the prompt, choose “Back to 800”",
    ),
    "tour.1.note": (
        "已按 800 元决定。她曾填 2000，别人都看不到。",
        "Decided. Nobody else sees that she had typed 2000.",
    ),
    "tour.1.calm": ("罚款已决定。", "The fine is decided."),
    "tour.2.be": ("换成赵磊：他要报第四次变更", "be Zhao Lei: he has a fourth variation to file"),
    "tour.2.go": ("您是赵磊 · 打开雨水管工程", "you are Zhao Lei · open the storm drain"),
    "tour.2.type": (
        "您是赵磊 · 变更金额填 490000，按“申报”",
        "you are Zhao Lei · file a variation of 490000",
    ),
    "tour.2.held": (
        "超过 10 % · 请总工何平同意，然后换成何平",
        "over 10 % · ask the chief engineer, then be He Ping",
    ),
    "tour.2.agree": (
        "您是何平 · 收件箱里若有赵磊的请求就点同意，再换回赵磊",
        "you are He Ping · agree in the inbox if Zhao Lei has asked, then be Zhao Lei again",
    ),
    "tour.2.again": (
        "您是赵磊 · 先请总工同意；何平同意后，再按一次“申报”",
        "you are Zhao Lei · ask first; once He Ping has agreed, press File again",
    ),
    "tour.2.reason": (
        "K1+240 处探明旧管，改线绕行。",
        "An old pipe was found at K1+240; the line goes round it.",
    ),
    "tour.end": ("导览到此为止，随便走走吧", "that is the tour; walk on freely"),
    "tour.missing": (
        "插件已关闭或未安装：这一步不会停下，写入照常。",
        "The plugin is off or not installed: nothing will stop this step.",
    ),
}
