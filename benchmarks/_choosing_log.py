"""A real log with planted hits: what the rules see, which of it is true, and how it was drawn.

What is raw is told of every step of the log alike, by four definitions that any log has an answer
to: the officer of the step did the one before it, too; the step was done before in its case; it was
done at night or on a day off; it came more than 30 days after the one before. None of it is wrong
by itself.

What is planted is drawn by a seed from all steps of an officer in the last three quarters of the
log's time, a number the caller names, each of one of six kinds in turn, two of them of tiers 4 and
5. Half as many false ones of the same kinds are drawn beside them, so that no rule is always right.
The first quarter, in which a city learns what its rules are worth, gets both at the same rate; it
counts for nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from string import Template
from typing import Final

from cleangov_hooks import (
    AttributeType,
    Clock,
    Event,
    EventType,
    Origin,
    Stream,
    ValueType,
)

KIND: Final = "prm.step.done"
#: Rule: tier, severity, answers besides the going on.
RAW: Final = {
    "N1": (3, "signal"),
    "N2": (2, "minor"),
    "N3": (2, "signal"),
    "N4": (3, "minor"),
}
PLANTED: Final = {
    "K2": (2, "minor"),
    "K3": (3, "minor"),
    "K2R": (2, "revocable"),
    "K3R": (3, "revocable"),
    "K4": (4, "minor"),
    "K5": (5, "revocable"),
}
STRICT: Final = frozenset({"K4", "K5"})
_FILE: Final = Template("""\
id: $id
version: 1
title: {zh: 量测$id, en: Measured $id}
why: {zh: 量测选择。, en: To measure what is chosen.}
basis:
  - law: {zh: 行政许可法, en: Licensing Law}
    article: {zh: 第三十四条, en: Art 34}
    status: law
    valid_from: "1990-01-01"
on: [$kind]
severity: $severity
fields:
  $field: {type: $type, required: false, label: {zh: 所见, en: what is seen}}
condition: $condition
texts:
  headline: {zh: 请看一下。, en: Please look.}
  body: {zh: "请看一下（{basis}）。", en: "Please look ({basis})."}
answers:
  - {code: right_$field, kind: corrected, label: {zh: 改正, en: Put it right}, then: regate}
  - {code: go_on, kind: justified, label: {zh: 说明理由, en: Say why}, then: pass}
owner: legal-affairs
bindings:
  - {id: $id-gate, tier: $tier, phases: [gate]}
  - {id: $id-event, tier: 0, phases: [event]}
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One step of the log, as the city will try to take it.

    :param event: the event, with what the rules see of it.
    :param raw: rules of tiers 2 and above that hit it.
    :param true: those of them that are true.
    :param counts: whether it lies in the part that is measured.
    """

    event: Event
    raw: frozenset[str]
    true: frozenset[str]
    counts: bool


def write_rules(folder: Path) -> None:
    """Write the rule files.

    :param folder: where to.
    """
    for id_, (tier, severity) in {**RAW, **PLANTED}.items():
        is_raw = id_ in RAW
        text = _FILE.substitute(
            id=id_,
            kind=KIND,
            tier=tier,
            severity=severity,
            field=id_.lower(),
            type="boolean" if is_raw else "integer, range: [0, 9999999]",
            condition=id_.lower() if is_raw else f"{id_.lower()} > 0",
        )
        (folder / f"{id_}.yaml").write_text(text, "utf-8")


def event_types(stream: Stream) -> list[EventType]:
    """Answer the one kind of event, with what the rules see.

    :param stream: the log's stream.
    """
    seen = [AttributeType(code=id_.lower(), type=ValueType.BOOLEAN) for id_ in RAW]
    drawn = [AttributeType(code=id_.lower(), type=ValueType.INTEGER) for id_ in PLANTED]
    return [EventType(kind=KIND, stream=stream, attributes=(*seen, *drawn))]


def planted(events: Iterable[Event], number: int, seed: int) -> list[Case]:
    """Plant hits in a log.

    :param events: the log's events.
    :param number: true hits of the part that is measured.
    :param seed: of the draw.
    :return: all steps of officers, in order of time.
    :raises ValueError: where the log has too few steps.
    """
    draw = Random(seed)  # a draw to be repeated, no secret
    steps = _seen(sorted((e for e in events if e.actor), key=lambda e: (e.occurred_at, e.id)))
    first, last = steps[0].occurred_at, steps[-1].occurred_at
    begin = first + (last - first) / 4
    before = [n for n, step in enumerate(steps) if step.occurred_at < begin]
    after = [n for n, step in enumerate(steps) if step.occurred_at >= begin]
    if 3 * number > 2 * len(after):
        raise ValueError(f"{number} true and half as many false ones do not fit into {len(after)}")
    true = _drawn(draw, after, number) | _drawn(draw, before, number * len(before) // len(after))
    left = [n for n in after if n not in true], [n for n in before if n not in true]
    false = _drawn(draw, left[0], number // 2)
    false |= _drawn(draw, left[1], number * len(before) // len(after) // 2)
    kinds: dict[int, str] = {}
    for some in (true, false):
        kinds |= {n: [*PLANTED][k % len(PLANTED)] for k, n in enumerate(sorted(some))}
    return [_case(step, kinds.get(n), n in true, draw, begin) for n, step in enumerate(steps)]


def _drawn(draw: Random, places: Sequence[int], number: int) -> set[int]:
    return set(draw.sample(places, min(number, len(places))))


def _case(step: Event, kind: str | None, is_true: bool, draw: Random, begin: datetime) -> Case:
    counts = step.occurred_at >= begin
    if kind is not None:
        told = {**step.attributes, kind.lower(): draw.randrange(1, 10_000_000)}
        step = replace(step, attributes=told)
    hits = frozenset(code.upper() for code, value in step.attributes.items() if value)
    true = frozenset({kind} if kind and is_true else ())
    return Case(event=step, raw=hits, true=true, counts=counts)


def _officer(step: Event) -> str:
    return step.actor.id if step.actor else ""


def _seen(steps: Sequence[Event]) -> list[Event]:
    """Tell of each step what the four raw rules look at, as the city would send it live."""
    last: dict[str, Event] = {}
    done: set[tuple[str, str]] = set()
    found = []
    for step in steps:
        before, at = last.get(step.case_id), step.occurred_at
        seen = {
            "n1": before is not None and _officer(before) == _officer(step),
            "n2": at.weekday() > 4 or not 7 <= at.hour < 19,
            "n3": (step.case_id, step.step) in done,
            "n4": before is not None and at - before.occurred_at > timedelta(days=30),
        }
        found.append(
            replace(
                step,
                kind=KIND,
                recorded_at=at,
                parties=(),
                amount=None,
                clock=Clock.SERVER,
                origin=Origin.LIVE,
                attributes={code: True for code, value in seen.items() if value},
            )
        )
        last[step.case_id] = step
        done.add((step.case_id, step.step))
    return found
