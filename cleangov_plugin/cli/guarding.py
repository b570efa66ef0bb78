"""``cleangov db guards``: roles, rights and triggers around what is evidence; shown, then run."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from .options import Options

if TYPE_CHECKING:
    from cleangov_plugin.store.guards.applying import Roles

#: zh, then en.
_WORDS: Final = {
    "apply": (
        "已设置 {number} 个触发器。请再封存一次（cleangov seal），使这次改动记入账本。",
        "{number} triggers stand. Seal again (cleangov seal): the ledger then knows.",
    ),
    "remove": (
        "保护已撤除，角色保留。请再封存一次（cleangov seal），使这次改动记入账本。",
        "the guards are down, the roles stay. Seal again (cleangov seal): the ledger then knows.",
    ),
}


_HOLDERS: Final = {
    "app": "the platform",
    "sealer": "whoever seals",
    "eraser": "whoever erases personal fields",
    "auditor": "whoever verifies",
}


def _with_roles(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that name the four roles."""
    for name, holder in reversed(_HOLDERS.items()):
        what = f"PostgreSQL role of {holder}."
        command = click.option(f"--role-{name}", name, metavar="NAME", help=what)(command)
    return command


@click.command("guards")
@click.option("--show", "action", flag_value="show", default="show", help="Print the SQL alone.")
@click.option("--apply", "action", flag_value="apply", help="Run it, in one transaction.")
@click.option("--remove", "action", flag_value="remove", help="Take the guards down again.")
@_with_roles
@click.pass_obj
def guards(options: Options, /, action: str, **roles: str | None) -> None:
    """Show, put up or take down the guards of the ledger; showing is the default.

    Roles, rights and triggers keep mistakes and a stolen account of the platform away from what is
    evidence. What verifying finds does not depend on them. Run it as the owner of the tables. Roles
    that are missing are made, without login.
    """
    from cleangov_plugin.store.connecting import connected, require_schema
    from cleangov_plugin.store.guards import applying

    dialect = options.url.partition(":")[0].partition("+")[0]
    if action == "show":
        script = applying.whole(_known(dialect, options.url), _chosen(roles, None))
        options.say({"sql": script}, script.rstrip("\n"))
        return
    with connected(options.url, is_made=False) as database:
        require_schema(database)
        with database.own_transaction() as connection:
            chosen = _chosen(roles, applying.remembered(connection))
            change = applying.apply if action == "apply" else applying.remove
            change(connection, chosen)
            standing = applying.standing(connection)
    told = {"standing": standing, "roles": None if dialect == "sqlite" else asdict(chosen)}
    options.say(told, _WORDS[action][options.language == "en"].format(number=len(standing)))


def _known(dialect: str, url: str) -> str:
    """Answer the kind of database; what is no address of one is refused as everywhere."""
    if dialect in ("sqlite", "postgresql"):
        return dialect
    from cleangov_plugin.store.connecting import connected

    with connected(url, is_made=False) as database:
        return "sqlite" if database.is_sqlite else "postgresql"


def _chosen(roles: dict[str, str | None], before: "Roles | None") -> "Roles":
    """Answer the names that were given, else those of last time, else the usual ones."""
    from cleangov_plugin.store.guards.applying import Roles

    given = {name: value for name, value in roles.items() if value is not None}
    return Roles(**{**asdict(before or Roles()), **given})
