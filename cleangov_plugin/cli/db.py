"""``cleangov db``: the plugin's own tables, and nothing of the host's."""

import click

from .guarding import guards
from .leaving import export, uninstall
from .main import FOUND
from .options import Options


@click.group("db")
def command() -> None:
    """Make, upgrade, check, export and remove the plugin's own tables."""


command.add_command(export)
command.add_command(uninstall)
command.add_command(guards)


@command.command("upgrade")
@click.option("--sql", "is_sql", is_flag=True, help="Print the statements, run nothing.")
@click.pass_obj
def upgrade(options: Options, is_sql: bool) -> None:
    """Bring the plugin's tables up to this release; the host's tables are not touched.

    Guards that stand are put up again, around what is new as well. Seal afterwards.
    """
    import cleangov_migrations
    from cleangov_plugin.store.connecting import connected, shown
    from cleangov_plugin.store.guards import applying

    if is_sql:
        click.echo(cleangov_migrations.sql(options.url.partition(":")[0].partition("+")[0]))
        return
    with connected(options.url) as database:
        with database.own_transaction() as connection:
            before = cleangov_migrations.current(connection)
            roles = applying.remembered(connection)
            cleangov_migrations.upgrade(connection)
            after = cleangov_migrations.current(connection)
            if roles is not None and before != after:
                applying.apply(connection, roles)
        told = {"from": before, "to": after}
        options.say(told, f"{shown(database)}: {before or '-'} -> {after}")


@command.command("check")
@click.pass_obj
@click.pass_context
def check(ctx: click.Context, options: Options) -> None:
    """Compare the tables with this release; exit 1 where they differ."""
    import cleangov_migrations
    from cleangov_plugin.store.connecting import connected, shown

    with connected(options.url) as database:
        with database.own_transaction(is_reading=True) as connection:
            differences = cleangov_migrations.check(connection)
        lines = differences or [f"{shown(database)}: ok"]
        options.say({"differences": differences}, *lines)
    if differences:
        ctx.exit(FOUND)
