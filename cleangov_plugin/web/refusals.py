"""Pages that say no: in plain words, with the way back."""

from flask import make_response, request
from werkzeug.wrappers import Response as Wire

from cleangov_plugin.desk.desk import Desk

from .pages import page
from .tokens import is_path
from .tongue import language_of
from .wanted import problem, wants_data
from .words import word


def refused(key: str, status: int, desk: Desk | None) -> Wire:
    """Answer a page that says what was not done, and why; a script gets the same as data.

    :param key: key of the phrase.
    :param status: HTTP status.
    :param desk: the desk; None while the plugin is inert.
    """
    try:
        language = language_of(desk.host) if desk else "zh-CN"
        css = desk.host.url_for("cleangov.static", filename="cleangov.css") if desk else ""
    except Exception:  # a host that cannot say its language is told no all the same
        language, css = "zh-CN", ""
    if wants_data():
        return problem(key, word(key, language), status)
    # Who only looked did nothing that could have failed.
    title = word("error.title" if request.method == "POST" else "error.title.page", language)
    told = {"title": title, "text": word(key, language)}
    html = page("error.html", language, **told, css=css, back=referrer())
    return make_response(html, status)


def referrer() -> str:
    """Answer the page the request came from, if it is one of this host."""
    prefix = request.host_url.rstrip("/")
    source = request.referrer or ""
    path = source[len(prefix) :] if source.startswith(prefix + "/") else "/"
    return path if is_path(path) else "/"
