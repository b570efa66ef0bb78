"""What decides a back-test, so that it can be repeated to the byte or told why it cannot."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from importlib import metadata, resources
from pathlib import Path
from typing import Any, Final
from zoneinfo import TZPATH, ZoneInfo

from cleangov_plugin.desk.shelf import Ledger
from cleangov_plugin.store.judged_entries import Horizon

from .asking import Sides
from .parts import Part, Wanted

FORMAT: Final = "cleangov.backtest/1"


def manifest(part: Part, ledger: Ledger, wanted: Wanted, within: Horizon) -> dict[str, Any]:
    """Write down everything that decided the figures.

    :param part: what was read: the whole ledger.
    :param ledger: zone and working days.
    :param wanted: what was tested.
    :param within: up to where the ledger was read.
    :return: plain JSON.
    """
    return {
        "format": FORMAT,
        "engine": metadata.version("cleangov-plugin"),
        "rules": {side.value: text_digest(text) for side, text in wanted.documents().items()},
        "log_id": ledger.log_id,
        "from": _day(wanted.first),
        "to": _day(wanted.last),
        "horizon": {name: n for name, n in asdict(within).items() if n is not None},
        "entries": part.entries,
        "entries_sha256": sha256(part.digests).hexdigest(),
        "calendar": _calendar(ledger),
        "zone": ledger.zone.key,
        "zone_sha256": zone_digest(ledger.zone),
        "figures_made_again": list(Sides(wanted.documents()).statistics()),
        "host_answers": [],
    }


def text_digest(document: Mapping[str, Any]) -> str:
    """Answer the digest of a rule's text with its bindings, whatever order its keys have.

    :param document: the document.
    """
    ordered = json.dumps(document, ensure_ascii=False, sort_keys=True, default=str)
    return sha256(ordered.encode()).hexdigest()


def zone_digest(zone: ZoneInfo) -> str:
    """Answer the digest of the data that a zone's clock changes come from.

    :param zone: an IANA zone.
    """
    for folder in TZPATH:
        file = Path(folder, zone.key)
        if file.is_file():
            return sha256(file.read_bytes()).hexdigest()
    *folders, name = zone.key.split("/")
    file_ = resources.files(".".join(("tzdata", "zoneinfo", *folders))).joinpath(name)
    return sha256(file_.read_bytes()).hexdigest()


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what decides two back-tests differently.

    :param one: a manifest.
    :param other: another.
    """
    names = sorted({*one, *other})
    return tuple(name for name in names if one.get(name) != other.get(name))


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()


def _calendar(ledger: Ledger) -> dict[str, Any] | None:
    calendar = ledger.calendar
    if calendar is None:
        return None
    written = f"{calendar.first.isoformat()} {','.join(map(str, calendar.ordinals))}"
    return {
        "version": calendar.version,
        "sha256": sha256(written.encode()).hexdigest(),
        "provisional_years": sorted(calendar.provisional_years),
    }
