"""What the bar takes for a letter and for its answer, on the plugin's own pages."""

import re

from flask import Flask

from tests.sample_host.played_city import Make, folder, make, told
from tests.sample_host.pressing import BarPage, Presser, play_on

__all__ = ("folder", "make", "told")


def letter_form(presser: Presser, kind: str = "") -> tuple[str, list[tuple[str, str]]]:
    """Open the letter about the variations; answer where its form goes and what it sends."""
    html = presser.open("/cleangov/").html
    findings = sorted(set(re.findall(r"/cleangov/findings/\d+", html)))
    for path in findings:
        if "YT-GC-2025-12" in presser.open(path).html:
            return form_of(presser.open(f"{path}/letter{kind}"), "/letter")
    raise AssertionError(html)


def form_of(page: BarPage, end: str) -> tuple[str, list[tuple[str, str]]]:
    """Answer the first form of a page that goes to an address."""
    form = next(form for form in page.forms.values() if form.action.endswith(end))
    return form.action, [pair for pair in form.fields if pair[0] not in TYPED]


TYPED = ("cleangov_reason", "cleangov_words", "cleangov_why")


def asked(app: Flask) -> tuple[Presser, str]:
    """Play the officers' scenes and send the letter; answer the presser and the letter's path."""
    presser = Presser(app)
    play_on(presser)
    action, fields = letter_form(presser)
    why = [("cleangov_reason", "91-98 %")]
    presser.send(action, [*fields, *why, ("cleangov_act", "preview")])
    assert presser.status == 200
    assert "去函询问" in presser.open("/").said, "a preview is no letter"
    presser.send(action, [*fields, ("cleangov_act", "send")])
    assert presser.status == 409
    assert "去函询问" in presser.open("/").said, "nor is one that was refused"
    presser.send(action, [*fields, *why, ("cleangov_act", "send")])
    return presser, presser.path


def test_a_letter_is_sent_when_it_is_sent(make: Make) -> None:
    presser, letter = asked(make())
    assert re.fullmatch(r"/cleangov/letters/\d+", letter)
    assert "询问函已发出" in presser.open("/").said


def test_a_talk_takes_the_place_of_the_letter(make: Make) -> None:
    presser = Presser(make())
    play_on(presser)
    assert "约请提醒谈话" in presser.open("/").said
    action, fields = letter_form(presser, "?kind=talk")
    given = {"reason": "91-98 %", "meets": "2026-03-12T14:30", "place": "三楼会议室", "act": "send"}
    told = {f"cleangov_{name}": text for name, text in given.items()}
    kept = [(name, text) for name, text in fields if name not in told]
    presser.send(action, [*kept, *told.items()])
    assert re.fullmatch(r"/cleangov/letters/\d+", presser.path)
    presser.open("/")
    presser.press()
    assert presser.path == "/inbox"
    assert "提醒谈话邀请" in presser.page.html
    action, fields = form_of(presser.open(presser_talk(presser)), "/answers")
    presser.send(action, [*fields, ("cleangov_act", "accept")])
    assert "轮到林岚" in presser.open("/").said


def presser_talk(presser: Presser) -> str:
    """Find the way to the invitation in the inbox."""
    return re.findall(r"/cleangov/letters/\d+", presser.page.html)[0]


def test_asking_for_time_is_no_answer(make: Make) -> None:
    presser, letter = asked(make())
    presser.open("/")
    presser.press()
    assert presser.path == "/inbox"
    action, fields = form_of(presser.open(letter), "/answers")
    presser.send(action, [*fields, ("cleangov_act", "time"), ("cleangov_why", "need a week")])
    assert presser.status == 200
    assert "有一封询问函" in presser.open("/").said
    presser.send(action, [*fields, ("cleangov_words", "QZ-11 - QZ-14")])
    assert presser.status == 200
    assert "轮到林岚" in presser.open("/").said
