"""How the plugin is: a list of checks for city IT, each with what to do about it."""

import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

from cleangov_plugin.desk.codes import BEGIN_FILES
from cleangov_plugin.desk.keys import PURPOSES
from cleangov_plugin.desk.receipts import FILES
from cleangov_plugin.desk.settings import Settings
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.desk.start import keys_folder, spool_of
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.store import numbers, rulebook, rules_in_force, schema
from cleangov_plugin.store.connecting import trouble
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.replay_runs import runs_of
from cleangov_plugin.store.schema import SchemaState

from .health_check import Check, State
from .sealing_health import sealing
from .sides_health import sides
from .watched_health import watched

#: Milliseconds that a check waits for a lock: a busy city is no sick one.
_PATIENCE_MS: Final = 2_000


def examine(settings: Settings, today: date, *, is_brief: bool = False) -> list[Check]:
    """Look at everything that can keep the plugin from working.

    :param settings: its settings.
    :param today: the present day.
    :param is_brief: leave out what only a person can judge, and what grows with the records: for
        a monitor that asks again and again.
    :return: the checks in the order in which they should be mended.
    """
    try:
        with _opened(settings) as database:
            if not database.is_there:
                values = {"file": str(database.url.database)}
                return [Check(key="database.absent", state=State.BAD, values=values)]
            with database.own_transaction(is_reading=True) as connection:
                found = list(_database(connection))
                if all(check.state is not State.BAD for check in found):
                    found += _gaps(connection)
                    found += [] if is_brief else _contents(connection, today)
            found += _keys(settings, database)
            found += [] if is_brief else _code_keys(settings, database)
            found += [] if is_brief else watched(settings, database)
    except CleanGovError as problem:
        return [Check(key="database.unreachable", state=State.BAD, values={"what": problem.what})]
    except Exception as problem:  # whatever stands in the way is the first thing to mend
        return [_unopened(problem, settings)]
    found += [*_database_file(database), *_rules_folder(settings), *_spool(settings)]
    found += [] if is_brief else [sides(settings)]
    return [*found, *_receipts(settings, is_brief=is_brief)]


def status(settings: Settings) -> dict[str, Any]:
    """Count what is there and what waits.

    :param settings: the plugin's settings.
    :return: numbers by name, plain JSON.
    """
    with _opened(settings) as database, database.own_transaction(is_reading=True) as connection:
        found = schema.examine(connection)
        if found.state is not SchemaState.RIGHT:
            return {"schema": found.state.value, "revision": found.revision}
        agencies = rulebook.agencies(connection)
        return {
            "schema": found.state.value,
            "revision": found.revision,
            "agencies": {
                row["log_id"]: rulebook.revisions(connection, row["log_id"])[0] for row in agencies
            },
            **numbers.counts(connection),
            "spooled": spool_of(settings).waiting(),
        }


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    """Hold the database for a look: whatever is found there, nothing stays open."""
    database = Database(settings.database_url, patience_ms=_PATIENCE_MS)
    try:
        yield database
    finally:
        database.dispose()


def _unopened(problem: Exception, settings: Settings) -> Check:
    found = trouble(problem, settings.database_url)
    key = f"database.{found.kind.value}"
    return Check(key=key, state=State.BAD, values={"what": found.named})


def _database_file(database: Database) -> Iterator[Check]:
    """Look whether others on the machine can read the file in which SQLite keeps everything."""
    name = database.url.database
    if not database.is_sqlite or name in (None, "", ":memory:") or os.name == "nt":
        return
    path = Path(str(name)).resolve()
    is_reachable = all(place.stat().st_mode & 0o001 for place in path.parents)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o006 and is_reachable:
        values = {"file": str(path), "mode": f"{mode:o}"}
        yield Check(key="database.open", state=State.NOTE, values=values)


def _database(connection: Connection) -> Iterator[Check]:
    name, is_known = numbers.server(connection)
    yield Check(key="server", state=State.GOOD if is_known else State.BAD, values={"name": name})
    mode = numbers.journal_mode(connection)
    if mode is not None and mode not in ("wal", "memory"):
        yield Check(key="journal", state=State.NOTE, values={"mode": mode})
    found = schema.examine(connection)
    is_right = found.state is SchemaState.RIGHT
    yield Check(
        key=f"schema.{found.state.value}",
        state=State.GOOD if is_right else State.BAD,
        values={"revision": found.revision or "–", "wanted": found.wanted},
    )


def _contents(connection: Connection, today: date) -> Iterator[Check]:
    agencies = rulebook.agencies(connection)
    if not agencies:
        yield Check(key="agencies.none", state=State.NOTE)
    for row in agencies:
        revision, documents = rules_in_force.load(connection, row["log_id"])
        yield Check(
            key="rules" if documents else "rules.none",
            state=State.GOOD if documents else State.NOTE,
            values={"agency": row["log_id"], "number": len(documents), "revision": revision},
        )
        yield from sealing(connection, row["log_id"])
    yield from _calendars(connection, {row["log_id"] for row in agencies}, today)
    for merged, number in numbers.doubted_rules(connection):
        rules = ", ".join(json.loads(merged))
        yield Check(key="doubted", state=State.NOTE, values={"rules": rules, "number": number})


def _gaps(connection: Connection) -> Iterator[Check]:
    for state, reason, detail, number in numbers.gap_reasons(connection):
        is_owed, is_missing = state == "owed", reason == "missing"
        yield Check(
            key="gaps.owed" if is_owed else "gaps.missing" if is_missing else "gaps.given_up",
            state=State.NOTE if is_owed else State.BAD,
            values={"number": number, "reason": reason, "detail": detail or "–"},
        )


def _calendars(connection: Connection, ledgers: set[str], today: date) -> Iterator[Check]:
    known = {scope: last for scope, _, _, last in numbers.calendars_known(connection)}
    living = {log_id for log_id in ledgers if not runs_of(connection, log_id)}
    for ledger in sorted(living):  # a replayed log lives in its own years
        last = known.get(ledger)
        values = {"agency": ledger, "last": last or "–"}
        if last is None:
            yield Check(key="calendar.none", state=State.NOTE, values=values)
        elif last < today.isoformat():
            yield Check(key="calendar.over", state=State.NOTE, values=values)
        else:
            yield Check(key="calendar", state=State.GOOD, values=values)


def _keys(settings: Settings, database: Database) -> Iterator[Check]:
    try:
        folder = keys_folder(settings, database)
    except CleanGovError:
        yield Check(key="keys.unnamed", state=State.BAD)
        return
    if not _is_usable(folder):
        yield Check(key="keys.unusable", state=State.BAD, values={"folder": str(folder)})
        return
    found = {path.name.partition("-")[0] for path in folder.glob("*.key")}
    missing = sorted(set(PURPOSES) - found)
    values = {"folder": str(folder), "missing": ", ".join(missing)}
    if missing:
        yield Check(key="keys.missing", state=State.NOTE, values=values)
    elif _is_open_to_others(folder):
        yield Check(key="keys.open", state=State.BAD, values=values)
    else:
        yield Check(key="keys", state=State.GOOD, values=values)


def _code_keys(settings: Settings, database: Database) -> Iterator[Check]:
    """Look whether the first keys of entry codes, which could make them all, were taken away."""
    with suppress(CleanGovError):
        names = sorted(path.name for path in keys_folder(settings, database).glob(BEGIN_FILES))
        if names:
            yield Check(key="codes.begin", state=State.NOTE, values={"files": ", ".join(names)})


def _receipts(settings: Settings, *, is_brief: bool) -> Iterator[Check]:
    folder = settings.receipts_folder
    values = {"folder": str(folder)}
    if folder is None:
        if not is_brief:
            yield Check(key="receipts.none", state=State.NOTE)
    elif not _is_usable(folder) or (folder.exists() and not os.access(folder, os.W_OK)):
        yield Check(key="receipts.unusable", state=State.BAD, values=values)
    else:
        yield Check(key="receipts", state=State.GOOD, values={**values, **_size_of(folder)})


def _size_of(folder: Path) -> dict[str, str]:
    """Answer how large the receipt journal is: files, and MB with one digit."""
    sizes = []
    for path in folder.glob(FILES):
        with suppress(OSError):  # it may be put away just now
            sizes.append(path.stat().st_size)
    return {"files": str(len(sizes)), "size": f"{sum(sizes) / 1e6:.1f}"}


def _is_usable(folder: Path) -> bool:
    """Answer whether a folder can be read, or made where it is not there yet."""
    if folder.exists():
        return folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)
    above = next((place for place in folder.parents if place.exists()), None)
    return above is not None and above.is_dir() and os.access(above, os.W_OK | os.X_OK)


def _rules_folder(settings: Settings) -> Iterator[Check]:
    folder = settings.rules_folder
    if folder is not None and not folder.is_dir():
        yield Check(key="rules.no_folder", state=State.BAD, values={"folder": str(folder)})


def _is_open_to_others(folder: Path) -> bool:
    if os.name == "nt":
        return False
    places = [folder, *folder.glob("*.key")]
    return any(stat.S_IMODE(place.stat().st_mode) & 0o077 for place in places)


def _spool(settings: Settings) -> Iterator[Check]:
    spool = spool_of(settings)
    if spool.folder is None:
        yield Check(key="spool.none", state=State.NOTE)
        return
    number, size = spool.waiting(), spool.size()
    values = {"number": number, "kb": size // 1024, "limit": spool.limit // 1024}
    is_full = size >= spool.limit * 9 // 10
    state = State.BAD if is_full else State.NOTE if number else State.GOOD
    yield Check(key="spool.waiting" if number else "spool", state=state, values=values)
