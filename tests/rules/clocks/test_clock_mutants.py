"""The examples of a shipped clock notice each small change of it; what they miss is shown."""

import copy
from typing import Any

import pytest

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.intake.clock_files import load_clockbook
from cleangov_plugin.rules.clocks.mutants import ClockOperator, clock_mutants
from cleangov_plugin.rules.clocks.testing import tried_clock
from cleangov_plugin.rules.mutation.signatures import digest_of

CLOCKS = load_clockbook()
MISSED = "stops: without prm.accepted"


@pytest.mark.thorough
@pytest.mark.parametrize("id_", sorted(CLOCKS))
def test_each_change_is_noticed_by_an_example(id_: str) -> None:
    found = tried_clock(CLOCKS[id_])
    assert [survivor.mutant.id for survivor in found.alive] == []
    assert (found.failures, found.equivalent, found.signed) == ([], [], [])
    assert found.mutants == len(found.killed) >= 5


def test_start_stop_and_deciders_are_changed() -> None:
    found = list(clock_mutants(CLOCKS["C01"]))
    assert {mutant.operator for mutant in found} == {*ClockOperator}
    ids = {mutant.id for mutant in found}
    assert len(ids) == len(found)
    assert {
        "starts: without enf.case.filed",
        "starts: with enf.hearing.held",
        "stops: without enf.case.closed",
        "stops: with enf.case.suspended",
        "pauses.suspension.decided_by: anybody",
        "pauses.suspension.decided_by.roles: without head",
        "extensions.second.decided_by.roles: with head",
        "extensions.first.decided_by.attribute: another",
        "extensions: other way round",
    } <= ids
    for mutant in found:
        assert mutant.document != CLOCKS["C01"]
        assert mutant.said()["zh"] != mutant.said()["en"]


def poorer() -> dict[str, Any]:
    """C04 without the example that tells acceptance from waiting."""
    clock = copy.deepcopy(CLOCKS["C04"])
    clock["examples"] = [each for each in clock["examples"] if each["name"] != "accepted in time"]
    return clock


def test_a_change_that_nothing_notices_is_shown_with_a_case() -> None:
    (survivor,) = tried_clock(poorer()).alive
    assert survivor.mutant.id == MISSED
    assert survivor.given is not None
    assert [event["kind"] for event in survivor.given["events"]][-1] == "prm.accepted"
    assert (survivor.answer["state"], survivor.instead["state"]) == ("ended", "running")


@pytest.mark.thorough
def test_a_second_person_signs_for_the_text_that_was_looked_at_and_for_few() -> None:
    clock = copy.deepcopy(CLOCKS["C03"])
    clock["examples"] = [e for e in clock["examples"] if e["name"] != "decided on the last day"]
    (missed,) = (survivor.mutant.id for survivor in tried_clock(clock).alive)
    line = {"mutant": missed, "why": "w", "by": "head", "on": "2026-03-10"}
    signed = {**clock, "signed": [{**line, "digest": digest_of(clock, missed)}]}
    found = tried_clock(signed)
    assert (found.is_good, len(found.signed)) == (True, 1)
    # once the text is another, the signature holds no longer
    found = tried_clock({**signed, "version": 2})
    assert [survivor.mutant.id for survivor in found.alive] == [missed]
    assert found.failures[0].found == digest_of(clock, missed)
    # five of a hundred: of the eight changes of C04 none
    few = poorer()
    line = {**line, "mutant": MISSED, "digest": digest_of(few, MISSED)}
    assert [f.name for f in tried_clock({**few, "signed": [line]}).failures] == ["signed"]
    # nothing to sign for
    whole = copy.deepcopy(CLOCKS["C04"])
    line = {**line, "digest": digest_of(whole, MISSED)}
    assert [f.found for f in tried_clock({**whole, "signed": [line]}).failures] == ["none such"]


def test_nobody_signs_for_a_clock_of_their_own() -> None:
    line = {"mutant": MISSED, "digest": "0", "why": "w", "by": "Legal-Affairs", "on": "2026-03-10"}
    with pytest.raises(RuleError, match="second person"):
        tried_clock({**poorer(), "signed": [line]})
