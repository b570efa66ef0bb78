"""``cleangov terms``: the terms that run, the one that is over first first."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import click

from .columns import aligned
from .options import NUMBER, Options

if TYPE_CHECKING:
    from cleangov_plugin.desk.review.terms import TermView
    from cleangov_plugin.rules.clocks import Clock

#: By key: zh, then en.
_WORDS: Final = {
    "head": (
        ("最后一日", "已用", "期限", "案件", "单位", "情况"),
        ("last day", "used", "term", "case", "unit", "state"),
    ),
    "statutory": ("法定", "statutory"),
    "promised": ("承诺", "promised"),
    "over": ("已过期限", "over"),
    "paused": ("已中止计算", "paused"),
    "left": ("还剩 {} 个工作日", "working days left: {}"),
    "warned": ("已用 {}% 以上", "more than {} % used"),
    "range": ("尚不能确定是哪一日", "which day cannot be said yet"),
    "unknown": ("尚不能确定", "cannot be said yet"),
    "none": ("没有运行中的期限。", "No term runs."),
    "cut": ("只列出最先届满的 {} 项。", "Only the first {} are listed."),
}
_UNITS: Final = {
    "civil_days": ("日", " days"),
    "working_days": ("个工作日", " working days"),
    "working_hours": ("个工作小时", " working hours"),
}


@click.command("terms")
@click.option("--agency", "log_id", metavar="ID", help="One authority only.")
@click.option("--unit", metavar="CODE", help="One unit only.")
@click.option("--case", "subject", metavar="NO", help="One case only.")
@click.option("--clock", "clock_id", metavar="ID", help="One clock only, as C03.")
@click.option(
    "--warned", type=click.Choice(["70", "90"]), help="Only where so much is used, in percent."
)
@click.option("--limit", type=NUMBER, default=200, show_default=True, metavar="N")
@click.pass_obj
def command(options: Options, /, limit: int, warned: str | None, **wanted: str | None) -> None:
    """List terms that run, as each was when `cleangov tick` or the platform last looked.

    With --json one object a line: the last day, or the range it lies in while the days off of a
    year are not announced; whether it is statutory or promised, paused or over; the warning.
    """
    number = 0 if options.language.lower().startswith("zh") else 1
    found = _listed(options, wanted, int(warned or 0), limit + 1)
    if options.is_json:
        for row in found[:limit]:
            click.echo(json.dumps(row, ensure_ascii=False))
    elif not found:
        click.echo(_WORDS["none"][number])
    else:
        for line in _table(found[:limit], number):
            click.echo(line)
    if len(found) > limit:
        click.echo(str(_WORDS["cut"][number]).format(limit), err=True)


def _listed(
    options: Options, wanted: dict[str, str | None], used: int, most: int
) -> list[dict[str, Any]]:
    from cleangov_plugin.desk.review.terms import term_view
    from cleangov_plugin.desk.shelf import Shelf
    from cleangov_plugin.store import rulebook, running_terms
    from cleangov_plugin.store.connecting import connected, require_schema

    shelf, found, now = Shelf(), list[dict[str, Any]](), _now()
    tongue, one = "zh" if options.language.lower().startswith("zh") else "en", wanted.pop("log_id")
    with connected(options.url) as database:
        require_schema(database)
        with database.own_transaction(is_reading=True) as connection:
            for agency in rulebook.agencies(connection):
                log_id = agency["log_id"]
                ledger = shelf.ledger(connection, log_id) if one in (None, log_id) else None
                if ledger is None:
                    continue
                for row in running_terms.nearest(
                    connection, log_id, most=most, used=used, **wanted
                ):
                    clock = shelf.clock(connection, ledger, row["clock_id"], row["version"])
                    title = clock.title[tongue] if clock else row["clock_id"]
                    found.append(_said(log_id, term_view(ledger, row, title, now), clock))
    found.sort(key=lambda each: (each["due"] is None, each["due"] or "", each["case_id"]))
    return found[:most]


def _now() -> datetime:
    return datetime.now(UTC)


def _said(log_id: str, term: "TermView", clock: "Clock | None") -> dict[str, Any]:
    """Answer a term for machines."""
    return {
        "agency": log_id,
        "case_id": term.case_id,
        "unit": term.unit,
        "clock": term.clock_id,
        "title": term.title,
        "kind": _kind(clock),
        "length": clock.length if clock else None,
        "counted_in": clock.unit.value if clock else None,
        "started": term.started.isoformat(),
        "due": term.due.isoformat() if term.due else None,
        "due_to": term.due_to.isoformat() if term.due_to else None,
        "is_range": term.is_range,
        "used": term.used,
        "warning": next((share for share in (90, 70) if term.used >= share), None),
        "working_days_left": term.left,
        "is_paused": term.is_paused,
        "is_over": term.is_over,
    }


def _kind(clock: "Clock | None") -> str | None:
    """Tell a term of law from one that an authority promised: shorter, or of its own making."""
    if clock is None:
        return None
    is_law = any(basis.status == "law" for basis in clock.basis)
    return "statutory" if is_law and clock.length == clock.bounds[1] else "promised"


def _table(found: list[dict[str, Any]], number: int) -> Iterator[str]:
    rows = [[*_WORDS["head"][number]], *(_row(each, number) for each in found)]
    yield from aligned(rows)


def _row(term: dict[str, Any], number: int) -> list[str]:
    due = term["due"] or "—"
    if term["is_range"]:
        due = f"{due} … {term['due_to'] or '?'}"
    title = f"{term['clock']} {term['title']}"
    if term["kind"]:
        length = f"{term['length']}{_UNITS[term['counted_in']][number]}"
        title += f" ({_WORDS[term['kind']][number]} {length})"
    used, unit = f"{term['used']}%", term["unit"] or ""
    return [due, used, title, term["case_id"], unit, _state(term, number)]


def _state(term: dict[str, Any], number: int) -> str:
    """Say what is the matter: paused, over, warned, what is left."""
    said = [key for key in ("paused", "over") if term[f"is_{key}"]]
    parts = [str(_WORDS[key][number]) for key in said]
    if term["warning"] and not term["is_over"]:
        parts.append(str(_WORDS["warned"][number]).format(term["warning"]))
    if term["is_range"]:
        parts.append(str(_WORDS["range"][number]))
    elif term["due"] is None and not term["is_paused"]:
        parts.append(str(_WORDS["unknown"][number]))
    elif term["working_days_left"] is not None and not term["is_over"]:
        parts.append(str(_WORDS["left"][number]).format(term["working_days_left"]))
    return ("，" if number == 0 else ", ").join(parts)
