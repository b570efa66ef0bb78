"""``cleangov serve``: a foreign process records, is held, answers and goes on; forgeries do not."""

import json
import time
from pathlib import Path

import sqlalchemy as sa

from tests.cli.log_replaying import run
from tests.cli.served_calling import PLATFORM, Caller, event, resting_on, serving
from tests.support.ends import OpenEngine


def test_a_step_is_held_answered_and_taken_and_its_event_recorded_once(
    database_url: str, tmp_path: Path, open_engine: OpenEngine
) -> None:
    with serving(database_url, tmp_path) as caller:
        asked = {"attempt_id": "a-1", "event": event("e-1", 1001)}
        status, held = caller.call("/gate", asked, Idempotency_Key="gate-0001")
        assert (status, held["decision"], held["gate_id"]) == (409, "hold", "a-1"), held
        (prompt,) = held["prompts"]
        proof = answered(caller, prompt)
        raised = {"attempt_id": "a-1", "event": event("e-1", 2000)}
        status, no = caller.call("/gate", raised, Idempotency_Key="gate-0002", CleanGov_Pass=proof)
        assert (status, no["type"]) == (403, "urn:cleangov:problem:pass")
        status, other = caller.call("/gate", raised, Idempotency_Key="gate-0001")
        assert (status, other["type"]) == (422, "urn:cleangov:problem:key_reused")
        head = {"Idempotency_Key": "gate-0001", "CleanGov_Pass": proof}
        first, again = caller.call("/gate", asked, **head), caller.call("/gate", asked, **head)
        assert first == again
        assert (first[0], first[1]["decision"]) == (200, "pass_recorded"), first
        batch = [event("e-1", 1001, attempt_id="a-1"), {"id": "e-2"}, event("e-3", 500)]
        assert statuses(caller, batch) == ["recorded", "refused", "recorded"]
        assert statuses(caller, batch) == ["known", "refused", "known"]
        assert statuses(caller, [event("e-3", 501)]) == ["conflict"]
        assert caller.call("/attempts/a-1")[1]["state"] == "done"
    prefix = "" if database_url.startswith("sqlite") else "cleangov."
    with open_engine(database_url).connect() as connection:
        query = f"SELECT event_key FROM {prefix}cleangov_entry WHERE kind = 'enf.decision.made'"
        found = connection.execute(sa.text(query)).scalars().all()
    assert sorted(found) == ["old-host\te-1", "old-host\te-3"]


def answered(caller: Caller, prompt: dict[str, object]) -> str:
    """Answer by the first choice that earns a pass, twice: it is taken once."""
    choices = prompt["choices"]
    assert isinstance(choices, list)
    for number, choice in enumerate(choices):
        if choice["kind"] not in ("confirmed", "justified", "acknowledged"):
            continue
        given = {"prompt_id": prompt["id"], "choice": choice["code"], "text": "核实过。"}
        given |= resting_on(choice)
        head = {"Idempotency_Key": f"answer-000{number}"}
        status, done = caller.call("/answers", given, **head)
        assert (status, done) == caller.call("/answers", given, **head)
        if done.get("pass"):
            return str(done["pass"])
    raise AssertionError(choices)


def statuses(caller: Caller, batch: list[dict[str, object]]) -> list[str]:
    status, told = caller.call("/events", batch)
    assert status == 200, told
    return [result["status"] for result in told["results"]]


def test_what_is_not_signed_for_this_is_refused_by_name(tmp_path: Path, database_url: str) -> None:
    body = json.dumps([event("e-1", 500)]).encode()
    with serving(database_url, tmp_path) as caller:
        good = caller.signed("/events", body)
        refused = {
            "unsigned": (body, {k: v for k, v in good.items() if k != "CleanGov-Nonce"}),
            "signature": (body.replace(b"500", b"501"), good),
            "clock": (
                body,
                caller.signed("/events", body, CleanGov_Time=str(int(time.time()) - 200)),
            ),
        }
        for code, (sent, headers) in refused.items():
            status, told = caller.send("/events", sent, headers)
            assert (status, told["type"]) == (401, f"urn:cleangov:problem:{code}")
        for header in ("CleanGov-Officer", "CleanGov-Key", "Idempotency-Key", "CleanGov-Pass"):
            changed = caller.send("/events", body, {**good, header: "other-1"})
            assert (changed[0], changed[1]["type"]) == (401, "urn:cleangov:problem:signature")
        assert caller.send("/events", body, good)[0] == 200
    with serving(database_url, tmp_path) as caller:  # and after a restart it is still known
        status, told = caller.send("/events", body, good)
        assert (status, told["type"]) == (401, "urn:cleangov:problem:replayed")
        other = {"attempt_id": "a-2", "event": event("e-2", 500)}
        status, told = caller.call(
            "/gate", other, Idempotency_Key="gate-0003", CleanGov_Officer="li"
        )
        assert (status, told["type"]) == (403, "urn:cleangov:problem:officer")


def test_bad_documents_are_refused_and_what_is_published_is_what_is_read(
    tmp_path: Path, database_url: str
) -> None:
    with serving(database_url, tmp_path) as caller:
        bad = (b"[", b'[{"a":1,"a":2}]', b"[NaN]", b'["\\ud800"]', b"{}", b"[]", b"[" * 90_000)
        for body in bad:
            status, told = caller.send("/events", body, caller.signed("/events", body))
            assert (status, told["type"]) == (422, "urn:cleangov:problem:shape"), body[:20]
        step = {"phase": "opened", "event": event("e-1", 500)}
        assert caller.call("/steps", step)[0] == 200
        status, told = caller.call(
            "/steps", {**step, "event": event("e-1", 500, parties=[{"id": 7}])}
        )
        assert (status, told["where"]) == (422, "body.event.data.parties[0].id")
        assert caller.call("/nothing")[0] == 404
        said = caller.call("/openapi.json")[1]
        assert said["openapi"] == "3.1.0"
        assert set(said["paths"]) >= {"/steps", "/gate", "/answers", "/events", "/aborts"}
        needed = said["components"]["schemas"]["Event"]["required"]
        assert caller.call("/")[1]["calls"]["events"] == needed
        assert caller.call("/health")[1] == {"alive": True, "state": "ready"}


def test_without_a_key_it_refuses_to_start(tmp_path: Path, database_url: str) -> None:
    (tmp_path / "callers").mkdir()
    (tmp_path / "keys").mkdir()
    (tmp_path / "p.json").write_text(json.dumps(PLATFORM), encoding="utf-8")
    words = [f"--{name}={tmp_path / name}" for name in ("callers", "seen")]
    result = run(database_url, "serve", *words, f"--platform={tmp_path}/p.json")
    assert result.exit_code == 2
    assert "there is no key of a caller" in result.output
    (tmp_path / "callers/old-1.key").write_text("short")
    result = run(database_url, "serve", *words, f"--platform={tmp_path}/p.json")
    assert (result.exit_code, "old-1.key" in result.output) == (2, True)
    (tmp_path / "p.json").write_text("{}")
    result = run(database_url, "serve", *words, f"--platform={tmp_path}/p.json")
    assert (result.exit_code, "platform.agency" in result.output) == (2, True)
