"""The language of our own pages: the platform's, unless the reader chose the other one here."""

from typing import Final
from urllib.parse import urlencode

from flask import Response, request

from cleangov_hooks import Host

#: Name of the parameter, and of the cookie that keeps the choice for our pages alone.
_NAME: Final = "cleangov_language"
_OURS: Final = ("zh-CN", "en")


def language_of(host: Host) -> str:
    """Answer the language in which our pages are shown.

    A choice made here holds while the platform stays in the language in which it was made:
    whoever switches the platform later switches our pages with it.

    :param host: the host's services.
    """
    platform = host.language()
    asked = request.args.get(_NAME, "")
    if asked in _OURS:
        return asked
    there, _, chosen = request.cookies.get(_NAME, "").partition("~")
    return chosen if there == platform and chosen in _OURS else platform


def other(language: str) -> tuple[str, str]:
    """Answer the other language, and the address of this page in it.

    :param language: BCP 47 tag of the page as it is.
    """
    wanted = "en" if language.lower().startswith("zh") else "zh-CN"
    if request.method != "GET":
        return "", ""
    asked = [(name, text) for name, text in request.args.items(multi=True) if name != _NAME]
    query = urlencode([*asked, (_NAME, wanted)])
    return wanted, f"{request.script_root}{request.path}?{query}"


def keep_choice(response: Response, host: Host) -> None:
    """Keep what the reader chose, for our pages alone.

    :param response: the page.
    :param host: the host's services.
    """
    asked = request.args.get(_NAME, "")
    if asked in _OURS:
        response.set_cookie(
            _NAME,
            f"{host.language()}~{asked}",
            path=f"{request.script_root}/cleangov",
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
