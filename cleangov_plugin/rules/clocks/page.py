"""The page of a clock, written from its document."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from .model import Clock, Decider, Unit
from .reading import read_clock

_UNITS: Final = {
    Unit.CIVIL_DAYS: ("日", "civil days"),
    Unit.WORKING_DAYS: ("个工作日", "working days"),
    Unit.WORKING_HOURS: ("个工作小时", "working hours"),
}


def clock_page(document: Mapping[str, Any]) -> str:
    """Write the page of one clock in Markdown, zh and en side by side.

    :param document: the clock's document.
    :return: the page.
    """
    clock = read_clock(document)
    zh, en = _UNITS[clock.unit]
    low, high = clock.bounds
    review = f"to be looked at again by {clock.review_by}"
    parts = [
        f"# {clock.id} · {clock.title['zh']} · {clock.title['en']}",
        "*Written from the clock file; change the file, not this page.*",
        f"{clock.why['zh']}\n\n{clock.why['en']}",
        f"Version {clock.version} · owner {clock.owner} · {review}",
        "## Stands on",
        "\n".join(_ground(clock)),
        (
            f"## Term\n\n{clock.length} {zh} · {clock.length} {en} (from {low} to {high}); "
            f"last day off: {clock.roll.value}"
        ),
        f"## Starts with\n\n{_kinds(clock.starts)}",
        f"## Ends with\n\n{_kinds(clock.stops)}",
        *_listed("Does not count", _pauses(clock)),
        *_listed("Is made longer by", _extensions(clock)),
        f"## Examples\n\n{_examples(document)}",
    ]
    return "\n\n".join(parts) + "\n"


def clocks_index(documents: Iterable[Mapping[str, Any]]) -> str:
    """Write the list of all clocks.

    :param documents: the clocks' documents.
    :return: Markdown.
    """
    rows = [_line(read_clock(document)) for document in documents]
    head = "# Clocks\n\n| clock | zh | en | term | from | to |\n|---|---|---|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


def _line(clock: Clock) -> str:
    zh, en = _UNITS[clock.unit]
    term = f"{clock.length} {zh} · {clock.length} {en}"
    titles = f"{clock.title['zh']} | {clock.title['en']}"
    kinds = f"{_kinds(clock.starts)} | {_kinds(clock.stops)}"
    return f"| [{clock.id}]({clock.id}.md) | {titles} | {term} | {kinds} |"


def _ground(clock: Clock) -> Iterable[str]:
    for basis in clock.basis:
        named = (f"{basis.law[tag]} {basis.article.get(tag, '')}".strip() for tag in ("zh", "en"))
        span = f"{basis.valid_from or '…'} – {basis.valid_to or '…'}"
        yield f"- {' · '.join(named)} ({basis.status}, {span})"
        if basis.source:
            yield f"  <{basis.source}>"


def _listed(title: str, lines: list[str]) -> list[str]:
    return [f"## {title}\n\n" + "\n".join(lines)] if lines else []


def _pauses(clock: Clock) -> list[str]:
    return [
        f"- {each.label['zh']} · {each.label['en']}: {_kinds(each.begins)} → {_kinds(each.ends)}"
        f"{_decided(each.decider)}"
        for each in clock.pauses
    ]


def _extensions(clock: Clock) -> list[str]:
    return [
        f"- `{each.id}`: `{each.on}`, {each.length}, {each.times} ×{_decided(each.decider)}"
        for each in clock.extensions
    ]


def _decided(decider: Decider | None) -> str:
    if decider is None:
        return ""
    return f"; `{decider.attribute}`: {_kinds(decider.roles)}"


def _kinds(kinds: Iterable[str]) -> str:
    return ", ".join(f"`{kind}`" for kind in sorted(kinds))


def _examples(document: Mapping[str, Any]) -> str:
    return "\n".join(f"- {each['name']}: {each['why']}" for each in document.get("examples") or [])
