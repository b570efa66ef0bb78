"""Every shipped clock: its examples, and the oracles of law counted by hand."""

from pathlib import Path

import pytest

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.vocabulary import KINDS
from cleangov_plugin.intake.clock_files import clockbook_folder, load_clock_file, load_clockbook
from cleangov_plugin.rules.clocks import clock_page, read_clock, run_clock_examples
from tests.cli.log_replaying import run

CLOCKS = load_clockbook()


@pytest.mark.parametrize("id_", sorted(CLOCKS))
def test_examples_come_out_and_kinds_are_known(id_: str) -> None:
    assert run_clock_examples(CLOCKS[id_]) == []
    assert read_clock(CLOCKS[id_]).kinds <= KINDS
    assert (
        run("sqlite:///nowhere.db", "rules", "show", id_).stdout == clock_page(CLOCKS[id_]) + "\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("length: 10,", "length: 0,", "a whole number from 1"),
        ("working_days", "moons", "is not one of the allowed"),
        ("range: [1, 10]", "range: [11, 12]", "the term must lie within its range"),
        ("stops: [prm.delivered]", "stops: [prm.decided]", "the clock starts with"),
        ("starts:", "stars:", "there is no key 'stars'"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    text = (clockbook_folder() / "C05.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "C05.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleError, match=message) as caught:
        load_clock_file(path)
    assert str(caught.value).startswith("C05.yaml:")


def test_a_wrong_example_is_found_by_check(tmp_path: Path) -> None:
    path = tmp_path / "C05.yaml"
    text = (clockbook_folder() / "C05.yaml").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    assert run("sqlite:///nowhere.db", "rules", "check", str(path)).exit_code == 0
    path.write_text(text.replace('2026-10-09", overdue: false', '2026-10-12", overdue: false'))
    assert run("sqlite:///nowhere.db", "rules", "check", str(path)).exit_code == 1
