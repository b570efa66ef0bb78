"""The conformance kit: vectors and examples in three languages, against the running service."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cleangov_plugin.desk.served.signing import Request, message, signature
from tests.cli.served_calling import Caller, event, resting_on, serving

DOCS = Path(__file__).parents[2] / "docs"
KIT = DOCS / "conformance"
TOLD = json.loads((KIT / "vectors.json").read_text(encoding="utf-8"))
VECTORS = pytest.mark.parametrize("vector", TOLD["vectors"], ids=lambda vector: vector["name"])


@pytest.fixture(scope="module")
def held(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A running service, and its folder."""
    folder = tmp_path_factory.mktemp("kit")
    (folder / "cleangov.db").write_bytes(_sqlite_template.read_bytes())
    with serving(f"sqlite:///{folder / 'cleangov.db'}", folder, TOLD["platform"]) as caller:
        assert (folder / "callers/old-1.key").read_text() == TOLD["key"]
        yield caller, folder


def test_the_vectors_are_current() -> None:
    command = [sys.executable, str(DOCS / "generate_vectors.py"), "--check"]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert run.returncode == 0, "run: python docs/generate_vectors.py"


@VECTORS
def test_what_is_signed_is_what_the_service_reads(vector: dict[str, Any]) -> None:
    given = vector["headers"]
    request = Request(
        key_id=given["CleanGov-Key"],
        method=vector["method"],
        target=f"/cleangov/api/v1{vector['path']}",
        body=vector["body"].encode(),
        at=given["CleanGov-Time"],
        nonce=given["CleanGov-Nonce"],
        officer=given.get("CleanGov-Officer", ""),
        once=given.get("Idempotency-Key", ""),
        proof=given.get("CleanGov-Pass", ""),
    )
    assert message(request).decode() == vector["signed_text"]
    assert signature(bytes.fromhex(TOLD["key"]), request) == vector["signature"]


@VECTORS
def test_the_running_service_answers_as_the_vector_says(held: Any, vector: dict[str, Any]) -> None:
    caller, _ = held
    body, path = vector["body"].encode(), vector["path"]
    # As it stands it is of another day: only a good signature gets as far as the clock.
    old = {**vector["headers"], "CleanGov-Signature": vector["signature"]}
    status, told = caller.send(path, body, old)
    assert (status, told["type"]) == (401, "urn:cleangov:problem:clock")
    status, told = caller.send(path, body, {**old, "CleanGov-Signature": "0" * 64})
    assert (status, told["type"]) == (401, "urn:cleangov:problem:signature")
    kept = ("CleanGov-Officer", "Idempotency-Key", "CleanGov-Pass")
    now = {name: vector["headers"].get(name, "") for name in kept}
    status, told = caller.send(path, body, caller.signed(path, body, **now))
    assert (status, told.get("type")) == (vector["status"], vector["problem"])
    assert sorted(told) == vector["members"]


def test_curl_and_openssl_are_held_answer_and_go_on(held: Any) -> None:
    missing = [name for name in ("sh", "curl", "openssl") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"this machine has no {missing[0]}")
    caller, folder = held
    step = {"attempt_id": "sh-1", "event": event("sh-1", 1001)}
    status, told = _by_curl(caller, folder, "/gate", step, ONCE="gate-sh-1")
    assert (status, told["decision"]) == (409, "hold")
    choice = _choice(told)
    given = {"prompt_id": told["prompts"][0]["id"], "choice": choice["code"], "text": "核实过。"}
    given |= resting_on(choice)
    status, answered = _by_curl(caller, folder, "/answers", given, ONCE="answer-sh-1")
    assert (status, answered["goes_on"]) == (200, True), answered
    status, told = _by_curl(caller, folder, "/gate", step, ONCE="gate-sh-1", PASS=answered["pass"])
    assert (status, told["decision"]) == (200, "pass_recorded")
    assert _by_curl(caller, folder, "/attempts/sh-1", None)[1]["state"] == "passed"


def _by_curl(
    caller: Caller, folder: Path, path: str, document: Any, **environ: str
) -> tuple[int, Any]:
    key, body = folder / "callers/old-1.key", folder / "body.json"
    command = ["sh", str(KIT / "client.sh"), caller.address, "old-1", str(key), path]
    if document is not None:
        body.write_text(json.dumps(document), encoding="utf-8")
        command.append(str(body))
    told = {"PATH": "/usr/local/bin:/usr/bin:/bin", "OFFICER": "chen", **environ}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=told)
    assert run.returncode == 0, run.stderr
    text, status = run.stdout.strip().rsplit("\n", 1)
    return int(status), json.loads(text)


def _choice(held: dict[str, Any]) -> dict[str, Any]:
    kinds = ("confirmed", "justified", "acknowledged")
    choices: list[dict[str, Any]] = held["prompts"][0]["choices"]
    return next(choice for choice in choices if choice["kind"] in kinds)


def test_javascript_is_held_answers_and_goes_on(held: Any) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("this machine has no node")
    caller, folder = held
    step = folder / "step.json"
    step.write_text(json.dumps({"attempt_id": "js-1", "event": event("js-1", 1001)}))
    key = str(folder / "callers/old-1.key")
    asked = {"attempt_id": "js-0", "event": event("js-0", 1001)}
    choice = _choice(caller.call("/gate", asked, Idempotency_Key="gate-js-0")[1])
    said = [choice["code"], "核实过。", json.dumps(resting_on(choice))]
    arguments = [caller.address, "old-1", key, "chen", str(step), *said]
    command = [node, str(KIT / "client.mjs"), *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr
    calls = [json.loads(line) for line in run.stdout.splitlines()]
    assert [(c["call"], c["status"]) for c in calls] == [
        ("/gate", 409),
        ("/answers", 200),
        ("/gate", 200),
    ]
    assert calls[-1]["told"]["decision"] == "pass_recorded"
