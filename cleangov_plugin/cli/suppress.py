"""``cleangov suppress``: a rule is quiet for a place, until a day."""

from typing import Any, Final

import click

from .declared import add_acts, by_option, log_id_option, until_option, why_option
from .options import Options
from .passing import declare_passing, group_of

_GROUP: Final = group_of(
    "suppress", "suppression", ("没有宣布过抑制", "no suppression was declared")
)


@click.group("suppress")
def command() -> None:
    """Let a rule be quiet for a unit, a step or a case until a day; see what it passed over.

    It takes two people. The rule is asked all the same: what it hits is recorded as suppressed,
    with the number of what was declared, and counted here. Red is never suppressed.
    """


@command.command("declare")
@log_id_option
@click.argument("rule", metavar="RULE")
@click.option("--unit", metavar="UNIT", default="", help="For this unit.")
@click.option("--step", metavar="STEP", default="", help="For this step, as the platform names it.")
@click.option("--case", metavar="CASE", default="", help="For this case.")
@until_option
@why_option
@by_option
@click.pass_obj
def declare_command(options: Options, /, **given: Any) -> None:
    """Declare that a rule is quiet, for 90 days at the most."""
    declare_passing(options, _GROUP, "suppression", given)


add_acts(command, _GROUP)
