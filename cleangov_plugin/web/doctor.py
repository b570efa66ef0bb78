"""The page for city IT: what keeps the plugin from working, in the words of the command line."""

from flask import make_response
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.health.checks import examine
from cleangov_plugin.desk.health.health_check import Check, State
from cleangov_plugin.desk.health.health_words import said
from cleangov_plugin.desk.review.readers import is_operator, reader_of

from .frame import bare_frame, frame
from .guarding import page_of
from .pages import page
from .refusals import refused
from .tongue import language_of


def doctor(desk: Desk | None) -> Wire:
    """Show how the plugin is, to those who run it.

    :param desk: the desk; None while the plugin is inert.
    """
    return page_of(desk, _shown, is_shown_switched_off=True)


def _shown(desk: Desk, person: Person) -> Wire:
    if not is_operator(desk.settings, person):
        return refused("error.no_right.doctor", 403, desk)
    language = language_of(desk.host)
    reader = reader_of(desk, person, language)
    ways = (("doctor", "nav.doctor"),)
    top = frame(desk, reader, "doctor") if reader else bare_frame(desk, person, ways, "doctor")
    checks = examine(desk.settings, desk.host.now().date())
    return make_response(
        page(
            "doctor.html",
            **top,
            is_off=desk.host.switched_off(),
            bad=sum(check.state is State.BAD for check in checks),
            checks=[_line(check, language) for check in checks],
            counters=sorted(desk.counters.numbers.items()),
        )
    )


def _line(check: Check, language: str) -> dict[str, str]:
    mark, found, remedy = said(check, language)
    return {"state": check.state.value, "mark": mark, "found": found, "remedy": remedy}
