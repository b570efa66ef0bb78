"""Words of the page of modes, zh and en side by side."""

from collections.abc import Mapping
from typing import Final

MODES: Final[Mapping[str, tuple[str, str]]] = {
    "nav.modes": ("特殊状态", "Modes"),
    "modes.title": ("应急、专项与绿色通道", "Emergencies, campaigns, green channels"),
    "modes.lead": (
        "在生效期间，有些规则不再停下来问；命中照样记录。须由另一人确认才生效，到期自动结束。",
        (
            "While one is in force, some rules no longer stop to ask; what they hit is recorded "
            "as ever. It counts once somebody else agrees, and ends by itself."
        ),
    ),
    "modes.none": (
        "没有宣布过。各环节按平常的规则办理。",
        "None was declared. Every step follows the ordinary rules.",
    ),
    "modes.problem": ("没有办成：{text}", "That was not done: {text}"),
    "modes.state.waiting": ("待另一人确认", "Waits for a second person"),
    "modes.state.in_force": ("生效中", "In force"),
    "modes.state.over": ("已结束", "Over"),
    "modes.until": ("至 {at}", "until {at}"),
    "modes.ended": ("{at} 结束", "ended {at}"),
    "modes.cut_short": ("提前结束", "before its time"),
    "modes.for": ("适用：{units}；{streams}", "For {units}; {streams}"),
    "modes.all.units": ("所有单位", "all units"),
    "modes.all.streams": ("所有业务", "all kinds of case"),
    "modes.by": ("{who} 于 {at} 宣布", "declared by {who}, {at}"),
    "modes.agreed": ("{who} 于 {at} 确认", "agreed to by {who}, {at}"),
    "modes.own": (
        "这是您宣布的，须由另一人确认。",
        "You declared this: somebody else has to agree.",
    ),
    "modes.later": (
        "其间先办的环节，结束后逐一再看。",
        "Steps that went on in it are looked at, one by one, when it is over.",
    ),
    "modes.later.over": (
        "其间先办的环节，现在逐一再看；命中的成为疑点。",
        "Steps that went on in it are looked at now; what was hit becomes a finding.",
    ),
    "modes.look": ("列出还没有再看的", "List those not looked at yet"),
    "modes.more": ("等，未全部列出", "and more"),
    "modes.nothing.later": ("没有待看的环节。", "No step waits to be looked at."),
    "modes.agree": ("确认，使其生效", "Agree; it is in force then"),
    "modes.end": ("提前结束", "End it before its time"),
    "modes.end.now": ("现在结束", "End it now"),
    "modes.why": (
        "理由（4 到 300 字，公开，不写人名）",
        "Ground (4 to 300 characters; public, so name no person)",
    ),
    "modes.older": ("更早的没有列出。", "Older ones are not listed."),
    "modes.declare": ("宣布", "Declare one"),
    "modes.declare.help": (
        "宣布、确认和结束都记入账本。宣布的人不能自己确认。",
        "Declaring, agreeing and ending are entries. Whoever declares cannot agree.",
    ),
    "modes.kind": ("种类", "Kind"),
    "modes.kind.days": ("{name}（最长 {days} 天）", "{name} ({days} days at most)"),
    "modes.field.until": ("结束时间", "Until"),
    "modes.declare.do": ("宣布", "Declare"),
    "panel.mode": (
        "{reason}至 {until} 有效；这一步仍要答复：它的规则没有放宽。",
        "{reason} until {until}. This step is asked about all the same: its rules ask no less.",
    ),
}
