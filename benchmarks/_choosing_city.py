"""A city that goes through a log with planted hits: gate, answers and events by the hooks alone."""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from benchmarks._choosing_log import PLANTED, STRICT, Case, event_types, write_rules
from benchmarks._city import City
from cleangov_hooks import (
    Agency,
    Answer,
    Attempt,
    Decision,
    Event,
    Step,
    Verdict,
    breaker,
    guarded_call,
)
from cleangov_plugin.desk.catching_up import tick

#: Milliseconds for a gate: what is chosen is measured, not how quickly.
_PATIENCE = 60_000
GATE: Final = "cleangov_step_gate"
_PASSING = (Decision.PASS, Decision.PASS_RECORDED)


@dataclass(slots=True)
class Day:
    """What one officer met on one day of the part that is measured.

    :param shown: attempts with a panel of tier 2 or 3 alone, by their true hits of these tiers.
    :param over: attempts whose panel was passed over, likewise.
    :param spent: shown ones without anything red.
    """

    shown: list[int] = field(default_factory=list)
    over: list[int] = field(default_factory=list)
    spent: int = 0


@dataclass(slots=True)
class Tally:
    """What was counted.

    :param raw: hits of tiers 2 and above.
    :param panels: panels that interrupted.
    :param hits: hits that stood on them.
    :param true: planted true hits, by whether of tier 4 and above, and whether they were shown.
    :param most: the most panels of tier 2 and above in one verdict.
    :param days: what each officer met on each day.
    """

    raw: int = 0
    panels: int = 0
    hits: int = 0
    true: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    most: int = 0
    days: dict[tuple[str, date], Day] = field(default_factory=lambda: defaultdict(Day))


class LogCity(City):
    """A city whose clock is that of the log.

    :param url: SQLAlchemy URL of its database.
    :param folder: a folder for keys and rule files.
    :param agency: its one authority.
    :param case: the first step.
    """

    def __init__(self, url: str, folder: Path, agency: Agency, case: Case) -> None:
        rules = folder / "rules"
        rules.mkdir()
        write_rules(rules)
        self.clock = case.event.occurred_at
        types = event_types(case.event.stream)
        super().__init__(url, folder, rules=rules, types=types, agency=agency)
        for hook in (GATE, "cleangov_prompt_answered"):  # a busy machine leaves nothing out
            breaker(self.plugins, "cleangov", hook).limit = 1_000_000

    def now(self) -> datetime:
        """Answer the time of the step that is taken."""
        return self.clock

    def gate(self, what: Event, attempt_id: str) -> Verdict:
        """Ask whether a step may be taken.

        :param what: the event it leads to.
        :param attempt_id: the attempt.
        """
        step = Step(
            agency_id=what.agency_id,
            stream=what.stream,
            case_id=what.case_id,
            name=what.step,
            kind=what.kind,
            actor=what.actor,
            language="zh-CN",
            proposed=what,
            attempt_id=attempt_id,
        )
        attempt = Attempt(id=attempt_id, step=step, event=what, at=self.clock)
        report = guarded_call(self.plugins, GATE, attempt=attempt, budget_ms=_PATIENCE)
        if not report.values:
            raise SystemExit(f"the gate did not answer: {report}")
        verdict: Verdict = report.values[0]
        return verdict

    def answer(self, prompt_id: str, choice: str, actor_id: str) -> None:
        """Hand on an answer.

        :param prompt_id: the prompt.
        :param choice: code of the choice.
        :param actor_id: who answers.
        """
        given = Answer(
            prompt_id=prompt_id, choice=choice, actor_id=actor_id, at=self.clock, text="说明"
        )
        guarded_call(self.plugins, "cleangov_prompt_answered", answer=given)

    def night(self) -> None:
        """Do by night what is done by night."""
        desk = self._plugin.desk
        with desk.database.own_transaction(is_reading=True) as connection:
            ledger = desk.shelf.ledger(connection, self.agency().id)
        tick(desk, ledger)


@contextmanager
def opened(url: str, agency: Agency, case: Case) -> Iterator[LogCity]:
    """Hold a city open.

    :param url: SQLAlchemy URL of a database with our tables.
    :param agency: its one authority.
    :param case: the first step.
    """
    with tempfile.TemporaryDirectory(prefix="cleangov-choosing-") as folder:
        city = LogCity(url, Path(folder), agency, case)
        try:
            yield city
        finally:
            city.close()


def lived(city: LogCity, cases: Sequence[Case]) -> Tally:
    """Go through the log: steps that no rule hits are taken without asking, for they would pass.

    :param city: the city.
    :param cases: the steps in order of time.
    """
    tally, week = Tally(), None
    for number, case in enumerate(cases):
        if not case.raw:
            continue
        city.clock = max(city.clock, case.event.occurred_at)
        if week != (week := city.clock.isocalendar()[:2]):
            city.night()
        _take(city, case, f"try-{number}", tally)
    return tally


def _take(city: LogCity, case: Case, attempt_id: str, tally: Tally) -> None:
    """Let an officer take one step: put right what is true, give a reason for the rest."""
    what = replace(case.event, occurred_at=city.clock, recorded_at=city.clock)
    panels: dict[str, frozenset[str]] = {}
    verdict = city.gate(what, attempt_id)
    first = verdict
    while verdict.decision not in _PASSING:
        (prompt,) = verdict.prompts
        rules = frozenset(ref.partition("@")[0] for ref in prompt.rules)
        panels[prompt.id] = rules
        tally.most = max(tally.most, len(verdict.prompts))
        wrong = sorted((case.true & rules) or (STRICT & rules))
        codes = [rule.lower() for rule in wrong if rule.lower() in what.attributes]
        choice = f"right_{codes[0]}" if codes else "go_on"
        city.answer(prompt.id, choice, what.actor.id if what.actor else "")
        left = {k: v for k, v in what.attributes.items() if k not in codes[:1]}
        what = replace(what, attributes=left)
        verdict = city.gate(what, attempt_id)
    with city.engine.begin() as connection:
        city.record(connection, replace(what, attempt_id=attempt_id))
    if case.counts:
        _count(case, panels, first.reason == "passed_over", city, tally)


def _count(
    case: Case,
    panels: Mapping[str, frozenset[str]],
    is_over: bool,
    city: LogCity,
    tally: Tally,
) -> None:
    shown = frozenset().union(*panels.values())
    tally.raw += len(case.raw)
    tally.panels += len(panels)
    tally.hits += len(shown)
    for rule in case.true:
        tally.true[rule in STRICT, rule in shown] += 1
    if case.raw & STRICT or not (panels or is_over):
        return
    actor = case.event.actor.id if case.event.actor else ""
    day = tally.days[actor, city.clock.astimezone(case.event.occurred_at.tzinfo).date()]
    (day.over if is_over else day.shown).append(len(case.true))
    day.spent += not is_over and not any(PLANTED.get(r, ("", ""))[1] == "revocable" for r in shown)


def at_random(tally: Tally) -> float:
    """Answer how many true hits of tiers 2 and 3 would be shown if chance chose the panels.

    On each day each officer is shown as many panels as they were, drawn from all there were.

    :param tally: what was counted.
    """
    found = 0.0
    for day in tally.days.values():
        all_ = [*day.shown, *day.over]
        found += sum(all_) * len(day.shown) / len(all_)
    return found
