"""The line after a step: recorded, what is left, and where the officer finds their record of it."""

from cleangov_hooks import Host, Step
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own.lessons import has_lesson
from cleangov_plugin.desk.prompting.reading import done
from cleangov_plugin.desk.prompting.views import DoneView

from .links import Links
from .pages import page
from .words import word


def done_line(desk: Desk, step: Step | None, language: str) -> str:
    """Write the line after a step; empty where there is nothing to say.

    :param desk: the desk.
    :param step: the step that was taken.
    :param language: BCP 47 tag.
    """
    found = done(desk, step) if step else None
    if found is None:
        return ""
    if found.is_owed:
        text = word("done.owed", language)
    elif found.is_open:
        text = word("done.open", language, count=found.opened)
    else:
        text = word("done.all", language)
    if found.unknown and not found.is_owed:
        text += word("done.unknown", language, count=found.unknown)
    is_offered = step is not None and has_lesson(desk, step)
    lesson = desk.host.url_for("cleangov.mine") + "#cg-lesson" if is_offered else ""
    return page(
        "done.html",
        language,
        done=found,
        text=text,
        record=_record_url(desk.host, step, found),
        lesson=lesson,
        css=desk.host.url_for("cleangov.static", filename="cleangov.css"),
    )


def _record_url(host: Host, step: Step | None, view: DoneView) -> str:
    """Answer where an officer finds their record of the case; a citizen, of no unit, has none."""
    if view.is_owed or step is None or step.actor is None or step.actor.unit is None:
        return ""
    return Links(host).to("own_case", case=step.case_id)
