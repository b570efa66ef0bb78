"""How long the checks before publishing take: types, examples and mutants of 100 rules."""

import statistics
import sys
import time
from typing import Any, Final

from benchmarks import _common as common
from cleangov_plugin.desk.collecting import rarely_collected
from cleangov_plugin.intake.rule_files import load_rulebook, rulebook_folder
from cleangov_plugin.rules import compile_bindings
from cleangov_plugin.rules.mutation.survivors import tried

RULES: Final = 100
ROUNDS: Final = 7
#: Seconds for all of them.
LIMIT: Final = 1.0


def main() -> int:
    """Measure; 1 where the limit is missed."""
    documents = hundred()
    checked(documents[:20])  # what is loaded once is not measured
    times, mutants, examples = [], 0, 0
    for _ in range(ROUNDS):
        begun = time.process_time()  # nothing is waited for: on a quiet machine it is the time
        with rarely_collected():  # as the command does
            mutants, examples = checked(documents)
        times.append(time.process_time() - begun)
    is_kept = common.told(
        "publish_checks",
        "none",
        min(times),
        LIMIT,
        "CPU s for 100 rules, the quietest round",
        rules=RULES,
        examples=examples,
        mutants=mutants,
        spread=[round(value, 2) for value in (min(times), statistics.median(times), max(times))],
        n=ROUNDS,
    )
    return int(not is_kept)


def hundred() -> list[dict[str, Any]]:
    """Answer the shipped rules over and over, each with an id of its own."""
    shipped = load_rulebook(rulebook_folder())
    return [{**shipped[n % len(shipped)], "id": f"Z{n:03d}"} for n in range(RULES)]


def checked(documents: list[dict[str, Any]]) -> tuple[int, int]:
    """Check rules as before publishing; answer how many mutants and examples there were.

    :param documents: the rules' documents.
    """
    mutants = examples = 0
    for document in documents:
        found = tried(document)
        compile_bindings(document, found.rule)
        if not found.is_good:
            raise SystemExit(f"{document['id']} was to pass")
        mutants += found.mutants
        examples += found.examples
    return mutants, examples


if __name__ == "__main__":
    sys.exit(main())
