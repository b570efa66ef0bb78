"""The object a host registers: one line per hook, and the edge at which our exceptions stop."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from flask import Blueprint

from cleangov_hooks import Answer, Attempt, Event, Fragment, Host, Prompt, Step, Verdict, hookimpl

from .desk.answers import answering
from .desk.between import Chores
from .desk.budget import Budget
from .desk.checkpoint import aborting, recording
from .desk.desk import Desk, declared_kinds
from .desk.health.metrics import observe
from .desk.health.pulse import Watched
from .desk.inert import Inert
from .desk.prompting import gate, opening
from .desk.sealed.steady import Steady
from .desk.served.once import open_once
from .desk.served.refusals import Refusals
from .desk.served.signing import read_callers
from .desk.start import Sources, missing_services, open_desk, settings_of, spool_of_host
from .domain.errors import CleanGovError, SchemaError
from .domain.terms import GapReason
from .intake.clock_files import load_clocks
from .intake.holidays_cn import calendar_days
from .intake.rule_files import RuleFiles
from .web.blueprint import blueprint
from .web.health import add_health
from .web.served.door import Door
from .web.served.routes import machines
from .web.slots import render

if TYPE_CHECKING:
    from .web.signing_in.pages import Pages

T = TypeVar("T")
logger = logging.getLogger("cleangov")

#: Milliseconds for verbs to which no hook gives a budget; for events: for each of them.
_USUAL_MS: Final = 100


class CleanGov:
    """Supervision for a city platform: prompts, gates and checkpoints at its key steps."""

    def __init__(self) -> None:
        self.desk: Desk | None = None
        self._host: Host | None = None
        self.inert = Inert("the host is not ready yet.")
        self._rule_files = RuleFiles()
        self._sources = Sources(
            documents=self._rule_files.documents, days=calendar_days, clocks=load_clocks
        )
        self._chores = Chores(self._sources, self._rule_files.have_changed)
        self._observed: object | None = None
        self._steady: Steady | None = None

    def close(self) -> None:
        """Close the connections that are not in use, and open others where they are wanted.

        The contract has no word for the end of a host: it ends with its process. Whoever makes
        several hosts in one process, as tests do, calls this at the end of each.
        """
        if self._steady is not None:
            self._steady.end()
        if self.desk is not None:
            self.desk.close()

    def machines(self, callers: Path, seen: Path, gate_ms: int) -> Blueprint:
        """Make the pages for hosts that cannot call hooks, for `cleangov serve`.

        :param callers: folder of the keys of callers.
        :param seen: folder that remembers what was seen already.
        :param gate_ms: milliseconds that the rules at a gate may use.
        :raises SettingsError: where nobody could call, or nothing could be remembered.
        """
        once = open_once(seen)
        door = Door(
            desk_of=lambda: self.desk,
            keys=read_callers(callers),
            once=once,
            gate_ms=gate_ms,
            refusals=Refusals(once=once),
        )
        return machines(door, self._wake)

    def people(self, seen: Path, tickets: Path | None, oidc: Path | None, origin: str) -> "Pages":
        """Make what signs people in where no host does, for `cleangov serve`.

        :param seen: folder that remembers what was seen already.
        :param tickets: folder of the keys of platforms; None for none.
        :param oidc: file that says who the provider of OpenID Connect is; None for none.
        :param origin: the address of the service as people see it.
        :raises SettingsError: where a way in cannot be used.
        """
        from .web.signing_in.pages import Pages, Ways  # no host needs it

        ways = Ways(tickets=tickets, oidc=oidc, origin=origin)
        return Pages(ways, lambda: self.desk, seen)

    # ---- The hooks ---------------------------------------------------------------------------

    @hookimpl
    def cleangov_host_ready(self, host: Host) -> None:
        """Open the desk; where that fails the plugin is inert, and says so once."""
        try:
            self.close()  # of a host that was ready before: another desk takes its place
            self._open(host)
        except Exception as problem:  # the host starts, whatever is wrong with its guest
            self._be_inert(f"{type(problem).__name__}; see 'cleangov doctor'.", "error")

    @hookimpl
    def cleangov_step_opened(self, step: Step, budget_ms: int) -> Sequence[Prompt] | None:
        """Answer hints beside a form that is opened."""
        self._tend()
        return self._ask("opened", lambda d: opening.opened(d, step, budget_ms), budget_ms)

    @hookimpl
    def cleangov_step_edited(
        self, step: Step, draft: Event, budget_ms: int
    ) -> Sequence[Prompt] | None:
        """Answer hints beside a form that is being filled in."""
        return self._ask("edited", lambda d: opening.edited(d, step, draft, budget_ms), budget_ms)

    @hookimpl
    def cleangov_step_gate(self, attempt: Attempt, budget_ms: int) -> Verdict | None:
        """Decide whether a step may be taken."""
        found = self._ask("gate", lambda d: gate.gate(d, attempt, budget_ms), budget_ms)
        if isinstance(found, Verdict) and self.desk is not None:
            self.desk.counters.add(f"decided.{found.decision.value}")
        return found

    @hookimpl
    def cleangov_enforcement_events(self, events: Sequence[Event], connection: Any) -> None:
        """Record what happened in enforcement."""
        self._record(events, connection)

    @hookimpl
    def cleangov_permit_events(self, events: Sequence[Event], connection: Any) -> None:
        """Record what happened in permits."""
        self._record(events, connection)

    @hookimpl
    def cleangov_project_events(self, events: Sequence[Event], connection: Any) -> None:
        """Record what happened in public works."""
        self._record(events, connection)

    @hookimpl
    def cleangov_context_events(self, events: Sequence[Event], connection: Any) -> None:
        """Record petitions, personnel, documents and ratings."""
        self._record(events, connection)

    @hookimpl
    def cleangov_step_aborted(self, attempt: Attempt, reason: str) -> None:
        """Take note that an attempt ended without its event."""
        self._ask("aborted", lambda d: aborting.abort(d, attempt, reason))

    @hookimpl
    def cleangov_prompt_answered(self, answer: Answer) -> None:
        """Take an answer that the host's own screen collected."""
        self._ask("answered", lambda d: answering.answer(d, answer))

    @hookimpl
    def cleangov_slot(self, name: str, step: Step | None, medium: str) -> Fragment | None:
        """Render a slot of the host's page."""
        return self._ask(f"slot {name}", lambda d: render(d, name, step, medium))

    # ---- The edge ----------------------------------------------------------------------------

    def _open(self, host: Host) -> None:
        missing = missing_services(host)
        if missing:
            what = f"the host offers no {', '.join(missing)}; see docs/hooks.md."
            self._be_inert(what, "host")
            return
        self._host, self.inert.spool = host, spool_of_host(host)
        watched = self._offer(host)
        try:
            self.desk = open_desk(host, settings_of(host), self._sources)
            self._steady = Steady(self.desk)
        except CleanGovError as problem:
            self._be_inert(str(problem), _code(problem))
        finally:
            self._observed = observe(watched)

    def _offer(self, host: Host) -> Watched:
        """Offer pages and slots to the host, and answer how the plugin is watched."""
        watched = Watched(
            host=host,
            desk_of=lambda: self.desk,
            inert=self.inert,
            is_off=lambda: _switched_off(host),
        )
        pages = blueprint(lambda: self.desk)
        add_health(pages, watched)
        if not host.mount(pages):
            logger.warning("the platform is serving already: the plugin shows no pages of its own")
        host.provide_slot(partial(self.cleangov_slot))
        return watched

    def _be_inert(self, reason: str, code: str) -> None:
        self.desk = None
        self.inert.reason, self.inert.code = reason, code
        self.inert.say()

    def _wake(self) -> None:
        if self._steady is not None:
            self._steady.wake()

    def _tend(self) -> None:
        desk = self.desk
        if desk is not None and not _is_off(desk):
            self._chores.tend(desk)

    def _ask(self, verb: str, act: Callable[[Desk], T], budget_ms: int = _USUAL_MS) -> T | None:
        """Do a verb; whatever it raises stops here and is named, never its text."""
        desk = self.desk
        if desk is None or _is_off(desk):
            return None
        if self._steady is not None:
            self._steady.look()
        if not desk.breakers.allow(verb):
            desk.counters.add(f"rested.{verb}")
            return None
        budget = Budget(budget_ms)
        desk.counters.add(f"called.{verb}")
        try:
            return act(desk)
        except CleanGovError as problem:
            logger.warning("%s: %s (%s)", verb, type(problem).__name__, problem.where)
        except Exception as problem:
            logger.warning("%s: %s", verb, type(problem).__name__)
        finally:
            _note(desk, verb, budget)
        desk.counters.add(f"failed.{verb}")
        return None

    def _record(self, events: Sequence[Event], connection: Any) -> None:
        """Record events; what cannot be judged is owed, and only what cannot be kept is lost."""
        desk, events = self.desk, recording.OfHost(events)
        if desk is None:
            host = self._host
            if host is None or not _switched_off(host):
                self.inert.keep(events, declared_kinds(host) if host else {})
            return
        if _is_off(desk):
            return
        if not desk.breakers.allow("events"):
            desk.counters.add("rested.events")
            recording.owe_all(desk, connection, events, GapReason.TIMEOUT, "resting")
            return
        told = self._ask(
            "events",
            lambda d: recording.record(d, events, connection),
            _USUAL_MS * max(1, len(events)),
        )
        self._wake()
        if told is None:  # the verb itself failed: each event is owed, and known again if it is
            recording.owe_all(desk, connection, events, GapReason.ERROR, "record")


def _note(desk: Desk, verb: str, budget: Budget) -> None:
    """Take note of how long a verb took."""
    if desk.breakers.note(verb, budget):
        desk.counters.add(f"overran.{verb}")
    if desk.timings is not None:
        desk.timings.append((verb, budget.spent()))


def _code(problem: CleanGovError) -> str:
    return "schema" if isinstance(problem, SchemaError) else "settings"


def _is_off(desk: Desk) -> bool:
    """Answer whether the host's kill switch is on, and count it."""
    is_off = _switched_off(desk.host)
    if is_off:
        desk.counters.add("switched_off")
    return is_off


def _switched_off(host: Host) -> bool:
    """Answer whether the host's kill switch is on; a switch that fails is on."""
    try:
        return host.switched_off()
    except Exception as problem:
        logger.warning("the kill switch cannot be read: %s", type(problem).__name__)
        return True
