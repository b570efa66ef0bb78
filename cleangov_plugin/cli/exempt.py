"""``cleangov exempt``: a case or a party is exempt from a rule by law, until a day."""

from typing import Any, Final

import click

from .declared import add_acts, by_option, log_id_option, until_option, why_option
from .options import Options
from .passing import declare_passing, group_of

_GROUP: Final = group_of("exempt", "exemption", ("没有宣布过豁免", "no exemption was declared"))


@click.group("exempt")
def command() -> None:
    """Exempt a case or a party from a rule where a law says so, until a day; red ones, too.

    It takes two people. The rule is asked all the same: what it hits is recorded as exempt, with
    the number of what was declared, and counted here.
    """


@command.command("declare")
@log_id_option
@click.argument("rule", metavar="RULE")
@click.option("--case", metavar="CASE", default="", help="This case.")
@click.option("--party", metavar="ID", default="", help="This party, as the platform knows them.")
@click.option("--basis", required=True, metavar="TEXT", help="The law that exempts. It is public.")
@until_option
@why_option
@by_option
@click.pass_obj
def declare_command(options: Options, /, **given: Any) -> None:
    """Declare an exemption, for 366 days at the most."""
    declare_passing(options, _GROUP, "exemption", given)


add_acts(command, _GROUP)
