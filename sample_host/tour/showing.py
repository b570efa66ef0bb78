"""Giving every page its bar: what is asked of database and plugins, and what the visit has seen."""

from typing import Any, Final

from flask import Response, current_app, g, request, session

from cleangov_hooks import Step, Stream
from sample_host import visit
from sample_host.city import here
from sample_host.database import reading
from sample_host.events import AGENCY
from sample_host.flow import FLOWS
from sample_host.people import PEOPLE

from .bars import ADMINISTRATOR, CORRECT, DECIDE, FILE, INBOX, OVERSIGHT, REAL
from .scenes import SCENES, bar, is_played, start
from .stage import Sheet, Stage
from .standing import Standing, standing
from .story import Story, read_story

_NONE: Final = {"tour_bar": None, "tour_start": None, "is_played": False, "scenes": SCENES}


def shown() -> dict[str, Any]:
    """Answer what templates need of the tour: the bar, and where it starts."""
    city = here()
    if not city.settings.tour or g.get("is_error") or request.path == ADMINISTRATOR:
        return _NONE
    with reading(city.engine) as connection:
        story = read_story(connection)
    if story is None:
        return _NONE
    stage = _stage(story)
    return {
        "tour_bar": bar(stage),
        "tour_start": start(stage),
        "is_played": is_played(stage),
        "scenes": SCENES,
    }


def _stage(story: Story) -> Stage:
    """Look at what there is; plugins are only asked about the scene that somebody stands in."""
    city, official = here(), visit.who()
    who = official.id if official else None
    sheet = _sheet()
    fine = notice = variation = asked = None
    if who == "chen-jing" and not story.is_decided:
        fine = _waits(Stream.ENFORCEMENT, "chen-jing", DECIDE, sheet)
    if who == "liu-min" and not story.is_noticed:
        notice = _waits(Stream.PERMIT, "liu-min", CORRECT, sheet)
    if who in ("zhao-lei", "he-ping"):
        variation = _waits(Stream.PROJECT, "zhao-lei", FILE, sheet)
    if who == "he-ping" and request.path == INBOX:
        told = standing(city, "person.inbox", None)
        asked = next((found for found in told if found.case_id == _case(FILE)), None)
    return Stage(
        story=story,
        who=who,
        path=request.path,
        sheet=sheet,
        fine=fine,
        notice=notice,
        variation=variation,
        asked=asked,
        seen=_seen(fine, notice, variation),
        is_supervised=city.is_supervised() and not city.is_switched_off(),
        has_administrator="administrator" in current_app.blueprints,
    )


def _sheet() -> Sheet | None:
    """Say which form stands on the page that is being made."""
    form = g.get("form")
    if form is None:
        return None
    return Sheet(
        path=form.action,
        attempt=form.attempt_id,
        form=f"{form.step.html_id}-form",
        is_held=form.is_held,
    )


def _waits(stream: Stream, person: str, path: str, sheet: Sheet | None) -> Standing | None:
    """Ask what a scene's step waits for: that of the page, else the one this visit left behind."""
    is_here = sheet is not None and sheet.path == path
    attempt = (
        sheet.attempt if sheet and is_here else (visit.draft(path, person) or {}).get("attempt")
    )
    name = path.rpartition("/")[2]
    step = FLOWS[stream].step(name)
    if attempt is None or step is None:
        return None
    place = Step(
        agency_id=AGENCY,
        stream=stream,
        case_id=_case(path),
        name=name,
        kind=step.kind,
        actor=PEOPLE[person].actor(),
        language=visit.language(),
        attempt_id=attempt,
    )
    return next(iter(standing(here(), "step.panel", place)), None)


def _seen(
    fine: Standing | None, notice: Standing | None, variation: Standing | None
) -> frozenset[str]:
    """Remember what this visit has seen waiting, for what is said of it afterwards."""
    now = {"fine"} if fine else set()
    if notice is not None:
        now.add("notice")
    if variation is not None:
        now |= {"variation"} | ({"agreed"} if variation.state == "agreed" else set())
    return _remember(now)


def _remember(now: set[str]) -> frozenset[str]:
    before = frozenset(session.get("seen", ()))
    if not now <= before:
        session["seen"] = sorted(before | now)
    return before | now


def watch(response: Response) -> Response:
    """Remember what was done on the pages under the plugin's own address, for the bar.

    :param response: the answer to any request; it stays as it is.
    """
    if here().settings.tour and request.path.startswith(OVERSIGHT):
        if request.path == REAL and response.status_code == 200:
            _remember({"real"})
        elif request.method == "POST" and response.status_code == 303:
            _remember(_posted(request.path))
    return response


def _posted(path: str) -> set[str]:
    """Say what a form that was taken has done; a mere preview, or one refused, leads nowhere."""
    if path.endswith("/letter"):
        return {"letter"}
    is_answer = path.startswith(f"{OVERSIGHT}letters/") and path.endswith("/answers")
    # The same address takes the wish for more time.
    return {"answer"} if is_answer and request.form.get("cleangov_act") != "time" else set()


def _case(path: str) -> str:
    return path.split("/")[2]
