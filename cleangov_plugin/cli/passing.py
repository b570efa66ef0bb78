"""What ``cleangov suppress`` and ``cleangov exempt`` share: a rule is passed over, until a day."""

from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from .declared import Group, Listed, declare, moment
from .options import Options

if TYPE_CHECKING:
    from cleangov_plugin.desk.choice.declaring import Book
    from cleangov_plugin.desk.desk import Desk
    from cleangov_plugin.prompts.passing import Passing

#: zh, then en.
_SCOPES: Final = {
    "unit": ("单位", "unit"),
    "step": ("环节", "step"),
    "case": ("案件", "case"),
    "party": ("当事人（假名）", "party, by pseudonym"),
}
_COUNTED: Final = ("  命中但未提示的检查点：{n}", "  checkpoints passed over: {n}")


def _book() -> "Book[Passing]":
    from cleangov_plugin.desk.choice.passings import PASSINGS

    return PASSINGS


def _named(passing: "Passing", language: str) -> str:
    scope = _SCOPES[passing.scope.value][language == "en"]
    basis = f"  {passing.basis}" if passing.basis else ""
    return f"{passing.rule}  {scope} {passing.place}{basis}"


def _document(passing: "Passing") -> dict[str, Any]:
    return {
        "sort": passing.sort.value,
        "rule": passing.rule,
        "scope": passing.scope.value,
        "place": passing.place,
        "basis": passing.basis,
    }


def group_of(name: str, sort: str, none: tuple[str, str]) -> Group:
    """Make the group of one of both.

    :param name: name of the command.
    :param sort: suppression or exemption.
    :param none: what is said where none was declared, zh and en.
    """

    def listed(desk: "Desk", log_id: str, language: str) -> list[Listed]:
        from cleangov_plugin.desk.choice.passings import counted

        found = [(one, n) for one, n in counted(desk, log_id) if one.sort.value == sort]
        text = _COUNTED[language == "en"]
        return [Listed(one, {"passed_over": n}, text.format(n=n)) for one, n in found]

    return Group(name=name, none=none, book=_book, named=_named, document=_document, listed=listed)


def declare_passing(options: Options, group: Group, sort: str, given: dict[str, Any]) -> None:
    """Declare one of both, and say what is still to be done.

    :param options: the options of the command line.
    :param group: the group of commands.
    :param sort: suppression or exemption.
    :param given: what stands in the line.
    """
    from cleangov_plugin.desk.choice import passings
    from cleangov_plugin.prompts.passing import Scope, Sort

    def wish(zone: ZoneInfo) -> passings.Wish:
        return passings.Wish(
            sort=Sort(sort),
            rule=given["rule"],
            places={scope: given.get(scope.value, "") for scope in Scope},
            why=given["why"],
            until=moment(given["until"], zone),
            basis=given.get("basis", ""),
        )

    declare(options, group, given, wish, passings.declare)
