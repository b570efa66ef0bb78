"""The templates of letters, as data: one entry a kind, in both languages.

A letter has three parts. Its head (number, addressee) and its last part (until when, how to
answer, what follows and what does not) belong to the template: nobody who writes one can leave
out a right of the person who gets it. The middle part is the writer's, filled in from `middle`.

A text once sent is never changed: a new wording is a new version, and the old one stays here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cleangov_plugin.rules.writing import language_of

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterTemplate:
    """One version of the text of one kind of letter.

    :param kind: kind of instrument.
    :param version: its version; letters name the version they were written from.
    :param title: what stands above the letter.
    :param number: its number; ``{year}`` and ``{no}``.
    :param middle: the writer's part as it is filled in: ``{case}``, ``{facts}``.
    :param due: until when an answer is asked for: ``{due}``, ``{days}``; of a talk when and where
        it is to be: ``{due}``, ``{at}``, ``{place}``.
    :param provisional: said where the working days counted are not official yet.
    :param uncounted: said where no calendar is kept and weekdays were counted.
    :param rights: paragraphs on what follows, what does not, and what the person may do.
    """

    kind: str
    version: int
    title: Words
    number: Words
    middle: Words
    due: Words
    provisional: Words
    uncounted: Words
    rights: tuple[Words, ...]


INQUIRY: Final = "inquiry"
TALK: Final = "talk"
#: The kinds that there are.
KINDS: Final = (INQUIRY, TALK)

_INQUIRY_1: Final = LetterTemplate(
    kind=INQUIRY,
    version=1,
    title={"zh": "关于请说明有关情况的函", "en": "Request for an explanation"},
    number={"zh": "询〔{year}〕{no}号", "en": "Inquiry {year}/{no}"},
    middle={
        "zh": (
            "我们在查看案件 {case} 的记录时，注意到下列情况：\n\n{facts}\n\n"
            "请说明当时的情况和理由；有助于了解情况的材料，请写明名称或编号。"
        ),
        "en": (
            "Looking through the records of case {case} we noticed the following:\n\n{facts}\n\n"
            "Please tell us how this came about, and why. If papers help to understand it, name "
            "them."
        ),
    },
    due={
        "zh": "请于 {due} 前答复（自发函次日起 {days} 个工作日）。",
        "en": (
            "Please answer by {due}: {days} working days, counted from the day after this letter."
        ),
    },
    provisional={
        "zh": "该期限涉及尚未正式公布放假安排的年份，为暂定日期。",
        "en": "This day is provisional: the holidays of that year are not official yet.",
    },
    uncounted={
        "zh": "尚未载入工作日历，期限按周一至周五计算。",
        "en": "No calendar of working days is kept yet: Monday to Friday were counted.",
    },
    rights=(
        {
            "zh": (
                "本函是询问，不是结论，也不是处分。答复与否都不会自动产生任何后果；是否进一步"
                "处理，由他人决定并说明理由。"
            ),
            "en": (
                "This is a question: neither a finding of fault nor a measure. Nothing follows by "
                "itself from an answer or from none; whatever is decided later is decided by a "
                "person, with reasons."
            ),
        },
        {
            "zh": (
                "您的答复将与这条线索一并显示：能看到线索的人，都能看到您的答复。您可以请同事、"
                "工会或者律师协助；需要更多时间的，可以说明理由申请延期；逾期仍可答复。"
            ),
            "en": (
                "Your answer is shown wherever this lead is shown. You may be helped by a "
                "colleague, a union or a lawyer. If you need more time, ask for it and say why; an "
                "answer that comes later is taken too."
            ),
        },
    ),
)

_TALK_1: Final = LetterTemplate(
    kind=TALK,
    version=1,
    title={"zh": "提醒谈话邀请", "en": "Invitation to a reminder talk"},
    number={"zh": "谈〔{year}〕{no}号", "en": "Talk {year}/{no}"},
    middle={
        "zh": ("约您谈一谈案件 {case} 中的下列情况，以及这一环节应尽的职责：\n\n{facts}"),
        "en": (
            "We should like to talk with you about the following in case {case}, and about what "
            "this step asks of whoever takes it:\n\n{facts}"
        ),
    },
    due={
        "zh": "时间：{due} {at}。地点：{place}。",
        "en": "When: {due}, {at}. Where: {place}.",
    },
    provisional=_INQUIRY_1.provisional,
    uncounted=_INQUIRY_1.uncounted,
    rights=(
        {
            "zh": (
                "谈的是记录和职责，不作动机上的推断。这是提醒，不是结论，也不是处分。"
                "您可以接受这个时间、提出另一个时间，也可以改以书面答复；不来不会自动产生"
                "任何后果。"
            ),
            "en": (
                "The talk is about the record and the duty; nothing is supposed of your motives. "
                "It is a reminder: neither a finding of fault nor a measure. You may accept the "
                "time, propose another one, or answer in writing instead. Nothing follows by "
                "itself from not coming."
            ),
        },
        {
            "zh": (
                "您可以请同事、工会或者律师陪同。是否谈过会记入账本，谈话内容不记；您写的答复与这条"
                "线索一并显示。"
            ),
            "en": (
                "A colleague, a union or a lawyer may come with you. That it was held, or not, is "
                "recorded; what was said is not. What you write is shown wherever this lead is."
            ),
        },
    ),
)

#: Every version that was ever sent from, the newest of each kind last.
TEMPLATES: Final = (_INQUIRY_1, _TALK_1)


def newest(kind: str) -> LetterTemplate:
    """Answer the template from which letters of a kind are written now.

    :param kind: kind of instrument.
    :raises KeyError: where there is no such kind.
    """
    found = [template for template in TEMPLATES if template.kind == kind]
    if not found:
        raise KeyError(kind)
    return found[-1]


def template_of(kind: str, version: int) -> LetterTemplate | None:
    """Answer the template a letter was written from; None where this release has none such.

    :param kind: kind of instrument.
    :param version: its version.
    """
    asked = (kind, version)
    return next((each for each in TEMPLATES if (each.kind, each.version) == asked), None)


def said(words: Words, language: str, **values: object) -> str:
    """Write one part of a template.

    :param words: the part.
    :param language: BCP 47 tag.
    :param values: what stands in its braces; never read as a pattern themselves.
    :return: plain text, to be escaped by the page.
    """
    return words[language_of(language)].format(**values)
