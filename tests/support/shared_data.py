"""The real logs that known answers are told of: beside the checkout, or where a variable says."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "receipt.xes": "receipt-env-permit/Receipt.xes.gz",
    "receipt.csv": "receipt-env-permit/events.csv.gz",
    "fines.xes": "road-traffic-fines/road_traffic_fines_sample.xes.gz",
    "fines.csv": "road-traffic-fines/events.csv.gz",
    "bpic2015.csv": "bpic2015/events_M2.csv.gz",
    "nyc311.csv": "nyc311-2013-12-25/events.csv.gz",
}
MAPPINGS = {"receipt": "receipt", "fines": "road-traffic-fines"}


def shared_log(name: str) -> Path:
    """Answer the path of a log, as ``"receipt.xes"``; a machine without it fails, never skips."""
    folder = Path(os.environ.get("CLEANGOV_SHARED_DATA") or ROOT.parent / "shared" / "data")
    path = folder / FILES[name]
    if not path.is_file():
        pytest.fail(
            f"the real log {FILES[name]} is not in {folder}. Set CLEANGOV_SHARED_DATA to the folder"
            " that holds it; its publishers are named in docs/replay.md.",
            pytrace=False,
        )
    return path


def mapping_of(name: str) -> str:
    """Answer the shipped mapping of a log."""
    return MAPPINGS[name.partition(".")[0]]
