"""Front ends of another origin (CORS): few routes, only for origins that the settings name."""

from typing import Final

from flask import Response, request

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.origins import read_origins

from .tokens import is_same_origin

#: What the element calls. No page for auditors or IT is among them.
_OPEN: Final = frozenset(
    f"cleangov.{name}" for name in ("prompt", "answer", "decide", "seen", "whose")
)


def may_post(desk: Desk) -> bool:
    """Answer whether a form came from a page of this host, or of an origin that is allowed.

    :param desk: the desk.
    """
    return is_same_origin(dict(request.headers), request.host) or _allowed(desk) is not None


def let_cross(response: Response, desk: Desk) -> None:
    """Tell the browser that the element of an allowed origin may read this answer.

    :param response: the answer; what is for others is left as it is.
    :param desk: the desk.
    """
    if request.endpoint not in _OPEN or not desk.settings.origins:
        return
    response.vary.add("Origin")
    origin = _allowed(desk)
    if origin is None:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Allow-Credentials"] = "true"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Allow-Headers"] = "Idempotency-Key"
        response.headers["Access-Control-Max-Age"] = "600"


def _allowed(desk: Desk) -> str | None:
    origin = request.headers.get("Origin", "")
    is_open = request.endpoint in _OPEN and origin in read_origins(desk.settings.origins)
    return origin if is_open else None
