"""Words of "this prompt is wrong" and of what follows, zh and en side by side."""

from collections.abc import Mapping
from typing import Final

DOUBTS: Final[Mapping[str, tuple[str, str]]] = {
    "panel.doubt.words": ("哪里不对", "What is wrong"),
    "panel.doubt.optional": ("哪里不对（可不填）", "What is wrong (you may leave it empty)"),
    "panel.doubt.help": (
        "转给负责的人，会在期限内答复您。这一步先不变，也可以用别的办法。",
        "Goes to whoever answers for it, with a day to answer you by. Your step stays as it is.",
    ),
    "panel.doubt.rule": ("规则在这里不对", "The rule is wrong here"),
    "panel.doubt.record": ("依据的数据不对", "A record it stands on is wrong"),
    "panel.wrong.upheld": (
        "{role}答复：您说得对。{reason}",
        "Answered by {role}: you are right. {reason}",
    ),
    "panel.wrong.declined": (
        "{role}答复：提示没有错。{reason}",
        "Answered by {role}: the prompt is right. {reason}",
    ),
    "mine.doubts": ("您说不对的提示", "Prompts that you said are wrong"),
    "mine.judge": ("有人说提示不对，请答复", "Somebody says that a prompt is wrong: please answer"),
    "mine.judge.help": (
        "办理人会看到您的答复。认为对的，请写明接下来怎么改；认为不对的，请写明为什么。",
        "The officer reads your answer. If they are right, say what will change; if not, say why.",
    ),
    "doubt.about.rule": ("说规则不对", "The rule is said to be wrong"),
    "doubt.about.record": ("说依据的数据不对", "A record is said to be wrong"),
    "doubt.words.none": ("没有另写说明。", "No words were added."),
    "doubt.to": ("由{role}答复", "To be answered by {role}"),
    "doubt.until": ("期限 {day}", "by {day}"),
    "doubt.late": (
        "期限 {day} 已过，还没有答复；现在监督人员也会收到。",
        "Due on {day} and not answered yet. Auditors have been asked as well.",
    ),
    "doubt.doubted": ("等待答复", "Not answered yet"),
    "doubt.upheld": ("答复：您说得对", "Answered: you are right"),
    "doubt.declined": ("答复：提示没有错", "Answered: the prompt is right"),
    "doubt.file.open": ("{role}还没有答复", "Not answered yet by {role}"),
    "doubt.file.upheld": ("{role}答复：提示确实不对", "Answer of {role}: the prompt was wrong"),
    "doubt.file.declined": ("{role}答复：提示没有错", "Answer of {role}: the prompt is right"),
    "decided.doubt.upheld": (
        "已记录：案件 {case} 的提示，您答复说得对；办理人会看到您写的话。",
        "Kept: of the prompt in case {case}, you said that they are right. They read your words.",
    ),
    "decided.doubt.declined": (
        "已记录：案件 {case} 的提示，您答复没有错；办理人会看到您写的话。",
        "Kept: of the prompt in case {case}, you said that it is right. They read your words.",
    ),
    "doubt.reply": ("您的答复", "Your answer"),
    "doubt.uphold": ("说得对", "They are right"),
    "doubt.decline": ("提示没有错", "The prompt is right"),
    "doubt.conflict": (
        "这是您自己提出的，请由别人答复。",
        "You raised this yourself: somebody else must answer.",
    ),
}
