"""Which tests take their time: they come first, and are not even read where they are left out."""

from collections import Counter
from pathlib import Path

import pytest

#: Rooms whose tests play whole days or affairs, or replay whole logs.
LONG = (
    "tests/cli/",
    "tests/sample_host/",
    "tests/servers/",
    "tests/rulebook/test_real_logs",
    "tests/web/test_letters",
    "test_second_scene",
    "tests/attacks/",
    "tests/desk/followed/",
)
#: What --quick leaves out besides: a host and its plugin through whole affairs, the verifier
#: against each of its attacks, plans of many queries. Of every room something is left in.
THOROUGH = (
    *(
        f"tests/plugin/test_{name}"
        for name in (
            "answers_in_the_ledger", "before_sealing", "canaries", "catching_up", "choosing",
            "clocks", "doubts", "facts_across", "fates", "faults", "figures", "findings_in",
            "health", "hooks_one", "inert", "isolation", "kinds_of_answer", "live", "manner",
            "metrics", "modes", "notes", "passings", "reconciling", "refusals", "replayed",
            "rule_files_at_work", "sealing_at_work", "second_person", "spool", "taking_back",
            "time_and", "transactions", "what_is_said",
        )
    ),
    "tests/desk/backtested/test_figures",
    "tests/desk/backtested/test_duckdb_first",
    "tests/desk/evidence/",
    "tests/desk/sealed/test_pruning",
    "tests/desk/verified/test_attacks",
    "tests/desk/verified/test_er",
    "tests/desk/verified/test_mirror",
    "tests/desk/verified/test_ru",
    "tests/desk/verified/test_schema",
    "tests/desk/verified/test_two",
    "tests/desk/sealed/test_guards",
    "tests/desk/sealed/test_lanes",
    "tests/desk/sealed/test_reco",
    "tests/desk/sealed/test_witnesses",
    "tests/desk/personal/test_erasing",
    "tests/desk/personal/test_retaining",
    "tests/intake/test_event_logs",
    "tests/migrations/",
    "tests/packaging/test_floors",
    "tests/packaging/test_light",
    "tests/packaging/test_second_try",
    "tests/rulebook/test_every_form",
    "tests/rules/mutation/test_answers",
    "tests/rules/test_at_once",
    "tests/store/test_forms_agree",
    "tests/store/test_page_plans",
    "tests/store/test_review_plans",
    "tests/store/test_review_walks",
    "tests/web/signing_in/",
    "tests/web/test_check",
    "tests/web/test_findings_closed",
    "tests/web/test_lessons",
    "tests/web/test_names",
    "tests/web/test_own_case",
)  # fmt: skip
#: Whole rooms that a mark leaves out.
_OF_A_MARK = {"long": LONG, "thorough": THOROUGH, "browser": ("tests/browser/",)}


def mark(item: pytest.Item) -> None:
    """Mark a test that takes its time.

    :param item: test that was collected.
    """
    path = item.path.as_posix()
    for name in ("long", "thorough"):
        if _is_among(path, _OF_A_MARK[name]):
            item.add_marker(getattr(pytest.mark, name))
    is_page = "tests/web/" in path and "test_review" not in item.path.name
    if is_page and item.get_closest_marker("postgres"):
        item.add_marker(pytest.mark.slow)  # what a page asks of PostgreSQL: tests/store


def in_order(items: list[pytest.Item]) -> None:
    """Put the files that take longest first: a long one at the end keeps one worker alone.

    A test that takes its time counts as ten.

    :param items: all tests, marked, in place; those of a file stay together and in their order.
    """
    weights = Counter[Path]()
    for item in items:
        takes_its_time = any(item.get_closest_marker(name) for name in _OF_A_MARK)
        weights[item.path] += 10 if takes_its_time else 1
    items.sort(key=lambda item: (-weights[item.path], item.path.as_posix()))


def is_left_out(path: Path, expression: str) -> bool:
    """Answer whether no test of a file can be chosen; to read it would cost time for nothing.

    :param path: file or folder that pytest is about to collect.
    :param expression: of pytest's ``-m``; one with an `or` or a bracket leaves out no file.
    :return: whether a mark that all its tests have is one that the expression excludes.
    """
    if "or" in expression.split() or "(" in expression:
        return False
    terms = [" ".join(term.split()) for term in expression.split(" and ")]
    return any(
        _is_among(path.as_posix(), rooms)
        for name, rooms in _OF_A_MARK.items()
        if f"not {name}" in terms
    )


def _is_among(path: str, rooms: tuple[str, ...]) -> bool:
    return any(room in path for room in rooms)
