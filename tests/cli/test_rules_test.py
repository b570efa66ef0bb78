"""``cleangov rules test``: what no example notices is said in words, with a case to paste."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from cleangov_plugin.cli.main import main
from cleangov_plugin.intake.clock_files import clockbook_folder, load_clock_file
from cleangov_plugin.intake.rule_files import load_rule_file, rulebook_folder
from cleangov_plugin.rules.mutation.signatures import digest_of

E07 = rulebook_folder() / "enforcement" / "E07.yaml"


def run(*words: str, language: str = "en") -> Result:
    return CliRunner().invoke(main, ["--lang", language, "rules", *words])


def without(folder: Path, *names: str, **more: Any) -> Path:
    """Copy E07 without some of its examples."""
    document = yaml.safe_load(E07.read_text(encoding="utf-8"))
    document["on"] = document.pop(True)  # what others read "on" as
    document["examples"] = [e for e in document["examples"] if e["name"] not in names]
    path = folder / "E07.yaml"
    path.write_text(json.dumps({**document, **more}, ensure_ascii=False), encoding="utf-8")
    return path


def edgeless(folder: Path, **more: Any) -> Path:
    """E07 without any example in which the fine is exactly what was noticed."""
    document = yaml.safe_load(E07.read_text(encoding="utf-8"))
    same = [
        e["name"]
        for e in document["examples"]
        if e["expect"] == "clear"
        and e["given"]["event"].get("amount") in {h.get("amount") for h in e["given"]["history"]}
    ]
    return without(folder, *same, **more)


def test_a_clock_is_tested_and_what_it_misses_is_shown_with_its_digest(tmp_path: Path) -> None:
    read = load_clock_file(clockbook_folder() / "C04.yaml")
    whole = run("test", str(clockbook_folder() / "C04.yaml"), language="zh-CN")
    assert (whole.exit_code, "未察觉 0" in whole.output) == (0, True)
    kept = [e for e in read["examples"] if e["name"] != "accepted in time"]
    clock = {**read, "examples": kept}
    path = tmp_path / "C04.yaml"
    path.write_text(json.dumps(clock, ensure_ascii=False), encoding="utf-8")
    result = run("test", str(path))
    assert result.exit_code == 1
    assert "If 'what stops it: stops: without prm.accepted' were changed" in result.output
    assert "the rule now says 'state: ended;" in result.output
    result = run("test", str(path), "--json")
    (alive,) = json.loads(result.stdout)[0]["alive"]
    assert alive["digest"] in run("test", str(path), language="zh-CN").output


def test_the_shipped_rules_pass() -> None:
    result = run("test", str(E07), str(rulebook_folder() / "project" / "J10.yaml"))
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith("E07 Heavier after defence: 19 examples, 15 changes: 15 noticed")
    assert lines[-1].startswith("2 rules, ")


def test_what_is_not_noticed_is_said_and_the_case_makes_it_noticed(tmp_path: Path) -> None:
    path = edgeless(tmp_path)
    result = run("test", str(path))
    assert result.exit_code == 1
    assert "If 'fine decided > fine noticed' became 'fine decided ≥ fine noticed'" in result.stdout
    assert "the rule now says 'clear', the changed one 'hit'" in result.stdout
    zh = run("test", str(path), language="zh-CN").stdout
    assert "若把“决定罚款 > 告知拟罚”改成“决定罚款 ≥ 告知拟罚”，没有一个示例能察觉。" in zh
    is_pasted = ("  - name", "    ")
    pasted = [line for line in result.stdout.splitlines() if line.startswith(is_pasted)]
    examples = yaml.safe_load("\n".join(pasted))
    document = json.loads(path.read_text(encoding="utf-8"))
    document["examples"].extend(examples)
    path.write_text(json.dumps(document, ensure_ascii=False, default=str), encoding="utf-8")
    again = run("test", str(path))
    assert again.exit_code == 0, again.output


def test_machines_are_told_the_same(tmp_path: Path) -> None:
    result = run("test", str(edgeless(tmp_path)), "--json", "--candidates")
    assert result.exit_code == 1
    (told,) = json.loads(result.stdout)
    assert not told["good"]
    assert told["killed"] == told["mutants"] - len(told["alive"])
    alive = told["alive"][0]
    assert alive["mutant"] == "condition: amount > facts.noticed -> amount >= facts.noticed"
    assert (alive["operator"], alive["expect"], alive["instead"]) == ("boundary", "clear", "hit")
    assert alive["given"]["event"]["kind"] == "enf.decision.made"
    kinds = {candidate["kind"] for candidate in told["candidates"]}
    assert kinds >= {"boundary", "missing", "history"}


MISSED = "condition: amount > facts.noticed -> amount >= facts.noticed"
NONE = "condition: none -> some"
SIGNED = {
    "mutant": MISSED,
    "digest": digest_of(load_rule_file(E07), MISSED),
    "why": "the authority decided so",
    "by": "head of the legal department",
    "on": "2026-03-10",
}


def test_a_second_person_signs_for_a_part_and_never_for_more(tmp_path: Path) -> None:
    result = run("test", str(edgeless(tmp_path, signed=[SIGNED])))
    assert result.exit_code == 1
    assert "at most 0 of 15 changes signed for" in result.stdout


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"by": "Legal-Affairs "}, "does not sign for it"),
        ({"why": " "}, "who signed and why"),
        ({"on": "soon"}, "no day"),
        ({"extra": "x"}, "no key 'extra'"),
        ({"mutant": NONE}, "expected digest "),
        ({"mutant": NONE, "digest": digest_of(load_rule_file(E07), NONE)}, "none such"),
    ],
)
def test_a_signature_that_is_none_is_refused(
    tmp_path: Path, change: dict[str, str], told: str
) -> None:
    path = without(tmp_path, signed=[SIGNED | change])
    result = run("test", str(path))
    assert result.exit_code == 1
    assert told in result.stdout


def test_no_examples_fail_and_no_files_fail(tmp_path: Path) -> None:
    names = [e["name"] for e in yaml.safe_load(E07.read_text(encoding="utf-8"))["examples"]]
    result = run("test", str(without(tmp_path, *names)))
    assert result.exit_code == 1
    assert "an example that is hit" in result.stdout
    (tmp_path / "E07.yaml").unlink()
    result = run("test", str(tmp_path))
    assert (result.exit_code, result.stdout.strip()) == (1, "there are no rule files")


def test_a_mistyped_kind_and_an_unknown_key_are_refused(tmp_path: Path) -> None:
    path = without(tmp_path, on=["enf.decision.maed"])
    for command in ("check", "test"):
        result = run(command, str(path))
        assert result.exit_code == 1
        assert "does not look at events of kind" in result.stdout
    text = E07.read_text(encoding="utf-8")
    path.write_text(text.replace("after: enf.defence.received", "after: enf.defense.received"))
    for command in ("check", "test"):
        assert run(command, str(path)).exit_code == 1
        assert "Did you mean 'enf.defence.received'?" in run(command, str(path)).stdout
    path.write_text(text.replace("expect: hit", "expect: hit\n    expects: hit", 1))
    assert "Did you mean 'expect'?" in run("test", str(path)).stdout


def test_a_kind_of_ones_own_is_named(tmp_path: Path) -> None:
    text = E07.read_text(encoding="utf-8").replace("enf.facts.supplemented", "enf.facts.reopened")
    path = tmp_path / "E07.yaml"
    path.write_text(text, encoding="utf-8")
    refused = run("check", str(path))
    assert (refused.exit_code, "nobody knows events" in refused.stdout) == (1, True)
    assert (
        "没有人知道“enf.facts.reopened”这类事件" in run("check", str(path), language="zh-CN").stdout
    )
    assert run("check", str(path), "--kind", "enf.facts.reopened").exit_code == 0
    wrong = run("check", str(path), "--host", "sample_host.answers:nothing")
    assert (wrong.exit_code, "module:name" in wrong.stderr) == (2, True)
