"""Clock files: read safely, checked for meaning, every error with file and line."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from cleangov_plugin.domain.errors import IntakeError, RuleError
from cleangov_plugin.rules.clocks import read_clock

from .clock_schema import ClockSchema
from .rule_files import clock_paths, keys_of
from .shapes import check_shape
from .yaml_lines import read_yaml_file

_REMEDY: Final = "The shape of a clock file is in docs/clock.schema.json."


def clockbook_folder() -> Path:
    """Answer the folder of the clocks that are shipped with the plugin."""
    return Path(__file__).resolve().parent.parent / "clockbook"


def load_clock_file(path: Path) -> dict[str, Any]:
    """Read one clock file and check it.

    :param path: the file; hostile.
    :return: the clock's document.
    :raises IntakeError: where it cannot be read as a document.
    :raises RuleError: where it is no clock; the message begins with file and line.
    """
    document, lines = read_yaml_file(path)
    lines.all_is_seen()
    if not isinstance(document, dict):
        raise RuleError("a rule file holds one mapping.", where=lines.at(()))
    try:
        read_clock(document)
    except RuleError as problem:
        where = f"{lines.at(keys_of(problem.where, document))} ({problem.where})"
        raise RuleError(problem.what, where=where, remedy=problem.remedy) from None
    check_shape(ClockSchema(), document, lines, refused=RuleError, remedy=_REMEDY)
    return document


def load_clockbook(folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """Read all clock files of a folder and the folders below it; rule files are left out.

    :param folder: the folder; None is the shipped clockbook.
    :return: documents by id of the clock.
    :raises IntakeError: where two files hold one clock.
    :raises RuleError: at the first file that is no clock.
    """
    found: dict[str, dict[str, Any]] = {}
    for path in clock_paths(folder or clockbook_folder()):
        document = load_clock_file(path)
        if document["clock"] in found:
            what = f"the clock {document['clock']} stands in another file already."
            raise IntakeError(what, where=path.name, remedy="Keep one of the files.")
        found[document["clock"]] = document
    return {id_: found[id_] for id_ in sorted(found)}


def load_clocks(folder: Path | None) -> list[dict[str, Any]]:
    """Read the clocks that a city puts in force: those beside its rules, else the shipped ones.

    :param folder: the folder of its rule files; None is what is shipped.
    :return: documents in order of id.
    """
    return list(load_clockbook(folder).values()) if folder else [*_shipped()]


@lru_cache(maxsize=1)
def _shipped() -> tuple[dict[str, Any], ...]:
    """Read the shipped clocks once: they do not change while a process runs."""
    return tuple(load_clockbook().values())
