"""Who may send our forms: the Origin first, then a token bound to person, subject and way back."""

import hmac
import json
import time
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from cleangov_plugin.desk.keys import Keys

#: Seconds for which a form may stand open: a shift. What is typed is not lost when it ends.
SHIFT: Final = 12 * 3600


def form_token(key: bytes, bound: tuple[str, ...], now: float | None = None) -> str:
    """Make the token of a form.

    :param key: key of purpose ``"form"``.
    :param bound: what it is bound to: person, subject, and the paths to go on to.
    :param now: POSIX seconds; the present time where left out. A form's age is measured by the
        process clock, since the host's own may be fixed or set.
    :return: text for a hidden field.
    """
    moment = int(time.time() if now is None else now)
    return f"{moment}.{_tag(key, bound, moment)}"


def token_is_good(key: bytes, bound: tuple[str, ...], token: str, now: float | None = None) -> bool:
    """Answer whether a token was made by us, for the same things, within a shift.

    :param key: key of purpose ``"form"``.
    :param bound: what it must be bound to.
    :param token: from the form; hostile.
    :param now: POSIX seconds; the present time where left out.
    """
    text, _, tag = token.partition(".")
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and tag.isascii()):
        return False
    moment = int(text)
    age = (time.time() if now is None else now) - moment
    return -60 <= age <= SHIFT and hmac.compare_digest(tag, _tag(key, bound, moment))


def device_tag(keys: Keys, person_id: str) -> str:
    """Answer by what a device knows whose words it keeps: no name, and the same each time.

    :param keys: the key files.
    :param person_id: who is signed in.
    """
    return keys.tag("form", json.dumps(["device", person_id]).encode("ascii")).hex()[:16]


def is_same_origin(headers: Mapping[str, str], host: str) -> bool:
    """Answer whether a form came from a page of this host.

    `Origin` is looked at first: browsers send it with every form, on plain HTTP too, where
    `Sec-Fetch-Site` is not sent. A request with neither is left to the token.

    :param headers: the request's headers.
    :param host: host and port the request was sent to.
    """
    origin = headers.get("Origin")
    if origin is not None:
        return origin in (f"http://{host}", f"https://{host}")
    return headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def is_path(url: str | None) -> bool:
    """Answer whether a way back stays on this host: an absolute path, nothing else.

    :param url: from the host's step.
    """
    if not url or not url.startswith("/") or url.startswith(("//", "/\\")):
        return False
    return url.isprintable() and "\\" not in url


def _tag(key: bytes, bound: tuple[str, ...], moment: int) -> str:
    # As JSON: no other cut of the parts gives the same text.
    message = json.dumps([*bound, moment]).encode("ascii")
    return hmac.new(key, message, sha256).hexdigest()[:32]
