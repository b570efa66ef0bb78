"""``cleangov watch``: events out of a view of a platform that cannot call us."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cleangov_hooks import Agency, Event

from .main import FOUND
from .options import Options
from .watching import until_told, watch, with_pause

if TYPE_CHECKING:
    from cleangov_plugin.desk.watched.watching import Looked, Watching

#: zh, then en.
_DONE: Final = (
    "新记 {told} 条，已有 {known} 条，早于起点 {older} 条，不合约定 {refused} 条",
    "told {told}, known {known}, from before {older}, refused {refused}",
)
_PASSED: Final = (
    "从现在起读取；视图中已有的 {number} 条不记。要记请用 --since；研究历史用 cleangov replay",
    "reading from now on; {number} rows that are there are not told; see --since, cleangov replay",
)
_LATE: Final = (
    "有 {late} 行迟到超过 --late，下次从头读取",
    "{late} rows came later than --late: all are read again",
)
_GONE: Final = (
    "视图中少了 {gone} 行已记过的记录",
    "{gone} rows that were told of are gone from the view",
)
_BUSY: Final = ("数据库繁忙，其余下次再记", "the database is busy; the rest is told next time")
_OFF: Final = ("监督功能已关闭（有 off 文件）", "supervision is switched off: there is a file off")


@dataclass(frozen=True, slots=True)
class _Rows:
    """Reads rows of one platform."""

    source: str
    agency: Agency

    def event(self, row: Mapping[str, Any]) -> Event:
        """Answer the event of a row.

        :param row: hostile.
        :raises IntakeError: where it is not what was agreed.
        """
        from cleangov_plugin.intake.served.rows import row_reader

        return row_reader(self.source, self.agency)(row)

    def recorded_at(self, row: Mapping[str, Any]) -> datetime | None:
        """Answer when the platform recorded a row; None where that cannot be read.

        :param row: hostile.
        """
        from cleangov_plugin.intake.served.rows import recorded_at

        return recorded_at(row, self.agency)


@click.command("watch")
@click.option(
    "--from",
    "address",
    required=True,
    metavar="URL",
    help="SQLAlchemy URL of the platform's own database; an account that only reads is enough.",
)
@click.option(
    "--view", default="supervision_events", show_default=True, help="Name of the view there."
)
@click.option(
    "--platform",
    required=True,
    type=click.Path(path_type=Path),
    help="JSON file: the authority, and the kinds of event, as for 'cleangov serve'.",
)
@click.option(
    "--source", required=True, metavar="NAME", help="How the platform is called in the ledger."
)
@click.option(
    "--since",
    type=click.DateTime(("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")),
    help="Tell what was recorded since then, by the authority's clock; else since the first start.",
)
@click.option(
    "--late",
    default=600.0,
    show_default=True,
    type=click.FloatRange(0, 86_400),
    metavar="SECONDS",
    help="How long a row may be on its way into the view after one with a greater number.",
)
@click.option("--once", "is_once", is_flag=True, help="Look once, as cron does.")
@with_pause(5.0, "was told", when="Without --once")
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context, options: Options, /, is_once: bool, every: float, **given: Any
) -> None:
    """Tell the ledger what a view of the platform shows; nothing is written there.

    For a platform that cannot call us at all: at least once, late rows too, each kept once. It
    sees only afterwards what has happened: no prompts and no gate, and not in the transaction of
    the platform's rows. docs/watch.md has the columns.

    Exit status: 1 where rows are refused, or the database was too busy.
    """
    with held(options, **given) as watching:
        if is_once:
            if not _turn(options, watching, is_said=True):
                ctx.exit(FOUND)
            return
        with until_told() as is_over:
            watch(_Turns(options, watching), every, is_over)


class _Turns:
    """Looks that go on when one fails: the platform's server is started again."""

    def __init__(self, options: Options, watching: "Watching") -> None:
        self._options = options
        self._watching = watching
        self._said = ""

    def __call__(self) -> None:
        """Look once; the same trouble is said once."""
        from cleangov_plugin.store.run import StoreError

        try:
            _turn(self._options, self._watching, is_said=False)
            self._said = ""
        except StoreError as problem:
            if str(problem) != self._said:
                click.echo(f"cleangov: {problem}", err=True)
            self._said = str(problem)


def _turn(options: Options, watching: "Watching", *, is_said: bool) -> bool:
    """Look once, say what was done, and answer whether nothing is left."""
    place = int(options.language == "en")
    if watching.desk.host.switched_off():
        click.echo(_OFF[place], err=True)
        return False
    before = dict(watching.mark.refused)
    done = watching.look()
    if is_said or done.told or before != watching.mark.refused:
        options.say({**asdict(done), "low": watching.mark.low}, _DONE[place].format(**asdict(done)))
    _say_odd(done, place)
    for no, why in watching.mark.refused.items():
        if before.get(no) != why:
            click.echo(f"cleangov: no {no}: {why}", err=True)
    return not (done.refused or done.is_busy)


def _say_odd(done: "Looked", place: int) -> None:
    values = asdict(done)
    for is_so, words in ((done.late, _LATE), (done.gone, _GONE), (done.is_busy, _BUSY)):
        if is_so:
            click.echo(f"cleangov: {words[place].format(**values)}", err=True)


@contextmanager
def held(
    options: Options,
    address: str,
    view: str,
    platform: Path,
    source: str,
    since: datetime | None,
    late: float,
) -> "Iterator[Watching]":
    """Hold the plugin and the view open, at the place where the last look ended.

    :param options: the options of the command line.
    :param address: of the platform's database.
    :param view: name of the view.
    :param platform: file that says what the platform is.
    :param source: how it is called in the ledger.
    :param since: by the authority's clock; what was recorded before is not told.
    :param late: seconds that a row may be on its way.
    :return: what looks.
    :raises SettingsError: where something is missing.
    """
    from functools import partial
    from zoneinfo import ZoneInfo

    from cleangov_plugin.desk.start import keys_folder
    from cleangov_plugin.desk.watched.mark import Mark, read_mark, write_mark
    from cleangov_plugin.desk.watched.watching import Watching
    from cleangov_plugin.store.watched_view import open_view

    from .wsgi import desk_of, read_platform, served

    said = read_platform(platform)
    agency: Agency = said["agency"]
    name = sha256(f"{agency.id}\n{source}\n{view}".encode()).hexdigest()[:12]
    asked = since.replace(tzinfo=ZoneInfo(agency.zone)).timestamp() if since else None
    switch = platform.with_name("off")
    with served(options.url, said, switch) as host, open_view(address, view) as there:
        desk = desk_of(host)
        path = keys_folder(desk.settings, desk.database) / f"watched-{name}.json"
        found = read_mark(path)
        now = desk.host.now().timestamp()
        mark = found or Mark(view=view, source=source, since=now if asked is None else asked)
        if asked is not None and asked < mark.since:
            mark.since = asked
            mark.begin_again()
        rows = _Rows(source, agency)
        watching = Watching(desk, there, rows, mark, late, partial(write_mark, path))
        if found is None and asked is None:
            number = watching.begin()
            click.echo(_PASSED[int(options.language == "en")].format(number=number), err=True)
        yield watching
