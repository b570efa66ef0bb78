"""Every line of a benchmark says how fast the machine was: by one and the same piece of work."""

import json
from hashlib import sha256

import pytest

from benchmarks import _common, _pace


def test_the_piece_of_work_is_the_same_as_ever() -> None:
    ends = _pace.piece()
    assert len(ends) == 17
    told = sha256(b"".join(ends[name] for name in sorted(ends))).hexdigest()
    assert told == "20422439cceb25abaccfc7ffe3c93ac524c59195d1f0f22e80957bf1e29bdd80", (
        "figures of earlier days could not be compared any more"
    )


def test_a_line_says_the_pace(capsys: pytest.CaptureFixture[str]) -> None:
    assert _common.told("figure", "none", 1.0, 2.0, "us", n=1)
    line = json.loads(capsys.readouterr().out)
    assert line["pace_us"] == _pace.pace_us() > 0
    assert line["value"] == 1.0
