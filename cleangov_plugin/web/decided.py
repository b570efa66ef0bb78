"""What somebody has just decided of a matter of others, said once on the page they come back to.

The browser carries the number of the matter for half a minute; what is said of it is read from the
ledger's tables, to whoever decided it and to nobody else.
"""

import re
from typing import Final

from flask import has_request_context, request
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.prompting.inbox import decided_by

from .words import word

_NAME: Final = "cleangov_decided"
#: Seconds: the page after the decision, and one look more.
_KEPT: Final = 30
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")


def remember(response: Wire, request_id: str) -> Wire:
    """Let the browser carry which matter was decided.

    :param response: what is answered to the decision.
    :param request_id: the request, the doubt, or what follows on an answer.
    :return: the same response.
    """
    response.set_cookie(
        _NAME,
        request_id,
        max_age=_KEPT,
        path=f"{request.script_root}/",
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


def said_of(desk: Desk, person: Person, language: str) -> str:
    """Say what was decided a moment ago; empty where nothing was.

    :param desk: the desk.
    :param person: who looks.
    :param language: BCP 47 tag.
    """
    id_ = request.cookies.get(_NAME, "") if has_request_context() else ""
    found = decided_by(desk, person, id_) if _ID.fullmatch(id_) else None
    if found is None:
        return ""
    return word(f"decided.{found.what}", language, case=found.case_id)
