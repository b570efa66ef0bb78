"""`cleangov serve` under bad luck and bad will: forgeries, lost responses, chunks, the switch."""

import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from cleangov_plugin.desk.served.once import open_once
from cleangov_plugin.desk.served.refusals import Refusals
from cleangov_plugin.web.served.door import Door
from cleangov_plugin.web.served.routes import machines
from tests.cli.served_calling import BASE, KEY, Caller, event, resting_on, serving
from tests.support.ends import opened

PROBLEM = "urn:cleangov:problem:"


@pytest.fixture(scope="module")
def held(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A running service, and its folder."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "cleangov.db").write_bytes(_sqlite_template.read_bytes())
    with serving(f"sqlite:///{folder / 'cleangov.db'}", folder) as caller:
        yield caller, folder


def bodies(folder: Path, kind: str) -> list[Any]:
    query = "SELECT body FROM cleangov_entry WHERE kind = :kind ORDER BY id"
    with opened(f"sqlite:///{folder / 'cleangov.db'}") as engine, engine.connect() as connection:
        found = connection.execute(sa.text(query), {"kind": kind}).scalars().all()
    return [json.loads(body) for body in found]


def test_refused_calls_are_written_once_for_each_key_and_kind(held: Any) -> None:
    caller, folder = held
    body = json.dumps([event("f-1", 500)]).encode()
    for number in range(20):
        good = caller.signed("/events", body)
        forged = {**good, "CleanGov-Signature": f"{number:064x}"}
        assert caller.send("/events", body, forged)[0] == 401
        stranger = {**forged, "CleanGov-Key": f"made-up-{number}"}
        assert caller.send("/events", body, stranger)[0] == 401
        assert caller.send("/events", body, {})[0] == 401
    found = [dict((a[0], a[2]) for a in b["attrs"]) for b in bodies(folder, "int.calls.refused")]
    told = sorted((a["a.problem"], a.get("a.key", ""), a["a.number"]) for a in found)
    assert set(told) >= {("signature", "", "1"), ("signature", "old-1", "1"), ("unsigned", "", "1")}
    assert len(told) <= 6  # the hour may have ended meanwhile


def test_what_was_counted_meanwhile_is_written_in_the_next_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Any] = []
    monkeypatch.setattr(
        "cleangov_plugin.desk.served.refusals.record_one",
        lambda desk, event, connection: written.append(event),
    )
    desk = _desk(1_773_108_000)
    one, other = (Refusals(once=open_once(tmp_path)) for _ in range(2))
    for refusals in (one, one, other, one):  # two workers share the folder
        refusals.note(desk, "old-1", "replayed")
    one.note(desk, "old-1", "held")
    desk.host.at += 3600
    one.note(desk, "old-1", "replayed")
    other.note(desk, "old-1", "replayed")
    assert [event.attributes["number"] for event in written] == [1, 3]
    assert set(one.counts.values()) | set(other.counts.values()) == {2}


@pytest.mark.parametrize("depth", [2, 450])
def test_one_event_that_is_nested_too_deep_stops_no_other(held: Any, depth: int) -> None:
    caller, _ = held
    deep: Any = 1
    for _ in range(depth):
        deep = [deep]
    batch = [event(f"n-{depth}", 500), event(f"d-{depth}", 500)]
    batch[1]["data"]["attributes"] = {"x": deep}
    status, told = caller.call("/events", batch)
    said = [(each["status"], each["where"]) for each in told["results"]]
    assert (status, said) == (
        200,
        [("recorded", ""), ("refused", "body[1].data.attributes.x[0]")],
    )


def _desk(at: int) -> Any:
    from contextlib import nullcontext
    from datetime import UTC, datetime
    from types import SimpleNamespace

    host = SimpleNamespace(at=at, agency=lambda: SimpleNamespace(id="yunting"))
    host.now = lambda: datetime.fromtimestamp(host.at, UTC)
    database = SimpleNamespace(own_transaction=nullcontext)
    return SimpleNamespace(host=host, database=database)


def test_after_a_lost_response_the_same_key_gets_the_same_answer(held: Any) -> None:
    caller, folder = held
    asked = {"attempt_id": "l-1", "event": event("l-1", 1001)}
    prompt = caller.call("/gate", asked, Idempotency_Key="gate-l-1")[1]["prompts"][0]
    choice = next(c for c in prompt["choices"] if c["kind"] in ("justified", "confirmed"))
    given = {"prompt_id": prompt["id"], "choice": choice["code"], "text": "核实过。"}
    given |= resting_on(choice)
    body = json.dumps(given).encode()
    _send_and_hang_up(caller, "/answers", body, Idempotency_Key="answer-l-1")
    first = caller.call("/answers", given, Idempotency_Key="answer-l-1")
    assert (first[0], bool(first[1]["pass"])) == (200, True), first
    assert caller.call("/answers", given, Idempotency_Key="answer-l-1") == first
    assert len(bodies(folder, "int.prompt.answered")) == 1
    head = {"Idempotency_Key": "gate-l-1", "CleanGov_Pass": first[1]["pass"]}
    _send_and_hang_up(caller, "/gate", json.dumps(asked).encode(), **head)
    told = caller.call("/gate", asked, **head)
    assert (told[0], told[1]["decision"]) == (200, "pass_recorded")
    batch = [event("l-1", 1001, attempt_id="l-1")]
    _send_and_hang_up(caller, "/events", json.dumps(batch).encode())
    status, told = caller.call("/events", batch)
    assert (status, told["kept"]) == (200, 1)
    assert [body["id"] for body in bodies(folder, "enf.decision.made")].count("l-1") == 1


def _send_and_hang_up(caller: Caller, path: str, body: bytes, **headers: str) -> None:
    """Send a whole request, and never read what is answered."""
    told = caller.signed(path, body, **headers)
    lines = [f"POST {BASE}{path} HTTP/1.1", f"Host: {caller.netloc}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in told.items()]
    lines += [f"Content-Length: {len(body)}", "", ""]
    place = urlsplit(caller.address)
    with socket.create_connection((place.hostname, place.port), timeout=30) as connection:
        connection.sendall("\r\n".join(lines).encode() + body)


def test_a_body_in_chunks_is_read_whole_and_bounded(held: Any) -> None:
    caller, _ = held
    body = json.dumps([event("c-1", 500)]).encode()
    status, told = _chunked(caller, body, [body[:10], body[10:]])
    assert (status, told["kept"]) == (200, 1)
    large = b" " * ((1 << 20) + 1)
    status, told = _chunked(caller, large, [large])
    assert (status, told["type"]) == (413, f"{PROBLEM}too_large")
    status, told = _chunked(caller, body, [body[:10]])  # what is signed is not what came
    assert (status, told["type"]) == (401, f"{PROBLEM}signature")


def _chunked(caller: Caller, signed: bytes, chunks: list[bytes]) -> tuple[int, Any]:
    connection = http.client.HTTPConnection(caller.netloc, timeout=30)
    try:
        headers = caller.signed("/events", signed)
        connection.request("POST", f"{BASE}/events", iter(chunks), headers, encode_chunked=True)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_the_kill_switch_holds_nobody_up_and_keeps_events_with_the_caller(held: Any) -> None:
    caller, folder = held
    switch = folder / "seen/off"
    switch.touch()
    try:
        decision = {**event("k-1", 1001), "subject": "C-9"}  # nobody has answered there
        asked = {"attempt_id": "k-1", "event": decision}
        status, told = caller.call("/gate", asked, Idempotency_Key="gate-k-1")
        assert (status, told["type"]) == (503, f"{PROBLEM}off")
        assert caller.call("/events", [event("k-1", 500)])[0] == 503
        assert caller.call("/health")[1] == {"alive": True, "state": "off"}
    finally:
        switch.unlink()
    assert caller.call("/gate", asked, Idempotency_Key="gate-k-1")[1]["decision"] == "hold"
    assert caller.call("/events", [event("k-1", 500)])[1]["results"][0]["status"] == "recorded"


def test_an_inert_plugin_answers_503_in_one_word(tmp_path: Path) -> None:
    once = open_once(tmp_path)
    refusals = Refusals(once=once)
    door = Door(desk_of=lambda: None, keys={"old-1": KEY}, once=once, refusals=refusals, gate_ms=50)
    app = Flask("inert")
    app.register_blueprint(machines(door, lambda: None))
    client = app.test_client()
    assert client.get(f"{BASE}/health").get_json() == {"alive": True, "state": "inert"}
    assert client.get(f"{BASE}/").status_code == 503
    body = json.dumps([event("i-1", 500)]).encode()
    headers = Caller("http://localhost").signed("/events", body)
    response = client.post(f"{BASE}/events", data=body, headers=headers)
    assert (response.status_code, response.get_json()["type"]) == (503, f"{PROBLEM}inert")
    assert response.headers["Retry-After"] == "2"
