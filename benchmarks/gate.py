"""What the guarded gate adds to a step of the host: ten rules, six facts, nothing hits."""

import sys
from typing import Final

from benchmarks import _added, _cases, _city
from cleangov_hooks import Attempt, guarded_call

GATE: Final = "cleangov_step_gate"


def main() -> int:
    """Measure on both databases; 1 where a limit is missed."""
    return _added.measured("gate_added", prepared)


def prepared(city: _city.City) -> _added.Ways:
    """Open the cases, and answer the ways to take their step.

    :param city: the host.
    """
    last = len(_cases.PAST) + 1
    page = [_cases.attempt(_cases.event(f"b{n}", last)) for n in range(_added.CASES)]
    unseen = [_cases.attempt(_cases.event(f"c{n}", last)) for n in range(_added.CASES)]

    def gated(attempt: Attempt) -> None:
        report = guarded_call(city.plugins, GATE, attempt=attempt)
        if [verdict.reason for verdict in report.values] != ["clear"]:
            raise SystemExit(f"the gate was to be clear: {report}")
        city.decide(attempt.step.case_id, None)

    return _added.Ways(
        plain=lambda n: city.decide(f"a{n}", None),
        ours=lambda n: gated(page[n]),
        cold=lambda n: gated(unseen[n]),
        before=lambda n: city.open_page(page[n].event),
        entries=2 * _added.CASES * len(_cases.PAST),
    )


if __name__ == "__main__":
    sys.exit(main())
