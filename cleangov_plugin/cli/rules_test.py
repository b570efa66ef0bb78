"""``cleangov rules test``: whether the examples of a rule notice every small change of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleangov_plugin.domain.errors import CleanGovError

from .main import FOUND
from .options import Options
from .rules_files import each_file, failure_lines, known_kinds, problem_line, with_kinds
from .rules_test_clocks import clock_report
from .rules_words import WORDS, result_said, said

if TYPE_CHECKING:
    from cleangov_plugin.rules.mutation.survivors import Tested
    from cleangov_plugin.rules.mutation.trials import Case, Survivor


@click.command("test")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--candidates",
    "with_candidates",
    is_flag=True,
    help="Propose examples: both sides of each boundary, each choice, each missing field.",
)
@with_kinds
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    options: Options,
    files: tuple[Path, ...],
    *,
    with_candidates: bool,
    kinds: tuple[str, ...],
    mapping: str | None,
    host: str | None,
) -> None:
    """Test rule and clock files, or folders of them: every small change must be noticed.

    A rule is changed in one place at a time: a boundary, a connective, a number by one, a window, a
    part left out, something missing taken for "clear". An example of the file must notice each
    change. Where none does, the case that tells both apart is shown, ready to be pasted.

    \b
    A change that makes no difference on the grid of all neighbours of the examples is listed as
    such. One that stays is signed for in the rule file by somebody who does not own the rule:
      signed:
        - {mutant: "...", digest: "...", why: "...", by: "...", on: "2026-03-10"}

    Exit status: 1 where a file is no rule, an example is not right, or a change is not noticed.

    逐处改动规则，示例必须察觉每一处；察觉不到的，给出能分清两者的案例，可直接贴入规则文件。
    """
    from cleangov_plugin.desk.collecting import rarely_collected

    known = known_kinds(kinds, mapping, host)
    found: list[dict[str, Any]] = []
    lines: list[str] = []
    is_good = True
    for path in each_file(files):
        with rarely_collected():
            report = _tested(path, options, known, with_candidates=with_candidates)
        is_good = is_good and report["good"]
        lines.extend(report.pop("lines"))
        found.append(report)
    if not found:
        lines.append(said("none", options.language))
    options.say(found, *lines, *_total(found, options.language))
    if not found or not is_good:
        ctx.exit(FOUND)


def _tested(
    path: Path, options: Options, known: frozenset[str], *, with_candidates: bool
) -> dict[str, Any]:
    from cleangov_plugin.intake.rule_files import holds_a_clock, load_rule_file
    from cleangov_plugin.rules.known_kinds import unknown_kinds
    from cleangov_plugin.rules.mutation.signatures import digest_of
    from cleangov_plugin.rules.mutation.survivors import tried

    if holds_a_clock(path):
        return clock_report(path, options.language)
    try:
        rule = load_rule_file(path)
        tested = tried(rule, with_candidates=with_candidates)
        unknown = unknown_kinds(rule, known)
    except CleanGovError as problem:
        line = problem_line(problem, options.language)
        return {"file": str(path), "good": False, "problems": [line], "lines": [line]}
    strange = [problem_line(problem, options.language, path=path) for problem in unknown]
    digests = {s.mutant.id: digest_of(rule, s.mutant.id) for s in tested.alive}
    document = _document(path, tested, options.language) | {"problems": strange}
    for alive in document["alive"]:
        alive["digest"] = digests[alive["mutant"]]
    document["good"] = tested.is_good and not strange
    document["lines"] = [*strange, *_lines(tested, digests, options.language)]
    return document


def _document(path: Path, tested: "Tested", language: str) -> dict[str, Any]:
    from cleangov_plugin.rules.mutation.proposing import given

    return {
        "file": str(path),
        "rule": tested.rule.id,
        "examples": tested.examples,
        "mutants": tested.mutants,
        "killed": len(tested.killed),
        "equivalent": [mutant.id for mutant in tested.equivalent],
        "signed": [survivor.mutant.id for survivor in tested.signed],
        "alive": [_alive(tested, survivor, language) for survivor in tested.alive],
        "failures": [
            {"name": f.name, "expected": f.expected, "found": f.found, "why": f.why}
            for f in tested.failures
        ],
        "candidates": [
            {
                "kind": case.moves[0].kind,
                "given": given(tested.rule, case.example),
                "expect": None if case.result is None else case.result.value,
            }
            for case in tested.candidates
        ],
    }


def _alive(tested: "Tested", survivor: "Survivor", language: str) -> dict[str, Any]:
    from cleangov_plugin.rules.mutation.proposing import given

    case = survivor.case
    return {
        "mutant": survivor.mutant.id,
        "operator": survivor.mutant.operator.value,
        "words": _headline(survivor, language).strip(),
        "given": None if case is None else given(tested.rule, case.example),
        "expect": None if case is None or case.result is None else case.result.value,
        "instead": None if survivor.answer is None else survivor.answer.value,
    }


def _lines(tested: "Tested", digests: dict[str, str], language: str) -> list[str]:
    tongue = "zh" if language.startswith("zh") else "en"
    numbers = {
        key: len(getattr(tested, key)) for key in ("killed", "equivalent", "signed", "alive")
    }
    head = {"id": tested.rule.id, "title": tested.rule.title[tongue], **numbers}
    lines = [
        said("tested", language, examples=tested.examples, mutants=tested.mutants, **head),
        *failure_lines(tested.failures, language),
        *(said("equivalent", language, id=mutant.id) for mutant in tested.equivalent),
        *(said("signed", language, id=survivor.mutant.id) for survivor in tested.signed),
    ]
    for survivor in tested.alive:
        id_ = survivor.mutant.id
        lines.append(_headline(survivor, language))
        lines.append(said("digest", language, id=id_, digest=digests[id_]))
        if survivor.case is None:
            lines.append(said("undecided", language))
            continue
        answers = {
            "result": result_said(survivor.case.result, language),
            "instead": result_said(survivor.answer, language),
        }
        lines += [said("apart", language, **answers), _pasted(tested, survivor.case, language)]
    if tested.candidates:
        lines.append(said("candidates", language, number=len(tested.candidates)))
        lines.extend(_pasted(tested, case, language) for case in tested.candidates)
    return lines


def _headline(survivor: "Survivor", language: str) -> str:
    tongue = "zh" if language.startswith("zh") else "en"
    was, becomes = survivor.mutant.said()
    operator = survivor.mutant.operator
    key = operator.value if operator.value in WORDS else "alive"
    values = {"was": was[tongue], "becomes": becomes[tongue], "id": survivor.mutant.id}
    return said(key, language, **values)


def _pasted(tested: "Tested", case: "Case", language: str) -> str:
    from cleangov_plugin.rules.mutation.proposing import given, pasted

    is_zh = language.startswith("zh")
    moves = "；".join(m.zh for m in case.moves) if is_zh else "; ".join(m.en for m in case.moves)
    expect = "not_applicable" if case.result is None else case.result.value
    name = said("name", language, moves=moves)
    return pasted(name, given(tested.rule, case.example), expect, said("why", language))


def _total(found: list[dict[str, Any]], language: str) -> list[str]:
    whole = [report for report in found if "mutants" in report]
    if len(whole) < 2:
        return []
    numbers = {key: sum(report[key] for report in whole) for key in ("examples", "mutants")}
    alive = sum(len(report["alive"]) for report in whole)
    return [said("all", language, rules=len(whole), alive=alive, **numbers)]
