"""From the host's outbox to the service: at least once, in the order of each case."""

import http.client
import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from cleangov_plugin.desk.served.signing import Request, read_callers, signature
from cleangov_plugin.domain.errors import CleanGovError, IntakeError, SettingsError
from cleangov_plugin.intake.served.shapes import LARGEST, MOST, parse
from cleangov_plugin.store import outbox
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.outbox import Waiting

#: Bytes of a batch: what is around the events needs a little room.
_ROOM: Final = LARGEST - 1000
#: Bytes of an answer that are read.
_ANSWER: Final = 4 << 20
#: Seconds that the service may take for a batch.
_PATIENCE: Final = 30


class NotTaken(CleanGovError):
    """The service was not reached, or took nothing of a batch: it is sent again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Where events go.

    :param address: of the API.
    :param key_id: id of the caller's key.
    :param key: the key.
    """

    address: str
    key_id: str
    key: bytes

    def send(self, events: Sequence[str]) -> list[dict[str, Any]]:
        """Send a batch.

        :param events: CloudEvents as JSON.
        :return: what became of each, in order.
        :raises NotTaken: where nothing is known of the batch.
        """
        place = urlsplit(self.address)
        target = place.path.rstrip("/") + "/events"
        body = ("[" + ",".join(events) + "]").encode()
        https = place.scheme == "https"
        kind = http.client.HTTPSConnection if https else http.client.HTTPConnection
        connection = kind(place.hostname or "", place.port, timeout=_PATIENCE)
        try:
            connection.request("POST", target, body, self._headers(target, body))
            response = connection.getresponse()
            status, told = response.status, parse(response.read(_ANSWER))
        except (OSError, http.client.HTTPException, IntakeError) as problem:
            what = f"the service cannot be reached ({type(problem).__name__})."
            raise NotTaken(what, where=self.address) from None
        finally:
            connection.close()
        return _results(status, told, len(events), self.address)

    def _headers(self, target: str, body: bytes) -> dict[str, str]:
        at, nonce = str(int(time.time())), secrets.token_hex(16)
        request = Request(
            key_id=self.key_id, method="POST", target=target, body=body, at=at, nonce=nonce
        )
        return {
            "CleanGov-Key": self.key_id,
            "CleanGov-Time": at,
            "CleanGov-Nonce": nonce,
            "CleanGov-Signature": signature(self.key, request),
            "Content-Type": "application/json",
            "Accept-Language": "en",
        }


def open_service(address: str, key_file: Path) -> Service:
    """Name a service, and read the key to sign with.

    :param address: of the API, as `cleangov serve` prints it.
    :param key_file: ``<caller>-<number>.key``.
    :raises SettingsError: where one of them is not what it should be.
    """
    place = urlsplit(address)
    if place.scheme not in ("http", "https") or not place.hostname:
        remedy = "Give the address that 'cleangov serve' prints."
        raise SettingsError("this is no address.", where="--to", remedy=remedy)
    keys = read_callers(key_file.parent)
    if key_file.stem not in keys or key_file.suffix != ".key":
        remedy = "Name the file <caller>-<number>.key that the service has, too."
        raise SettingsError("there is no such key.", where=str(key_file), remedy=remedy)
    return Service(address=address, key_id=key_file.stem, key=keys[key_file.stem])


@dataclass(slots=True, kw_only=True)
class Forwarded:
    """What a turn did.

    :param sent: events that the service has now.
    :param refused: events that it does not take as they are: the later ones of their case wait.
    :param left: events that are not kept yet, the refused ones among them.
    """

    sent: int = 0
    refused: int = 0
    left: int = 0


def forward(
    database: Database, send: Callable[[Sequence[str]], list[dict[str, Any]]], done: Forwarded
) -> None:
    """Send what waits, until nothing can be sent.

    A batch has one event of a case at the most: where the service is too busy for it, none that
    came later may be kept before it. Whatever is killed between sending and noting is sent again,
    and the service knows it.

    :param database: the host's.
    :param send: sends a batch.
    :param done: what was done; grows.
    :raises NotTaken: where the service took nothing; what was done before stays done.
    """
    stopped: set[str] = set()
    after = 0
    try:
        while True:
            with database.own_transaction(is_reading=True) as connection:
                rows = outbox.waiting(connection, after, MOST)
            if not rows:
                return
            batch = _batch(rows, stopped)
            if batch:
                _sent(database, batch, _answers(batch, send), stopped, done)
            else:  # all of these wait for one before them
                after = rows[-1].no
    finally:
        with database.own_transaction(is_reading=True) as connection:
            done.left = outbox.number_waiting(connection)


def _batch(rows: Sequence[Waiting], stopped: set[str]) -> list[Waiting]:
    """Choose the first of each case that is not stopped, as many as have room."""
    cases, size = set(stopped), 0
    found: list[Waiting] = []
    for row in rows:
        size += len(row.event.encode("utf-8", "replace")) + 1
        if row.case_id not in cases and (size <= _ROOM or not found):
            found.append(row)
        cases.add(row.case_id)
    return found


def _answers(
    batch: Sequence[Waiting], send: Callable[[Sequence[str]], list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Send what can be sent at all; what is no JSON would spoil the whole batch."""
    faults = {row.no: _fault(row) for row in batch}
    good = [row.event for row in batch if not faults[row.no]]
    answers = iter(send(good) if good else [])
    spoilt = {"status": "refused", "is_kept": False}
    return [
        {**spoilt, "detail": faults[row.no]} if faults[row.no] else next(answers) for row in batch
    ]


def _fault(row: Waiting) -> str:
    try:
        parse(row.event.encode("utf-8", "surrogatepass"))
    except IntakeError as problem:
        return problem.what
    return "" if len(row.event.encode()) <= _ROOM else "this event is too large."


def _sent(
    database: Database,
    batch: Sequence[Waiting],
    answers: Sequence[dict[str, Any]],
    stopped: set[str],
    done: Forwarded,
) -> None:
    with database.own_transaction() as connection:
        for row, told in zip(batch, answers, strict=True):
            is_kept = told.get("is_kept") is True
            words = (told.get(name) for name in ("status", "where", "detail"))
            status = " ".join(str(word) for word in words if word)[:500]
            outbox.mark(connection, row.no, status, is_kept=is_kept)
            done.sent += is_kept
            done.refused += told.get("status") == "refused"
            if not is_kept:
                stopped.add(row.case_id)


def _results(status: int, told: Any, number: int, where: str) -> list[dict[str, Any]]:
    found = told.get("results") if isinstance(told, dict) else None
    is_whole = isinstance(found, list) and all(isinstance(each, dict) for each in found)
    if status == http.client.OK and is_whole and len(found or ()) == number:
        return list(found or ())
    said = told.get("title") if isinstance(told, dict) else None
    what = f"the service answered {status} ({json.dumps(said, ensure_ascii=False)[:200]})."
    raise NotTaken(what, where=where)
