"""The door for machines: size, signature, clock, nonce, switch; then the act, once."""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, TypeAlias
from urllib.parse import quote, unquote

from flask import Response, request
from werkzeug.exceptions import HTTPException

from cleangov_hooks import Event
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.served.once import KeyReused, Once
from cleangov_plugin.desk.served.refusals import Refusals
from cleangov_plugin.desk.served.signing import SKEW, TOKEN, Request, is_signed
from cleangov_plugin.domain.errors import AnswerRefused, IntakeError, InvalidEvent
from cleangov_plugin.intake.served.shapes import LARGEST, Kind, parse

from .problems import Problem, answer_problem, written

logger = logging.getLogger("cleangov")
#: What a caller sends besides the body; `CleanGov-Officer` is percent-encoded UTF-8.
HEADERS: Final = ("CleanGov-Key", "CleanGov-Time", "CleanGov-Nonce", "CleanGov-Signature")
_DIGITS: Final = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls.

    :param name: the caller, whatever key it uses now.
    :param officer: on behalf of whom; empty for nobody.
    :param once: the Idempotency-Key; empty where there is none.
    :param proof: the pass; empty where there is none.
    :param body: the body's bytes.
    """

    name: str
    officer: str
    once: str
    proof: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What the door knows.

    :param desk_of: answers the desk, or None while the plugin is inert.
    :param keys: keys of callers by id.
    :param once: what was seen already.
    :param refusals: what was refused.
    :param gate_ms: milliseconds that the rules at a gate may use.
    """

    desk_of: Callable[[], Desk | None]
    keys: dict[str, bytes]
    once: Once
    refusals: Refusals
    gate_ms: int

    def open(self, act: "Act") -> Response:
        """Let a request in, and answer it; a no is a problem document, and is counted.

        :param act: what is asked for.
        """
        desk = self.desk_of()
        try:
            return self._done(desk, act)
        except Problem as problem:
            return self._refused(desk, problem)
        except AnswerRefused as problem:
            return self._refused(desk, answer_problem(problem.what))
        except KeyReused:
            return self._refused(desk, Problem("key_reused"))
        except (IntakeError, InvalidEvent) as problem:
            return self._refused(desk, Problem("shape", problem.what, where=problem.where))
        except HTTPException as problem:
            is_large = problem.code == 413
            return self._refused(desk, Problem("too_large" if is_large else "shape"))
        except Exception as problem:  # a busy database, a full disk: the caller asks again
            logger.warning("a machine's request failed: %s", type(problem).__name__)
            return self._refused(desk, Problem("busy"))

    def _done(self, desk: Desk | None, act: "Act") -> Response:
        caller = self._who()
        if desk is None:
            raise Problem("inert")
        if desk.host.switched_off():
            raise Problem("off")
        return act(desk, caller)

    def _who(self) -> Caller:
        if (request.content_length or 0) > LARGEST:
            raise Problem("too_large", f"{LARGEST} bytes at the most.")
        key_id, at, nonce, given = (request.headers.get(name, "") for name in HEADERS)
        if not (TOKEN.fullmatch(nonce) and _DIGITS.fullmatch(at) and key_id and given):
            raise Problem("unsigned", f"Send {', '.join(HEADERS)}; see docs/serve.md.")
        signed = Request(
            key_id=key_id,
            method=request.method,
            target=_target(),
            body=_body(),
            at=at,
            nonce=nonce,
            officer=request.headers.get("CleanGov-Officer", ""),
            once=request.headers.get("Idempotency-Key", ""),
            proof=request.headers.get("CleanGov-Pass", ""),
        )
        if not is_signed(self.keys, signed, given):
            raise Problem("signature")
        now = int(time.time())
        if abs(now - int(at)) > SKEW:
            raise Problem("clock", f"{SKEW} s at the most.", server_time=now)
        if not self.once.is_new(key_id, nonce, int(at)):
            raise Problem("replayed")
        return Caller(
            name=key_id.rpartition("-")[0],
            officer=unquote(signed.officer),
            once=signed.once,
            proof=signed.proof,
            body=signed.body,
        )

    def _refused(self, desk: Desk | None, problem: Problem) -> Response:
        if problem.code != "held":
            logger.info("a machine's request was refused: %s", problem.code)
            if desk is not None:
                desk.counters.add(f"served.refused.{problem.code}")
                self._note(desk, problem.code)
        return written(problem)

    def _note(self, desk: Desk, code: str) -> None:
        """Write down that something was refused; what fails there is no matter of the caller."""
        key_id = request.headers.get("CleanGov-Key", "")
        try:
            self.refusals.note(desk, key_id if key_id in self.keys else "", code)
        except Exception as problem:
            logger.warning("a refused call was not written down: %s", type(problem).__name__)
            desk.counters.add("served.refused.unwritten")

    def once_only(self, caller: Caller, act: Callable[[], tuple[Response, bool]]) -> Response:
        """Answer a request as it was answered before, if it was; else do it and keep the answer.

        :param caller: who calls, with the Idempotency-Key.
        :param act: does it; answers whether that is the last word, and is to be kept.
        :raises KeyReused: where the key came with another request before.
        """
        if not TOKEN.fullmatch(caller.once):
            raise Problem("no_key", "8 to 64 letters, digits, . _ ~ -")
        whole = "\n".join((request.path, caller.officer)).encode("utf-8", "replace")
        digest = sha256(whole + b"\n" + caller.body).hexdigest()
        bound = self.once.bind(caller.name, caller.once, digest, int(time.time()))
        with bound.alone():
            kept = bound.answer()
            if kept is not None:
                response = Response(kept, status=200, content_type="application/json")
                response.headers["Idempotent-Replayed"] = "true"
                return response
            response, is_last = act()
            if is_last:
                bound.keep(response.get_data())
            return response


#: Does what a request asks for.
Act: TypeAlias = Callable[[Desk, Caller], Response]


def _body() -> bytes:
    """Read the body; where no length was told, one that fills the bound was cut off at it."""
    body = request.get_data(cache=True)
    if request.content_length is None and len(body) >= LARGEST:
        raise Problem("too_large", f"{LARGEST} bytes at the most.")
    return body


def _target() -> str:
    """Answer path and query as they stood on the request line, where the server tells it."""
    query = request.query_string.decode("ascii", "replace")
    path = quote(request.script_root + request.path)
    return str(request.environ.get("RAW_URI") or (f"{path}?{query}" if query else path))


def read(caller: Caller, kind: Kind) -> Any:
    """Read a request's document.

    :param caller: who calls, with the body.
    :param kind: what it must be.
    :raises IntakeError: where it is not.
    """
    return kind.read(parse(caller.body), "body")


def check_event_is_ours(desk: Desk, event: Event) -> None:
    """Refuse events of another authority.

    :param desk: the desk.
    :param event: the event.
    :raises Problem: where its agency is another.
    """
    if event.agency_id != desk.host.agency().id:
        raise Problem("agency", where="data.agency_id")


def check_officer(caller: Caller, event: Event) -> None:
    """Refuse an officer's step that the caller did not sign for.

    :param caller: who calls.
    :param event: the event.
    :raises Problem: where another acts than was signed for.
    """
    if event.actor is None or event.actor.id != caller.officer:
        raise Problem("officer", where="data.actor.id")
