"""The scenes: what the bar says and does wherever somebody stands in them."""

from typing import Final

from cleangov_hooks import AnswerKind

from .bars import CASE, OVERSIGHT, PROJECT, Bar, Button, become, take
from .stage import Sheet, Stage, press
from .story import FOURTH

#: Only scenes that exist are announced.
SCENES: Final = 2
DECIDE: Final = f"{CASE}/decide"
FILE: Final = f"{PROJECT}/request_variation"
INBOX: Final = "/inbox"
#: The fine of which the owner was told, in yuan, and what Chen Jing types instead.
_NOTICED: Final = 800
_HEAVIER: Final = 2000


def bar(stage: Stage) -> Bar:
    """Say what the bar shows. Each press of a button leads on, and none leads round.

    :param stage: what there is.
    """
    if stage.who == "lin-lan":
        return _last_stop(stage)
    if stage.who in ("zhao-lei", "he-ping") and not stage.is_filed:
        return _variation(stage)
    if not stage.story.is_decided:
        return _fine(stage)
    return _end(stage) if stage.is_filed else _variation(stage)


def start(stage: Stage) -> Button:
    """Answer where the tour begins: with the first scene that was not played.

    :param stage: what there is.
    """
    if not stage.story.is_decided:
        return become("chen-jing", CASE)
    return _leave(stage) if stage.is_filed else become("zhao-lei", PROJECT)


def is_played(stage: Stage) -> bool:
    """Answer whether every scene was played.

    :param stage: what there is.
    """
    return stage.story.is_decided and stage.is_filed


# ---- Scene 1: a fine ---------------------------------------------------------------------------


def _fine(stage: Stage) -> Bar:
    begin = become("chen-jing", CASE)
    following = _leave(stage) if stage.is_filed else become("zhao-lei", PROJECT)
    if stage.who != "chen-jing":
        left_out = following if stage.is_filed else None  # it was passed over before, and may be
        return Bar(scene=1, key="tour.1.be", do=begin, following=left_out)
    sheet = stage.open_at(DECIDE)
    if sheet is None:
        return Bar(scene=1, key="tour.1.go", do=begin, following=following)
    back = stage.fine.control(AnswerKind.CORRECTED) if stage.fine else None
    if back is not None:
        return Bar(
            scene=1, key="tour.1.held", label=back.label, do=press(back), following=following
        )
    is_held = stage.fine is not None or _is_held(stage, sheet)
    return Bar(
        scene=1,
        key="tour.1.waits" if is_held else "tour.1.type",
        do=_decide(sheet, _NOTICED if is_held else _HEAVIER),
        following=following,
    )


def _decide(sheet: Sheet, yuan: int) -> Button:
    return take(DECIDE, sheet.attempt, amount=str(yuan), kind_of_penalty="fine")


def _is_held(stage: Stage, sheet: Sheet) -> bool:
    """Answer whether the form waits though no plugin says why; switched off, none holds it."""
    return sheet.is_held and stage.is_supervised


def _what_was_decided(stage: Stage) -> str:
    """Name the side note on scene 1; that something else was typed first is nobody's business."""
    fine = stage.story.fine
    if fine is None:
        return "tour.1.none"
    if fine > _NOTICED * 100:
        return "tour.1.heavier" if "fine" in stage.seen else "tour.1.unstopped"
    return "tour.1.note" if "fine" in stage.seen else "tour.1.calm"


# ---- Scene 2: a fourth variation ---------------------------------------------------------------


def _variation(stage: Stage) -> Bar:
    if not stage.story.may_vary:
        return Bar(scene=2, key="tour.2.over", do=_leave(stage))
    if stage.who == "he-ping":
        return _chief(stage)
    begin, following = become("zhao-lei", PROJECT), _leave(stage)
    if stage.who != "zhao-lei":
        note = _what_was_decided(stage)
        return Bar(scene=2, key="tour.2.be", do=begin, note=note, sum=stage.story.fine)
    sheet = stage.open_at(FILE)
    if sheet is None:
        return Bar(scene=2, key="tour.2.go", do=begin, following=following)
    return _filing(stage, sheet)


def _filing(stage: Stage, sheet: Sheet) -> Bar:
    """Say what Zhao Lei can do with the form before him."""
    waits, following = stage.variation, _leave(stage)
    if waits is None and not _is_held(stage, sheet):
        fourth = take(
            FILE,
            sheet.attempt,
            amount=str(FOURTH),
            cause="ground",
            reason="tour.2.reason",
        )
        return Bar(scene=2, key="tour.2.type", do=fourth, following=following)
    if waits is not None and waits.state == "agreed":
        again = Button(form=sheet.form)  # the very form that was agreed to, whatever is in it
        return Bar(scene=2, key="tour.2.again", do=again, following=following)
    if waits is not None and waits.state == "waiting":
        chief = become("he-ping", INBOX)
        return Bar(scene=2, key="tour.2.waiting", do=chief, following=following)
    ask = waits.control(AnswerKind.SECOND_PERSON_ASKED) if waits else None
    if ask is None:
        return Bar(scene=2, key="tour.2.waits", following=following)
    return Bar(scene=2, key="tour.2.held", label=ask.label, do=press(ask), following=following)


def _chief(stage: Stage) -> Bar:
    """Say what He Ping can do: agree where he is asked, else let Zhao Lei go on."""
    following = _leave(stage)
    agree = stage.asked.control(AnswerKind.SECOND_PERSON_APPROVED) if stage.asked else None
    if agree is not None:
        return Bar(
            scene=2, key="tour.2.agree", label=agree.label, do=press(agree), following=following
        )
    state = stage.variation.state if stage.variation else None
    if state == "agreed":
        do = become("zhao-lei", FILE)
        return Bar(scene=2, key="tour.2.agreed", do=do, following=following)
    if stage.path != INBOX and state in (None, "waiting"):
        do = become("he-ping", INBOX)
        return Bar(scene=2, key="tour.2.inbox", do=do, following=following)
    if state == "waiting":  # a rule of this city asks somebody else
        return Bar(scene=2, key="tour.2.elsewhere", following=following)
    do = become("zhao-lei", PROJECT)
    return Bar(scene=2, key="tour.2.nothing", do=do, following=following)


# ---- The end -----------------------------------------------------------------------------------


def _leave(stage: Stage) -> Button:
    """Make the button that ends the tour with the auditor, at her pages where there are any."""
    return become("lin-lan", OVERSIGHT if stage.is_supervised else "/")


def _end(stage: Stage) -> Bar:
    note = "tour.2.note" if "agreed" in stage.seen else None
    if not stage.is_supervised:
        return Bar(scene=None, key="tour.end.off", note=note)
    return Bar(scene=None, key="tour.end", do=_leave(stage), note=note)


def _last_stop(stage: Stage) -> Bar:
    """Say to Lin Lan, with whom the tour ends, where her pages are and what was left out."""
    do = Button(link=OVERSIGHT) if stage.is_supervised else None
    if not is_played(stage):
        return Bar(scene=None, key="tour.end.unplayed", do=do)
    return Bar(scene=None, key="tour.end.here" if do else "tour.end.off", do=do)
