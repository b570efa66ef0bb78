"""Scene 3: Zhao Lei files a fourth variation, and He Ping is asked."""

from typing import Any

from cleangov_hooks import AnswerKind

from .bars import FILE, INBOX, PROJECT, Bar, Button, become, take
from .fine import what_was_decided
from .stage import Sheet, Stage, press
from .story import FOURTH


def variation(stage: Stage, onward: Button) -> Bar:
    """Say what Zhao Lei and He Ping can do.

    :param stage: what there is.
    :param onward: the button that leaves the scene as it is.
    """
    if not stage.story.may_vary:
        return Bar(scene=3, key="tour.3.over", do=onward)
    if stage.who == "he-ping":
        return _chief(stage, onward)
    begin = become("zhao-lei", PROJECT)
    if stage.who != "zhao-lei":
        return Bar(scene=3, key="tour.3.be", do=begin, **_before(stage))
    sheet = stage.open_at(FILE)
    if sheet is None:
        return Bar(scene=3, key="tour.3.go", do=begin, following=onward)
    return _filing(stage, sheet, onward)


def _before(stage: Stage) -> dict[str, Any]:
    """Say what became of the scene before: of the notice just sent, else of the fine."""
    if stage.story.is_noticed and stage.who == "liu-min":
        return {"note": "tour.2.note" if "notice" in stage.seen else "tour.2.calm"}
    if not stage.story.is_decided:
        return {}
    return {"note": what_was_decided(stage), "sum": stage.story.fine}


def _filing(stage: Stage, sheet: Sheet, onward: Button) -> Bar:
    """Say what Zhao Lei can do with the form before him."""
    waits = stage.variation
    if waits is None and not stage.is_held(sheet):
        fourth = take(
            FILE,
            sheet.attempt,
            amount=str(FOURTH),
            cause="ground",
            reason="tour.3.reason",
        )
        return Bar(scene=3, key="tour.3.type", do=fourth, following=onward)
    if waits is not None and waits.state == "agreed":
        again = Button(form=sheet.form)  # the very form that was agreed to, whatever is in it
        return Bar(scene=3, key="tour.3.again", do=again, following=onward)
    if waits is not None and waits.state == "waiting":
        chief = become("he-ping", INBOX)
        return Bar(scene=3, key="tour.3.waiting", do=chief, following=onward)
    ask = waits.control(AnswerKind.SECOND_PERSON_ASKED) if waits else None
    if ask is None:
        return Bar(scene=3, key="tour.3.waits", following=onward)
    return Bar(scene=3, key="tour.3.held", label=ask.label, do=press(ask), following=onward)


def _chief(stage: Stage, onward: Button) -> Bar:
    """Say what He Ping can do: agree where he is asked, else let Zhao Lei go on."""
    agree = stage.asked.control(AnswerKind.SECOND_PERSON_APPROVED) if stage.asked else None
    if agree is not None:
        return Bar(
            scene=3, key="tour.3.agree", label=agree.label, do=press(agree), following=onward
        )
    state = stage.variation.state if stage.variation else None
    if state == "agreed":
        return Bar(scene=3, key="tour.3.agreed", do=become("zhao-lei", FILE), following=onward)
    if stage.path != INBOX and state in (None, "waiting"):
        return Bar(scene=3, key="tour.3.inbox", do=become("he-ping", INBOX), following=onward)
    if state == "waiting":  # a rule of this city asks somebody else
        return Bar(scene=3, key="tour.3.elsewhere", following=onward)
    return Bar(scene=3, key="tour.3.nothing", do=become("zhao-lei", PROJECT), following=onward)
