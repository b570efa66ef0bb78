"""A kind of event that nobody knows is named, with the one that was meant."""

from cleangov_plugin.domain.vocabulary import KINDS
from cleangov_plugin.intake.mapping import find_mapping, shipped_mappings
from cleangov_plugin.intake.rule_files import load_rulebook, rulebook_folder
from cleangov_plugin.rules.known_kinds import unknown_kinds
from sample_host.answers import event_types

from .rule_building import document


def test_every_kind_of_a_rule_a_mapping_and_the_sample_platform_is_canonical() -> None:
    for shipped in load_rulebook(rulebook_folder()):
        assert unknown_kinds(shipped) == []
    for name in shipped_mappings():
        assert set(find_mapping(name).kinds) <= KINDS
    assert {declared.kind for declared in event_types()} <= KINDS


def test_a_mistyped_kind_is_named_once_with_its_place_and_the_kind_that_was_meant() -> None:
    facts = {"n": {"count": ["enf.notice.snet"], "after": "enf.decison.made"}}
    wrong = document("facts.n > 0", on=["enf.decison.made"], facts=facts)
    first, second = unknown_kinds(wrong)
    assert (first.where, second.where) == ("T01.on", "T01.facts.n")
    assert "Did you mean 'enf.decision.made'?" in first.remedy
    assert "Did you mean 'enf.notice.sent'?" in second.remedy
    assert unknown_kinds(wrong, ["enf.notice.snet", "enf.decison.made"]) == []


def test_a_mistyped_kind_in_an_example_is_named() -> None:
    given = {"event": {"kind": "enf.decision.maed", "at": "2026-03-10T10:00:00+08:00"}}
    example = {"name": "x", "given": given, "expect": "clear", "why": "y"}
    (wrong,) = unknown_kinds(document(examples=[example]))
    assert wrong.where == "T01.examples[1]"
