"""The formats of logs: which a file has, and the reader of each."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cleangov_plugin.domain.errors import IntakeError

from .formats.csv_rows import CsvFormat, CsvLog
from .formats.jsonl import JsonlLog
from .formats.log_files import LogFile
from .formats.log_rows import LogReader
from .formats.ocds import OcdsLog
from .formats.xes import XesLog
from .formats.xlsx import XlsxFormat, XlsxLog
from .mapping import LogMapping
from .readers import trace_keys, wanted_keys

#: Endings of file names by format, the first as the usual one. All but XLSX may be packed (.gz).
ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "csv": ("csv",),
    "jsonl": ("jsonl", "ndjson"),
    "ocds": ("jsonl", "ndjson", "json"),
    "xes": ("xes",),
    "xlsx": ("xlsx",),
}
_PACKED: Final = ".gz"
_CSV: Final = ("encoding", "delimiter", "unpack")
_XLSX: Final = ("sheet", "heading", "serials")


def ending_of(path: Path) -> str:
    """Answer the ending of a file's name without ``.gz``, in small letters.

    :param path: the file.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [_PACKED]:
        suffixes.pop()
    return suffixes[-1][1:] if suffixes else ""


def format_of(path: Path, mapping: LogMapping, told: str | None = None) -> str:
    """Answer the format of a file, by its name where nobody says it.

    :param path: the file.
    :param mapping: a mapping that must know the format.
    :param told: the format, where it is said.
    :return: one of `ENDINGS`.
    :raises IntakeError: where it is another, or the mapping does not describe it.
    """
    ending = ending_of(path)
    for format_ in mapping.formats:
        if format_ == told or (told is None and ending in ENDINGS[format_]):
            return format_
    what = f"the mapping '{mapping.id}' does not describe such files."
    known = ", ".join(name for format_ in mapping.formats for name in _endings(format_))
    raise IntakeError(what, where=path.name, remedy=f"It reads {known}.")


def reader_of(file: LogFile, mapping: LogMapping, format_: str) -> LogReader:
    """Open the reader of a format.

    :param file: the file.
    :param mapping: a mapping that describes the format.
    :param format_: one of `ENDINGS`.
    :return: the reader.
    """
    told = mapping.document["formats"][format_]
    wanted = wanted_keys(mapping, format_)
    if format_ == "xes":
        return XesLog(file)
    if format_ == "jsonl":
        return JsonlLog(file, wanted)
    if format_ == "ocds":
        is_lines = ending_of(file.path) != "json"
        return OcdsLog(file, wanted, trace_keys(mapping, format_), is_lines=is_lines)
    if format_ == "xlsx":
        sheet = XlsxFormat(**{key: told[key] for key in _XLSX if key in told})
        return XlsxLog(file, sheet, wanted)
    csv = CsvFormat(**{key: told[key] for key in _CSV if key in told})
    return CsvLog(file, csv, wanted)


def _endings(format_: str) -> list[str]:
    packed = () if format_ == "xlsx" else (_PACKED,)
    return [f".{name}{more}" for name in ENDINGS[format_] for more in ("", *packed)]
