"""``cleangov persons``: figures about one officer; off by default, and decided on by two people."""

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
    person_of,
    until_option,
    why_option,
)
from .options import Options
from .own_desk import desk_of, ledger_of
from .rules_prompts import figures, said

if TYPE_CHECKING:
    from cleangov_plugin.desk.choice.declaring import Book
    from cleangov_plugin.prompts.person_statistics import Decision

#: zh, then en.
_NAMED: Final = ("依据 {basis}；征求意见：{consulted}", "by {basis}; consulted: {consulted}")
_FEW: Final = (
    "{rule}  答复太少，不作统计",
    "{rule}  too few answers to say anything",
)
_NONE: Final = ("这段时间没有答复", "no answers in that time")


def _book() -> "Book[Decision]":
    from cleangov_plugin.desk.choice.person_statistics import DECISIONS

    return DECISIONS


def _named(found: "Decision", language: str) -> str:
    return _NAMED[language == "en"].format(basis=found.basis, consulted=found.consulted)


def _document(found: "Decision") -> dict[str, Any]:
    return {"basis": found.basis, "consulted": found.consulted}


_GROUP: Final = Group(
    name="persons",
    none=("没有作出过这样的决定", "nobody decided on them"),
    book=_book,
    named=_named,
    document=_document,
)


@click.group("persons")
def command() -> None:
    """Decide on figures about single officers, and look at one.

    They are off by default. They need CLEANGOV_PERSON_STATISTICS=on and a decision of two people
    that names the law and who was consulted, for 183 days at the most. They say in which manner
    somebody answered prompts, never what they decided, and order nobody. The officer reads them on
    their own page, and who else has.
    """


@command.command("declare")
@log_id_option
@click.option("--basis", required=True, metavar="LAW", help="The law that allows it. It is public.")
@click.option(
    "--consulted", required=True, metavar="TEXT", help="Who was consulted, and when. It is public."
)
@until_option
@why_option
@by_option
@click.pass_obj
def declare_command(options: Options, /, **given: Any) -> None:
    """Decide that there are such figures, for 183 days at the most."""
    from cleangov_plugin.desk.choice import person_statistics

    def wish(zone: ZoneInfo) -> person_statistics.Wish:
        return person_statistics.Wish(
            basis=given["basis"],
            consulted=given["consulted"],
            why=given["why"],
            until=moment(given["until"], zone),
        )

    declare(options, _GROUP, given, wish, person_statistics.declare)


@command.command("show")
@log_id_option
@click.argument("name", metavar="NAME")
@by_option
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is recorded.")
@click.pass_obj
def show_command(options: Options, log_id: str | None, name: str, by: str, reason: str) -> None:
    """Show in which manner one officer answered prompts; that you looked is an entry."""
    from cleangov_plugin.desk.choice.person_statistics import look_at

    row = ledger_of(options, log_id)
    with desk_of(options, row) as desk:
        place = (desk, row["log_id"], name)
        found = look_at(*place, person_of(by), reason, options.language)
    at = int(options.language == "en")
    lines = [said(rule, manner, at) for rule, manner in found.by_rule.items()]
    lines += [_FEW[at].format(rule=rule) for rule in found.too_few]
    document = {
        "decision": {"id": found.decision.id, **_document(found.decision)},
        "rules": {rule: figures(manner) for rule, manner in found.by_rule.items()},
        "too_few": list(found.too_few),
    }
    options.say(document, *(lines or [_NONE[at]]))


add_acts(command, _GROUP)
