"""Small logs and a small mapping for tests of the readers."""

import gzip
from pathlib import Path
from typing import Any

import yaml

from cleangov_plugin.intake.event_logs import EventLog, Translated
from cleangov_plugin.intake.mapping import LogMapping, load_mapping, mappings_folder

FINES = (mappings_folder() / "road-traffic-fines.yaml").read_text(encoding="utf-8")


def mapping_document(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": "small",
        "version": 3,
        "title": {"zh": "小日志", "en": "A small log"},
        "source": {"id": "small"},
        "agency": {
            "id": "small-town",
            "names": {"zh": "小镇", "en": "Small town"},
            "zone": "Asia/Shanghai",
            "country": "CN",
        },
        "stream": "enforcement",
        "formats": {
            "xes": {
                "names": {
                    "case": {"trace": "concept:name"},
                    "step": "concept:name",
                    "at": "time:timestamp",
                    "officer": "org:resource",
                    "sum": "amount",
                    "note": "note",
                    "ended": {"trace": "ended"},
                }
            },
            "csv": {
                "names": {
                    "case": "案号",
                    "step": "环节",
                    "at": "时间",
                    "officer": "经办人",
                    "sum": "金额",
                    "note": "备注",
                    "ended": "结束",
                }
            },
        },
        "case": "case",
        "step": "step",
        "occurred_at": {"name": "at"},
        "actor": {"name": "officer", "unknown": ["-"], "systems": ["robot"]},
        "steps": {
            "罚款": {"kind": "enf.decision.made", "amount": {"name": "sum", "currency": "CNY"}}
        },
        "otherwise": "keep",
        "attributes": {
            "note": {
                "name": "note",
                "type": "text",
                "privacy": "personal",
                "label": {"zh": "备注", "en": "note"},
            }
        },
        "derived": [{"kind": "enf.case.closed", "step": "结束", "at": {"name": "ended"}}],
    }
    return {**document, **changes}


def written_mapping(folder: Path, **changes: Any) -> Path:
    path = folder / "small.yaml"
    path.write_text(yaml.safe_dump(mapping_document(**changes), allow_unicode=True), "utf-8")
    return path


def mapping(folder: Path, **changes: Any) -> LogMapping:
    return load_mapping(written_mapping(folder, **changes))


def csv_document(csv: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Answer what makes the small mapping read CSV alone, in another way of writing."""
    formats = mapping_document()["formats"]
    return {"formats": {"csv": {**formats["csv"], **csv}}, **changes}


def csv_log(folder: Path, text: str, encoding: str = "utf-8", name: str = "log.csv") -> Path:
    path = folder / name
    data = text.encode(encoding)
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def xes_log(folder: Path, body: str, name: str = "log.xes", head: str = "") -> Path:
    path = folder / name
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<log xes.version="1.0">\n{body}\n</log>\n'
    )
    data = text.encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def trace(case: str | None, *events: str, more: str = "") -> str:
    named = "" if case is None else f'<string key="concept:name" value="{case}"/>'
    return f"<trace>{named}{more}{''.join(events)}</trace>"


def event(step: str = "罚款", at: str = "2026-03-10T10:00:00+08:00", more: str = "") -> str:
    return (
        f'<event><string key="concept:name" value="{step}"/>'
        f'<date key="time:timestamp" value="{at}"/>{more}</event>'
    )


def translated(path: Path, mapping: LogMapping) -> list[Translated]:
    return list(EventLog(path, mapping).translated())
