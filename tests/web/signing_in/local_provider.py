"""A provider of OpenID Connect for tests: it signs with `cryptography` alone, and can lie."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

#: Keys of platforms that sign tickets: shared bytes, and the private half of Ed25519.
KEY = bytes(range(32))
ED = bytes(range(1, 33))
WHO = {"sub": "u-17", "name": "吴敏", "roles": ["监察", "janitor"], "unit": "U9"}


def coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class LocalProvider:
    """Answers discovery, keys and tokens on loopback.

    :param issuer: its address.
    """

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.kid = "k1"
        #: What it lies about: claims, members of discovery, and the header of a token.
        self.claims: dict[str, Any] = {}
        self.about: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.about,
        }

    def keys(self) -> dict[str, Any]:
        numbers = self.secret.public_key().public_numbers()
        x, y = (coded(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
        key = {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": self.kid, "use": "sig"}
        return {"keys": [key]}

    def agree(self, address: str) -> tuple[str, str]:
        """Let the person at the address agree; answer code and state, as a browser takes them."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_hex(8)
        self.codes[code] = asked
        return code, asked["state"]

    def token(self, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Exchange a code as RFC 6749 and RFC 7636 say."""
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = form.get("code_verifier", "").encode()
        challenge = coded(hashlib.sha256(verifier).digest())
        if (
            asked is None
            or challenge != asked["code_challenge"]
            or form.get("redirect_uri") != asked["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": asked["client_id"], "nonce": asked["nonce"]}
        claims |= {"iat": now, "exp": now + 60, **WHO, **self.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.signed(claims)}

    def signed(self, claims: Mapping[str, Any]) -> str:
        header = {"alg": "ES256", "kid": self.kid, **self.header}
        text = ".".join(coded(json.dumps(part).encode()) for part in (header, claims))
        if header["alg"] == "none":
            return f"{text}."
        r, s = decode_dss_signature(self.secret.sign(text.encode(), ec.ECDSA(SHA256())))
        return f"{text}.{coded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    def answer(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return 200, self.discovery()
        if path == "/keys":
            return 200, self.keys()
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        return self.token(form)


@contextmanager
def providing() -> Iterator[LocalProvider]:
    """Hold a provider open."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(*provider.answer(self.path, b""))

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            self._say(*provider.answer(self.path, self.rfile.read(length)))

        def _say(self, status: int, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        provider = LocalProvider(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
