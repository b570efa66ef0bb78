"""A caller of `cleangov serve` in Python's standard library: copy it, nothing else is needed.

As a command it plays a day of a platform from standard input, one JSON object a line, and prints
what was answered, one JSON object a line:

    python client.py ADDRESS KEY_ID KEY_FILE < day.jsonl

A line is `{"call": "/gate", "officer": "chen-jing", "once": "...", "body": {...}}`. Where a gate
will hold, `"answer": {"choice", "text"}` says what the officer answers; `"is_again": true` asks
with the pass that was earned. `/decisions` decides the oldest request that waits for its actor.
"""

import hashlib
import hmac
import http.client
import json
import secrets
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

SCHEME = "CLEANGOV-HMAC-SHA256-1"
#: Headers that are signed: the first after the scheme, the others after the digest, in this order.
SIGNED = (
    "CleanGov-Key",
    "CleanGov-Time",
    "CleanGov-Nonce",
    "CleanGov-Officer",
    "Idempotency-Key",
    "CleanGov-Pass",
)


class Client:
    """A platform that calls the service.

    :param address: of the API, `http://127.0.0.1:8790/cleangov/api/v1/`.
    :param key_id: id of the platform's key, `old-1`.
    :param key: the key's bytes.
    :param language: of what people read.
    """

    def __init__(self, address: str, key_id: str, key: bytes, language: str = "zh-CN") -> None:
        place = urlsplit(address)
        self._netloc, self._base = place.netloc, place.path.rstrip("/")
        self._key_id, self._key, self._language = key_id, key, language

    def call(
        self, path: str, document: Any = None, *, officer: str = "", once: str = "", proof: str = ""
    ) -> tuple[int, Any]:
        """Sign a request and send it.

        :param path: below the address, `/gate`.
        :param document: what is sent; None for a GET.
        :param officer: on behalf of whom.
        :param once: the Idempotency-Key; the same one for the same request sent again.
        :param proof: the pass.
        :return: status, and the answer.
        """
        method = "GET" if document is None else "POST"
        body = b"" if document is None else json.dumps(document).encode()
        headers = {"Accept-Language": self._language, "Content-Type": "application/json"}
        headers |= self.sign(method, path, body, officer=officer, once=once, proof=proof)
        connection = http.client.HTTPConnection(self._netloc, timeout=30)
        try:
            connection.request(method, self._base + path, body or None, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def sign(
        self, method: str, path: str, body: bytes, *, officer: str, once: str, proof: str
    ) -> Mapping[str, str]:
        """Answer the headers of a request, with its signature.

        :param method: `GET` or `POST`.
        :param path: below the address.
        :param body: its bytes.
        :param officer: on behalf of whom.
        :param once: the Idempotency-Key.
        :param proof: the pass.
        """
        headers = {
            "CleanGov-Key": self._key_id,
            "CleanGov-Time": str(int(time.time())),
            "CleanGov-Nonce": secrets.token_hex(12),
            "CleanGov-Officer": quote(officer, safe=""),
            "Idempotency-Key": once,
            "CleanGov-Pass": proof,
        }
        headers = {name: value for name, value in headers.items() if value}
        text = signed_text(method, self._base + path, body, headers)
        return {**headers, "CleanGov-Signature": signature(self._key, text)}


def signed_text(method: str, target: str, body: bytes, headers: Mapping[str, str]) -> str:
    """Write what is signed, one line a part.

    :param method: `GET` or `POST`.
    :param target: path with query, as on the request line.
    :param body: its bytes.
    :param headers: those that are sent; what is not sent is an empty line.
    """
    digest = hashlib.sha256(body).hexdigest()
    key_id, *others = (headers.get(name, "") for name in SIGNED)
    return "\n".join((SCHEME, key_id, method, target, digest, *others))


def signature(key: bytes, text: str) -> str:
    """Sign a text: HMAC-SHA-256 (RFC 2104) in hexadecimal.

    :param key: the key's bytes.
    :param text: of `signed_text`.
    """
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def play(client: Client, lines: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """Play a day.

    :param client: the platform.
    :param lines: one JSON object each, as the module says.
    :return: status and answer of each call, in order.
    """
    for line in lines:
        asked = json.loads(line)
        call, body, who = asked["call"], asked["body"], {"officer": asked.get("officer", "")}
        once, proof = asked.get("once", ""), ""
        if asked.get("is_again"):  # the officer comes back: the pass was earned meanwhile
            proof = client.call(f"/attempts/{body['attempt_id']}", **who)[1]["pass"]
        if call == "/decisions":
            status, told = client.call("/inbox", {"actor": body["actor"]}, **who)
            yield {"call": "/inbox", "status": status, "told": told}
            body["request_id"] = told["requests"][0]["id"]
        status, told = client.call(call, body, once=once, proof=proof, **who)
        yield {"call": call, "status": status, "told": told}
        if "answer" in asked:
            given = {"prompt_id": told["prompts"][0]["id"], **asked["answer"]}
            status, told = client.call("/answers", given, once=f"answer-{once}", **who)
            yield {"call": "/answers", "status": status, "told": told}


def main() -> int:
    """Play the day on standard input; 1 where a call was neither done nor held."""
    address, key_id, key_file = sys.argv[1:]
    key = bytes.fromhex(Path(key_file).read_text("ascii").strip())
    is_whole = True
    for told in play(Client(address, key_id, key), sys.stdin):
        is_whole &= told["status"] in (200, 409)
        print(json.dumps(told, ensure_ascii=False), flush=True)
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
