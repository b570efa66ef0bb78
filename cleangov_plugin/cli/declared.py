"""What the commands share by which two people declare something: agree, end, list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import click

from cleangov_plugin.domain.errors import SettingsError

from .options import Options
from .own_desk import desk_of, ledger_of

if TYPE_CHECKING:
    from cleangov_hooks import Person
    from cleangov_plugin.desk.choice.declaring import Book
    from cleangov_plugin.desk.desk import Desk
    from cleangov_plugin.prompts.declarations import Declaration

#: zh, then en.
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "declared": (
        "{id} 已宣布，尚未生效：须由另一人运行 cleangov {group} confirm {id}",
        "{id} is declared and not in force yet: somebody else runs cleangov {group} confirm {id}",
    ),
    "line": (
        "{id}  {name}  {state}  至 {until}  {why}",
        "{id}  {name}  {state}  until {until}  {why}",
    ),
    "waiting": ("待确认", "to be agreed to"),
    "in_force": ("生效中", "in force"),
    "over": ("已结束", "over"),
}

log_id_option = click.option(
    "--log-id", metavar="ID", help="The ledger; may be left out if it is alone."
)
by_option = click.option(
    "--by", required=True, metavar="NAME", help="Who, as the platform knows them."
)
until_option = click.option(
    "--until", required=True, metavar="TIME", help="2026-12-02T18:00, there."
)
why_option = click.option("--why", required=True, metavar="TEXT", help="The ground. It is public.")


class Listed(NamedTuple):
    """One line of a list.

    :param one: what was declared.
    :param more: what ``--json`` adds.
    :param end: what the line ends with.
    """

    one: Any
    more: dict[str, Any] = {}  # noqa: RUF012 - never changed
    end: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group of commands.

    :param name: its name, ``"mode"``.
    :param none: what is said where nothing was declared, zh and en.
    :param book: answers the book; late, so that help is quick.
    :param named: names one declaration in a language.
    :param document: what ``--json`` adds of one.
    :param listed: answers what is listed of a ledger, in a language; None lists the whole book.
    """

    name: str
    none: tuple[str, str]
    book: "Callable[[], Book[Any]]"
    named: "Callable[[Any, str], str]"
    document: "Callable[[Any], dict[str, Any]]"
    listed: "Callable[[Desk, str, str], list[Listed]] | None" = None


def moment(text: str, zone: ZoneInfo, option: str = "--until") -> datetime:
    """Read a time as people there write it.

    :param text: ``"2026-12-02T18:00"``; hostile.
    :param zone: the agency's zone, where the text names none.
    :param option: the option it came with.
    :raises SettingsError: where it is no time.
    """
    try:
        found = datetime.fromisoformat(text)
        there = found if found.tzinfo else found.replace(tzinfo=zone)
        return there.astimezone(UTC)
    except (ValueError, OverflowError):
        remedy = "Write 2026-12-02T18:00."
        raise SettingsError(f"'{text[:40]}' is no time.", where=option, remedy=remedy) from None


def person_of(name: str) -> "Person":
    """Answer somebody as the platform knows them; blanks around a name make nobody else of them.

    :param name: the platform's id.
    """
    from cleangov_hooks import Person

    return Person(id=name.strip(), name=name.strip())


def declare(
    options: Options,
    group: Group,
    given: Mapping[str, Any],
    wish: Callable[[ZoneInfo], Any],
    act: Callable[..., str],
) -> None:
    """Declare what stands in the line, and say what is still to be done.

    :param options: the options of the command line.
    :param group: the group of commands.
    :param given: what stands in the line.
    :param wish: makes of it what is declared, by the agency's zone.
    :param act: declares it: desk, ledger, wish, person, language; answers its id.
    """
    row = ledger_of(options, given["log_id"])
    found = wish(ZoneInfo(row["zone"]))
    with desk_of(options, row) as desk:
        id_ = act(desk, row["log_id"], found, person_of(given["by"]), options.language)
    text = _say(options, "declared", id=id_, group=group.name)
    options.say({"id": id_, "in_force": False}, text)


def add_acts(command: click.Group, group: Group) -> None:
    """Add the commands that are the same for all that two people declare.

    :param command: the group to add them to.
    :param group: what they are about.
    """
    _add_confirm(command, group)
    _add_end(command, group)
    _add_list(command, group)


def _add_confirm(command: click.Group, group: Group) -> None:
    @command.command("confirm")
    @log_id_option
    @click.argument("declared_id", metavar="ID")
    @by_option
    @click.pass_obj
    def confirm_command(options: Options, log_id: str | None, declared_id: str, by: str) -> None:
        """Agree to what somebody else declared: from now on it is in force."""
        row = ledger_of(options, log_id)
        with desk_of(options, row) as desk:
            place = (desk, row["log_id"], declared_id)
            found = group.book().confirm(*place, person_of(by), options.language)
        _tell(options, group, found, row["zone"])


def _add_end(command: click.Group, group: Group) -> None:
    @command.command("end")
    @log_id_option
    @click.argument("declared_id", metavar="ID")
    @why_option
    @by_option
    @click.pass_obj
    def end_command(
        options: Options, log_id: str | None, declared_id: str, why: str, by: str
    ) -> None:
        """End it before its time, whether it is in force or waits for a second person."""
        row = ledger_of(options, log_id)
        with desk_of(options, row) as desk:
            place = (desk, row["log_id"], declared_id)
            found = group.book().end(*place, person_of(by), why, options.language)
        _tell(options, group, found, row["zone"])


def _add_list(command: click.Group, group: Group) -> None:
    @command.command("list")
    @log_id_option
    @click.pass_obj
    def list_command(options: Options, log_id: str | None) -> None:
        """List what was declared, the oldest first."""
        row = ledger_of(options, log_id)
        with desk_of(options, row) as desk:
            found = (
                group.listed(desk, row["log_id"], options.language)
                if group.listed
                else [Listed(one) for one in group.book().all_of(desk, row["log_id"])]
            )
        lines = [_line(options, group, each.one, row["zone"]) + each.end for each in found]
        none = group.none[options.language == "en"]
        documents = [{**_document(group, each.one), **each.more} for each in found]
        options.say(documents, *(lines or [none]))


def _tell(options: Options, group: Group, found: "Declaration", zone: str) -> None:
    options.say(_document(group, found), _line(options, group, found, zone))


def _state(found: "Declaration") -> str:
    now = datetime.now(UTC)
    if found.is_over(now):
        return "over"
    return "in_force" if found.is_in_force(now) else "waiting"


def _document(group: Group, found: "Declaration") -> dict[str, Any]:
    return {
        "id": found.id,
        **group.document(found),
        "state": _state(found),
        "why": found.why,
        "until": found.ends.isoformat(),
        "declared_by": found.declared_by,
        "confirmed_by": found.confirmed_by,
    }


def _line(options: Options, group: Group, found: "Declaration", zone: str) -> str:
    return _say(
        options,
        "line",
        id=found.id,
        name=group.named(found, options.language),
        state=_say(options, _state(found)),
        until=found.ends.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M"),
        why=" ".join(found.why.split()),  # on its own line nothing looks like another declaration
    )


def _say(options: Options, key: str, **values: Any) -> str:
    return _WORDS[key][options.language == "en"].format(**values)
