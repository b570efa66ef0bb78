"""What the whole guarded hook adds to a step of the host: ten rules, six facts, one entry."""

import sys

from benchmarks import _added, _cases, _city


def main() -> int:
    """Measure on both databases; 1 where a limit is missed."""
    return _added.measured("hook_added", prepared)


def prepared(city: _city.City) -> _added.Ways:
    """Open the cases, and answer the ways to take their step.

    :param city: the host.
    """
    last = len(_cases.PAST) + 1
    page = [_cases.event(f"b{n}", last) for n in range(_added.CASES)]
    unseen = [_cases.event(f"c{n}", last) for n in range(_added.CASES)]
    return _added.Ways(
        plain=lambda n: city.decide(f"a{n}", None),
        ours=lambda n: city.decide(f"b{n}", page[n]),
        cold=lambda n: city.decide(f"c{n}", unseen[n]),
        before=lambda n: city.open_page(page[n]),
        entries=2 * _added.CASES * last,
    )


if __name__ == "__main__":
    sys.exit(main())
