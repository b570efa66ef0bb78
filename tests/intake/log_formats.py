"""One small log in every format, and the mapping that reads them all."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from cleangov_plugin.intake.mapping import LogMapping
from tests.intake.log_building import csv_log, mapping, mapping_document, xes_log
from tests.intake.workbooks import workbook

FORMATS = ("csv", "csv.gz", "jsonl", "jsonl.gz", "xes", "xes.gz", "xlsx")
KEYS = {
    "case": "案号",
    "step": "环节",
    "at": "时间",
    "officer": "经办人",
    "sum": "金额",
    "note": "备注",
    "ended": "结束",
}
AT = "2026-03-10T10:00:00+08:00"

Told = Mapping[str, str]


def told(**more: str) -> dict[str, str]:
    """Answer one event of a fine, as its file tells it."""
    return {"case": "A1", "step": "罚款", "at": AT, "officer": "chen", "sum": "800", **more}


def every_format(folder: Path, **changes: Any) -> LogMapping:
    """Answer the small mapping for every format."""
    formats = mapping_document()["formats"]
    plain = {"xlsx": {"names": KEYS}, "jsonl": {"names": {**KEYS, "officer": "经办/人"}}}
    return mapping(folder, **{"formats": {**formats, **plain}, **changes})


def log_of(folder: Path, format_: str, events: Sequence[Told]) -> Path:
    """Write events in a format; in XES each is a trace of its own."""
    name = f"log.{format_}"
    if format_.startswith("csv"):
        lines = [",".join(KEYS.values())]
        lines += [",".join(_cell(each.get(key, "")) for key in KEYS) for each in events]
        return csv_log(folder, "\n".join(lines) + "\n", name=name)
    if format_.startswith("xes"):
        return xes_log(folder, "\n".join(map(_trace, events)), name=name)
    if format_ == "xlsx":
        rows = [[each.get(key) or None for key in KEYS] for each in events]
        return workbook(folder / name, [list(KEYS.values()), *rows])
    data = "".join(json.dumps(_object(each), ensure_ascii=False) + "\n" for each in events).encode()
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def place_of(format_: str, number: int) -> str:
    """Answer how a fault names the event of a number, from 1."""
    name = f"log.{format_}"
    if format_.startswith("xes"):
        return f"{name}, trace {number}"
    if format_ == "xlsx":
        return f"{name}, sheet '月报', row {number + 1}"
    return f"{name}:{number if format_.startswith('jsonl') else number + 1}"


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set('",\n') else text


def _object(each: Told) -> dict[str, Any]:
    plain = {KEYS[key]: value for key, value in each.items() if key != "officer"}
    return {**plain, "经办": {"人": each["officer"]}} if "officer" in each else plain


def _trace(each: Told) -> str:
    keys = {"step": "concept:name", "at": "time:timestamp", "officer": "org:resource"}
    keys |= {"sum": "amount", "note": "note"}
    own = (("concept:name", each.get("case")), ("ended", each.get("ended")))
    of_case = "".join(_string(key, value) for key, value in own if value)
    inner = "".join(_string(key, each[name]) for name, key in keys.items() if each.get(name))
    return f"<trace>{of_case}<event>{inner}</event></trace>"


def _string(key: str, value: str) -> str:
    return f'<string key="{key}" value={quoteattr(value)}/>'
