"""``cleangov retention``: what is past its term is erased; entries stay."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from cleangov_plugin.domain.errors import SettingsError

from .main import FOUND
from .options import NUMBER, Options
from .own_desk import desk_of, ledgers

if TYPE_CHECKING:
    from cleangov_plugin.desk.desk import Desk
    from cleangov_plugin.desk.personal.retaining import Due, Retained
    from cleangov_plugin.desk.shelf import Ledger

#: Rows of one step between two looks at how far it is.
_STEP: Final = 1_000
#: zh, then en.
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "due": (
        "{log_id}：{table} 有 {due} 行超过保存期限，其中 {held} 行因案件未了结而保留",
        "{log_id}: {table}, {due} rows past their term, {held} of them held by an open matter",
    ),
    "nothing": ("{log_id}：没有超过保存期限的内容", "{log_id}: nothing is past its term"),
    "done": (
        "{log_id}：已删除 {fields} 个字段、{names} 个姓名；清空 {emptied} 行；删除 {deleted} 行",
        "{log_id}: gone are {fields} fields, {names} names, words of {emptied} and {deleted} rows",
    ),
    "more": ("  还有剩余：再次运行即继续", "  there is more: run it again to go on"),
    "dry": ("什么都没有改动；加 --yes 执行。", "Nothing was changed; --yes does it."),
}


@click.command("retention")
@click.option("--log-id", metavar="ID", help="One ledger only.")
@click.option("--yes", "is_meant", is_flag=True, help="Do it. Without, nothing is changed.")
@click.option("--most", type=NUMBER, metavar="N", help="Look at so many rows at the most.")
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context, options: Options, log_id: str | None, is_meant: bool, most: int | None
) -> None:
    """Erase and delete what is past its term.

    Of entries the personal fields are erased, and of pseudonyms the name, each told by an entry
    with class and term as its basis; people's own words in letters are emptied; prompts, answers,
    attempts, settled gaps and staged events are deleted. Entries, leaves, findings and letters
    stay. A case with an open finding or an unanswered letter is held. It can be broken off at any
    time and goes on when it is run again.

    Exit status: 1 where something is left that may go.
    """
    from cleangov_plugin.store.wiping import empty_log

    rows = [row for row in ledgers(options) if log_id in (None, row["log_id"])]
    if not rows:
        raise SettingsError(f"there is no ledger {log_id}.", where="--log-id")
    document: dict[str, Any] = {}
    lines: list[str] = []
    is_left = False
    for row in rows:
        with desk_of(options, row) as desk:
            ledger = _ledger(desk, row["log_id"])
            found = _due(desk, ledger)
            told: dict[str, Any] = {"due": {name: asdict(each) for name, each in found.items()}}
            lines += _due_lines(options, row["log_id"], found)
            if is_meant:
                done = _retained(desk, ledger, most)
                told["done"] = asdict(done)
                lines += _done_lines(options, row["log_id"], done)
                is_left = is_left or not done.is_done
                empty_log(desk.database)
            document[row["log_id"]] = told
    options.say(document, *lines, *([] if is_meant else [_say(options, "dry")]))
    if is_left:
        ctx.exit(FOUND)


def _ledger(desk: "Desk", log_id: str) -> "Ledger":
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = desk.shelf.ledger(connection, log_id)
    if ledger is None:
        raise SettingsError("its time zone is unknown.", where=log_id)
    return ledger


def _due(desk: "Desk", ledger: "Ledger") -> "dict[str, Due]":
    from cleangov_plugin.desk.personal.retaining import due

    return due(desk, ledger)


def _retained(desk: "Desk", ledger: "Ledger", most: int | None) -> "Retained":
    """Go on until nothing is left or enough is done; on a terminal, say how far it is."""
    from cleangov_plugin.desk.personal.retaining import Retained, retain

    whole, looked = Retained(), 0
    while True:
        step = _STEP if most is None else min(_STEP, most - looked)
        done = retain(desk, ledger, step)
        whole.add(done)
        looked += step
        if sys.stderr.isatty():
            click.echo(f"\r{whole.number}", err=True, nl=done.is_done)
        is_stuck = not done.number  # what is due cannot go: 'cleangov verify' says what is wrong
        if done.is_done or is_stuck or (most is not None and looked >= most):
            return whole


def _due_lines(options: Options, log_id: str, found: "Mapping[str, Due]") -> Iterator[str]:
    for table, each in found.items():
        yield _say(options, "due", log_id=log_id, table=table, due=each.due, held=each.held)
    if not found:
        yield _say(options, "nothing", log_id=log_id)


def _done_lines(options: Options, log_id: str, done: "Retained") -> Iterator[str]:
    numbers = {"emptied": sum(done.emptied.values()), "deleted": sum(done.deleted.values())}
    said = {"log_id": log_id, "fields": done.fields, "names": done.names, **numbers}
    yield _say(options, "done", **said)
    if not done.is_done:
        yield _say(options, "more")


def _say(options: Options, key: str, **values: object) -> str:
    return _WORDS[key][options.language == "en"].format(**values)
