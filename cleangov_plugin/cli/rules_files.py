"""What the commands on rule files share: the files, the kinds that are known, and their errors."""

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cleangov_plugin.domain.errors import CleanGovError, SettingsError

from .rule_errors import in_chinese
from .rules_words import said

if TYPE_CHECKING:
    from cleangov_hooks import EventType
    from cleangov_plugin.rules import Failure

F = TypeVar("F", bound=Callable[..., Any])


def with_kinds(command: F) -> F:
    """Give a command the options that name kinds of event besides the canonical ones.

    :param command: the command.
    """
    options = (
        click.option(
            "--kind", "kinds", multiple=True, metavar="KIND", help="A kind your platform sends."
        ),
        click.option(
            "--mapping", metavar="NAME|FILE.yaml", help="A mapping: its kinds are known, too."
        ),
        click.option(
            "--host",
            metavar="MODULE:NAME",
            help="What your platform's cleangov_event_types answers, or a function that does.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def known_kinds(kinds: Iterable[str], mapping: str | None, host: str | None) -> frozenset[str]:
    """Answer the kinds that are known besides the canonical ones.

    :param kinds: those named on the line.
    :param mapping: a mapping whose kinds are known.
    :param host: where a platform declares its kinds.
    :raises CleanGovError: where mapping or platform cannot be read.
    """
    found = set(kinds)
    if mapping is not None:
        from cleangov_plugin.intake.mapping import find_mapping

        found.update(find_mapping(mapping).kinds)
    if host is not None:
        found.update(declared.kind for declared in declared_by(host))
    return frozenset(found)


def declared_by(host: str) -> "list[EventType]":
    """Ask a platform which kinds of event it declares.

    :param host: ``module:name`` of a sequence of `EventType`, or of a function that answers one.
    :raises SettingsError: where there is no such thing.
    """
    from cleangov_hooks import EventType

    module, _, name = host.partition(":")
    remedy = "Write module:name, such as city.events:event_types."
    try:
        found = getattr(import_module(module), name)
        answer = list(found() if callable(found) else found)
    except Exception as problem:  # whatever the platform's module does when it is loaded
        what = f"the platform's kinds cannot be read: {type(problem).__name__}: {problem}."
        raise SettingsError(what, where=f"--host {host}", remedy=remedy) from None
    if not answer or not all(isinstance(each, EventType) for each in answer):
        what = "this answers no kinds of event."
        raise SettingsError(what, where=f"--host {host}", remedy=remedy)
    return answer


def each_file(files: Iterable[Path]) -> list[Path]:
    """Answer the rule files: those named, and those of the folders named.

    :param files: files and folders.
    """
    return [
        path
        for file in files
        for path in (
            sorted(p for ending in ("*.yaml", "*.yml") for p in file.rglob(ending))
            if file.is_dir()
            else [file]
        )
    ]


def problem_line(problem: CleanGovError, language: str, *, path: Path | None = None) -> str:
    """Write what is wrong with a rule file.

    :param problem: what was refused.
    :param language: BCP 47 tag.
    :param path: the file, where the problem does not name it.
    """
    text = in_chinese(problem) if language.startswith("zh") else str(problem)
    return text if path is None else f"{path.name}: {text}"


def failure_lines(failures: "Iterable[Failure]", language: str) -> list[str]:
    """Write which examples did not come out as expected.

    :param failures: what failed.
    :param language: BCP 47 tag.
    """
    return [
        said("failed", language, name=f.name, expected=f.expected, found=f.found, why=f.why)
        for f in failures
    ]
