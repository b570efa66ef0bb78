"""Words of the page of suppressions, exemptions and deputies, zh and en side by side."""

from collections.abc import Mapping
from typing import Final

EXCEPTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "nav.exceptions": ("例外与代理", "Exceptions"),
    "exceptions.title": ("抑制、豁免与代理", "Suppressions, exemptions, deputies"),
    "exceptions.lead": (
        "每一项都有期限，须由另一人同意才算数；提出、同意、不同意、撤回和结束都记入账本。",
        (
            "Each has an end and counts once somebody else has agreed. Asking, agreeing, refusing, "
            "withdrawing and ending are entries of the ledger."
        ),
    ),
    "exceptions.problem": ("没有办成：{text}", "That was not done: {text}"),
    "exceptions.soon": ("14 天内到期", "Ends within 14 days"),
    "exceptions.soon.none": ("14 天内没有到期的。", "Nothing ends within 14 days."),
    "exceptions.waiting": ("等您作为第二人答复", "Waits for you as the second person"),
    "exceptions.suppression": ("抑制", "Suppressions"),
    "exceptions.suppression.help": (
        "一条规则对一个单位、环节或案件暂不提示，最长 90 天；命中照样记录。红色规则不能抑制。",
        (
            "A rule is quiet for a unit, a step or a case, for 90 days at the most. What it hits "
            "is recorded all the same. Red is never suppressed."
        ),
    ),
    "exceptions.suppression.none": ("现在没有抑制。", "No suppression stands."),
    "exceptions.suppression.ask": ("提出抑制", "Ask for a suppression"),
    "exceptions.exemption": ("豁免", "Exemptions"),
    "exceptions.exemption.help": (
        "法律规定一个案件或当事人不适用某条规则，最长 366 天；须写明依据。",
        ("A law frees a case or a party of a rule, for 366 days at the most. The law is named."),
    ),
    "exceptions.exemption.none": ("现在没有豁免。", "No exemption stands."),
    "exceptions.exemption.ask": ("提出豁免", "Ask for an exemption"),
    "exceptions.deputy": ("代理", "Deputies"),
    "exceptions.deputy.help": (
        "在一段时间里代替某个角色或某人作第二人复核，最长 366 天；不能代自己复核自己的环节。",
        (
            "Somebody looks a second time in place of a role or a person, for 366 days at the "
            "most; never at a step of their own."
        ),
    ),
    "exceptions.deputy.none": ("现在没有代理人。", "Nobody stands in for anybody."),
    "exceptions.deputy.ask": ("提出代理", "Ask for a deputy"),
    "exceptions.deputy.for": ("{deputy} 代理{what} {who}", "{deputy} stands in for {what} {who}"),
    "exceptions.past": ("已结束的（{n}）", "Those that are over ({n})"),
    "exceptions.cut": ("其余的没有列出。", "The rest is not listed."),
    "exceptions.state.waiting": ("待另一人同意", "Waits for a second person"),
    "exceptions.state.to_come": ("已同意，尚未开始", "Agreed to, not begun"),
    "exceptions.state.in_force": ("生效中", "In force"),
    "exceptions.state.over": ("已结束", "Over"),
    "exceptions.state.refused": ("第二人不同意", "Refused"),
    "exceptions.state.withdrawn": ("提出人撤回", "Withdrawn"),
    "exceptions.state.lapsed": ("到期无人答复", "Nobody answered in time"),
    "exceptions.left": ("还有 {n} 天到期", "ends in {n} days"),
    "exceptions.left.one": ("明天到期", "ends tomorrow"),
    "exceptions.left.today": ("今天到期", "ends today"),
    "exceptions.scope.unit": ("单位", "unit"),
    "exceptions.scope.step": ("环节", "step"),
    "exceptions.scope.case": ("案件", "case"),
    "exceptions.scope.party": ("当事人", "party"),
    "exceptions.scope.role": ("角色", "the role"),
    "exceptions.scope.person": ("人员", "the person"),
    "exceptions.for": ("适用：{what} {place}", "For {what} {place}"),
    "exceptions.basis": ("依据：{basis}", "Law: {basis}"),
    "exceptions.asked": ("{who} 于 {at} 提出", "asked for by {who}, {at}"),
    "exceptions.agreed": ("{who} 于 {at} 同意", "agreed to by {who}, {at}"),
    "exceptions.begins": ("自 {at}", "from {at}"),
    "exceptions.until": ("至 {at}", "until {at}"),
    "exceptions.ended": ("{at} 结束", "ended {at}"),
    "exceptions.ended.by": ("{who} 的理由：{why}", "{who}: {why}"),
    "exceptions.applied": (
        "到目前为止有 {n} 个检查点按此没有提示。",
        "{n} checkpoints were passed over by it so far.",
    ),
    "exceptions.applied.one": (
        "到目前为止有 1 个检查点按此没有提示。",
        "One checkpoint was passed over by it so far.",
    ),
    "exceptions.applied.when": ("最早 {first}，最近 {last}。", "First {first}, last {last}."),
    "exceptions.applied.none": (
        "生效以来还没有用到过。",
        "It has passed over nothing since it was agreed to.",
    ),
    "exceptions.counted": (
        "次数只统计到最近的 {at}；更早的见 cleangov suppress list。",
        "Counted back to {at}; for more, see “cleangov suppress list”.",
    ),
    "exceptions.own": (
        "这是您提出的，须由另一人同意；您可以撤回。",
        "You asked for this: somebody else agrees or refuses. You may withdraw it.",
    ),
    "exceptions.agree": ("同意，使其生效", "Agree; it counts then"),
    "exceptions.refuse": ("不同意", "Refuse"),
    "exceptions.withdraw": ("撤回", "Withdraw"),
    "exceptions.end": ("提前结束", "End it before its time"),
    "exceptions.named.deputy": (
        "代理人的平台账号（页面只显示假名，请填写以核对）",
        "Who stands in, as the platform knows them (here by pseudonym: name them to be sure)",
    ),
    "exceptions.named.party": (
        "当事人在平台上的编号（页面只显示假名，请填写以核对）",
        "The party, as the platform knows them (here by pseudonym: name them to be sure)",
    ),
    "exceptions.why": (
        "理由（4 到 300 字，公开，不写人名）",
        "Ground (4 to 300 characters; public, so name no person)",
    ),
    "exceptions.field.rule": ("规则", "Rule"),
    "exceptions.field.scope": ("对什么", "For what"),
    "exceptions.field.place": ("编号", "Which one"),
    "exceptions.field.place.help": (
        "单位代码、环节、案件号或当事人编号，与平台所写一致。",
        "The unit, step, case or party, as the platform writes it.",
    ),
    "exceptions.field.unit": ("单位", "unit"),
    "exceptions.field.step": ("环节", "step"),
    "exceptions.field.case": ("案件", "case"),
    "exceptions.field.party": ("当事人", "party"),
    "exceptions.field.basis": ("法律依据", "The law"),
    "exceptions.field.until": ("结束时间（最长 {days} 天）", "Until ({days} days at most)"),
    "exceptions.field.begins": ("开始时间（不填为现在）", "From (now, if left empty)"),
    "exceptions.field.deputy": ("代理人（平台账号）", "Who stands in (name on the platform)"),
    "exceptions.field.role": ("代理的角色", "For the role"),
    "exceptions.field.person": ("或：代理的人员", "Or for the person"),
    "exceptions.ask": ("提出", "Ask for it"),
}
