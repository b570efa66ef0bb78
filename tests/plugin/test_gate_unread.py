"""Where the database cannot be asked, the gate answers by what its bindings say of failure."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import TimeoutError as PoolIsEmpty

from cleangov_hooks import Party, Tie
from cleangov_plugin.intake.rule_files import rulebook_folder
from tests.plugin.conftest import MakeHost
from tests.plugin.day import BAND
from tests.plugin.inside import counted, rows
from tests.support.small_city import PEOPLE
from tests.support.small_host import SmallHost


@contextmanager
def nobody_answers(host: SmallHost) -> Iterator[None]:
    """Let no connection of ours be had."""

    def refuse() -> None:
        raise PoolIsEmpty

    engine = host.plugin.desk.database.engine
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(engine, "connect", refuse)
        yield


def test_what_cannot_be_looked_at_passes_says_so_and_is_looked_at_later(host: SmallHost) -> None:
    host.gate(host.event("enf.decision.made", 700, **BAND))  # the rules are known
    event = host.event("enf.decision.made", 1_001, **BAND)
    with nobody_answers(host):
        verdict = host.gate(event)
    assert (verdict.decision, verdict.reason) == ("pass", "unread")
    assert "事后会再查一次" in verdict.notes[-1]
    assert counted(host, "gate.unread") == 1
    assert counted(host, "failed.gate") == 0
    host.write(event)
    assert [row["rule_id"] for row in rows(host, "finding")] == ["E08"]


@pytest.fixture
def strict(make_host: MakeHost, tmp_path: Path) -> SmallHost:
    """A city whose steward wants two steps to wait: one by the event alone, one where in doubt."""
    rulebook = Path(shutil.copytree(rulebook_folder(), tmp_path / "our rules"))
    for name, old, new in (
        ("E07", "tier: 5, phases: [gate]", "tier: 5, phases: [gate], on_error: hold"),
        ("E08", "tier: 2, phases: [gate]", "tier: 5, phases: [gate]"),
    ):
        path = rulebook / "enforcement" / f"{name}.yaml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
    host = make_host(settings={"CLEANGOV_RULES": str(rulebook)})
    host.start()
    assert host.plugin.desk is not None, host.plugin.inert.reason
    return host


def test_what_the_event_alone_forbids_and_what_a_binding_holds_in_doubt_waits(
    strict: SmallHost,
) -> None:
    strict.gate(strict.event("enf.decision.made", 700, **BAND))
    outside = strict.event("enf.decision.made", 1_001, **BAND)
    (own,) = strict.gate(outside).prompts
    with nobody_answers(strict):
        verdict = strict.gate(outside)
    assert (verdict.decision, verdict.reason) == ("refuse", "unread")
    assert verdict.prompts[0].rules == ("E07@1", "E08@1") != own.rules
    assert verdict.prompts[0].choices == ()


def test_rules_that_were_not_reached_are_not_called_clear(host: SmallHost) -> None:
    event = host.event("enf.decision.made", 700, **BAND, parties=(Party(id="p-1", role="owner"),))
    host.party_ties = {(name, "p-1"): Tie.NO for name in PEOPLE}
    assert host.gate(event).reason == "clear"
    host.budget_ms = -1
    assert host.gate(event).reason == "timeout"
