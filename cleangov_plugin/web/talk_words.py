"""Words of talks: who invites writes when and where, who is invited accepts or moves it."""

from collections.abc import Mapping
from typing import Final

TALKS: Final[Mapping[str, tuple[str, str]]] = {
    "talk.ask": ("约请提醒谈话", "Invite to a talk"),
    "talk.new": ("约请提醒谈话", "An invitation to a reminder talk"),
    "talk.meets": ("时间", "When"),
    "talk.place": ("地点", "Where"),
    "talk.middle.help": (
        "写案件和应尽的职责，不写动机。时间、地点和当事人的权利由模板写明，不能删去。",
        (
            "Write of the case and the duty, never of a motive. Time, place and the rights of the "
            "person are written by the template; they stay."
        ),
    ),
    "talk.reason": ("为何约谈（记入账本，收件人看不到）", "Why you invite (recorded; not shown)"),
    "talk.at": ("时间 {at}，地点 {place}", "{at}, {place}"),
    "talk.on": ("定于 {at}", "on {at}"),
    "talk.accepted": ("已接受", "accepted"),
    "talk.asks": ("提出另一时间", "another time is proposed"),
    "talk.unsaid": ("时间已过，未记是否谈过", "its time is past; held or not is not recorded"),
    "talk.overdue": (
        "约定的时间已过，请记下是否谈过。不会因此自动产生任何后果。",
        "Its time is past: record whether it was held. Nothing follows from that by itself.",
    ),
    "talk.answer": ("您的答复", "Your answer"),
    "talk.accept": ("接受这个时间", "Accept this time"),
    "talk.other": ("提出另一个时间", "Propose another time"),
    "talk.meets.other": ("您方便的时间", "When you could come"),
    "talk.other.send": ("提出", "Propose it"),
    "talk.write": ("改以书面答复", "Answer in writing instead"),
    "talk.met": ("记下是否谈过", "Record whether it was held"),
    "talk.met.words": (
        "在场的人，或者没有谈成的原因（不写谈话内容；收件人会看到）",
        "Who was there, or why it was not held; not what was said. The person reads it",
    ),
    "talk.move": ("改定时间", "Give it another time"),
    "talk.withdraw": ("撤回邀请", "Withdraw the invitation"),
    "talk.act.time_asked": ("提出另一个时间", "Proposes another time"),
    "talk.act.extended": ("改定时间", "Given another time"),
    "talk.inbox.answered": ("您已书面答复。", "You have answered in writing."),
    "talk.inbox.held": ("这次谈话已进行。", "It was held."),
    "talk.inbox.not_held": ("这次谈话没有谈成。", "It was not held."),
    "letters.kind": ("种类", "Kind"),
    "letters.kind.inquiry": ("询问函", "Letters of inquiry"),
    "letters.kind.talk": ("提醒谈话", "Reminder talks"),
    "error.talk.at": (
        "请写明时间：晚于现在，不超过 90 天。",
        "Give a time: later than now, and 90 days ahead at the most.",
    ),
    "error.talk.place": (
        "请写明地点，不超过 200 字。",
        "Say where, in 200 characters at the most.",
    ),
    "error.talk.past": (
        "约定的时间已过，请提出另一个时间，或以书面答复。",
        "Its time is past. Propose another one, or answer in writing.",
    ),
    "error.talk.early": (
        "约定的时间还没有到，不能先记是否谈过。",
        "Its time has not come, so whether it was held cannot be recorded yet.",
    ),
}
