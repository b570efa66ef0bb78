"""What every page for auditors and IT has: its head, its ways, and how values are written."""

from functools import partial
from typing import Any, Final

from flask import request

from cleangov_hooks import Person
from cleangov_plugin.desk.choice.exception_views import may_see
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.host_labels import unit_called
from cleangov_plugin.desk.review.entry_views import AgencyView
from cleangov_plugin.desk.review.readers import Reader, is_operator, reader_of

from .links import Links
from .shown import Shown
from .tongue import language_of, other
from .words import word

_EXCEPTIONS: Final = ("exceptions", "nav.exceptions")
_PAGES: Final[tuple[tuple[str, str], ...]] = (
    ("overview", "nav.overview"),
    ("checkpoints", "nav.checkpoints"),
    ("findings", "nav.findings"),
    ("signals", "nav.signals"),
    ("terms", "nav.terms"),
    ("letters", "nav.letters"),
    ("modes", "nav.modes"),
    _EXCEPTIONS,
    ("real", "nav.real"),
)
#: Ways of somebody who may look through no records.
_OWN: Final = (("mine", "nav.mine"), ("modes", "nav.modes"))


def frame(
    desk: Desk, reader: Reader, current: str, agency: AgencyView | None = None
) -> dict[str, Any]:
    """Answer what the frame of a page for a reader needs.

    :param desk: the desk.
    :param reader: who looks.
    :param current: name of the page; empty for a page that stands under none of the ways.
    :param agency: the authority it is about, if it is about one.
    """
    may_see_doctor = is_operator(desk.settings, reader.person)
    # Who leads one unit reads nothing there: what is declared is for the whole of an authority.
    may_see_all = may_see(desk.settings, reader.person)
    ways = tuple(way for way in _PAGES if may_see_all or way != _EXCEPTIONS)
    ways = (*ways, ("doctor", "nav.doctor")) if may_see_doctor else ways
    top = bare_frame(desk, reader.person, ways, current)
    unit = reader.reach.unit or ""
    top |= {"agency": agency, "unit": top["unit_of"](unit)}
    if agency and agency.log_id != desk.host.agency().id:  # an imported log: codes of its own
        top["unit_of"] = str
    return top


def own_frame(desk: Desk, person: Person, current: str = "") -> dict[str, Any]:
    """Answer what the frame of a page needs that is open to everybody who is signed in.

    :param desk: the desk.
    :param person: who looks.
    :param current: name of the page; empty for a page that stands under none of the ways.
    """
    reader = reader_of(desk, person, language_of(desk.host))
    if reader:
        return frame(desk, reader, current)
    ways = (*_OWN, _EXCEPTIONS) if may_see(desk.settings, person) else _OWN
    return bare_frame(desk, person, ways, current)


def bare_frame(
    desk: Desk, person: Person, ways: tuple[tuple[str, str], ...], current: str
) -> dict[str, Any]:
    """Answer what the frame of a page needs.

    :param desk: the desk.
    :param person: who looks.
    :param ways: pages that the reader may open, each with the key of its name.
    :param current: name of the page.
    """
    language, links = language_of(desk.host), Links(desk.host)
    shown = Shown(language)
    # Only those we have a word for: a code of the host would tell its reader nothing.
    said = {role: _say(language, "role", role) for role in sorted(person.roles)}
    roles = [word_ for role, word_ in said.items() if word_ != role]
    return {
        "language": language,
        "css": desk.host.url_for("cleangov.static", filename="cleangov.css"),
        "home": (request.script_root or "") + "/",
        "nav": [(links.to(name), word(key, language), name == current) for name, key in ways],
        "links": links,
        "f": shown,
        "you": (person.name, shown.list(roles)),
        "other": other(language),
        "say": partial(_say, language),
        "unit_of": partial(unit_called, desk.host.agency(), language=language),
        "agency": None,
        "unit": "",
    }


def _say(language: str, list_: str, code: object) -> str:
    """Answer how a code of a closed list is called; an unknown one is shown as it is."""
    shown = getattr(code, "value", code)
    key = f"{list_}.{shown}"
    said = word(key, language)
    return str(shown) if said == key else said
