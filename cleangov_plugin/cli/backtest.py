"""``cleangov rules backtest``: what a draft would have said of the cases there are."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click

from cleangov_plugin.domain.errors import RuleError

from .main import FOUND
from .options import Options
from .own_desk import ledger_of
from .progress import tell
from .reading import reading

_IN_FORCE: Final = "in-force"
_NOTHING: Final = "nothing"
_DAY: Final = click.DateTime(formats=["%Y-%m-%d"])


@click.command("backtest")
@click.argument("draft", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--against",
    default=_IN_FORCE,
    show_default=True,
    metavar="in-force|nothing|FILE",
    help="What the draft is compared with: the rule of its id in force, or a rule file.",
)
@click.option(
    "--agency", "log_id", metavar="ID", help="The ledger; needed where there are several."
)
@click.option("--from", "first", type=_DAY, metavar="DAY", help="First day whose events count.")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="Last day whose events count.")
@click.option(
    "--base-rate",
    type=click.IntRange(0, 100_000),
    default=1_000,
    show_default=True,
    metavar="N",
    help="Cases of 100,000 in which something is assumed to be really wrong.",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "python", "duckdb"]),
    default="auto",
    show_default=True,
    help="What asks; the report is the same. 'auto': DuckDB for a large ledger, if installed.",
)
@click.option("--save", is_flag=True, help="Keep it beside the draft, as DRAFT.backtest.json.")
@click.option("--repeat", is_flag=True, help="DRAFT is a saved back-test: run it again.")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, options: Options, /, draft: Path, **wanted: Any) -> None:
    """Ask a draft about every event of a ledger, as each was known when it was judged.

    Tells what is new, gone, kept and cannot be checked, by unit, step and month; how often officers
    would be stopped; the cases that change most; and what the figures do not say. Nothing is
    written into the ledger.

    Exit status: 1 where --repeat does not give the same bytes.
    """
    if wanted["repeat"]:
        ctx.exit(0 if _repeated(options, draft, wanted["engine"]) else FOUND)
    from cleangov_plugin.desk.backtested import running, words

    found = _run(options, draft, wanted)
    if wanted["save"]:
        target = draft.with_suffix(".backtest.json")
        _write_whole(target, running.written(found))
    options.say(found, *words.lines(found, options.language))
    if wanted["save"]:
        click.echo(f"-> {target}", err=True)


def _run(options: Options, draft: Path, wanted: Mapping[str, Any]) -> dict[str, Any]:
    from cleangov_plugin.desk.backtested import running
    from cleangov_plugin.desk.backtested.parts import Engine, Wanted
    from cleangov_plugin.desk.backtested.second import Beside
    from cleangov_plugin.intake.rule_files import load_rule_file

    document = load_rule_file(draft)
    log_id = ledger_of(options, wanted["log_id"])["log_id"]
    with reading(options) as (connection, database):
        asked = Wanted(
            log_id=log_id,
            draft=document,
            against=_against(connection, log_id, document["id"], wanted["against"]),
            first=_day(wanted["first"]),
            last=_day(wanted["last"]),
            base_rate=wanted["base_rate"],
            engine=Engine(wanted["engine"]),
        )
        beside = Beside(database)
        return running.backtest(
            connection, asked, told=tell, beside=beside, noted=_noting(options.language)
        )


def _noting(language: str) -> Callable[[str], None]:
    """Answer what says in one line why DuckDB is not asked."""

    def noted(code: str) -> None:
        from cleangov_plugin.desk.backtested.duckdb_first import WHY

        zh, en = WHY[code]
        said = f"不用 DuckDB 计算，改用 Python：{zh}。", f"Python is asked, not DuckDB: {en}."
        click.echo(said[not language.startswith("zh")], err=True)

    return noted


def _against(connection: Any, log_id: str, rule_id: str, named: str) -> dict[str, Any] | None:
    from cleangov_plugin.intake.rule_files import load_rule_file
    from cleangov_plugin.store import rules_in_force

    if named == _NOTHING:
        return None
    if named != _IN_FORCE:
        return load_rule_file(Path(named))
    _, documents = rules_in_force.load(connection, log_id)
    return next((each for each in documents if each["id"] == rule_id), None)


def _repeated(options: Options, saved: Path, engine: str) -> bool:
    """Run a saved back-test again; answer whether it came out the same."""
    from cleangov_plugin.desk.backtested import running
    from cleangov_plugin.desk.backtested.parts import Engine
    from cleangov_plugin.desk.backtested.second import Beside

    try:
        text = saved.read_text("utf-8")
    except UnicodeDecodeError:
        text = ""
    with reading(options) as (connection, database):
        again = running.repeat(
            connection,
            text,
            str(saved),
            told=tell,
            beside=Beside(database),
            engine=Engine(engine),
            noted=_noting(options.language),
        )
    is_zh = options.language.startswith("zh")
    same = "与保存的结果逐字节相同。" if is_zh else "the same to the byte as what was saved."
    other = "与保存的结果不同。" if is_zh else "not the same as what was saved."
    lines = [same if again.is_same else other]
    if again.differing:
        head = "所依据的内容有变化：" if is_zh else "what decides it has changed: "
        lines.append(head + ", ".join(again.differing))
    said = {"is_same": again.is_same, "differing": list(again.differing), "now": again.found}
    options.say(said, *lines)
    return again.is_same


def _write_whole(target: Path, text: str) -> None:
    """Write a file whole or not at all."""
    beside = target.with_name(f"{target.name}.new")
    try:
        beside.write_text(text, "utf-8")
        beside.replace(target)
    except OSError as problem:
        beside.unlink(missing_ok=True)
        what = f"it cannot be written ({problem.strerror})."
        raise RuleError(what, where=str(target), remedy="Give the folder's rights.") from None


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
