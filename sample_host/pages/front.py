"""The front page, the switches in the bar, and the tour's own buttons."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from sample_host import visit
from sample_host.city import here
from sample_host.people import PEOPLE

from .places import is_local

pages = Blueprint("front", __name__)


@pages.get("/")
def landing() -> str:
    """Show the front page."""
    cards = [official for official in PEOPLE.values() if official.is_on_card]
    return render_template("landing.html", cards=cards)


@pages.post("/who")
def become() -> Response:
    """Become somebody, and go on to a page."""
    visit.sign_in(request.form.get("person", ""))
    return redirect(_onward(), 303)


@pages.post("/supervision")
def switch() -> Response:
    """Turn the kill switch: a file that is looked for at each call."""
    kill_switch = here().settings.kill_switch
    if kill_switch is not None:
        if kill_switch.exists():
            kill_switch.unlink()
        else:
            kill_switch.parent.mkdir(parents=True, exist_ok=True)
            kill_switch.touch()
    return redirect(_onward(), 303)


def _onward() -> str:
    onward = request.form.get("next", "/")
    return onward if is_local(onward) else "/"
