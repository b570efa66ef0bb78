"""``cleangov mode``: a mode is declared for a time, agreed to by a second person, and ends."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import click

from cleangov_plugin.domain.errors import SettingsError

from .options import Options
from .own_desk import desk_of, ledger_of

if TYPE_CHECKING:
    from cleangov_hooks import Person
    from cleangov_plugin.prompts.modes import Declared

#: zh, then en.
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "declared": (
        "{id} 已宣布，尚未生效：须由另一人运行 cleangov mode confirm {id}",
        "{id} is declared and not in force yet: somebody else runs cleangov mode confirm {id}",
    ),
    "line": (
        "{id}  {name}  {state}  至 {until}  {why}",
        "{id}  {name}  {state}  until {until}  {why}",
    ),
    "none": ("没有宣布过任何状态", "no mode was declared"),
    "waiting": ("待确认", "to be agreed to"),
    "in_force": ("生效中", "in force"),
    "over": ("已结束", "over"),
}


@click.group("mode")
def command() -> None:
    """Declare emergencies, campaigns and green channels for a time; see what is in force.

    In a mode a hit of tier 2 or 3 does not interrupt where the rule's own file says so (`eased`).
    What an emergency or a campaign let through becomes findings when it ends, by `cleangov tick`.
    Declaring, agreeing and ending are entries of the ledger.
    """


_log_id = click.option("--log-id", metavar="ID", help="The ledger; may be left out if it is alone.")
_by = click.option("--by", required=True, metavar="NAME", help="Who, as the platform knows them.")


@command.command("declare")
@_log_id
@click.argument("mode", metavar="MODE")
@click.option("--until", required=True, metavar="TIME", help="2026-12-02T18:00, there.")
@click.option("--why", required=True, metavar="TEXT", help="The ground. It is public.")
@click.option("--unit", "units", multiple=True, metavar="UNIT", help="For this unit; repeatable.")
@click.option("--stream", "streams", multiple=True, metavar="STREAM", help="For this stream.")
@_by
@click.pass_obj
def declare_command(options: Options, /, **given: Any) -> None:
    """Declare emergency (14 days at most), campaign (90) or green_channel (180)."""
    from cleangov_plugin.desk.choice.modes import Wish, declare

    row = ledger_of(options, given["log_id"])
    wish = Wish(
        mode=given["mode"],
        why=given["why"],
        until=_moment(given["until"], ZoneInfo(row["zone"])),
        units=given["units"],
        streams=given["streams"],
    )
    with desk_of(options, row) as desk:
        id_ = declare(desk, row["log_id"], wish, _person(given["by"]), options.language)
    options.say({"id": id_, "in_force": False}, _say(options, "declared", id=id_))


@command.command("confirm")
@_log_id
@click.argument("mode_id", metavar="ID")
@_by
@click.pass_obj
def confirm_command(options: Options, log_id: str | None, mode_id: str, by: str) -> None:
    """Agree to a mode that somebody else declared: from now on it is in force."""
    from cleangov_plugin.desk.choice.modes import confirm

    row = ledger_of(options, log_id)
    with desk_of(options, row) as desk:
        found = confirm(desk, row["log_id"], mode_id, _person(by), options.language)
    options.say(_document(found), _line(options, found, row["zone"]))


@command.command("end")
@_log_id
@click.argument("mode_id", metavar="ID")
@click.option("--why", required=True, metavar="TEXT", help="The ground. It is public.")
@_by
@click.pass_obj
def end_command(options: Options, log_id: str | None, mode_id: str, why: str, by: str) -> None:
    """End a mode before its time, whether it is in force or waits for a second person."""
    from cleangov_plugin.desk.choice.modes import end

    row = ledger_of(options, log_id)
    with desk_of(options, row) as desk:
        found = end(desk, row["log_id"], mode_id, _person(by), why, options.language)
    options.say(_document(found), _line(options, found, row["zone"]))


@command.command("list")
@_log_id
@click.pass_obj
def list_command(options: Options, log_id: str | None) -> None:
    """List the modes that were declared, the oldest first."""
    from cleangov_plugin.desk.choice.modes import all_modes

    row = ledger_of(options, log_id)
    with desk_of(options, row) as desk:
        found = all_modes(desk, row["log_id"])
    lines = [_line(options, mode, row["zone"]) for mode in found]
    options.say([_document(mode) for mode in found], *(lines or [_say(options, "none")]))


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        there = found if found.tzinfo else found.replace(tzinfo=zone)
        return there.astimezone(UTC)
    except (ValueError, OverflowError):
        remedy = "Write 2026-12-02T18:00."
        raise SettingsError(f"'{text[:40]}' is no time.", where="--until", remedy=remedy) from None


def _person(name: str) -> "Person":
    from cleangov_hooks import Person

    return Person(id=name, name=name)


def _state(mode: "Declared") -> str:
    now = datetime.now(UTC)
    if mode.is_over(now):
        return "over"
    return "in_force" if mode.is_in_force(now) else "waiting"


def _document(mode: "Declared") -> dict[str, Any]:
    return {
        "id": mode.id,
        "mode": mode.mode.value,
        "state": _state(mode),
        "why": mode.why,
        "until": mode.ends.isoformat(),
        "units": sorted(mode.units),
        "streams": sorted(mode.streams),
        "declared_by": mode.declared_by,
        "confirmed_by": mode.confirmed_by,
    }


def _line(options: Options, mode: "Declared", zone: str) -> str:
    from cleangov_plugin.desk.choice.mode_words import named

    return _say(
        options,
        "line",
        id=mode.id,
        name=named(mode.mode, options.language),
        state=_say(options, _state(mode)),
        until=mode.ends.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M"),
        why=mode.why,
    )


def _say(options: Options, key: str, **values: Any) -> str:
    return _WORDS[key][options.language == "en"].format(**values)
