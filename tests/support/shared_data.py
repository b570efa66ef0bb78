"""The whole real logs of the known answers: beside the checkout, or where a variable says."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "receipt.xes": "receipt-env-permit/Receipt.xes.gz",
    "receipt.csv": "receipt-env-permit/events.csv.gz",
    "fines.xes": "road-traffic-fines/road_traffic_fines_sample.xes.gz",
    "fines.csv": "road-traffic-fines/events.csv.gz",
    "bpic2015.xes": "bpic2015/BPIC15_2.xes.gz",
    "bpic2015.csv": "bpic2015/events_M2.csv.gz",
    "nyc311.csv": "nyc311-2013-12-25/events.csv.gz",
    "moldova.jsonl": "ocds-real-samples/moldova.jsonl.gz",
    "canada.jsonl": "ocds-real-samples/canada.jsonl.gz",
    "paraguay.jsonl": "ocds-real-samples/paraguay.jsonl.gz",
}
MAPPINGS = {
    "receipt": "receipt",
    "fines": "road-traffic-fines",
    "bpic2015": "bpic2015",
    "nyc311": "nyc311",
    "moldova": "ocds",
    "canada": "ocds",
    "paraguay": "ocds",
}


def shared_log(name: str) -> Path:
    """Answer the path of a log, as ``"receipt.xes"``.

    The whole logs are their publishers' to hand out, so a plain clone has excerpts alone: without
    them a test is left out and says so. Where the variable names a folder, it has to be there.
    """
    named = os.environ.get("CLEANGOV_SHARED_DATA")
    path = Path(named or ROOT.parent / "shared" / "data") / FILES[name]
    if path.is_file():
        return path
    told = f"the real log {FILES[name]} is not in {path.parents[1]}; see docs/replay.md"
    if named:
        pytest.fail(told, pytrace=False)
    pytest.skip(f"{told} (set CLEANGOV_SHARED_DATA)")


def mapping_of(name: str) -> str:
    """Answer the shipped mapping of a log."""
    return MAPPINGS[name.partition(".")[0]]
