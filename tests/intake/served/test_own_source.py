"""No caller sends what supervision itself does: a declared mode, a name that was viewed."""

from typing import Any

import pytest

from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.intake.served.documents import EVENT


def told(source: str) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": "e1",
        "source": source,
        "type": "int.mode.confirmed",
        "subject": "cleangov.modes",
        "time": "2026-03-10T10:00:00+08:00",
        "data": {
            "agency_id": "cg",
            "stream": "personnel",
            "step": "mode",
            "recorded_at": "2026-03-10T10:00:00+08:00",
            "attributes": {"mode_id": "m"},
        },
    }


def test_our_own_source_is_refused_and_a_hosts_own_is_not() -> None:
    assert EVENT.read(told("city"), "event").source == "city"
    with pytest.raises(CleanGovError, match="plugin's own"):
        EVENT.read(told("cleangov"), "event")
