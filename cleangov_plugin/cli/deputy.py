"""``cleangov deputy``: somebody looks a second time in another one's place, for a time."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import click

from .declared import (
    Group,
    add_acts,
    by_option,
    declare,
    log_id_option,
    moment,
    until_option,
    why_option,
)
from .options import Options

if TYPE_CHECKING:
    from cleangov_plugin.desk.choice.declaring import Book
    from cleangov_plugin.prompts.deputies import Deputy

#: zh, then en.
_NAMED: Final = ("{deputy} 代理 {who}", "{deputy} stands in for {who}")


def _book() -> "Book[Deputy]":
    from cleangov_plugin.desk.choice.deputies import DEPUTIES

    return DEPUTIES


def _named(found: "Deputy", language: str) -> str:
    who = found.role or found.person
    return _NAMED[language == "en"].format(deputy=found.deputy, who=who)


def _document(found: "Deputy") -> dict[str, Any]:
    return {
        "deputy": found.deputy,
        "role": found.role,
        "person": found.person,
        "from": found.begins.isoformat(),
    }


_GROUP: Final = Group(
    name="deputy",
    none=("没有指定过代理人", "no deputy was declared"),
    book=_book,
    named=_named,
    document=_document,
)


@click.group("deputy")
def command() -> None:
    """Say who looks a second time for a role or a person, from when and until when.

    It takes two people, and each act is an entry of the ledger; people stand there by pseudonym.
    While it holds, what waits for the role or the person waits for the deputy as well.
    """


@command.command("declare")
@log_id_option
@click.argument("deputy", metavar="NAME")
@click.option("--role", metavar="ROLE", default="", help="For this role.")
@click.option("--person", metavar="NAME", default="", help="For this person.")
@click.option("--from", "begins", metavar="TIME", help="From then on; now, if it is left out.")
@until_option
@why_option
@by_option
@click.pass_obj
def declare_command(options: Options, /, **given: Any) -> None:
    """Declare a deputy, for 366 days at the most."""
    from cleangov_plugin.desk.choice import deputies

    def wish(zone: ZoneInfo) -> deputies.Wish:
        begins = given["begins"]
        return deputies.Wish(
            deputy=given["deputy"],
            why=given["why"],
            begins=moment(begins, zone, "--from") if begins else datetime.now(UTC),
            until=moment(given["until"], zone),
            role=given["role"],
            person=given["person"],
        )

    declare(options, _GROUP, given, wish, deputies.declare)


add_acts(command, _GROUP)
