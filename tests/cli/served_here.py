"""A service in this process, and a caller's side of the wire that signs what bears a mark."""

import hashlib
import hmac
import io
import itertools
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from cleangov_plugin.cli.wsgi import service
from tests.cli.served_calling import KEY, PLATFORM

#: What bears it as its signature is signed.
MARK = "to be signed"


class Signer:
    """Signs what bears the mark, as docs/serve.md says: the caller's own side of the wire."""

    switch: Path

    def __init__(self, app: Any) -> None:
        self.app = app
        self.nonces = (f"nonce-{number:08d}" for number in itertools.count())

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ.get("HTTP_CLEANGOV_SIGNATURE") == MARK:
            body = environ["wsgi.input"].read()
            environ["wsgi.input"] = io.BytesIO(body)
            self._sign(environ, body)
        return self.app(environ, start_response)

    def _sign(self, environ: dict[str, Any], body: bytes) -> None:
        at, nonce = str(int(time.time())), next(self.nonces)
        query = environ.get("QUERY_STRING", "")
        path = quote(environ["PATH_INFO"].encode("latin-1"))
        lines = [
            "CLEANGOV-HMAC-SHA256-1",
            "old-1",
            environ["REQUEST_METHOD"],
            f"{path}?{query}" if query else path,
            hashlib.sha256(body).hexdigest(),
            at,
            nonce,
            *(environ.get(f"HTTP_{name}", "") for name in ("CLEANGOV_OFFICER", "IDEMPOTENCY_KEY")),
            environ.get("HTTP_CLEANGOV_PASS", ""),
        ]
        text = "\n".join(lines).encode()
        environ["HTTP_CLEANGOV_KEY"] = "old-1"
        environ["HTTP_CLEANGOV_TIME"], environ["HTTP_CLEANGOV_NONCE"] = at, nonce
        environ["HTTP_CLEANGOV_SIGNATURE"] = hmac.new(KEY, text, hashlib.sha256).hexdigest()


@contextmanager
def signed_service(url: str, folder: Path, platform: Any = PLATFORM) -> Iterator[Signer]:
    """Hold a service open in this process."""
    (folder / "callers").mkdir()
    (folder / "callers/old-1.key").write_text(KEY.hex())
    (folder / "platform.json").write_text(json.dumps(platform), encoding="utf-8")
    places = (folder / "platform.json", folder / "callers", folder / "seen")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLEANGOV_KEYS", str(folder / "keys"))
        with service(url, *places, gate_ms=10_000) as app:
            yield Signer(app)
