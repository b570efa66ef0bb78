"""What importing the contract costs a host: milliseconds, and what else it loads."""

import json
import statistics
import subprocess
import sys
from typing import Final

from benchmarks import _common as common

ROUNDS: Final = 15
HEAVY: Final = (
    "flask", "werkzeug", "sqlalchemy", "marshmallow", "alembic", "yaml", "babel", "cryptography",
    "click", "cleangov_plugin",
)  # fmt: skip
#: Run in a fresh interpreter each time.
PROGRAM: Final = """
import json, sys, time
before = time.perf_counter()
import cleangov_hooks
spent = (time.perf_counter() - before) * 1000
print(json.dumps([spent, sorted({name.split(".")[0] for name in sys.modules})]))
"""


def main() -> int:
    """Measure; 1 where something heavy is loaded."""
    times: list[float] = []
    loaded: set[str] = set()
    for _ in range(ROUNDS):
        told = subprocess.check_output([sys.executable, "-c", PROGRAM])
        spent, names = json.loads(told)
        times.append(spent)
        loaded.update(names)
    heavy = sorted(loaded.intersection(HEAVY))
    is_kept = common.told(
        "contract_import",
        "none",
        len(heavy),
        0,
        "heavy modules loaded",
        heavy=heavy,
        import_ms_p50=round(statistics.median(times), 1),
        spread=[round(min(times), 1), round(max(times), 1)],
        n=ROUNDS,
    )
    return int(not is_kept)


if __name__ == "__main__":
    sys.exit(main())
