"""Dwell and copied words out of what pages and scripts noted, by rule; of nobody by name."""

import pytest

from cleangov_hooks import Person
from cleangov_plugin.desk.answers.device import seen
from cleangov_plugin.desk.choice import prompted
from cleangov_plugin.desk.choice.prompted import Answered, answered_rules
from cleangov_plugin.prompts.manner import Manner
from tests.plugin.steps import outside
from tests.support.small_host import SmallHost


def answered(host: SmallHost, *, waits_s: float, by_script: bool, amount: int = 1_001) -> None:
    """Show a panel, let it stand, and answer it."""
    event, prompt = outside(host, amount)
    host.show("step.panel", event)
    if by_script:
        host.move(seconds=1)
        person = host.person()
        assert isinstance(person, Person)
        assert seen(host.plugin.desk, person, prompt.id)
    host.move(seconds=waits_s)
    host.answer(prompt.id, "deviation", "approved")
    host.take(event)


@pytest.fixture
def _of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let figures be of one officer, to see how they are made."""
    monkeypatch.setattr(prompted, "FEWEST", 1)


def looked_back(host: SmallHost, months: int = 1) -> Answered:
    """Look back from the next month: this one goes on, and is not counted."""
    now = host.clock
    host.move(days=31)
    found = answered_rules(host.plugin.desk, "cg", months)
    host.clock = now
    return found


def manner(host: SmallHost) -> Manner:
    (found,) = looked_back(host).by_rule.values()
    return found


def test_what_fewer_than_five_officers_answered_has_no_figures(host: SmallHost) -> None:
    for number in range(5):
        few = ("E08",) if number else ()
        assert looked_back(host) == ({}, few)
        host.who, host.case = Person(id=f"officer-{number}", name=""), f"C-8{number}"
        answered(host, waits_s=3, by_script=False)
    assert answered_rules(host.plugin.desk, "cg", 1) == ({}, ()), "the month goes on"
    found = looked_back(host)
    assert ({rule: each.answers for rule, each in found.by_rule.items()}, found.too_few) == (
        {"E08": 5},
        (),
    )


def test_no_two_spans_tell_what_one_officer_did(host: SmallHost) -> None:
    def work(*officers: int) -> None:
        for number in officers:
            host.who = Person(id=f"officer-{number}", name="")
            host.open_case()
            answered(host, waits_s=3, by_script=False)

    host.move(days=-31)
    work(*range(4))  # in the month before, of whom nothing is to be known
    host.move(days=31)
    work(*range(5))
    for months in (1, 2, 3):
        found = looked_back(host, months)
        assert {rule: each.answers for rule, each in found.by_rule.items()} == {"E08": 5}, months
    host.move(days=-31)
    work(4)
    host.move(days=31)
    assert [looked_back(host, n).by_rule["E08"].answers for n in (1, 2, 3)] == [5, 10, 10]


@pytest.mark.usefixtures("_of_one")
def test_from_sight_with_a_script_and_from_the_page_without(host: SmallHost) -> None:
    answered(host, waits_s=3, by_script=True)
    found = manner(host)
    assert (found.answers, found.seen, found.rendered, found.dwell_ms) == (1, 1, 0, 4_000)
    answered(host, waits_s=9, by_script=False, amount=1_002)
    found = manner(host)
    assert (found.answers, found.seen, found.rendered, found.dwell_ms) == (2, 1, 1, 4_000)
    assert (found.timed, found.hurried) == (0, 0)  # one click was asked, and one was given


@pytest.mark.usefixtures("_of_one")
def test_a_host_that_tells_nothing_of_pages_leaves_the_time_unknown(host: SmallHost) -> None:
    _, prompt = outside(host)
    host.answer(prompt.id, "deviation", "approved")
    found = manner(host)
    assert (found.answers, found.timed, found.dwell_ms) == (1, 0, None)
