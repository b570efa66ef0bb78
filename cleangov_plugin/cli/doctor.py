"""``cleangov doctor``: what keeps the plugin from working, and what to do about it."""

from datetime import UTC, datetime

import click

from .main import FOUND
from .options import Options
from .settings import settings_for


@click.command("doctor")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, options: Options) -> None:
    """Look at database, tables, rules, working days, keys and what is owed; change nothing.

    Settings are read from the environment, as the platform hands them over; run it where and as
    whom the platform runs. Exit status: 1 where something must be mended.
    """
    from cleangov_plugin.desk.health.checks import examine
    from cleangov_plugin.desk.health.health_check import State
    from cleangov_plugin.desk.health.health_words import said

    checks = examine(settings_for(options), datetime.now(UTC).date())
    lines, document = [], []
    for check in checks:
        mark, found, mend = said(check, options.language)
        lines.append(f"{mark:<5} {found}" + (f"  {mend}" if mend else ""))
        document.append(
            {"key": check.key, "state": check.state.value, "found": found, "remedy": mend}
        )
    options.say({"checks": document}, *lines)
    if any(check.state is State.BAD for check in checks):
        ctx.exit(FOUND)
