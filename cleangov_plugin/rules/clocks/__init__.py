"""Clocks: terms of law as data, and what they say of a case at a moment; no input, no output."""

from .days import Days
from .examples import run_clock_examples
from .model import Clock, Pause, Roll, Unit
from .page import clock_page, clocks_index
from .reading import read_clock
from .running import Due, Remark, Run, State, runs_of
from .terms import Stage, is_settled, part_of, stage_of

__all__ = (
    "Clock",
    "Days",
    "Due",
    "Pause",
    "Remark",
    "Roll",
    "Run",
    "Stage",
    "State",
    "Unit",
    "clock_page",
    "clocks_index",
    "is_settled",
    "part_of",
    "read_clock",
    "run_clock_examples",
    "runs_of",
    "stage_of",
)
