"""A witness as another office would run it (C2SP tlog-witness), over HTTP on this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cleangov_plugin.ledger.merkle_proof import verify_consistency
from cleangov_plugin.ledger.note import open_note
from cleangov_plugin.ledger.note_key import SignerKey, VerifierKey
from cleangov_plugin.ledger.strict import Refused, unbase64
from cleangov_plugin.ledger.suites import Ed25519Cosignature
from cleangov_plugin.ledger.tree import EMPTY_ROOT
from cleangov_plugin.ledger.tree_head import read_tree_head


@dataclass
class Witness:
    """What a witness has seen, and its key.

    :param log: the log's key, which it was told by another way.
    :param name: its name.
    :param at: seconds since 1970 that its cosignatures state.
    """

    log: VerifierKey
    name: str = "witness.example/archive"
    at: int = 1_773_122_400
    size: int = 0
    root: bytes = EMPTY_ROOT
    answers: list[int] = field(default_factory=list)
    #: Where set, it answers this whatever it is asked: (status, type, body).
    instead: tuple[int, str, bytes] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    address: str = ""

    def __post_init__(self) -> None:
        self.signer = SignerKey(self.name, Ed25519Cosignature(), self.name.encode().ljust(32)[:32])

    def asked(self, data: bytes) -> tuple[int, str, bytes]:
        """Answer status, content type and body."""
        if self.instead is not None:
            return self.instead
        first, _, note = data.partition(b"\n\n")
        old, *proof = first.decode("ascii").split("\n")
        before = int(old.removeprefix("old "))
        try:
            head = read_tree_head(open_note(note, [self.log]).text)
            with self.lock:
                if before != self.size:
                    return 409, "text/x.tlog.size", b"%d\n" % self.size
                hashes = [unbase64(line, "proof") for line in proof]
                if self.size:
                    verify_consistency(self.size, head.size, self.root, head.root, hashes)
                self.size, self.root = head.size, head.root
        except Refused as problem:
            return 422, "text/plain", problem.rule.encode()
        text = note.split(b"\n\n")[0] + b"\n"
        signed = self.signer.suite.sign(self.name, self.signer.secret, text, self.at)
        from cleangov_plugin.ledger.note import Signature

        line = Signature(self.name, self.signer.verifier.id, signed).line
        return 200, "text/plain", line.encode()


@contextmanager
def witnessing(witness: Witness) -> Iterator[Witness]:
    """Have a witness answer on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            status, kind, body = witness.asked(data)
            witness.answers.append(status)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if status in (301, 302, 307):
                self.send_header("Location", body.decode())
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    witness.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield witness
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
