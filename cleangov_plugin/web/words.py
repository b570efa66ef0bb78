"""The screens' own words, zh and en side by side; what a rule says comes from its rule file."""

from collections.abc import Mapping
from typing import Final

from .check_words import CHECK
from .code_words import CODES
from .doubt_words import DOUBTS
from .exception_words import EXCEPTIONS
from .finding_words import FINDINGS
from .follow_words import FOLLOWED
from .letter_words import LETTERS
from .mode_words import MODES
from .own_words import OWN
from .request_words import REQUESTS
from .review_words import REVIEW
from .talk_words import TALKS

#: The words of each page or act; a key stands in one of them.
ROOMS: Final = (
    CODES, REVIEW, FINDINGS, LETTERS, CHECK, OWN, MODES, EXCEPTIONS, DOUBTS, FOLLOWED, REQUESTS,
    TALKS,
)  # fmt: skip
_PAIRS: Final = {key: pair for room in ROOMS for key, pair in room.items()}

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "panel.label": {"zh": "廉政提醒", "en": "Supervision prompt"},
    "panel.basis": {"zh": "依据", "en": "Basis"},
    "panel.words": {"zh": "请写明", "en": "In your words"},
    "panel.words.help": {
        "zh": "写进案卷，复核的人会看到。",
        "en": "It goes into the case file; whoever reviews the case reads it.",
    },
    "panel.send": {"zh": "提交", "en": "Send"},
    "panel.waiting": {
        "zh": "已请{role}复核，等待答复。本环节在此之前不能继续。",
        "en": "{role} has been asked. The step goes on when they have answered.",
    },
    "panel.asked_until": {"zh": "答复期限：{until}", "en": "The answer is due by {until}."},
    "panel.term": {
        "zh": "本环节的期限（{reason}）到 {until} 为止。",
        "en": "The term of this step ({reason}) ends on {until}.",
    },
    "panel.term.second": {
        "zh": "本环节的期限（{reason}）到 {until} 为止；等第二人答复不会等到期限的最后一个工作日。",
        "en": "The term of this step ({reason}) ends on {until}. A second person is not waited for "
        "on its last working day.",
    },
    "panel.term.last": {
        "zh": "本环节的期限（{reason}）到 {until} 为止：第二人最多等两小时，之后您写明理由"
        "即可继续。",
        "en": "The term of this step ({reason}) ends on {until}: a second person is waited for two "
        "hours at the most, then you can go on and say why.",
    },
    "panel.term.law": {
        "zh": "本环节的期限（{reason}）到 {until} 为止。法律不允许这样办，期限也不例外：请改正，"
        "或者依法办理延期、中止。",
        "en": "The term of this step ({reason}) ends on {until}. The law forbids the step as it "
        "is, and the term makes no exception: put it right, or have the term extended or paused "
        "by law.",
    },
    "panel.term.glass": {
        "zh": "本环节的期限（{reason}）到 {until} 为止。法律不允许这样办：请改正、依法办理延期，"
        "紧急情况可由有权的人批准。",
        "en": "The term of this step ({reason}) ends on {until}. The law forbids the step as it "
        "is: put it right, have the term extended, or in an emergency name who approves it.",
    },
    "panel.term.over": {
        "zh": "本环节的期限（{reason}）已于 {until} 届满，请尽快办结。",
        "en": "The term of this step ({reason}) ended on {until}. Take the step as soon as you "
        "can.",
    },
    "panel.agreed": {
        "zh": "{role}已同意。请再按一次，即可办理。",
        "en": "{role} has agreed. Press the button again and the step is taken.",
    },
    "panel.lapsed": {
        "zh": "{role}未在期限内答复，可以再请一次。",
        "en": "{role} did not answer in time. You can ask again.",
    },
    "panel.refused": {
        "zh": "复核人没有同意：{reason}",
        "en": "The second person did not agree: {reason}",
    },
    "panel.wrong.noted": {
        "zh": "已转给{role}，{until} 前答复您；答复会显示在这里和“我的页面”上。",
        "en": "Passed on to {role}, to be answered by {until}. The answer will stand here and on "
        "your page.",
    },
    "panel.order": {"zh": "可以怎么办", "en": "What you can do"},
    "panel.sealed": {
        "zh": "只有监督方能打开；数据库和账本里都看不出是谁写的、写了什么。",
        "en": "Oversight alone can open it. Neither database nor ledger shows who wrote it, "
        "or what.",
    },
    "note.title": {"zh": "已密封给监督方", "en": "Sealed to oversight"},
    "note.sealed": {
        "zh": "您写的话已用监督方的公钥加密，并写入账本。这一步怎么办，仍由您决定。",
        "en": "What you wrote is encrypted to oversight’s key and stands in the ledger. The step "
        "is still yours to decide.",
    },
    "note.seen": {
        "zh": "别人在账本里只看得到：这个时间有一份密封的说明。您的姓名、案件和内容都在密文里。",
        "en": "All that the ledger shows to others is that something was sealed at this time. Your "
        "name, the case and your words are inside.",
    },
    "note.number": {"zh": "回执号：", "en": "Number of your receipt:"},
    "note.keep": {
        "zh": "请自己抄下来：这里不会再显示，也不记在您名下。",
        "en": "Write it down: it is shown once, and is kept nowhere under your name.",
    },
    "note.receipt": {
        "zh": "取回执（封存后约一分钟）",
        "en": "Get the receipt (about a minute later)",
    },
    "note.later": {
        "zh": "说明已经写入账本，还没有封存。请一分钟后再来取回执。",
        "en": "The note is written and not sealed yet. Come back for the receipt in a minute.",
    },
    "note.back": {"zh": "回到这一步", "en": "Back to the step"},
    "done.all": {
        "zh": "已记录 · 您本案应尽步骤齐全",
        "en": "Recorded · all duties of this step done",
    },
    "done.open": {
        "zh": "已记录 · 有 {count} 项需要说明",
        "en": "Recorded · {count} to be explained",
    },
    "done.unknown": {"zh": "（{count} 项无法核验）", "en": " ({count} could not be checked)"},
    "done.owed": {
        "zh": "已收到 · 核验稍后补做",
        "en": "Received · the check follows later",
    },
    "inbox.title": {"zh": "请您复核", "en": "You are asked for a second look"},
    "inbox.case": {"zh": "案件", "en": "Case"},
    "inbox.until": {"zh": "答复期限", "en": "Answer by"},
    "inbox.approve": {"zh": "同意", "en": "Agree"},
    "inbox.refuse": {"zh": "不同意", "en": "Do not agree"},
    "inbox.reason": {"zh": "理由", "en": "Reason"},
    "inbox.conflict": {
        "zh": "这一步是您自己办的，须由他人复核。",
        "en": "This is your own step; somebody else must look at it.",
    },
    "error.title": {"zh": "这次没有办成", "en": "That did not work"},
    "error.title.page": {"zh": "这一页没有打开", "en": "This page was not opened"},
    "error.back": {"zh": "返回", "en": "Go back"},
    "error.expired": {
        "zh": "页面停留太久，请返回后重新提交；已填的内容还在。",
        "en": "The page stood open too long. Go back and send it again; what you typed is kept.",
    },
    "error.foreign": {
        "zh": "这个请求不是从本平台的页面发出的，已拒绝。",
        "en": "This request did not come from a page of this platform and was refused.",
    },
    "error.nobody": {"zh": "请先登录。", "en": "Please sign in first."},
    "sign_in": {"zh": "确认登录", "en": "Is this you?"},
    "sign_in.who": {
        "zh": "平台的登录链接写明您是 {name}（{id}）。登录后办的事都记在这个名下。",
        "en": "The platform's link says that you are {name} ({id}). What you do then stands under"
        " this name.",
    },
    "sign_in.instead": {
        "zh": "现在登录的是 {name}，继续就会换人。",
        "en": "{name} is signed in now, and will not be any more.",
    },
    "sign_in.not": {
        "zh": "如果不是您本人，请关闭本页：有人可能想让您替他办事。",
        "en": "If that is not you, close this page: somebody may want you to work in their name.",
    },
    "sign_in.go": {"zh": "以 {name} 登录", "en": "Sign in as {name}"},
    "sign_out": {"zh": "退出登录", "en": "Sign out"},
    "error.signed_out": {"zh": "已退出登录。", "en": "You are signed out."},
    "error.sign_in": {
        "zh": "登录未成功：链接已用过、已过期或不是给本系统的。请从平台重新进入。",
        "en": "Not signed in: the link was used, has expired or is not for here. Come again from"
        " the platform.",
    },
    "error.not_yours": {
        "zh": "这条提醒不是给您的。",
        "en": "This prompt does not stand before you.",
    },
    "error.gone": {
        "zh": "这条提醒已不再有效：相关内容已改动或已答复。",
        "en": "This prompt no longer stands: something changed, or it was answered.",
    },
    "error.not_offered": {
        "zh": "这条提醒没有这个选项，或已不再提供；请在列出的选项中选择。",
        "en": "This is not among the choices here, or not any more. Take one of those shown.",
    },
    "error.no_reason": {
        "zh": "这个选项不需要另选理由。",
        "en": "This choice takes no reason from a list.",
    },
    "error.waiting": {
        "zh": "已请人复核，答复之前不必再选。",
        "en": "A second person has been asked. Nothing else is needed until they answer.",
    },
    "error.long": {
        "zh": "文字超过 2,000 字，没有保存；请返回改短，或分几次写。",
        "en": "More than 2,000 characters: nothing was kept. Go back, and write less at a time.",
    },
    "error.key": {
        "zh": "这次提交的编号已用于另一条答复，没有记下；请刷新后再试。",
        "en": "This answer carried the number of another one and was not recorded. Load the page "
        "again.",
    },
    "prompt.answered": {
        "zh": "这条提醒已答复。请回到原来的页面，再办一次这一步。",
        "en": "This prompt is answered. Go back to the page you came from and take the step again.",
    },
    "error.words": {"zh": "请写明理由。", "en": "Please give your reason in words."},
    "error.busy": {
        "zh": "系统繁忙，答复没有记下，请再按一次。",
        "en": "The system was busy and your answer was not recorded. Please press again.",
    },
    "role.reviewer": {"zh": "复核人员", "en": "A reviewer"},
    "role.chief_engineer": {"zh": "总工程师", "en": "The chief engineer"},
    "role.head": {"zh": "负责人", "en": "The head"},
    **{key: {"zh": zh, "en": en} for key, (zh, en) in _PAIRS.items()},
}


def word(key: str, language: str, **values: object) -> str:
    """Answer a phrase in a language.

    :param key: key of `WORDS`; an unknown key is shown as it is.
    :param language: BCP 47 tag; anything but Chinese is answered in English.
    :param values: what stands in the phrase's braces.
    :return: plain text, to be escaped by the page.
    """
    phrase = WORDS.get(key, {}).get("zh" if language.lower().startswith("zh") else "en", key)
    return phrase.format(**values) if values else phrase
