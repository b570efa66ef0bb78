"""The outer guard: one call to all plugins in which none can harm the host or another plugin."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from weakref import WeakKeyDictionary

import pluggy

from .host import EventType, Page, Person, Relation
from .prompt import Fragment, Prompt, Verdict
from .shape import misfit

logger = logging.getLogger("cleangov.guard")

#: Milliseconds a hook may take before the call counts as an overrun. Hooks that are given a
#: budget are told the smaller figure of `BUDGET_MS`; the guard is four times as patient.
BUDGET_MS: Final[Mapping[str, int]] = {
    "cleangov_step_opened": 20,
    "cleangov_step_edited": 20,
    "cleangov_step_gate": 50,
}
_DEFAULT_LIMIT_MS: Final = 250
_PATIENCE: Final = 4

_SEQUENCES_OF: Final[Mapping[str, type]] = {
    "cleangov_step_opened": Prompt,
    "cleangov_step_edited": Prompt,
    "cleangov_event_types": EventType,
    "cleangov_people": Person,
}
_ANSWERS: Final[Mapping[str, type]] = {
    "cleangov_step_gate": Verdict,
    "cleangov_slot": Fragment,
    "cleangov_host_records": Page,
    "cleangov_relation": Relation,
    "cleangov_reporting_tie": Relation,
}

#: Never swallowed: they end the process, the worker or the greenlet, and are not ours to stop.
_NOT_OURS: Final = (KeyboardInterrupt, SystemExit, GeneratorExit)

_savepoint_held: ContextVar[bool] = ContextVar("cleangov_savepoint_held", default=False)


class Status(StrEnum):
    """How one plugin's part of a guarded call ended."""

    ANSWERED = "answered"
    SILENT = "silent"
    RAISED = "raised"
    WRONG_TYPE = "wrong_type"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one plugin did with one call.

    :param plugin: registered name.
    :param hook: name of the hook.
    :param status: how it ended.
    :param value: the answer, if it was one.
    :param error: type name of what was raised or returned wrongly, or the field that was wrong,
        ``"Verdict.decision"``; never its text.
    :param milliseconds: time used.
    :param is_overrun: whether it took longer than the guard's patience.
    """

    plugin: str
    hook: str
    status: Status
    value: Any = None
    error: str | None = None
    milliseconds: float = 0.0
    is_overrun: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a guarded call.

    :param outcomes: one of each plugin that implements the hook, in calling order.
    """

    outcomes: tuple[Outcome, ...]

    @property
    def values(self) -> list[Any]:
        """Answer the values of the plugins that had one, in calling order."""
        return [o.value for o in self.outcomes if o.status is Status.ANSWERED]

    @property
    def troubles(self) -> list[Outcome]:
        """Answer the outcomes a host may want to log or show its operators."""
        bad = (Status.RAISED, Status.WRONG_TYPE, Status.SKIPPED)
        return [o for o in self.outcomes if o.status in bad or o.is_overrun]


@dataclass(slots=True)
class Breaker:
    """Skips a plugin's hook after `limit` overruns in a row, and tries it again after `rest`.

    :param limit: overruns in a row that open it.
    :param rest: seconds it stays open.
    :param overruns: overruns in a row so far.
    :param open_until: monotonic seconds until which it is open.
    """

    limit: int = 3
    rest: float = 60.0
    overruns: int = 0
    open_until: float = 0.0

    def allows(self, now: float) -> bool:
        """Answer whether the hook may be called.

        :param now: monotonic seconds.
        """
        return now >= self.open_until

    def note(self, now: float, is_overrun: bool) -> None:
        """Take note of a call that ended.

        :param now: monotonic seconds.
        :param is_overrun: whether it took too long.
        """
        self.overruns = self.overruns + 1 if is_overrun else 0
        if self.overruns >= self.limit:
            self.open_until = now + self.rest
            self.overruns = self.limit - 1  # one more overrun after the rest opens it again


_breakers: WeakKeyDictionary[pluggy.PluginManager, dict[tuple[str, str], Breaker]] = (
    WeakKeyDictionary()
)


def breaker(pm: pluggy.PluginManager, plugin: str, hook: str) -> Breaker:
    """Answer the breaker of one plugin's hook, to read it or to set its limit and rest.

    :param pm: the plugin manager.
    :param plugin: registered name.
    :param hook: name of the hook.
    """
    return _breakers.setdefault(pm, {}).setdefault((plugin, hook), Breaker())


def savepoint_is_held() -> bool:
    """Answer whether the guard has already put the running call into a savepoint."""
    return _savepoint_held.get()


def guarded_call(pm: pluggy.PluginManager, hook: str, **arguments: Any) -> Report:
    """Call a hook of every plugin so that no plugin can stop the host or another plugin.

    Each plugin is called by itself. What it raises is named and dropped; an answer of the wrong
    type, or with a field of the wrong type, is named and dropped; a plugin that overran three
    times in a row rests for a minute. On databases where a failed statement spoils the
    transaction, a hook with a ``connection`` runs in a savepoint. Nothing is interrupted: a
    plugin that never returns cannot be stopped by a guest in the same process, only not called
    again.

    :param pm: the host's plugin manager for this contract, see `manager`.
    :param hook: name of the hook, ``"cleangov_step_gate"``.
    :param arguments: the hook's arguments; ``budget_ms`` is filled in where it is left out.
    :return: one outcome for each plugin; hook wrappers are left out, for they wrap nothing here.
    :raises AttributeError: if no such hook is specified: a mistake of the host's programmer.
    """
    caller = getattr(pm.hook, hook)
    if hook in BUDGET_MS:
        arguments.setdefault("budget_ms", BUDGET_MS[hook])
    outcomes: list[Outcome] = []
    for implementation in reversed(caller.get_hookimpls()):  # pluggy's order: the last one first
        if implementation.hookwrapper or implementation.wrapper:
            continue  # there is nothing to wrap where each plugin is called by itself
        outcomes.append(_call_one(pm, hook, implementation, arguments))
        if caller.spec.opts.get("firstresult") and outcomes[-1].status is Status.ANSWERED:
            break
    return Report(tuple(outcomes))


def _call_one(
    pm: pluggy.PluginManager,
    hook: str,
    implementation: pluggy.HookImpl,
    arguments: Mapping[str, Any],
) -> Outcome:
    name = pm.get_name(implementation.plugin) or repr(type(implementation.plugin))
    limits = breaker(pm, name, hook)
    started = time.perf_counter()
    if not limits.allows(time.monotonic()):
        return Outcome(plugin=name, hook=hook, status=Status.SKIPPED)
    status, value, error = Status.SILENT, None, None
    try:
        # Not through `PluginManager.subset_hook_caller`: it hashes the plugins it leaves out, and
        # one plugin without a hash (a plain dataclass) would silence all the others.
        given = [arguments[key] for key in implementation.argnames]
        value = _call(implementation.function, given, arguments.get("connection"))
        if value is not None:
            status, error = _checked(hook, value)
    except _NOT_OURS:
        raise
    except BaseException as problem:  # the one edge of the contract where exceptions stop
        if _ends_a_task(problem):
            raise
        status, value, error = Status.RAISED, None, type(problem).__name__
    spent = (time.perf_counter() - started) * 1000
    limit = _limit_ms(hook, arguments)
    limits.note(time.monotonic(), spent > limit)
    if error is not None or spent > limit:
        logger.warning("plugin %s, hook %s: %s %s, %.0f ms", name, hook, status, error or "", spent)
    return Outcome(
        plugin=name,
        hook=hook,
        status=status,
        value=value if status is Status.ANSWERED else None,
        error=error,
        milliseconds=spent,
        is_overrun=spent > limit,
    )


def _call(function: Callable[..., Any], given: Sequence[Any], connection: Any) -> Any:
    """Call an implementation, in a savepoint where what it does to the database may fail."""
    if not _wants_savepoint(connection):
        return function(*given)
    with _savepoint(connection):
        return function(*given)


def _limit_ms(hook: str, arguments: Mapping[str, Any]) -> float:
    """Answer the milliseconds after which a call is an overrun; a batch may take longer."""
    if hook in BUDGET_MS:
        return BUDGET_MS[hook] * _PATIENCE
    events = arguments.get("events", ())
    return _DEFAULT_LIMIT_MS * max(1, len(events) if isinstance(events, list | tuple) else 1)


def _checked(hook: str, value: Any) -> tuple[Status, str | None]:
    """Answer whether a value is of the type the hook's specification names."""
    wanted = _SEQUENCES_OF.get(hook) or _ANSWERS.get(hook)
    is_list = hook in _SEQUENCES_OF and isinstance(value, list | tuple)
    for item in value if is_list else (value,):
        # A hook without an entry above answers nothing, and so nothing is right.
        if wanted is None or not isinstance(item, wanted) or (hook in _SEQUENCES_OF) is not is_list:
            return Status.WRONG_TYPE, type(value).__name__
        odd = misfit(item)
        if odd is not None:
            return Status.WRONG_TYPE, odd
    return Status.ANSWERED, None


def _ends_a_task(problem: BaseException) -> bool:
    """Answer whether an exception cancels the greenlet or task that serves the host's request.

    Known by name, since neither package need be there. A future of the plugin's own that was
    cancelled raises an ordinary exception of the same name: that one stops here.
    """
    name = type(problem).__name__
    return not isinstance(problem, Exception) and name in ("GreenletExit", "CancelledError")


def _wants_savepoint(connection: Any) -> bool:
    """Answer whether a failed statement would spoil the host's transaction.

    SQLite keeps a transaction usable after a failed statement, and a savepoint there can commit
    the host's work by itself when it is the first write; so none is set. Where each statement is
    a transaction of its own, there is nothing to spoil and no savepoint to be had.
    """
    dialect = getattr(getattr(connection, "dialect", None), "name", "sqlite")
    if dialect == "sqlite":
        return False
    return bool(connection.in_transaction()) and not _is_autocommit(connection)


@contextmanager
def _savepoint(connection: Any) -> Iterator[None]:
    """Hold a savepoint, and tell whoever asks that it is held."""
    token = _savepoint_held.set(True)
    try:
        with connection.begin_nested():
            yield
    finally:
        _savepoint_held.reset(token)


def _is_autocommit(connection: Any) -> bool:
    """Answer whether the host put the connection into autocommit: SQLAlchemy says "begun" then."""
    driver = getattr(getattr(connection, "connection", None), "driver_connection", None)
    options: Any = getattr(connection, "get_execution_options", dict)()
    told = options.get("isolation_level")
    return getattr(driver, "autocommit", False) is True or told == "AUTOCOMMIT"
