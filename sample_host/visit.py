"""Who visits the platform, in which language, and what they have half filled in: the session."""

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import g, has_request_context, request, session

from .city import here
from .i18n import language_tag
from .people import PEOPLE, Official

#: A cookie holds four kibibytes; a longer draft is not kept over a detour.
_MOST_DRAFT_BYTES: Final = 1800
_MOST_DRAFTS: Final = 2
_ATTEMPT: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def language() -> str:
    """Answer the language of the page: ``?lang=``, else the visit's, else the platform's."""
    if not has_request_context():
        return "zh-CN"
    if "language" not in g:
        asked = language_tag(request.args.get("lang", ""))
        if asked is not None:
            session["language"] = asked
        g.language = session.get("language") or here().settings.language
    return str(g.language)


def who() -> Official | None:
    """Answer who is signed in."""
    return PEOPLE.get(session.get("who", "")) if has_request_context() else None


def sign_in(person: str) -> bool:
    """Become somebody; there are no passwords in the demo city.

    :param person: id; an unknown one signs out.
    :return: whether somebody is signed in now.
    """
    session.pop("who", None)
    if person in PEOPLE:
        session["who"] = person
    return person in PEOPLE


def csrf_token() -> str:
    """Answer the visit's own token, made at the first call."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(16)
    return str(session["csrf"])


def attempt_id(text: str | None) -> str:
    """Answer the id of the attempt a page is about, or a new one.

    :param text: what the form or the address says.
    """
    if text and _ATTEMPT.fullmatch(text):
        return text
    return f"try-{secrets.token_hex(8)}"


def finish(attempt: str, notes: Sequence[str]) -> None:
    """Remember the step that was just taken, for the page that comes next.

    :param attempt: the attempt that ended well.
    :param notes: sentences of the plugins for the officer; the first three are kept.
    """
    session["done"] = {"attempt": attempt, "notes": [note[:300] for note in notes[:3]]}


def finished(attempt: str) -> tuple[str, ...] | None:
    """Answer the notes on the step just taken; None where the attempt is not this visit's last.

    :param attempt: what the address says.
    """
    last = session.get("done") or {}
    return tuple(last["notes"]) if attempt and last.get("attempt") == attempt else None


def keep_draft(place: str, attempt: str, raw: Mapping[str, str], token: str | None) -> None:
    """Keep a form that was held, so that the officer finds it again after a detour.

    :param place: path of the step.
    :param attempt: the attempt.
    :param raw: the text of each field.
    :param token: the pass token, if one was given.
    """
    draft = {"attempt": attempt, "raw": dict(raw), "token": token}
    if len(json.dumps(draft)) > _MOST_DRAFT_BYTES:
        draft["raw"] = {}
    drafts = {k: v for k, v in session.get("drafts", {}).items() if k != _key(place)}
    while len(drafts) >= _MOST_DRAFTS:
        drafts.pop(next(iter(drafts)))
    session["drafts"] = {**drafts, _key(place): draft}


def draft(place: str, person: str | None = None) -> Mapping[str, Any] | None:
    """Answer the form kept for a step.

    :param place: path of the step.
    :param person: whose form, where the visit has been several people; else of who is signed in.
    """
    kept: Mapping[str, Any] | None = session.get("drafts", {}).get(_key(place, person))
    return kept


def drop_draft(place: str) -> Mapping[str, Any] | None:
    """Forget the form kept for a step.

    :param place: path of the step.
    :return: what was kept.
    """
    drafts = dict(session.get("drafts", {}))
    kept: Mapping[str, Any] | None = drafts.pop(_key(place), None)
    session["drafts"] = drafts
    return kept


def _key(place: str, person: str | None = None) -> str:
    return f"{person or session.get('who', '')} {place}"
