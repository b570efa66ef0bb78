"""``cleangov rules coverage``: which rules can run here, and which field is missing."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from .main import FOUND
from .options import Options
from .rules_files import declared_by, each_file
from .rules_words import number_of

if TYPE_CHECKING:
    from cleangov_hooks import Event, EventType
    from cleangov_plugin.rules.coverage import Covered, Told

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "runs": ("可以运行", "runs"),
    "partly": ("部分可以运行", "runs in part"),
    "never_asked": ("从未用到：没有它所看的内容", "is never asked: what it looks at is not told"),
    "cannot_be_checked": ("无法核验", "cannot judge anything"),
    "missing": ("    缺字段：{}", "    fields never told: {}"),
    "absent": ("    缺事件：{}", "    kinds of event never told: {}"),
    "partial": ("    {}：{} 件中有 {} 件", "    {}: told in {} of {}"),
    "and": ("、", ", "),
}


@click.command("coverage")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--host",
    metavar="MODULE:NAME",
    help="What your platform's cleangov_event_types answers, or a function that does.",
)
@click.option(
    "--log", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="An event log."
)
@click.option(
    "--mapping", metavar="NAME|FILE.yaml", help="How the log becomes events; alone: what it names."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["csv", "jsonl", "ocds", "xes", "xlsx"]),
    help="Format of the log, where its name does not say it.",
)
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    options: Options,
    files: tuple[Path, ...],
    host: str | None,
    log: Path | None,
    mapping: str | None,
    format_: str | None,
) -> None:
    """Say which rules can run on what a platform declares or a log tells, and what is missing.

    FILES are rule files or folders; the shipped rules where left out. With --log the events are
    counted: a field that only a part of them carries is told with that part. A rule none of whose
    events are told is never asked.

    \b
      cleangov rules coverage --host city.events:event_types
      cleangov rules coverage --log EXPORT.xlsx --mapping mine.yaml

    Exit status: 1 where a rule cannot judge anything for want of a field.

    按业务系统声明的事件，或按一份日志，逐条说明规则能否运行、缺哪个字段、哪些从未用到。
    """
    told = _told(host, log, mapping, format_)
    found = [_covered(document, told) for document in _rules(files)]
    number = number_of(options.language)
    lines = [line for covered, title in found for line in _lines(covered, title, number)]
    options.say([_document(covered) for covered, _ in found], *lines)
    if any(covered.verdict.value == "cannot_be_checked" for covered, _ in found):
        ctx.exit(FOUND)


def _rules(files: tuple[Path, ...]) -> list[dict[str, Any]]:
    from cleangov_plugin.intake.rule_files import load_rule_file, load_rulebook, rulebook_folder

    if not files:
        return load_rulebook(rulebook_folder())
    return [load_rule_file(path) for path in each_file(files)]


def _covered(
    document: Mapping[str, Any], told: "Mapping[str, Told]"
) -> "tuple[Covered, Mapping[str, str]]":
    from cleangov_plugin.rules import compile_rule
    from cleangov_plugin.rules.coverage import covered

    rule = compile_rule(document)
    return covered(rule, told), rule.title


def _told(
    host: str | None, log: Path | None, mapping: str | None, format_: str | None
) -> "dict[str, Told]":
    from cleangov_plugin.intake.mapping import find_mapping

    if (host is None) == (mapping is None):
        raise click.UsageError("Name either --host, or --mapping with or without --log.")
    if host is not None:
        if log is not None:
            raise click.UsageError("A log is read with --mapping.")
        return _declared(declared_by(host))
    found = find_mapping(mapping or "")
    if log is None:
        return _declared(found.event_types(found.kinds))
    from cleangov_plugin.intake.event_logs import EventLog

    return _counted(each.event for each in EventLog(log, found, format_).translated())


def _declared(types: "Iterable[EventType]") -> "dict[str, Told]":
    from cleangov_plugin.rules.coverage import Told

    return {each.kind: Told(fields={a.code: 0 for a in each.attributes}) for each in types}


def _counted(events: "Iterable[Event]") -> "dict[str, Told]":
    from cleangov_plugin.rules.coverage import Told

    found: dict[str, Told] = {}
    for event in events:
        told = found.setdefault(event.kind, Told())
        told.events += 1
        own: dict[str, object] = {"amount": event.amount, "actor": event.actor}
        if event.actor is not None:
            own |= {"unit": event.actor.unit, "actor_kind": event.actor.kind}
        for name, value in (*own.items(), *event.attributes.items()):
            if value is not None:
                told.fields[name] = told.fields.get(name, 0) + 1
    return found


def _document(covered: "Covered") -> dict[str, Any]:
    return {
        "rule": covered.rule_id,
        "verdict": covered.verdict.value,
        "kinds": list(covered.kinds),
        "absent": list(covered.absent),
        "missing": list(covered.missing),
        "partial": {
            name: {"events": there, "of": of} for name, (there, of) in covered.partial.items()
        },
    }


def _lines(covered: "Covered", title: Mapping[str, str], number: int) -> list[str]:
    words = {key: texts[number] for key, texts in _WORDS.items()}
    lines = [f"{covered.rule_id} {title[('zh', 'en')[number]]}: {words[covered.verdict.value]}"]
    for key, names in (("missing", _grouped(covered.missing, number)), ("absent", covered.absent)):
        if names:
            lines.append(words[key].format(words["and"].join(names)))
    for name, (there, of) in covered.partial.items():
        numbers = (of, there) if number == 0 else (there, of)
        lines.append(words["partial"].format(name, *numbers))
    return lines


#: Of a field that is missing in more kinds of event than this, their number is said.
_NAMED: Final = 3


def _grouped(missing: Iterable[str], number: int) -> list[str]:
    """Name a field that many kinds of event lack once."""
    kinds: dict[str, list[str]] = {}
    for place in missing:
        kind, _, name = place.rpartition(".")
        kinds.setdefault(name, []).append(kind)
    many = ("{}（{} 类事件）", "{} (in {} kinds of event)")[number]
    return [
        text
        for name, of in kinds.items()
        for text in (
            [many.format(name, len(of))] if len(of) > _NAMED else [f"{k}.{name}" for k in of]
        )
    ]
