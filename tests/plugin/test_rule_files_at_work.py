"""Rules come from their files: a change changes the next page, without a restart."""

import logging
import shutil
from pathlib import Path
from typing import Any

import pytest

from cleangov_hooks import Event
from cleangov_plugin.desk import between
from cleangov_plugin.intake.rule_files import rulebook_folder
from tests.plugin.conftest import MakeHost
from tests.plugin.day import BAND
from tests.plugin.inside import bodies, one, outcomes, rows
from tests.support.small_city import yuan
from tests.support.small_host import SmallHost


@pytest.fixture
def rulebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A city's own copy of the rulebook, looked at whenever a page is opened."""
    monkeypatch.setattr(between, "_LOOK", 0.0)
    return Path(shutil.copytree(rulebook_folder(), tmp_path / "our rules"))


@pytest.fixture
def city(make_host: MakeHost, rulebook: Path, caplog: pytest.LogCaptureFixture) -> SmallHost:
    caplog.set_level(logging.INFO, "cleangov")
    host = make_host(settings={"CLEANGOV_RULES": str(rulebook)})
    host.start()
    return host


def variation(host: SmallHost, percent: int) -> Event:
    """A first variation of so many percent of the contract."""
    contract = yuan(1_000_000)
    return host.event("prj.variation.requested", percent * 10_000, contract_amount=contract)


def opened(host: SmallHost, event: Event | None = None) -> Any:
    """Open a page, as every step begins."""
    event = event or host.event("enf.decision.made", 700, **BAND)
    return host.call("cleangov_step_opened", step=host.step(event)).values


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def limit(rulebook: Path, old: int, new: int) -> None:
    """Change the limit of J10 in its file."""
    changed(rulebook / "project" / "J10.yaml", f"default: {old}%", f"default: {new}%")


def test_a_changed_threshold_changes_verdict_page_and_entry_without_a_restart(
    city: SmallHost, rulebook: Path
) -> None:
    event = variation(city, 12)
    (prompt,) = city.gate(event).prompts
    assert "10%" in prompt.headline
    limit(rulebook, 10, 11)
    opened(city)
    (prompt,) = city.gate(event).prompts
    assert "11%" in prompt.headline
    limit(rulebook, 11, 12)
    opened(city)
    assert city.take(event).decision == "pass"  # 12 % is not more than 12 %
    body = bodies(city)[-1]
    assert outcomes(body).get("J10") is None
    assert body["ruleset"] == 4  # the folder has no clocks: the shipped ones went, too


def test_a_rule_that_is_deleted_is_gone_from_page_gate_and_entry(
    city: SmallHost, rulebook: Path
) -> None:
    event = variation(city, 12)
    assert city.gate(event, "a-1").decision == "hold"
    assert len(opened(city, event)) == 1
    (rulebook / "project" / "J10.yaml").unlink()
    assert opened(city, event) == [[]]
    assert city.take(event, "a-2").decision == "pass"
    assert outcomes(bodies(city)[-1]).get("J10") is None
    assert "11.81" not in city.show("step.hint", event)
    retired = rows(city, "rule_version", rule_id="J10")
    assert [row["to_at"] is not None for row in retired] == [True]


def test_a_prompt_that_stands_is_shown_though_its_rule_has_gone(
    city: SmallHost, rulebook: Path
) -> None:
    event = variation(city, 12)
    city.gate(event)
    (rulebook / "project" / "J10.yaml").unlink()
    opened(city)
    assert "10%" in city.show("step.panel", event)


def test_a_new_rule_file_is_put_in_force(city: SmallHost, rulebook: Path) -> None:
    text = (rulebook / "project" / "J10.yaml").read_text(encoding="utf-8")
    new = text.replace("id: J10\n", "id: J99\n").replace("id: J10-", "id: J99-")
    (rulebook / "local").mkdir()
    (rulebook / "local" / "J99.yaml").write_text(new, encoding="utf-8")
    opened(city)
    (prompt,) = city.gate(variation(city, 12)).prompts
    assert prompt.rules == ("J10@1", "J99@1")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("condition: ratio(", "condition: ration("),
        ("severity: minor", "severity: [minor"),
        ("default: 10%", "default: 1000%"),
        ("id: J10\n", ""),
    ],
)
def test_a_file_with_a_mistake_leaves_the_old_rules_standing_and_is_named_once(
    city: SmallHost, rulebook: Path, caplog: pytest.LogCaptureFixture, old: str, new: str
) -> None:
    event = variation(city, 12)
    changed(rulebook / "project" / "J10.yaml", old, new)
    caplog.clear()
    for _ in range(3):
        opened(city)
        assert city.gate(event).decision == "hold"
    told = [record for record in caplog.records if "J10.yaml" in record.getMessage()]
    assert len(told) == 1
    assert told[0].levelno == logging.WARNING
    shutil.copy(rulebook_folder() / "project" / "J10.yaml", rulebook / "project")
    limit(rulebook, 10, 12)
    opened(city)
    assert city.gate(event).decision == "pass"


def test_the_folder_taken_away_leaves_the_old_rules_standing(
    city: SmallHost, rulebook: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rulebook.rename(rulebook.with_name("elsewhere"))
    for _ in range(3):
        opened(city)
        assert city.gate(variation(city, 12)).decision == "hold"
    told = [r for r in caplog.records if "no such folder" in r.getMessage()]
    assert len(told) == 1


def test_an_unchanged_folder_changes_nothing(city: SmallHost) -> None:
    before = one(city, "revision")
    for _ in range(3):
        opened(city)
    assert one(city, "revision") == before


def test_a_change_that_could_not_be_taken_over_is_tried_again(
    city: SmallHost, rulebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = variation(city, 12)
    limit(rulebook, 10, 12)
    with monkeypatch.context() as broken:

        def fail(*_: Any) -> None:
            raise RuntimeError

        broken.setattr("cleangov_plugin.store.rulebook.sync", fail)
        opened(city)
        assert city.gate(event).decision == "hold"
    opened(city)
    assert city.gate(event).decision == "pass"


def test_another_process_takes_over_what_this_one_has_put_in_force(
    city: SmallHost, make_host: MakeHost, rulebook: Path
) -> None:
    other = make_host(settings={"CLEANGOV_RULES": str(rulebook)})
    other.start()
    event = variation(city, 12)
    assert other.gate(event, "a-1").decision == "hold"
    limit(rulebook, 10, 12)
    opened(city)
    assert other.gate(event, "a-2").decision == "pass"  # it has opened no page meanwhile
    other.write(event)
    assert bodies(city)[-1]["ruleset"] == one(city, "revision")["ruleset"]


def test_to_read_new_rules_takes_no_time_from_judging_by_them(
    city: SmallHost, make_host: MakeHost, rulebook: Path
) -> None:
    other = make_host(settings={"CLEANGOV_RULES": str(rulebook)})
    other.start()
    limit(rulebook, 10, 11)
    opened(city)
    other.budget_ms = -1
    assert other.gate(variation(city, 12), "a-1").decision == "hold"
    assert other.gate(variation(city, 12), "a-2").decision == "pass"  # no excuse any more
    assert '"params.limit": 11' in one(city, "prompt")["outcomes"]
