"""What is said of a term, in Chinese and English, in days of the authority."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from cleangov_plugin.calendar import Calendar, civil_day
from cleangov_plugin.domain.evaluation import Value
from cleangov_plugin.rules.clocks import Clock, Stage, Unit
from cleangov_plugin.rules.writing import language_of, write

#: By key: zh, then en.
_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "term": (
        "{title}：{started}起算，期限{length}{unit}。",
        "{title}: {length} {unit} from {started}.",
    ),
    "due": ("最后一日为{due}。", " The last day is {due}."),
    "range": (
        "最后一日在{due}至{due_to}之间，尚不能确定。",
        " The last day lies between {due} and {due_to}; which it is cannot be said yet.",
    ),
    "open": (
        "最后一日最早为{due}，最晚尚不能确定。",
        " The last day is {due} at the earliest; the latest cannot be said yet.",
    ),
    "warning": ("期限已用去{warning}%以上。", " More than {warning} % of it are used."),
    "left": ("还剩{number}个工作日。", " Working days left: {number}."),
    "over": ("期限已过，尚未办结。", " The term is over, and the step has not come."),
    "late": ("至{ended}才办结，已过期限。", " The step came on {ended}, after the term."),
    "past": ("已过{number}个工作日。", " Working days past it: {number}."),
    "calendar": (
        "{year}年放假安排尚未公布。",
        " There is no official notice of {year}’s days off.",
    ),
    "unknown": ("未记录：{name}。", " Not recorded: {name}."),
}
_UNITS: Final[Mapping[str, tuple[str, str]]] = {
    Unit.CIVIL_DAYS: ("日", "days"),
    Unit.WORKING_DAYS: ("个工作日", "working days"),
    Unit.WORKING_HOURS: ("个工作小时", "working hours"),
}
_TITLES: Final[Mapping[str, tuple[str, str]]] = {
    Stage.DUE_SOON: ("{title}：即将届满", "{title}: nearly over"),
    Stage.OVERDUE: ("{title}：已过期限", "{title}: over"),
}


def is_of_term(values: Mapping[str, Value]) -> bool:
    """Answer whether what a finding says is of a term.

    :param values: the typed values its text needs.
    """
    return values.get("stage") in tuple(Stage) and "length" in values


def term_text(
    clock: Clock,
    values: Mapping[str, Value],
    zone: ZoneInfo,
    language: str,
    *,
    calendar: Calendar | None = None,
    today: date | None = None,
) -> str:
    """Write what a finding of a term says.

    :param clock: the clock.
    :param values: the typed values its text needs.
    :param zone: the authority's zone.
    :param language: BCP 47 tag.
    :param calendar: the authority's working days, in which the rest is counted.
    :param today: its present civil day; None leaves out what changes from day to day.
    :return: plain text; `is_of_term` has to hold.
    """
    known = dict(values)
    started, ended = (_day(known.get(name), zone) for name in ("started", "ended"))
    due = known.get("due")
    told = _Told(language)
    told.add(
        "term",
        title=clock.title[language_of(language)],
        started=told.day(started),
        length=known["length"],
        unit=_UNITS[str(known["unit"])][told.tongue],
    )
    if isinstance(due, date):
        told.due(due, known.get("due_to"))
    if known["stage"] == Stage.DUE_SOON:
        if known.get("warning"):
            told.add("warning", warning=known["warning"])
        told.number("left", calendar, today, due)
    elif ended is None:
        told.add("over")
        told.number("past", calendar, known.get("due_to"), today)
    else:
        told.add("late", ended=told.day(ended))
        told.number("past", calendar, known.get("due_to"), ended)
    missing = known.get("missing")
    for name in missing if isinstance(missing, tuple) else ():
        kind, _, year = str(name).partition(" ")
        told.add("calendar" if kind == "calendar" else "unknown", year=year, name=name)
    return "".join(told.parts)


def term_title(clock: Clock, values: Mapping[str, Value], language: str) -> str:
    """Write the title of a finding of a term.

    :param clock: the clock.
    :param values: the typed values its text needs.
    :param language: BCP 47 tag.
    """
    tongue = language_of(language)
    template = _TITLES[str(values["stage"])][0 if tongue == "zh" else 1]
    return template.format(title=clock.title[tongue])


class _Told:
    """Sentences, one after the other."""

    def __init__(self, language: str) -> None:
        self._language = language
        self.tongue = 0 if language_of(language) == "zh" else 1
        self.parts: list[str] = []

    def add(self, key: str, **values: object) -> None:
        """Say one sentence."""
        self.parts.append(_SAID[key][self.tongue].format(**values))

    def day(self, day: date | None) -> str:
        """Write a day."""
        return "—" if day is None else write(day, "date", self._language)

    def due(self, first: date, last: Value) -> None:
        """Say the last day, or between which two it lies."""
        if not isinstance(last, date):
            self.add("open", due=self.day(first))
        elif first == last:
            self.add("due", due=self.day(first))
        else:
            self.add("range", due=self.day(first), due_to=self.day(last))

    def number(self, key: str, calendar: Calendar | None, a: Value, b: Value) -> None:
        """Say how many working days lie between; nothing where nobody can say for certain."""
        if calendar is None or not isinstance(a, date) or not isinstance(b, date):
            return
        number = None if calendar.is_provisional(a, b) else calendar.working_days_between(a, b)
        if number is not None and number >= 0:
            self.add(key, number=number)


def _day(value: Value, zone: ZoneInfo) -> date | None:
    return civil_day(value, zone) if isinstance(value, datetime) else None
