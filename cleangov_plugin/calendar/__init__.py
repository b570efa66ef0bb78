"""Civil days and working days: pure arithmetic over versions of a calendar."""

from .civil import civil_day, civil_days_between
from .working import Calendar, roll_to_working_day

__all__ = ("Calendar", "civil_day", "civil_days_between", "roll_to_working_day")
