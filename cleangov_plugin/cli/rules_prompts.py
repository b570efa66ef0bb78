"""``cleangov rules prompts``: what became of each rule's hits, for those who look after rules."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

import click

from .options import Options
from .own_desk import desk_of, ledger_of

#: zh, then en.
_LINE: Final = (
    "{rule}  出示 {shown}  转为提示 {passed_over}  特殊状态放行 {in_a_mode}  查实至少 {worth} %",
    "{rule}  shown {shown}  passed over {passed_over}  in a mode {in_a_mode}  worth {worth} %",
)
_NONE: Final = ("这段时间没有二级、三级提醒", "no prompts of tiers 2 and 3 in that time")


@click.command("prompts")
@click.option("--log-id", metavar="ID", help="The ledger; may be left out where there is one.")
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True)
@click.pass_obj
def command(options: Options, log_id: str | None, days: int) -> None:
    """Show by rule what officers were shown of tiers 2 and 3, and what a full day passed over."""
    from cleangov_plugin.desk.choice.prompted import prompted_rules

    row = ledger_of(options, log_id)
    with desk_of(options, row) as desk:
        found: Mapping[str, dict[str, int]] = {
            rule: asdict(counted)
            for rule, counted in prompted_rules(desk, row["log_id"], days).items()
        }
    place = int(options.language == "en")
    lines = [
        _LINE[place].format(rule=rule, **{**told, "worth": told["worth"] / 10})
        for rule, told in found.items()
    ]
    options.say(found, *(lines or [_NONE[place]]))
