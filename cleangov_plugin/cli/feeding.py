"""Both halves of a replay: a file is staged, and what is staged is fed through the hooks."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final, TypeVar, overload
from zoneinfo import ZoneInfo

from cleangov_hooks import Event, Status, Stream, breaker, guarded_call
from cleangov_plugin.calendar import civil_day
from cleangov_plugin.desk.wire import from_text, to_text
from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.intake.event_logs import EventLog, Translated
from cleangov_plugin.store import staging
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.knowledge import event_key
from cleangov_plugin.store.replay_runs import Run
from cleangov_plugin.store.run import StoreError
from cleangov_plugin.store.staging import StagedDraft, StagedEvent

from .host import OURS, HistoryHost
from .log_clocks import LogClocks
from .log_figures import LogFigures

T = TypeVar("T")
#: Events of one transaction. A run that is broken off goes on at the next one, so that a resumed
#: run makes the same transactions as an unbroken one.
TOGETHER: Final = 500
#: Events of one call of the hook.
AT_ONCE: Final = 20
#: Events after which the database is told how large its tables are; besides the first time.
GROWN: Final = 20_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_HOOKS: Final = {
    stream: f"cleangov_{stream.value}_events"
    for stream in (Stream.ENFORCEMENT, Stream.PERMIT, Stream.PROJECT)
}
_CONTEXT: Final = "cleangov_context_events"
_FAILED: Final = (Status.RAISED, Status.SKIPPED, Status.WRONG_TYPE)
_REPORT: Final = "Nothing of its transaction stays. Run it again; if it fails again, report it."

Progress = Callable[[int], None]


def digest_of(path: Path) -> str:
    """Answer the SHA-256 of a file.

    :param path: the file.
    :raises IntakeError: where it cannot be read.
    """
    digest = sha256()
    try:
        with path.open("rb") as file:
            for chunk in iter(lambda: file.read(1 << 20), b""):
                digest.update(chunk)
    except OSError as problem:
        what = f"the file cannot be read ({type(problem).__name__})."
        raise IntakeError(what, where=str(path), remedy="Name a readable file.") from None
    return digest.hexdigest()


def stage_file(database: Database, run: Run, log: EventLog, digest: str, progress: Progress) -> Run:
    """Stage a file; what a run broken off has staged already is passed over.

    :param database: the database.
    :param run: the run as it stands.
    :param log: the file, not yet read.
    :param digest: its digest, as the run was begun with.
    :param progress: told the bytes read so far.
    :return: the run, staged whole.
    :raises IntakeError: at the first fault of the file; what came before it stays staged.
    """
    events = log.translated()
    for _ in islice(events, run.staged):
        pass
    while True:
        batch, fault = _until_fault(islice(events, TOGETHER))
        if batch:
            with database.own_transaction() as connection:
                run = staging.stage(connection, run, [_draft(each) for each in batch])
        progress(log.position())
        if fault is not None:
            raise fault
        if not batch:
            break
    if digest_of(log.path) != digest:
        what = "the file changed while it was read."
        raise IntakeError(what, where=str(log.path), remedy="Replay it again when it is whole.")
    with database.own_transaction() as connection:
        return staging.begin_feeding(connection, run, _summary(log))


def feed(database: Database, run: Run, host: HistoryHost, progress: Progress) -> Run:
    """Feed what is staged through the hooks, in the order it was known.

    :param database: the database.
    :param run: the run, staged whole.
    :param host: the host, its plugin attached.
    :param progress: told the events fed so far.
    :return: the run, all its events fed.
    :raises StoreError: where the plugin did not keep an event; nothing of its transaction stays.
    """
    with database.own_transaction(is_reading=True) as connection:
        after = staging.last_fed(connection, run)
    clocks = LogClocks(host, run.log_id, run.summary["kinds"])
    figures, zone = LogFigures(host, run.log_id, run.summary["kinds"]), ZoneInfo(host.agency().zone)
    waiting: list[StagedEvent] = []
    while True:
        if not waiting:
            with database.own_transaction(is_reading=True) as connection:
                waiting = staging.next_events(connection, run, after, TOGETHER)
        batch, waiting = waiting, []
        if batch and (figures.are_made or clocks.are_followed):
            day, number = _first_day(batch, zone)
            batch, waiting = batch[:number], batch[number:]
            figures.night(day)
        with database.own_transaction() as connection:
            if not batch:
                return staging.finish(connection, run)
            known = [(moment(each.feed_key), from_text(each.payload)) for each in batch]
            for begin in range(0, len(known), AT_ONCE):
                _tell(host, known[begin : begin + AT_ONCE], connection)
            _check_kept(connection, run, [event for _, event in known])
            run = staging.advance(connection, run, len(batch))
        after = batch[-1]
        clocks.follow(moment(after.feed_key))
        if run.fed // GROWN != (run.fed - len(batch)) // GROWN or run.fed <= TOGETHER:
            with database.own_transaction() as connection:
                staging.tell_sizes(connection)
        progress(run.fed)


def _first_day(batch: list[StagedEvent], zone: ZoneInfo) -> tuple[date, int]:
    """Answer the first civil day of events, and how many of them come before its night."""
    days = (civil_day(moment(each.feed_key), zone) for each in batch)
    day, of_day = next(groupby(days))
    return day, len(list(of_day))


def moment(feed_key: int) -> datetime:
    """Answer the moment that a feed key stands for.

    :param feed_key: microseconds since 1970.
    """
    return _EPOCH + timedelta(microseconds=feed_key)


class _Unfolding(Sequence[Event]):
    """Events of a batch; the host's clock moves to each of them as it is taken up."""

    def __init__(self, host: HistoryHost, known: Sequence[tuple[datetime, Event]]) -> None:
        self._host = host
        self._known = known

    def __len__(self) -> int:
        return len(self._known)

    @overload
    def __getitem__(self, place: int) -> Event: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Event]: ...
    def __getitem__(self, place: int | slice) -> Event | Sequence[Event]:
        if isinstance(place, slice):
            return [event for _, event in self._known[place]]
        self._host.clock, event = self._known[place]
        return event


def _tell(host: HistoryHost, known: Sequence[tuple[datetime, Event]], connection: Any) -> None:
    """Tell events, as a live host does in the transaction of its own rows."""
    events = _Unfolding(host, known)
    hook = _HOOKS.get(known[0][1].stream, _CONTEXT)
    # Nobody waits for a page here: a slow disk must not make the guard pass events over.
    breaker(host.plugins, OURS, hook).limit = sys.maxsize
    report = guarded_call(host.plugins, hook, events=events, connection=connection)
    for outcome in report.outcomes:
        if outcome.status in _FAILED:
            what = f"the plugin failed at an event ({outcome.error or outcome.status.value})."
            raise StoreError(what, where=f"event {known[0][1].id} and after", remedy=_REPORT)


def _check_kept(connection: Any, run: Run, events: list[Event]) -> None:
    """Make sure that nothing is lost: each event has its entry, or is owed by name."""
    keys = [event_key(event.source, event.id) for event in events]
    kept = staging.keys_kept(connection, run.log_id, keys)
    lost = [event.id for event, key in zip(events, keys, strict=True) if key not in kept]
    if lost:
        what = f"the plugin kept nothing of {len(lost)} of {len(events)} events."
        remedy = "It says why above; mend that, and run the same command again."
        raise StoreError(what, where=f"event {lost[0]}", remedy=remedy)


def _draft(translated: Translated) -> StagedDraft:
    event = translated.event
    return StagedDraft(translated.feed_key, event.case_id, to_text(event))


def _until_fault(events: Iterable[T]) -> tuple[list[T], IntakeError | None]:
    batch: list[T] = []
    try:
        for event in events:
            batch.append(event)
    except IntakeError as problem:
        return batch, problem
    return batch, None


def _summary(log: EventLog) -> dict[str, Any]:
    mapping = log.mapping
    unread, found = log.unread, log.odd.found
    named = [{"where": each.where, "what": each.what} for each in unread or ()]
    return {
        "file": log.path.name,
        "mapping": f"{mapping.id}@{mapping.version}",
        "title": mapping.title,
        "doi": mapping.doi,
        "citation": mapping.citation,
        "cases": len(log.cases),
        "events": log.events,
        "derived": log.derived,
        "dropped": log.dropped,
        "kinds": sorted(log.kinds),
        **({} if unread is None else {"unread": named}),
        **({"odd": {name: asdict(odd) for name, odd in found.items()}} if found else {}),
    }
