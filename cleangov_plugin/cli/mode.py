"""``cleangov mode``: a mode is declared for a time, agreed to by a second person, and ends."""

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
    from cleangov_plugin.prompts.modes import Declared


def _book() -> "Book[Declared]":
    from cleangov_plugin.desk.choice.modes import MODES

    return MODES


def _named(mode: "Declared", language: str) -> str:
    from cleangov_plugin.desk.choice.mode_words import named

    return named(mode.mode, language)


def _document(mode: "Declared") -> dict[str, Any]:
    return {
        "mode": mode.mode.value,
        "units": sorted(mode.units),
        "streams": sorted(mode.streams),
    }


_GROUP: Final = Group(
    name="mode",
    none=("没有宣布过任何状态", "no mode was declared"),
    book=_book,
    named=_named,
    document=_document,
)


@click.group("mode")
def command() -> None:
    """Declare emergencies, campaigns and green channels for a time; see what is in force.

    In a mode a hit of tier 2 or 3 does not interrupt where the rule's own file says so (`eased`).
    What an emergency or a campaign let through becomes findings when it ends, by `cleangov tick`.
    Declaring, agreeing and ending are entries of the ledger.
    """


@command.command("declare")
@log_id_option
@click.argument("mode", metavar="MODE")
@until_option
@why_option
@click.option("--unit", "units", multiple=True, metavar="UNIT", help="For this unit; repeatable.")
@click.option("--stream", "streams", multiple=True, metavar="STREAM", help="For this stream.")
@by_option
@click.pass_obj
def declare_command(options: Options, /, **given: Any) -> None:
    """Declare emergency (14 days at most), campaign (90) or green_channel (180)."""
    from cleangov_plugin.desk.choice import modes

    def wish(zone: ZoneInfo) -> modes.Wish:
        return modes.Wish(
            mode=given["mode"],
            why=given["why"],
            until=moment(given["until"], zone),
            units=given["units"],
            streams=given["streams"],
        )

    declare(options, _GROUP, given, wish, modes.declare)


add_acts(command, _GROUP)
