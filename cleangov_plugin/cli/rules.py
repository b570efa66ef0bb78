"""``cleangov rules``: the rules in force, and rule files before they are."""

from pathlib import Path
from typing import Any

import click

from cleangov_plugin.domain.errors import CleanGovError, RuleError

from . import backtest, recheck, rules_coverage, rules_new, rules_prompts, rules_test
from .main import FOUND
from .options import Options
from .rules_files import each_file, failure_lines, known_kinds, problem_line, with_kinds
from .rules_words import said


@click.group("rules")
def command() -> None:
    """Write, check, test and back-test rule files; list rules, and see which can run."""


@command.command("list")
@click.pass_obj
def list_(options: Options) -> None:
    """List the rules in force in every ledger of the database, with their bindings; and the clocks.

    In --json a clock has a `term` and no bindings.
    """
    from cleangov_plugin.store import clock_versions, rulebook, rules_in_force
    from cleangov_plugin.store.connecting import connected, require_schema

    tongue = "zh" if options.language.startswith("zh") else "en"
    found, lines = [], []
    with connected(options.url) as database:
        require_schema(database)
        with database.own_transaction(is_reading=True) as reading:
            for agency in rulebook.agencies(reading):
                revision, documents = rules_in_force.load(reading, agency["log_id"])
                lines.append(f"{agency['log_id']}, revision {revision}")
                for document in documents:
                    bindings = {bound["id"]: bound["tier"] for bound in document["bindings"]}
                    found.append(
                        {
                            "agency": agency["log_id"],
                            "rule": document["id"],
                            "version": document["version"],
                            "severity": document["severity"],
                            "title": document["title"],
                            "bindings": bindings,
                        }
                    )
                    tiers = ", ".join(f"{id_} tier {tier}" for id_, tier in bindings.items())
                    lines.append(f"  {document['id']:<5} {document['title'][tongue]}  ({tiers})")
                clocks = clock_versions.in_force(reading, agency["log_id"]).documents
                found += [_clock_told(agency["log_id"], document) for document in clocks]
                lines += [f"  {c['clock']:<5} {c['title'][tongue]}  ({_term(c)})" for c in clocks]
    options.say(found, *lines)


def _clock_told(log_id: str, clock: dict[str, Any]) -> dict[str, Any]:
    """Tell a clock in the shape of a rule: whoever reads the list as before finds its keys."""
    told = {name: clock[name] for name in ("version", "title", "term")}
    return {"agency": log_id, "rule": clock["clock"], "severity": None, "bindings": {}, **told}


def _term(clock: dict[str, Any]) -> str:
    return f"{clock['term']['length']} {clock['term']['unit'].replace('_', ' ')}"


@command.command("show")
@click.argument("rule_id", metavar="ID")
@click.pass_obj
def show(options: Options, rule_id: str) -> None:
    """Show a shipped rule or clock as its page: law, condition, texts, answers, examples."""
    from cleangov_plugin.intake.clock_files import load_clockbook
    from cleangov_plugin.rules.clocks import clock_page
    from cleangov_plugin.rules.page import rule_page

    clock = load_clockbook().get(rule_id)
    if clock is not None:
        options.say(clock, clock_page(clock))
        return
    document = _shipped(rule_id)
    options.say(document, rule_page(document))


@command.command("export")
@click.argument("rule", metavar="RULE")
@click.option("--as", "form", type=click.Choice(["cel"]), default="cel", show_default=True)
@click.pass_obj
def export(options: Options, rule: str, form: str) -> None:
    """Write a rule for another engine: the id of a shipped rule, or a rule file.

    CEL is the Common Expression Language (cel.dev). Parameters have their defaults.
    """
    from cleangov_plugin.intake.rule_files import load_rule_file
    from cleangov_plugin.rules import compile_rule
    from cleangov_plugin.rules.core.cel_page import cel_document, cel_page

    is_file = Path(rule).suffix in (".yaml", ".yml")
    compiled = compile_rule(load_rule_file(Path(rule)) if is_file else _shipped(rule))
    document = {"as": form, **cel_document(compiled)}
    options.say(document, cel_page(compiled, document))


@command.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@with_kinds
@click.pass_obj
@click.pass_context
def check(
    ctx: click.Context,
    options: Options,
    files: tuple[Path, ...],
    *,
    kinds: tuple[str, ...],
    mapping: str | None,
    host: str | None,
) -> None:
    """Check rule and clock files, or folders of them: shape, names, types, texts, examples, kinds.

    A kind of event is known where it is canonical, named with --kind, in a mapping, or declared by
    your platform.

    Exit status: 1 where a file is no rule or an example does not come out as expected.

    逐个检查规则文件：格式、名称、类型、文字、示例和事件种类；每处错误都注明行号。
    """
    known = known_kinds(kinds, mapping, host)
    language = options.language
    found = {str(path): _problems(path, known, language) for path in each_file(files)}
    lines = [said("ok", language, name=name) for name, wrong in found.items() if not wrong]
    lines += [problem for problems in found.values() for problem in problems]
    options.say(found, *(lines or [said("none", language)]))
    if not found or any(found.values()):
        ctx.exit(FOUND)


def _shipped(rule_id: str) -> dict[str, Any]:
    from cleangov_plugin.intake.rule_files import load_rulebook, rulebook_folder

    documents = {document["id"]: document for document in load_rulebook(rulebook_folder())}
    if rule_id not in documents:
        known = ", ".join(documents)
        raise RuleError(f"there is no rule '{rule_id}'.", remedy=f"Known are {known}.")
    return documents[rule_id]


def _problems(path: Path, known: frozenset[str], language: str) -> list[str]:
    from cleangov_plugin.intake.clock_files import load_clock_file
    from cleangov_plugin.intake.rule_files import holds_a_clock, load_rule_file
    from cleangov_plugin.rules import run_examples
    from cleangov_plugin.rules.clocks import run_clock_examples
    from cleangov_plugin.rules.known_kinds import unknown_kinds

    try:
        if holds_a_clock(path):
            failed = run_clock_examples(load_clock_file(path))
            return [f"{path.name}:{line}" for line in failure_lines(failed, language)]
        document = load_rule_file(path)
        strange = unknown_kinds(document, known)
        failures = run_examples(document)
    except CleanGovError as problem:
        return [problem_line(problem, language)]
    return [
        *(problem_line(problem, language, path=path) for problem in strange),
        *(f"{path.name}:{line}" for line in failure_lines(failures, language)),
    ]


for _each in (backtest, recheck, rules_coverage, rules_new, rules_prompts, rules_test):
    command.add_command(_each.command)
