"""What is to be said of a run: that its term is nearly over, or that it is over; and until when."""

from enum import StrEnum

from .running import Run, State


class Stage(StrEnum):
    """What is said of a term without an event."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


def stage_of(run: Run) -> Stage | None:
    """Answer what is to be said of a run; None where there is nothing.

    Over is said only where it is certain. Before, somebody is reminded: from 70 percent on, and
    where the term may be over, but its last day is a range. A run that is paused reminds nobody.

    :param run: what its clock says.
    """
    if run.is_overdue:
        return Stage.OVERDUE
    if run.state is not State.RUNNING:
        return None
    is_perhaps_over = run.is_overdue is None and run.due is not None and run.due.latest is not None
    return Stage.DUE_SOON if run.warning or is_perhaps_over else None


def is_settled(run: Run) -> bool:
    """Answer whether nothing can be said of a run any more unless its events are put right.

    :param run: what its clock says.
    """
    return run.state is State.ENDED and run.is_overdue is not None


def part_of(run: Run, stage: Stage) -> str:
    """Name what is said of a run within its case.

    :param run: the run.
    :param stage: what is said.
    """
    return f"{run.part}.{stage}"
