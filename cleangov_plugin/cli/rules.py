"""``cleangov rules``: the rules in force, and rule files before they are."""

from pathlib import Path
from typing import Any

import click

from cleangov_plugin.domain.errors import CleanGovError, RuleError

from .backtest import command as backtest
from .main import FOUND
from .options import Options
from .recheck import command as recheck


@click.group("rules")
def command() -> None:
    """List and show rules; check rule files with their examples; back-test drafts."""


command.add_command(backtest)
command.add_command(recheck)


@command.command("list")
@click.pass_obj
def list_(options: Options) -> None:
    """List the rules in force in every ledger of the database, with their bindings."""
    from cleangov_plugin.store import rulebook
    from cleangov_plugin.store.connecting import connected, require_schema

    tongue = "zh" if options.language.startswith("zh") else "en"
    found, lines = [], []
    with connected(options.url) as database:
        require_schema(database)
        with database.own_transaction(is_reading=True) as reading:
            for agency in rulebook.agencies(reading):
                revision, documents = rulebook.load(reading, agency["log_id"])
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
    options.say(found, *lines)


@command.command("show")
@click.argument("rule_id", metavar="ID")
@click.pass_obj
def show(options: Options, rule_id: str) -> None:
    """Show a shipped rule as its page: law, condition, texts, answers, examples."""
    from cleangov_plugin.rules.page import rule_page

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
    from cleangov_plugin.rules.cel_page import cel_document, cel_page

    is_file = Path(rule).suffix in (".yaml", ".yml")
    compiled = compile_rule(load_rule_file(Path(rule)) if is_file else _shipped(rule))
    document = {"as": form, **cel_document(compiled)}
    options.say(document, cel_page(compiled, document))


@command.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_obj
@click.pass_context
def check(ctx: click.Context, options: Options, files: tuple[Path, ...]) -> None:
    """Check rule files, or folders of them: shape, names, types, texts and examples.

    Exit status: 1 where a file is no rule or an example does not come out as expected.
    """
    found: dict[str, list[str]] = {str(path): _problems(path) for path in _each(files)}
    lines = [f"{name}: ok" for name, problems in found.items() if not problems]
    lines += [problem for problems in found.values() for problem in problems]
    options.say(found, *lines)
    if not found or any(found.values()):
        ctx.exit(FOUND)


def _shipped(rule_id: str) -> dict[str, Any]:
    from cleangov_plugin.intake.rule_files import load_rulebook, rulebook_folder

    documents = {document["id"]: document for document in load_rulebook(rulebook_folder())}
    if rule_id not in documents:
        known = ", ".join(documents)
        raise RuleError(f"there is no rule '{rule_id}'.", remedy=f"Known are {known}.")
    return documents[rule_id]


def _each(files: tuple[Path, ...]) -> list[Path]:
    return [
        path
        for file in files
        for path in (sorted(file.rglob("*.yaml")) if file.is_dir() else [file])
    ]


def _problems(path: Path) -> list[str]:
    from cleangov_plugin.intake.rule_files import load_rule_file
    from cleangov_plugin.rules import run_examples

    try:
        failures = run_examples(load_rule_file(path))
    except CleanGovError as problem:
        return [str(problem)]
    return [
        f"{path.name}: example '{f.name}': expected {f.expected}, found {f.found}. {f.why}".strip()
        for f in failures
    ]
