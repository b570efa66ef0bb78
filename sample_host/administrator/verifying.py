"""Running ``cleangov verify`` in a process of its own, and reading what it found."""

import json
import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .place import Place

logger = logging.getLogger("sample_host")

_COMMAND: Final = "cleangov_plugin.cli.main"
_SECONDS: Final = 60
#: Follows from a change that is named already: it says nothing of another.
_FOLLOWS: Final = frozenset({"index_unsure"})
#: Alarms that name a record by lane and number.
_NAMED: Final = frozenset({"entry_gone", "receipt_gone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A record that is not what was sealed, or something else that is not.

    :param kind: ``"changed"``, ``"gone"`` or ``"other"``.
    :param log_id: the ledger.
    :param number: number of the leaf; None where there is none.
    :param entry: number of the row, where it is still there.
    :param found_by: what found it: ``"LEAF"``, ``"COL"`` and so on.
    :param subject: number of the case, where the row is still there.
    :param sealed_at: when it was sealed, UTC text; empty where it is in no leaf.
    """

    kind: str
    log_id: str
    number: int | None
    entry: int | None
    found_by: tuple[str, ...]
    subject: str = ""
    sealed_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What verifying found.

    :param items: what is not as it was; empty where everything is.
    :param sealed: how many records were compared.
    :param unsealed: how many are not sealed yet.
    :param unchecked: how many things could not be checked.
    :param problem: why nothing was verified: ``"missing"``, ``"busy"`` or ``"failed"``.
    """

    items: tuple[Item, ...] = ()
    sealed: int = 0
    unsealed: int = 0
    unchecked: int = 0
    problem: str = ""

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Found":
        """Read it back.

        :param told: as `dataclasses.asdict` wrote it.
        """
        items = tuple(
            Item(**{**each, "found_by": tuple(each["found_by"])}) for each in told["items"]
        )
        return cls(**{**told, "items": items})


def verify(place: Place, settings: Mapping[str, str]) -> Found:
    """Verify the demo's database as an auditor would, from a terminal.

    :param place: where.
    :param settings: settings for the plugin, ``CLEANGOV_*``.
    :return: what was found, or why nothing was.
    """
    command = [sys.executable, "-m", _COMMAND, "--json", "verify"]
    command[3:3] = ["--database", f"sqlite:///{place.database}"]
    try:
        run = subprocess.run(  # noqa: S603 - our own interpreter, a fixed command
            command,
            env={**os.environ, **settings, "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Found(problem="busy")
    except OSError:
        return Found(problem="missing")
    try:
        with place.opened() as connection:
            return _read(connection, json.loads(run.stdout))
    except (ValueError, LookupError, TypeError, AttributeError):
        logger.warning("cleangov verify: %s", (run.stderr.strip().splitlines() or [""])[-1])
        return Found(problem=_why(run.stderr))
    except sqlite3.Error:
        return Found(problem="busy")


def _why(said: str) -> str:
    if "No module named" in said:
        return "missing"
    return "busy" if "locked" in said or "busy" in said.lower() else "failed"


def _read(connection: sqlite3.Connection, document: Mapping[str, Any]) -> Found:
    items: list[Item] = []
    sealed = unsealed = unchecked = 0
    for log_id, told in document.items():
        items += _items(connection, log_id, told["alarms"])
        sealed += int(told["leaves"])
        unsealed += int(told["unsealed"])
        unchecked += sum(each["code"] not in _FOLLOWS for each in told["unchecked"])
    return Found(items=tuple(items), sealed=sealed, unsealed=unsealed, unchecked=unchecked)


def _items(
    connection: sqlite3.Connection, log_id: str, alarms: Iterable[Mapping[str, Any]]
) -> Iterator[Item]:
    """Put together what was found of one record: several detectors may name it."""
    told: dict[object, list[Mapping[str, Any]]] = {}
    rows: dict[object, tuple[int, str]] = {}
    for alarm in alarms:
        place, row = _record(connection, log_id, alarm)
        told.setdefault(place, []).append(alarm)
        if row is not None:
            rows[place] = row
    for place, each in told.items():
        leaf = next((alarm["leaf"] for alarm in each if alarm["leaf"] is not None), None)
        entry, subject = rows.get(place, (None, ""))
        is_record = isinstance(place, tuple)
        yield Item(
            kind="other" if not is_record else "gone" if entry is None else "changed",
            log_id=log_id,
            number=leaf,
            entry=entry,
            subject=subject,
            sealed_at=_sealed_at(connection, log_id, leaf),
            found_by=tuple(dict.fromkeys(str(alarm["detector"]) for alarm in each)),
        )


def _record(
    connection: sqlite3.Connection, log_id: str, alarm: Mapping[str, Any]
) -> tuple[object, tuple[int, str] | None]:
    """Answer what an alarm is about: lane and number of a record, else its code; and the row."""
    values = alarm["values"]
    if alarm["entry"] is not None:
        sql = "id = ?"
        given: tuple[Any, ...] = (alarm["entry"],)
    elif alarm["code"] in _NAMED:
        sql = "log_id = ? AND lane = ? AND no = ?"
        given = (log_id, values["lane"], values["no"])
    else:
        return alarm["code"], None
    ask = f"SELECT lane, no, id, subject FROM cleangov_entry WHERE {sql}"
    row = connection.execute(ask, given).fetchone()
    if row is not None:
        return (row[0], row[1]), (row[2], row[3])
    return ((values["lane"], values["no"]) if alarm["code"] in _NAMED else alarm["code"]), None


def _sealed_at(connection: sqlite3.Connection, log_id: str, leaf: int | None) -> str:
    """Answer when a leaf was sealed; empty where there is none."""
    sql = (
        "SELECT integrated_at FROM cleangov_tree_head WHERE log_id = ? AND size > ?"
        " ORDER BY size LIMIT 1"
    )
    found = connection.execute(sql, (log_id, leaf)).fetchone()
    return str(found[0]) if found else ""
