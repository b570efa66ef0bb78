"""Who is signed in at pages that we serve: a signed cookie of our application, for two hours."""

import time
from datetime import timedelta
from hashlib import sha256
from hmac import digest
from typing import Any, Final

from flask import Flask, has_request_context, request, session

from cleangov_hooks import Person

#: Seconds after which whoever signed in does so again.
LONGEST_S: Final = 7_200
_WHO: Final = "who"
#: Digest of the ticket whose person this browser was shown by name.
_SHOWN: Final = "shown"


def prepare(app: Flask, key: bytes, *, is_secure: bool) -> None:
    """Prepare our own application to keep who is signed in.

    :param app: ours; never a host's.
    :param key: a key of this service; what signs cookies is derived from it for this alone.
    :param is_secure: whether people come by https: then the cookie goes nowhere else.
    """
    app.secret_key = digest(key, b"CLEANGOV-SESSION-1", sha256)
    app.config.update(
        SESSION_COOKIE_NAME="cleangov_session",
        SESSION_COOKIE_PATH="/cleangov",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",  # strict would lose it on the way back from a provider
        SESSION_COOKIE_SECURE=is_secure,
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=LONGEST_S),
    )


def show(ticket: str) -> None:
    """Keep that this browser was shown whom a ticket lets in.

    :param ticket: its text.
    """
    session[_SHOWN] = sha256(ticket.encode()).hexdigest()


def was_shown(ticket: str) -> bool:
    """Answer whether this browser was shown whom a ticket lets in.

    :param ticket: its text; hostile.
    """
    return bool(session.get(_SHOWN) == sha256(ticket.encode()).hexdigest())


def sign_in(person: Person, by: str) -> None:
    """Keep who is signed in; whoever was before is not any more.

    :param person: the person.
    :param by: who says so: id of a platform's key, or of a provider.
    """
    session.clear()
    session.permanent = True
    session[_WHO] = {
        "id": person.id,
        "name": person.name,
        "roles": sorted(person.roles),
        "unit": person.unit,
        "by": by,
        "until": int(time.time()) + LONGEST_S,
    }


def sign_out() -> None:
    """Forget who is signed in."""
    session.clear()


def signed_in(known: frozenset[str]) -> Person | None:
    """Answer who is signed in; None outside of a page, too.

    :param known: who may say who somebody is: with a key that was taken away all that it let in
        are out.
    """
    if not has_request_context():
        return None
    found: Any = session.get(_WHO)
    if not isinstance(found, dict) or found["until"] < time.time() or found["by"] not in known:
        return None
    roles = frozenset(found["roles"])
    return Person(id=found["id"], name=found["name"], roles=roles, unit=found["unit"])


def language() -> str:
    """Answer the language of a page: what the browser asks for, Chinese first."""
    if not has_request_context():
        return "zh-CN"
    best = request.accept_languages.best_match(["zh-CN", "zh", "en"])
    return "en" if best == "en" else "zh-CN"
