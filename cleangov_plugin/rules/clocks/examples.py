"""The examples inside a clock: small cases with what is expected of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from cleangov_hooks import Precision
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.record import Record
from cleangov_plugin.rules.document import Part
from cleangov_plugin.rules.example_days import ExampleDays
from cleangov_plugin.rules.example_records import STREAMS, moment_of, zone_of
from cleangov_plugin.rules.examples import Failure

from .model import Clock
from .reading import read_clock
from .running import Run, runs_of

_EXPECTED: Final = ("state", "due", "used", "overdue", "missing", "without", "runs")


class _Days:
    """Working days of an example, in which some years are provisional and none follow the last."""

    def __init__(self, part: Part) -> None:
        part.only("off", "work", "provisional", "last")
        days = {key: part.values[key] for key in ("off", "work") if key in part.values}
        self._days = ExampleDays(Part(days, part.path))
        self._last = part.day("last") or date.max
        self._provisional = {
            Part({"year": year}, part.path).integer("year", 1950, 2100)
            for year in part.values.get("provisional") or []
        }

    def is_working_day(self, d: date) -> bool | None:
        """Answer whether a day is a working day; None after the last known.

        :param d: the day.
        """
        return None if d > self._last else self._days.is_working_day(d)

    def is_provisional(self, a: date, b: date) -> bool:
        """Answer whether a span touches a provisional year.

        :param a: one end.
        :param b: the other end.
        """
        return any(year in self._provisional for year in range(a.year, b.year + 1))


def run_clock_examples(document: Mapping[str, Any]) -> list[Failure]:
    """Run the examples of a clock.

    :param document: the clock's document.
    :return: what failed; a clock needs an example that is overdue and one that is not.
    :raises RuleError: where it is no clock, or one is no example.
    """
    clock = read_clock(document)
    failures, overdue = [], set()
    for part in Part(document, clock.id).listed("examples"):
        part.only("name", "given", "expect", "why")
        expect = part.part("expect")
        expect.only(*_EXPECTED)
        overdue.add(expect.values.get("overdue"))
        found = _told(_answer(clock, part.part("given")))
        expected = {key: _written(expect.values[key]) for key in _EXPECTED if key in expect.values}
        answered = {key: found.get(key, "none") for key in expected}
        if answered != expected:
            failures.append(
                Failure(
                    name=part.text("name"),
                    expected=_line(expected),
                    found=_line(answered),
                    why=part.text("why"),
                )
            )
    for wanted in (True, False):
        if wanted not in overdue:
            missing = f"an example with overdue: {str(wanted).lower()}"
            failures.append(Failure(name="examples", expected=missing, found="none"))
    return failures


def answers(clock: Clock, given: Mapping[str, Any]) -> list[dict[str, str]]:
    """Answer what a clock says of a case, run by run.

    :param clock: the clock.
    :param given: the case, as examples write it.
    :raises RuleError: where it is no case.
    """
    runs = _answer(clock, Part(given, clock.id))
    return [_told(runs[: number + 1]) for number in range(len(runs))]


def _answer(clock: Clock, given: Part) -> tuple[Run, ...]:
    given.only("now", "events", "calendar", "zone", "length")
    length = given.integer("length", *clock.bounds, default=clock.length)
    return runs_of(
        clock.lasting(length),
        [_record(part, number) for number, part in enumerate(given.listed("events"), start=1)],
        calendar=_Days(given.part("calendar")) if "calendar" in given.values else None,
        zone=zone_of(given),
        now=moment_of(given, "now"),
    )


def _record(part: Part, number: int) -> Record:
    part.only("kind", "at", "id", "supersedes", "precision", "attributes")
    at = moment_of(part, "at")
    kind = part.text("kind")
    stream = STREAMS.get(kind.partition(".")[0])
    if stream is None:
        raise RuleError(f"'{kind}' is no kind of event.", where=part.at("kind"))
    return Record(
        event_id=part.text("id", default=f"example-{number}"),
        source="example",
        log_id="example",
        stream=stream,
        case_id="example",
        kind=kind,
        step="example",
        actor=None,
        occurred_at=at,
        recorded_at=at,
        precision=part.choice("precision", Precision, default=Precision.SECOND),
        supersedes=part.optional_text("supersedes"),
        attributes=dict(part.part("attributes").values),
        row=number,
    )


def _told(runs: tuple[Run, ...]) -> dict[str, str]:
    """Write what the last run says, as examples write it."""
    if not runs:
        return {"state": "not_started", "runs": "0"}
    run = runs[-1]
    due = "none"
    if run.due is not None:
        due = str(run.due.first_day)
        if run.due.is_range:
            due = f"{due} .. {run.due.last_day or 'unknown'}"
    return {
        "state": str(run.state),
        "due": due,
        "used": str(run.used),
        "overdue": "unknown" if run.is_overdue is None else str(run.is_overdue).lower(),
        "missing": ", ".join(run.missing),
        "without": ", ".join(f"{each.what}: {each.code}" for each in run.remarks),
        "runs": str(len(runs)),
    }


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _line(told: Mapping[str, str]) -> str:
    return "; ".join(f"{key}: {value}" for key, value in told.items())
