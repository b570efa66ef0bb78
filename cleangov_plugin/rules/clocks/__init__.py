"""Clocks: terms of law as data, and what they say of a case at a moment; no input, no output."""

from .examples import run_clock_examples
from .model import Clock, Pause, Unit
from .page import clock_page
from .reading import read_clock
from .running import Due, Remark, Run, State, runs_of

__all__ = (
    "Clock",
    "Due",
    "Pause",
    "Remark",
    "Run",
    "State",
    "Unit",
    "clock_page",
    "read_clock",
    "run_clock_examples",
    "runs_of",
)
