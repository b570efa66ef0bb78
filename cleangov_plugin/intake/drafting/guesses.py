"""What the columns of a strange file may be: guessed from their names and values, and said so."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .heads import Column, Head
from .time_guesses import TimeGuess, guess_time

#: How sure a guess is.
HIGH: Final = "high"
MEDIUM: Final = "medium"
LOW: Final = "low"

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "at": (
        "办理时间", "发生时间", "完成时间", "操作时间", "时间", "办理日期", "日期",
        "time:timestamp", "occurred_at", "timestamp", "datetime", "time", "date", "created",
    ),
    "sum": (
        "罚款金额", "金额", "罚款", "款额", "合同价",
        "amount", "sum", "fine", "fee", "price", "value",
    ),
    "case": (
        "案件编号", "案号", "办件编号", "受理号", "工单编号", "申请编号", "项目编号", "文号",
        "单号", "编号", "concept:name", "case_id", "caseid", "unique key",
        "case", "ticket", "id", "number",
    ),
    "step": (
        "办理环节", "环节", "步骤", "节点", "活动", "操作", "状态",
        "concept:name", "activity", "step", "event", "action", "task", "status",
    ),
    "officer": (
        "经办人", "承办人", "办理人", "处理人", "执法人员", "执法人", "审批人", "操作员",
        "org:resource", "officer", "actor", "resource", "handler", "assignee", "user",
    ),
    "unit": (
        "科室", "处室", "部门", "大队", "承办单位", "单位",
        "org:group", "department", "unit", "group", "role", "agency",
    ),
}  # fmt: skip
#: Roles that no mapping can do without, and may be guessed from values alone.
NEEDED: Final = ("case", "step", "at")
_SUM: Final = re.compile(r"[+-]?[¥￥$€]?\d[\d,. ]*")
_CODE: Final = re.compile(r"[\w./()〔〕（）#:-]{1,60}")
_MOST_STEPS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What a column may be.

    :param role: case, step, at, officer, unit or sum.
    :param column: the column; None where none fits.
    :param sure: `HIGH`, `MEDIUM` or `LOW`.
    :param word: the word of its name that says so; empty where its values alone do.
    :param fits: what its values say: how many are told, how many differ.
    :param time: how times are written, of a column of times.
    """

    role: str
    column: Column | None
    sure: str = LOW
    word: str = ""
    fits: tuple[int, int] = (0, 0)
    time: TimeGuess | None = None


def guesses_of(head: Head) -> tuple[Guess, ...]:
    """Guess which column is what; no column is two things.

    :param head: the head of the file.
    """
    found: list[Guess] = []
    left = [column for column in head.columns if column.told]
    for role in _WORDS:
        guess = _best(role, left, head.rows, is_xes=head.format_ == "xes")
        found.append(guess)
        left = [column for column in left if column is not guess.column]
    return tuple(found)


def _best(role: str, columns: Sequence[Column], rows: int, *, is_xes: bool) -> Guess:
    best, best_points = Guess(role=role, column=None), 0
    for column in columns:
        if is_xes and column.of_case != (role == "case"):
            continue
        word, named = _named(role, column.name)
        fitting = _FIT[role](column, rows, bool(word))
        is_enough = bool(named) or (role in NEEDED and fitting > 1)
        if fitting and is_enough and 10 * named + fitting > best_points:
            best_points = 10 * named + fitting
            best = Guess(
                role=role,
                column=column,
                sure=HIGH if named == 2 and fitting > 1 else MEDIUM if named else LOW,
                word=word,
                fits=(len(column.told), len(set(column.told))),
                time=guess_time(column) if role == "at" else None,
            )
    return best


def _named(role: str, name: str) -> tuple[str, int]:
    """Answer the word of a role that a name holds: 2 where it is the name, 1 where a part."""
    bare = "".join(name.lower().split())
    for word in _WORDS[role]:
        if bare == "".join(word.split()):
            return word, 2
    parts = set(re.split(r"[^a-z]+", name.lower()))
    for word in _WORDS[role]:
        if word in parts or (not word.isascii() and word in bare):
            return word, 1
    return "", 0


def _fits_time(column: Column, rows: int, is_named: bool) -> int:
    del rows
    found = guess_time(column)
    is_compact = not is_named and all(value.isdigit() for value in column.told)
    return 0 if found is None or is_compact else 3


def _fits_sum(column: Column, rows: int, is_named: bool) -> int:
    del rows, is_named
    return 2 if all(_SUM.fullmatch(value.strip()) for value in column.told) else 0


def _fits_case(column: Column, rows: int, is_named: bool) -> int:
    if not all(_CODE.fullmatch(value.strip()) for value in column.told) or guess_time(column):
        return 0
    is_whole, kinds = len(column.told) == rows, len(set(column.told))
    if column.of_case:
        return 3
    has_digits = all(any(map(str.isdigit, value)) for value in column.told)
    is_repeated = has_digits and 1 < kinds < rows
    return 3 if is_whole and is_repeated else 1 if is_named or (is_whole and has_digits) else 0


def _fits_step(column: Column, rows: int, is_named: bool) -> int:
    kinds = len(set(column.told))
    is_few = len(column.told) == rows and kinds <= _MOST_STEPS and (2 * kinds <= rows or rows < 20)
    is_number = all(value.replace(".", "", 1).isdigit() for value in column.told)
    return (3 if is_few and kinds > 1 else 1 if is_named else 0) if not is_number else 0


def _fits_person(column: Column, rows: int, is_named: bool) -> int:
    del rows
    return 2 if is_named and max(map(len, column.told)) <= 60 else 0


_FIT: Final[Mapping[str, Callable[[Column, int, bool], int]]] = {
    "at": _fits_time,
    "sum": _fits_sum,
    "case": _fits_case,
    "step": _fits_step,
    "officer": _fits_person,
    "unit": _fits_person,
}
