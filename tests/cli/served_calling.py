"""A caller of ``cleangov serve`` that shares no code with it, and a real process to call."""

import hashlib
import hmac
import http.client
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

BASE = "/cleangov/api/v1"
KEY = bytes(range(32))
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


def resting_on(choice: Mapping[str, Any]) -> dict[str, Any]:
    """Answer what an answer has to rest on: the first reason, and a document where it asks for one.

    :param choice: as the gate told it.
    """
    reasons = choice["reasons"]
    if not reasons:
        return {}
    document = {"evidence": {"reference": "集体讨论 7 号"}} if reasons[0]["needs_evidence"] else {}
    return {"reason": reasons[0]["code"], **document}


def event(id_: str, amount: int, **data: Any) -> dict[str, Any]:
    """Write a decision as a CloudEvent; the band goes from 100 to 1000 fen."""
    band = {"band_min": {"money": {"minor": 100}}, "band_max": {"money": {"minor": 1000}}}
    return {
        "specversion": "1.0",
        "id": id_,
        "source": "old-host",
        "type": "enf.decision.made",
        "subject": "C-1",
        "time": "2026-03-10T10:00:00+08:00",
        "data": {
            "agency_id": "yunting",
            "stream": "enforcement",
            "step": "decide",
            "recorded_at": "2026-03-10T10:00:00+08:00",
            "actor": {"id": "chen"},
            "amount": {"minor": amount},
            "attributes": band,
            **data,
        },
    }


class Caller:
    """A host in another language would do the same.

    :param address: where the service is.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.netloc = urlsplit(address).netloc

    def signed(self, path: str, body: bytes, **headers: str) -> dict[str, str]:
        """Sign as docs/serve.md says."""
        given = {
            "CleanGov-Key": "old-1",
            "CleanGov-Time": str(int(time.time())),
            "CleanGov-Nonce": secrets.token_hex(12),
            "CleanGov-Officer": "chen",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        lines = [
            "CLEANGOV-HMAC-SHA256-1",
            given["CleanGov-Key"],
            "POST" if body else "GET",
            BASE + path,
            hashlib.sha256(body).hexdigest(),
            given["CleanGov-Time"],
            given["CleanGov-Nonce"],
            given["CleanGov-Officer"],
            given.get("Idempotency-Key", ""),
            given.get("CleanGov-Pass", ""),
        ]
        text = "\n".join(lines).encode()
        given["CleanGov-Signature"] = hmac.new(KEY, text, hashlib.sha256).hexdigest()
        return given

    def send(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Any]:
        """Send a request as it is."""
        connection = http.client.HTTPConnection(self.netloc, timeout=30)
        try:
            connection.request("POST" if body else "GET", BASE + path, body or None, dict(headers))
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def call(self, path: str, document: Any = None, **headers: str) -> tuple[int, Any]:
        """Sign a document and send it."""
        body = b"" if document is None else json.dumps(document).encode()
        return self.send(path, body, self.signed(path, body, **headers))


@contextmanager
def serving(
    url: str, folder: Path, platform: Any = PLATFORM, gate_ms: int = 10_000
) -> Iterator[Caller]:
    """Hold a service open in a process of its own; on a busy machine its rules have time."""
    (folder / "callers").mkdir(exist_ok=True)
    (folder / "callers/old-1.key").write_text(KEY.hex())
    (folder / "platform.json").write_text(json.dumps(platform), encoding="utf-8")
    command = [sys.executable, "-m", "cleangov_plugin.cli.main", "--database", url, "serve"]
    places = [f"--{n}={folder / p}" for n, p in (("callers", "callers"), ("seen", "seen"))]
    command += [*places, f"--platform={folder / 'platform.json'}", "--port=0"]
    command += [f"--gate-ms={gate_ms}"]
    environ = {**os.environ, "CLEANGOV_KEYS": str(folder / "keys")}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environ
    ) as process:
        try:
            assert process.stdout is not None
            yield Caller(process.stdout.readline().strip())
        finally:
            process.terminate()
