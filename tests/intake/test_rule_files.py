"""Rule files are read safely; what is wrong is named with file and line."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.domain.errors import CleanGovError, IntakeError, RuleError
from cleangov_plugin.intake.rule_files import (
    load_rule_file,
    load_rulebook,
    rule_json_schema,
    rulebook_folder,
)
from cleangov_plugin.intake.yaml_lines import LARGEST, read_yaml

GOOD = (rulebook_folder() / "enforcement" / "E07.yaml").read_text(encoding="utf-8")
SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "rule.schema.json"


def written(tmp_path: Path, text: str, name: str = "E07.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("severity: revocable", "severity: grave", "severity"),
        ("severity: revocable", "severty: revocable", "Did you mean 'severity'"),
        ("amount > facts.noticed\n", "amuont > facts.noticed\n", "Did you mean 'amount'"),
        ("    after: enf.defence.received", "    after: defence", "no kind of event"),
        ("latest: amount", "latest: amuont", "Did you mean 'amount'"),
        ("patch: {amount: facts.noticed}", "patch: {amount: facts.noticed_on}", "not money"),
        ("then: regate", "then: regat", "Did you mean 'regate'"),
        ("tier: 5", "tier: 7", "from 0 to 5"),
        ("range: [0, 100000000000]", "range: [0]", "range"),
        ("    given:\n      event:", "    given:\n      evnt:", "Did you mean 'event'"),
        ('at: "2026-03-10T10:00:00+08:00"', 'at: "2026-03-10"', "no moment"),
        ('review_by: "2027-07-15"', "review_by: never", "no day"),
        ("{amount:money}。", "{amount:percent}。", "cannot be shown as percent"),
    ],
)
def test_every_error_names_file_and_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    with pytest.raises(RuleError) as refused:
        load_rule_file(written(tmp_path, text))
    assert message in str(refused.value)
    last = new.strip().splitlines()[-1]
    assert refused.value.where.startswith(f"E07.yaml:{line_of(text, last)} (E07")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("id: E07\nid: E08\n", 2, "twice"),
        ("a: &x 1\nb: *x\n", 1, "aliases"),
        ("a: &x [1]\n", 1, "aliases"),
        ("a: 1\nb: !!python/object:os.system {}\n", 2, "tag"),
        ("a: 1\nb: !mine x\n", 2, "tag"),
        ("a: 1\n? [b]\n: 2\n", 2, "key"),
        ("a: [1\nb: 2\n", 2, "not YAML"),
        ("a: 'open\n", 2, "not YAML"),
        ("a: 1\n\x07", 2, "not YAML"),
        ("[" * 50 + "]" * 50, 1, "too deep"),
        ("a: 1\n---\nb: 2\n", 2, "not YAML"),
        ("id: E07\n<<: {version: 1}\n", 2, "no key '<<'"),
    ],
)
def test_what_is_no_plain_document_is_refused(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    with pytest.raises(CleanGovError) as refused:
        load_rule_file(written(tmp_path, text, "x.yaml"))
    assert message in str(refused.value)
    assert refused.value.where.startswith(f"x.yaml:{line}")


def test_files_too_large_or_not_utf8_or_absent_are_refused(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="bytes"):
        load_rule_file(written(tmp_path, "# " + "x" * LARGEST))
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"a: 1\nb: \xe9\n")
    with pytest.raises(IntakeError, match=r"latin\.yaml:2: this is not UTF-8"):
        load_rule_file(path)
    with pytest.raises(IntakeError, match="cannot be read"):
        load_rule_file(tmp_path / "none.yaml")
    with pytest.raises(RuleError, match="one mapping"):
        load_rule_file(written(tmp_path, "- 1\n"))
    with pytest.raises(RuleError, match="one mapping"):
        load_rule_file(written(tmp_path, ""))


def test_words_that_other_readers_guess_at_stay_text() -> None:
    lines_written = [
        "on: yes", "a: 010", "b: 1.5", "c: 2026-03-10", "d: 1e3", "e: 'true'", "f: true", "g: -3",
        "h: ~", "i: 1_000",
    ]  # fmt: skip
    text = "\n".join(lines_written)
    values, lines = read_yaml(text.encode(), "t")
    assert values == {
        "on": "yes", "a": "010", "b": "1.5", "c": "2026-03-10", "d": "1e3", "e": "true",
        "f": True, "g": -3, "h": None, "i": "1_000",
    }  # fmt: skip
    assert lines.at(("c",)) == "t:4"
    assert lines.at(("c", "below")) == "t:4"


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_yaml(data, "t")
    except IntakeError as problem:
        where = problem.where
    else:
        where = "t:1"
    assert where.startswith("t:")


def test_a_rulebook_is_read_in_order_and_holds_each_rule_once(tmp_path: Path) -> None:
    assert [d["id"] for d in load_rulebook(rulebook_folder())] == sorted(
        path.stem for path in rulebook_folder().rglob("*.yaml")
    )
    written(tmp_path, GOOD)
    written(tmp_path, GOOD, "again.yaml")
    with pytest.raises(IntakeError, match=r"stands in E07\.yaml already"):
        load_rulebook(tmp_path)
    with pytest.raises(IntakeError, match="no such folder"):
        load_rulebook(tmp_path / "none")


def test_deleting_a_file_removes_the_rule_and_changing_a_number_changes_it(tmp_path: Path) -> None:
    text = (rulebook_folder() / "project" / "J10.yaml").read_text(encoding="utf-8")
    path = written(tmp_path, text.replace("default: 10%", "default: 12%", 1), "J10.yaml")
    assert load_rulebook(tmp_path)[0]["parameters"]["limit"]["default"] == "12%"
    path.unlink()
    assert load_rulebook(tmp_path) == []


def test_the_committed_json_schema_is_current() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == rule_json_schema()


def test_the_json_schema_knows_every_key_of_the_shipped_rules() -> None:
    properties = rule_json_schema()["properties"]
    for document in load_rulebook(rulebook_folder()):
        assert set(document) <= set(properties)
    assert properties["severity"]["enum"] == ["void", "revocable", "minor", "signal"]
    assert properties["fields"]["additionalProperties"]["properties"]["range"]["minItems"] == 2
