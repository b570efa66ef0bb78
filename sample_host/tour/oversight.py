"""Scenes 4 and 5: Lin Lan asks, Zhao Lei answers, and what the same rules saw in real logs.

They are played on the plugin's own pages, which carry no bar of ours: it says what to press there,
and stands on the city's pages again. How far they are the visit has seen for itself: a letter sent
or answered, the page of real logs opened.
"""

from .bars import ADMINISTRATOR, INBOX, OVERSIGHT, REAL, Bar, Button, become
from .stage import Stage


def leave(stage: Stage) -> Button:
    """Make the button that goes on to the auditor, at her pages where there are any.

    :param stage: what there is.
    """
    return become("lin-lan", OVERSIGHT if stage.is_supervised else "/")


def oversight(stage: Stage, *, is_played: bool) -> Bar:
    """Say what comes after the officers' scenes.

    :param stage: what there is.
    :param is_played: whether all of theirs were played.
    """
    is_just_filed = "agreed" in stage.seen and "letter" not in stage.seen
    note = "tour.3.note" if is_just_filed and stage.who == "zhao-lei" else None
    if not stage.is_supervised:
        return Bar(scene=None, key="tour.end.off", note=note)
    is_asked = {"letter", "answer"} & stage.seen == {"letter"}
    if stage.who == "zhao-lei" and is_asked:
        return _officer(stage)
    if stage.who != "lin-lan":
        return Bar(scene=4, key="tour.4.be", do=leave(stage), note=note)
    if is_asked:
        do = become("zhao-lei", INBOX)
        return Bar(scene=4, key="tour.4.asked", do=do, following=Button(link=REAL))
    if "letter" in stage.seen or "real" in stage.seen:
        return _real(stage, is_played)
    key = "tour.4.ask" if is_played else "tour.4.unplayed"
    return Bar(scene=4, key=key, do=Button(link=OVERSIGHT), following=Button(link=REAL))


def _officer(stage: Stage) -> Bar:
    """Say to Zhao Lei where the letter is; to answer is his own affair."""
    if stage.path == INBOX:
        return Bar(scene=4, key="tour.4.answer", following=leave(stage))
    do = become("zhao-lei", INBOX)
    return Bar(scene=4, key="tour.4.inbox", do=do, following=leave(stage))


def _real(stage: Stage, is_played: bool) -> Bar:
    if "real" not in stage.seen:
        return Bar(scene=5, key="tour.5.answered", do=Button(link=REAL))
    if not is_played:
        return Bar(scene=None, key="tour.end.unplayed")
    if not stage.has_administrator:
        return Bar(scene=None, key="tour.end")
    onward = become("administrator", ADMINISTRATOR)
    return Bar(scene=None, key="tour.end.administrator", following=onward)
