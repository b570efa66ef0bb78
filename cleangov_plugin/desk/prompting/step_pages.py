"""The page on which a step stands, kept so that what waits elsewhere can lead to it."""

import json
from typing import Final
from urllib.parse import quote

#: Characters of a path at the most.
_LONGEST: Final = 300


def kept_page(url: str | None) -> str | None:
    """Write the page of a step as it is kept with its attempt.

    What stands behind a question mark may be anything that somebody typed, and is not kept.

    :param url: path of the page, from the host's step; hostile.
    :return: JSON; None where it is no plain path of this host.
    """
    if not url or len(url) > _LONGEST or not url.isprintable():
        return None
    if not url.startswith("/") or url.startswith("//") or set(url) & set("?#\\"):
        return None
    return json.dumps({"page": url}, ensure_ascii=False)


def way_to(context: str | None, attempt_id: str) -> str:
    """Answer the path by which an officer comes back to a step that waits.

    :param context: as `kept_page` wrote it; None where nothing was kept.
    :param attempt_id: the attempt.
    :return: the path; empty where there is none.
    """
    page = json.loads(context).get("page", "") if context else ""
    return f"{page}?attempt_id={quote(attempt_id, safe='')}#cleangov-panel" if page else ""
