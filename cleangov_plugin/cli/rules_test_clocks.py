"""``cleangov rules test`` of a clock file: whether its examples notice every small change."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleangov_plugin.domain.errors import CleanGovError

from .rules_files import failure_lines, problem_line
from .rules_words import said

if TYPE_CHECKING:
    from cleangov_plugin.rules.clocks.testing import ClockSurvivor, TestedClock


def clock_report(path: Path, language: str) -> dict[str, Any]:
    """Test a clock file.

    :param path: the file.
    :param language: BCP 47 tag.
    :return: the report for machines, with ``lines`` for people.
    """
    from cleangov_plugin.intake.clock_files import load_clock_file
    from cleangov_plugin.rules.clocks.testing import tried_clock

    try:
        document = load_clock_file(path)
        tested = tried_clock(document)
    except CleanGovError as problem:
        line = problem_line(problem, language)
        return {"file": str(path), "good": False, "problems": [line], "lines": [line]}
    return {
        "file": str(path),
        "clock": tested.clock.id,
        "examples": tested.examples,
        "mutants": tested.mutants,
        "killed": len(tested.killed),
        "equivalent": [mutant.id for mutant in tested.equivalent],
        "signed": [survivor.mutant.id for survivor in tested.signed],
        "alive": [_alive(document, survivor) for survivor in tested.alive],
        "failures": [
            {"name": f.name, "expected": f.expected, "found": f.found, "why": f.why}
            for f in tested.failures
        ],
        "good": tested.is_good,
        "lines": list(_lines(document, tested, language)),
    }


def _alive(document: dict[str, Any], survivor: "ClockSurvivor") -> dict[str, Any]:
    from cleangov_plugin.rules.mutation.signatures import digest_of

    return {
        "mutant": survivor.mutant.id,
        "operator": survivor.mutant.operator.value,
        "digest": digest_of(document, survivor.mutant.id),
        "given": survivor.given,
        "expect": dict(survivor.answer) or None,
        "instead": dict(survivor.instead) or None,
    }


def _lines(document: dict[str, Any], tested: "TestedClock", language: str) -> Iterator[str]:
    from cleangov_plugin.rules.mutation.signatures import digest_of

    tongue = "zh" if language.startswith("zh") else "en"
    numbers: dict[str, Any] = {
        key: len(getattr(tested, key)) for key in ("killed", "equivalent", "signed", "alive")
    }
    numbers |= {"examples": tested.examples, "mutants": tested.mutants}
    clock = tested.clock
    yield said("tested", language, id=clock.id, title=clock.title[tongue], **numbers)
    yield from failure_lines(tested.failures, language)
    yield from (said("equivalent", language, id=mutant.id) for mutant in tested.equivalent)
    yield from (said("signed", language, id=each.mutant.id) for each in tested.signed)
    for survivor in tested.alive:
        id_ = survivor.mutant.id
        yield said("clock_alive", language, what=survivor.mutant.said()[tongue])
        yield said("digest", language, id=id_, digest=digest_of(document, id_))
        if survivor.given is None:
            yield said("undecided", language)
            continue
        differ = [key for key, v in survivor.answer.items() if survivor.instead.get(key) != v]
        answers = {
            name: "; ".join(f"{key}: {told.get(key, 'none')}" for key in differ) or "none"
            for name, told in (("result", survivor.answer), ("instead", survivor.instead))
        }
        yield said("apart", language, **answers)
        yield "      given: " + json.dumps(survivor.given, ensure_ascii=False)
