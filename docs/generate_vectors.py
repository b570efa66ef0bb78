"""Write docs/conformance/vectors.json: requests to `cleangov serve`, what is signed, the answers.

    python docs/generate_vectors.py            write the file
    python docs/generate_vectors.py --check    answer 1 where the file is not current

It signs by the Python example, which shares no code with the service.
"""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGE = HERE / "conformance/vectors.json"
BASE = "/cleangov/api/v1"
KEY_ID, KEY = "old-1", bytes(range(32))
AT, NONCE = "1773108000", "nonce-0001"
CHEN = {"CleanGov-Officer": "chen"}
PLATFORM = {
    "agency": {"id": "yunting", "names": {"zh": "云汀", "en": "Yunting"}, "zone": "Asia/Shanghai"},
    "kinds": [
        {
            "kind": "enf.decision.made",
            "stream": "enforcement",
            "attributes": [
                {"code": "band_min", "type": "money"},
                {"code": "band_max", "type": "money"},
            ],
        }
    ],
}
PROBLEM = ("status", "title", "type")
HELD = (
    *PROBLEM,
    *("answer_url", "decision", "gate_id", "hold_until", "notes", "pass", "prompts", "reason"),
    "term",
)
VERDICT = ("attempt_id", "decision", "notes", "pass", "prompts", "reason")


def event(id_: str, amount: int, who: str = "chen") -> dict[str, Any]:
    """Write a decision; the band goes from 100 to 1000 fen."""
    at = "2026-03-10T10:00:00+08:00"
    return {
        "specversion": "1.0",
        "id": id_,
        "source": "old-host",
        "type": "enf.decision.made",
        "subject": "C-1",
        "time": at,
        "data": {
            "agency_id": "yunting",
            "stream": "enforcement",
            "step": "decide",
            "recorded_at": at,
            "actor": {"id": who},
            "amount": {"minor": amount},
            "attributes": {
                "band_min": {"money": {"minor": 100}},
                "band_max": {"money": {"minor": 1000}},
            },
        },
    }


Row = tuple[str, str, Any, dict[str, str], int, str, tuple[str, ...]]


def gates() -> list[Row]:
    """List name, path, document, headers, status, problem and members of the answer."""
    asked = {"attempt_id": "v-1", "event": event("v-1", 1001)}
    fits = {"attempt_id": "v-2", "event": event("v-2", 500)}
    named = {"attempt_id": "v-3", "event": event("v-3", 500, "陈静")}
    chinese = {"CleanGov-Officer": "%E9%99%88%E9%9D%99"}
    other, forged = {"CleanGov-Officer": "li"}, {"CleanGov-Pass": "forged"}
    return [
        ("in the band", "/gate", fits, {**CHEN, **once("v-2")}, 200, "", VERDICT),
        ("over the band", "/gate", asked, {**CHEN, **once("v-1")}, 409, "held", HELD),
        ("a name in Chinese", "/gate", named, {**chinese, **once("v-3")}, 200, "", VERDICT),
        ("no Idempotency-Key", "/gate", fits, CHEN, 400, "no_key", (*PROBLEM, "detail")),
        ("another officer", "/gate", fits, {**other, **once("v-4")}, 403, "officer",
         (*PROBLEM, "where")),
        ("a pass that is none", "/gate", asked, {**CHEN, **once("v-5"), **forged}, 403, "pass",
         PROBLEM),
    ]  # fmt: skip


def others() -> list[Row]:
    """List the same of the other calls."""
    answer = {"prompt_id": "no-such-prompt", "choice": "back", "text": "核实过。"}
    rests = {
        "prompt_id": "no-such-prompt",
        "choice": "danger",
        "text": "墙体正在坍塌",
        "reason": "life",
        "evidence": {"reference": "〔2026〕3 号", "digest": ""},
        "approver": {"id": "he", "roles": ["chief_engineer"]},
        "until": "2026-03-12",
    }
    no_day = {**answer, "until": "soon"}
    hint = {"phase": "opened", "event": event("v-1", 1001)}
    second = {"actor": {"id": "chen", "roles": ["reviewer"]}}
    batch = [event("v-7", 500), {"id": "v-8"}]
    more = {"attempt_id": "v-2", "event": event("v-2", 500), "reason": "error", "more": 1}
    record = {"id": "v-0", "case_id": "C-0", "occurred_at": "2020-03-10T10:00:00+08:00"}
    held = {"kind": "enf.decision.made", "records": [record]}
    where = (*PROBLEM, "detail", "where")
    return [
        ("hints", "/steps", hint, CHEN, 200, "", ("prompts",)),
        ("no such prompt", "/answers", answer, {**CHEN, **once("v-6")}, 409, "answer",
         (*PROBLEM, "detail", "reason")),
        ("what it rests on", "/answers", rests, {**CHEN, **once("v-9")}, 409, "answer",
         (*PROBLEM, "detail", "reason")),
        ("a day that is none", "/answers", no_day, {**CHEN, **once("v-10")}, 422, "shape", where),
        ("nothing waits", "/inbox", second, CHEN, 200, "", ("follow_ups", "requests")),
        ("an attempt of nobody", "/attempts/none", None, CHEN, 404, "unknown", PROBLEM),
        ("events", "/events", batch, {}, 200, "", ("kept", "left", "results")),
        ("nothing untold", "/records", held, {}, 200, "", ("kind", "told", "untold", "young")),
        ("a kind that nobody declared", "/records", {**held, "kind": "enf.x"}, {}, 422, "kind",
         (*PROBLEM, "where")),
        ("not a list", "/events", {}, {}, 422, "shape", where),
        ("a member too many", "/aborts", more, CHEN, 422, "shape", where),
    ]  # fmt: skip


def tied() -> list[Row]:
    """List the same of ties."""
    yes = {"second_id": "wu", "tie": "yes", "degree": 1, "source": "hr", "as_of": "2026-03-01"}
    told = {"attempt_id": "v-1", "ties": [yes, {"second_id": "liu", "tie": "no"}]}
    of_party = {"second_id": "liu", "party_id": "wang", "tie": "no", "source": "interests"}
    no_tie = {"attempt_id": "v-1", "ties": [{"second_id": "wu", "tie": "perhaps"}]}
    return [
        ("ties of a step that waits", "/ties", told, {**CHEN, **once("v-11")}, 200, "",
         ("attempt_id", "kept")),
        ("a tie to a party", "/ties", {"attempt_id": "v-1", "ties": [of_party]},
         {**CHEN, **once("v-14")}, 200, "", ("attempt_id", "kept")),
        ("ties of nobody's step", "/ties", {**told, "attempt_id": "none"},
         {**CHEN, **once("v-12")}, 404, "unknown", PROBLEM),
        ("a tie that is none", "/ties", no_tie, {**CHEN, **once("v-13")}, 422, "shape",
         (*PROBLEM, "detail", "where")),
    ]  # fmt: skip


def once(name: str) -> dict[str, str]:
    """Answer an Idempotency-Key."""
    return {"Idempotency-Key": f"key-of-{name}"}


def vectors() -> str:
    """Write the file's text."""
    example = _example()
    found = []
    for name, path, document, headers, status, problem, members in [*gates(), *others(), *tied()]:
        body = "" if document is None else json.dumps(document, ensure_ascii=False)
        sent = {"CleanGov-Key": KEY_ID, "CleanGov-Time": AT, "CleanGov-Nonce": NONCE, **headers}
        method = "GET" if document is None else "POST"
        text = example.signed_text(method, BASE + path, body.encode(), sent)
        found.append(
            {
                "name": name,
                "method": method,
                "path": path,
                "headers": sent,
                "body": body,
                "signed_text": text,
                "signature": example.signature(KEY, text),
                "status": status,
                "problem": f"urn:cleangov:problem:{problem}" if problem else None,
                "members": sorted(members),
            }
        )
    whole = {"platform": PLATFORM, "key_id": KEY_ID, "key": KEY.hex(), "vectors": found}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _example() -> Any:
    spec = importlib.util.spec_from_file_location("client", HERE / "conformance/client.py")
    if spec is None or spec.loader is None:
        raise SystemExit("docs/conformance/client.py is missing.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text(encoding="utf-8") != vectors())
    PAGE.write_text(vectors(), encoding="utf-8")
    print(f"written: {PAGE.name}")
