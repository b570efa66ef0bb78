"""Answers of strangers, of wrong types or out of place: refused, or cut to what can be kept."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from cleangov_hooks import Answer, Evidence
from tests.plugin.inside import bodies, counted, fates, one, rows
from tests.plugin.steps import outside
from tests.support.small_host import SmallHost
from tests.support.small_officers import RESTS_ON


def are_refused(host: SmallHost, prompt_id: str, number: int) -> None:
    """Assert that nothing was kept of so many answers."""
    assert rows(host, "answer") == []
    assert rows(host, "pass") == []
    assert counted(host, "failed.answered") == number
    assert fates(host, prompt_id) == ["created"]
    assert [o for report in host.reports for o in report.troubles if o.error] == []


def test_somebody_elses_answer_is_refused(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.answer(prompt.id, "deviation", "approved", by="liu")
    are_refused(host, prompt.id, 1)
    assert host.gate(event).decision == "hold"


def test_an_answer_that_needs_a_document_is_refused_without(host: SmallHost) -> None:
    _, prompt = outside(host)
    blanks = ["", "   ", "\u200b\n\t ", "\x00\x01"]
    for named in blanks:
        host.answer(prompt.id, "deviation", "approved", evidence=Evidence(reference=named))
    are_refused(host, prompt.id, len(blanks))


def test_an_answer_that_was_not_offered_is_refused(host: SmallHost) -> None:
    _, prompt = outside(host)
    choices = ["", "back", "approve", "deviation ", "x" * 10_000, "'; --"]
    for choice in choices:
        host.answer(prompt.id, choice, "approved")
    are_refused(host, prompt.id, len(choices))


def test_an_answer_to_an_unknown_prompt_is_refused(host: SmallHost) -> None:
    _, prompt = outside(host)
    ids = ["", "nobody", "x" * 100_000, "' OR 1=1 --", "\x00", "\ud800"]
    for prompt_id in ids:
        host.answer(prompt_id, "deviation", "approved")
    are_refused(host, prompt.id, len(ids))


def test_an_answer_of_wrong_types_is_refused_and_the_host_is_unharmed(host: SmallHost) -> None:
    _, prompt = outside(host)
    good = Answer(
        prompt_id=prompt.id,
        choice="deviation",
        actor_id="chen",
        at=host.clock,
        text="approved",
        **RESTS_ON["deviation"],
    )
    changes: list[dict[str, Any]] = [
        {"at": None},
        {"at": "2026-03-10"},
        {"text": None},
        {"text": 7},
        {"choice": None},
        {"prompt_id": None},
        {"actor_id": None},
        {"client_at": "x"},
    ]
    for change in changes:
        host.call("cleangov_prompt_answered", answer=replace(good, **change))
    are_refused(host, prompt.id, len(changes))


def test_an_answer_to_a_prompt_that_is_over_is_refused(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.answer(prompt.id, "deviation", "approved")
    host.answer(prompt.id, "deviation", "approved")
    assert len(rows(host, "answer")) == len(rows(host, "pass")) == 1
    host.abort(event)
    later, second = outside(host, 1_200)
    host.gate(replace(later, amount=None))  # withdrawn or superseded
    host.answer(second.id, "deviation", "approved")
    assert len(rows(host, "answer")) == 1


@pytest.mark.parametrize("number", [2_001, 1_000_000])
def test_words_that_are_too_many_are_refused_and_can_be_given_again(
    host: SmallHost, number: int
) -> None:
    _, prompt = outside(host)
    host.answer(prompt.id, "deviation", "字" * number)
    assert rows(host, "answer") == []
    host.answer(prompt.id, "deviation", "字" * 2_000)
    assert one(host, "answer")["words"] == "字" * 2_000


def test_control_characters_and_lone_surrogates_are_left_out_of_words(host: SmallHost) -> None:
    _, prompt = outside(host)
    host.answer(prompt.id, "deviation", "a\x00b\ud800c\x1b[31md\u202ee\nf")
    assert one(host, "answer")["words"] == "abc[31mde\nf"


@pytest.mark.parametrize("year", [1, 1970])
def test_no_clock_says_that_a_prompt_was_answered_before_it_was_made(
    host: SmallHost, year: int
) -> None:
    event, prompt = outside(host)
    host.move(minutes=10)
    early = datetime(year, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    host.answer(prompt.id, "deviation", "approved", client_at=early)
    made, kept = one(host, "prompt")["created_at"], one(host, "answer")
    assert kept["client_at"] == made
    host.take(event)
    assert [body["at"] for body in bodies(host, kind="int.prompt.answered")] == [made]
