"""Pages and forms of letters: for those who write them, and for those who are asked."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from flask import Blueprint, make_response, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.host_labels import unit_called
from cleangov_plugin.desk.letters import receiving, sending, writing
from cleangov_plugin.desk.letters.templates import INQUIRY
from cleangov_plugin.desk.letters.writing import Given
from cleangov_plugin.desk.review.readers import Reader, reader_of
from cleangov_plugin.domain.errors import AnswerRefused

from .bars import drawn
from .frame import bare_frame, frame
from .guarding import form, page_of
from .links import Links
from .pages import page
from .refusals import refused
from .tokens import form_token, token_is_good
from .tongue import language_of
from .words import word

DeskOf: TypeAlias = Callable[[], Desk | None]

_LARGEST: Final = 2**63 - 1


def add_letters(bp: Blueprint, desk_of: DeskOf) -> None:
    """Add the pages and forms to our blueprint.

    :param bp: the blueprint.
    :param desk_of: answers the desk, or None while the plugin is inert.
    """

    def add(rule: str, endpoint: str, act: Callable[[Desk, Person, int], Wire], door: Any) -> None:
        def view(id_: int) -> Wire:
            id_ = min(id_, _LARGEST)  # what no database can name is nobody's letter
            return door(desk_of(), lambda desk, who: act(desk, who, id_))  # type: ignore[no-any-return]

        bp.add_url_rule(rule, endpoint, view, methods=["POST" if door is form else "GET"])

    add("/findings/<int:id_>/letter", "letter_new", _new, page_of)
    add("/findings/<int:id_>/letter", "letter_send", _send, form)
    add("/letters/<int:id_>", "letter", _letter, page_of)
    add("/letters/<int:id_>/answers", "letter_answer", _answer, form)
    add("/letters/<int:id_>/term", "letter_extend", _extend, form)
    add("/letters/<int:id_>/meeting", "letter_met", _met, form)
    add("/letters/<int:id_>/withdrawal", "letter_withdraw", _withdraw, form)


# ---- Writing ---------------------------------------------------------------------------------


def _new(desk: Desk, person: Person, id_: int) -> Wire:
    reader = reader_of(desk, person, language_of(desk.host))
    if reader is None:
        return refused("error.no_right", 403, desk)
    return _written(desk, reader, id_, Given(kind=request.args.get("kind", INQUIRY)))


def _send(desk: Desk, person: Person, id_: int) -> Wire:
    """Show the letter again as it would be sent, or send it. What was typed is never lost."""
    reader = reader_of(desk, person, language_of(desk.host))
    if reader is None:
        return refused("error.no_right", 403, desk)
    _check(desk, person, "letter_send", id_)
    days = _days("cleangov_days")
    given = Given(
        addressee=_given("cleangov_to"),
        days=days or 0,
        words=_given("cleangov_words"),
        reason=_given("cleangov_reason"),
        kind=_given("cleangov_kind") or INQUIRY,
        meets=_given("cleangov_meets"),
        place=_given("cleangov_place"),
    )
    if days is None:
        return _written(desk, reader, id_, given, "error.letter.days", is_seen=True)
    if _given("cleangov_act") != "send":
        return _written(desk, reader, id_, given, is_seen=True)
    try:
        sent = sending.send(desk, reader, id_, given)
    except AnswerRefused as problem:
        return _written(desk, reader, id_, given, problem.what, is_seen=True)
    return redirect(Links(desk.host).to("letter", id_=sent), 303)


def _written(
    desk: Desk,
    reader: Reader,
    id_: int,
    given: Given,
    problem: str = "",
    *,
    is_seen: bool = False,
) -> Wire:
    """Show a letter that is being written."""
    found = writing.compose(desk, reader, id_, given)
    if found is None:
        return refused("error.not_found", 404, desk)
    # The reason may belong to the letter that was just refused: it is said once.
    said = problem or found.obstacle
    name = "signals" if found.needs_reason else "findings"
    html = page(
        "letter_new.html",
        **frame(desk, reader, name),
        view=found,
        given=given,
        finding_id=id_,
        problem=word(said, reader.language) if said else "",
        is_seen=is_seen,
        issuer=_issuer(desk, reader.language),
        to_name=officer(desk, found.letter.addressee, found.letter.unit, reader.language),
        **_form(desk, reader.person, "letter_send", id_),
    )
    return make_response(html, 409 if problem else 200)


def officer(desk: Desk, pseudonym: str, unit: str, language: str) -> str:
    """Call an officer by pseudonym and unit.

    :param desk: the desk.
    :param pseudonym: the whole pseudonym.
    :param unit: code of the unit; empty where unknown.
    :param language: BCP 47 tag.
    """
    short = pseudonym[:6]
    if not unit:
        return word("letter.officer", language, short=short)
    return word(
        "letter.officer.unit",
        language,
        short=short,
        unit=unit_called(desk.host.agency(), unit, language),
    )


# ---- Reading ---------------------------------------------------------------------------------


def _letter(desk: Desk, person: Person, id_: int) -> Wire:
    language = language_of(desk.host)
    reader = reader_of(desk, person, language)
    found = receiving.letter(desk, person, reader, language, id_)
    if found is None:
        return refused("error.not_found", 404, desk)
    name = "signals" if found.story.finding.is_signal else "findings"
    is_reviewer = reader is not None and not found.is_mine
    own = (("mine", "nav.mine"),)
    top = frame(desk, reader, name) if reader and is_reviewer else bare_frame(desk, person, own, "")
    letter = found.letter
    to = person.name if found.is_mine else officer(desk, letter.addressee, letter.unit, language)
    html = page(
        "letter.html",
        **top,
        view=found,
        is_reviewer=is_reviewer,
        drawing=drawn(found.story.bars) if found.story.bars else None,
        issuer=_issuer(desk, language),
        to_name=to,
        csrf=_csrf(desk),
        forms={name: _form(desk, person, name, id_) for name in _FORMS},
    )
    return make_response(html)


# ---- Answering, giving time, withdrawing -----------------------------------------------------

_FORMS: Final = ("letter_answer", "letter_extend", "letter_met", "letter_withdraw")


def _answer(desk: Desk, person: Person, id_: int) -> Wire:
    _check(desk, person, "letter_answer", id_)
    if _given("cleangov_act") == "accept":
        receiving.accept(desk, person, id_)
        return _back(desk, id_)
    wants_time, meets = _given("cleangov_act") == "time", _given("cleangov_meets")
    words = _given("cleangov_why" if wants_time else "cleangov_words")
    receiving.answer(desk, person, id_, words, wants_time=wants_time, meets=meets)
    return _back(desk, id_)


def _extend(desk: Desk, person: Person, id_: int) -> Wire:
    reader = _sender(desk, person, "letter_extend", id_)
    meets, reason = _given("cleangov_meets"), _given("cleangov_reason")
    if meets:
        sending.move(desk, reader, id_, meets, reason)
    else:
        sending.extend(desk, reader, id_, _days("cleangov_days") or 0, reason)
    return _back(desk, id_)


def _met(desk: Desk, person: Person, id_: int) -> Wire:
    reader = _sender(desk, person, "letter_met", id_)
    is_held = _given("cleangov_act") == "held"
    sending.record_held(desk, reader, id_, _given("cleangov_reason"), is_held=is_held)
    return _back(desk, id_)


def _withdraw(desk: Desk, person: Person, id_: int) -> Wire:
    reader = _sender(desk, person, "letter_withdraw", id_)
    sending.withdraw(desk, reader, id_, _given("cleangov_reason"))
    return _back(desk, id_)


def _sender(desk: Desk, person: Person, endpoint: str, id_: int) -> Reader:
    reader = reader_of(desk, person, language_of(desk.host))
    if reader is None:
        raise AnswerRefused("error.letter.not_here")
    _check(desk, person, endpoint, id_)
    return reader


def _back(desk: Desk, id_: int) -> Wire:
    return redirect(Links(desk.host).to("letter", id_=id_), 303)


# ---- Forms -----------------------------------------------------------------------------------


def _form(desk: Desk, person: Person, endpoint: str, id_: int) -> dict[str, Any]:
    """Answer what one of our forms needs."""
    return {
        "action": Links(desk.host).to(endpoint, id_=id_),
        "token": form_token(desk.keys.key("form"), (person.id, endpoint, str(id_))),
        "csrf": _csrf(desk),
    }


def _check(desk: Desk, person: Person, endpoint: str, id_: int) -> None:
    bound = (person.id, endpoint, str(id_))
    if not token_is_good(desk.keys.key("form"), bound, _given("cleangov_token")):
        raise AnswerRefused("error.expired")


def _csrf(desk: Desk) -> Markup:
    return Markup(desk.host.csrf_field() or "")  # noqa: S704 - the host's own hidden input


def _given(name: str) -> str:
    """Read a field as people see it: browsers send line ends of their own."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def _days(name: str) -> int | None:
    """Read a number of days; 0 where none is given, None where it is none."""
    text = _given(name)
    if not text:
        return 0
    is_number = text.isascii() and text.isdigit() and len(text) <= 3
    number = int(text) if is_number else 0
    return number if 0 < number <= writing.LONGEST_TERM else None


def _issuer(desk: Desk, language: str) -> str:
    names = desk.host.agency().names
    tongue = "zh" if language.lower().startswith("zh") else "en"
    return names.get(tongue) or next(iter(names.values()), "")
