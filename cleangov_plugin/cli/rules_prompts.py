"""``cleangov rules prompts``: what became of each rule's hits, for those who look after rules."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from .options import Options
from .own_desk import desk_of, ledger_of

if TYPE_CHECKING:
    from cleangov_plugin.prompts.manner import Manner

#: zh, then en.
_LINE: Final = (
    "{rule}  出示 {shown}  转为提示 {passed_over}  特殊状态放行 {in_a_mode}  查实至少 {worth} %",
    "{rule}  shown {shown}  passed over {passed_over}  in a mode {in_a_mode}  worth {worth} %",
)
_ANSWERED: Final = (
    "{rule}  答复 {answers}  中位 {dwell}（可见 {seen}，显示 {rendered}）  过快 {hurried}/{timed}",
    "{rule}  answers {answers}  {dwell} (seen {seen}, shown {rendered})  hurried {hurried}/{timed}",
)
_COPIED: Final = ("  用语重复 {copied}/{worded}", "  copied {copied} of {worded}")
_WORN: Final = (
    "  先改规则：问得太多或问了无用",
    "  look at the rule first: it asks too much, or in vain",
)
_FEW: Final = (
    "{rule}  没有一个月有 {fewest} 人以上答复，不作统计：那将是个人的统计",
    "{rule}  answered by fewer than {fewest} officers in each month: figures would be about them",
)
_NONE: Final = (
    "这几个整月没有二级、三级提醒（本月不计）",
    "no prompts of tiers 2 and 3 in those months (this one is not counted)",
)


@click.command("prompts")
@click.option("--log-id", metavar="ID", help="The ledger; may be left out where there is one.")
@click.option(
    "--months",
    type=click.IntRange(1, 120),
    default=3,
    show_default=True,
    help="Whole months before this one.",
)
@click.pass_obj
def command(options: Options, log_id: str | None, months: int) -> None:
    """Show by rule what officers were shown, and in which manner they answered; it names nobody.

    Hurried is an answer at tier 3 and above in less than 2.5 s; copied, one in words that stood
    before in another case. Both say that the rule is to be looked at. A month in which fewer than
    five people answered a rule is left out of these: it would be theirs. Only whole months are
    counted, and not this one: two spans that differ by a day would tell whoever worked on it.
    """
    from cleangov_plugin.desk.choice.prompted import FEWEST, answered_rules, prompted_rules

    row = ledger_of(options, log_id)
    with desk_of(options, row) as desk:
        found = prompted_rules(desk, row["log_id"], months)
        answered = answered_rules(desk, row["log_id"], months)
    place = int(options.language == "en")
    document: dict[str, dict[str, Any]] = {rule: asdict(told) for rule, told in found.items()}
    lines = [
        _LINE[place].format(rule=rule, **{**told, "worth": told["worth"] / 10})
        for rule, told in document.items()
    ]
    for rule, manner in answered.by_rule.items():
        document.setdefault(rule, {})["answered"] = figures(manner)
        lines.append(said(rule, manner, place))
    for rule in answered.too_few:
        document.setdefault(rule, {})["answered_by_too_few"] = True
        lines.append(_FEW[place].format(rule=rule, fewest=FEWEST))
    options.say(document, *(lines or [_NONE[place]]))


def figures(manner: "Manner") -> dict[str, Any]:
    """Answer in which manner prompts were answered, as ``--json`` says it.

    :param manner: what was counted.
    """
    told = asdict(manner)
    return {name: value for name, value in told.items() if not name.startswith("_")} | {
        "is_worn": manner.is_worn
    }


def said(rule: str, manner: "Manner", place: int) -> str:
    """Answer in which manner a rule's prompts were answered, as a line.

    :param rule: id of the rule.
    :param manner: what was counted.
    :param place: 0 for Chinese, 1 for English.
    """
    told = figures(manner)
    dwell = "–" if manner.dwell_ms is None else f"{manner.dwell_ms / 1000:.1f} s"
    worn = _WORN[place] if manner.is_worn else ""
    words = _ANSWERED[place] + _COPIED[place]
    return words.format(rule=rule, **told | {"dwell": dwell}) + worn
