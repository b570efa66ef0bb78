"""Clock files: read safely, checked for meaning, every error with file and line."""

from pathlib import Path
from typing import Any

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.rules.clocks import read_clock

from .rule_files import keys_of
from .yaml_lines import read_yaml_file


def clockbook_folder() -> Path:
    """Answer the folder of the clocks that are shipped with the plugin."""
    return Path(__file__).resolve().parent.parent / "clockbook"


def is_clock_file(path: Path) -> bool:
    """Answer whether a file holds a clock, and no rule.

    :param path: the file; hostile.
    :raises IntakeError: where it cannot be read as a document.
    """
    document, _ = read_yaml_file(path)
    return isinstance(document, dict) and "clock" in document


def load_clock_file(path: Path) -> dict[str, Any]:
    """Read one clock file and check it.

    :param path: the file; hostile.
    :return: the clock's document.
    :raises IntakeError: where it cannot be read as a document.
    :raises RuleError: where it is no clock; the message begins with file and line.
    """
    document, lines = read_yaml_file(path)
    if not isinstance(document, dict):
        raise RuleError("a rule file holds one mapping.", where=lines.at(()))
    try:
        read_clock(document)
    except RuleError as problem:
        where = f"{lines.at(keys_of(problem.where, document))} ({problem.where})"
        raise RuleError(problem.what, where=where, remedy=problem.remedy) from None
    return document


def load_clockbook() -> dict[str, dict[str, Any]]:
    """Read the shipped clocks.

    :return: documents by id of the clock.
    """
    paths = sorted(clockbook_folder().glob("*.yaml"))
    return {document["clock"]: document for document in map(load_clock_file, paths)}
