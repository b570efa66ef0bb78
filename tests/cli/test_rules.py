"""``cleangov rules export``: a rule for another engine."""

import json
from pathlib import Path

from click.testing import Result

from cleangov_plugin.intake.rule_files import load_rulebook, rulebook_folder
from tests.cli.log_replaying import run

NOWHERE = "sqlite:///nowhere.db"


def said(*words: str) -> Result:
    return run(NOWHERE, "rules", "export", *words)


def test_every_shipped_rule_is_written_as_cel() -> None:
    for document in load_rulebook(rulebook_folder()):
        found = run(NOWHERE, "--json", "rules", "export", document["id"], "--as", "cel")
        assert found.exit_code == 0, found.output
        told = json.loads(found.stdout)
        assert (told["as"], told["rule"]) == ("cel", document["id"])
        assert all(told[key] for key in ("applies", "condition", "complete", "inputs"))


def test_for_people_it_is_one_page_with_comments() -> None:
    found = said("E60")
    assert found.exit_code == 0
    assert found.stdout.startswith("// E60@1 ")
    assert '\n(numbers["facts.since_notice"] != 60)\n' in found.stdout


def test_a_rule_file_is_written_as_well() -> None:
    file = next(rulebook_folder().rglob("E60.yaml"))
    assert said(str(file)).stdout == said("E60").stdout


def test_what_is_no_rule_is_named(tmp_path: Path) -> None:
    for word, message in (("E99", "there is no rule 'E99'"), (str(tmp_path / "x.yaml"), "x.yaml")):
        found = said(word)
        assert found.exit_code == 2
        assert message in found.stderr
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("id: [", encoding="utf-8")
    assert said(str(wrong)).exit_code == 2
    assert said("E60", "--as", "rego").exit_code == 2
