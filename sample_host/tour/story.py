"""How far the story is, read from the city's own tables."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from cleangov_hooks import Stream
from sample_host import tables
from sample_host.flow import FLOWS

from .bars import CASE, CORRECT, PERMIT, PROJECT

#: What Zhao Lei files in scene 3, in yuan; anything less is not the scene's fourth variation.
FOURTH: Final = 490_000
#: The variations that were there before the scene.
_BEFORE: Final = ("V1", "V2", "V3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """How far the story is.

    :param is_decided: whether the fine of scene 1 is decided.
    :param fine: at how much, in fen; None where it is not, or where there is none.
    :param is_noticed: whether the second notice of scene 2 is out, or none can be sent any more.
    :param fourth: the largest variation filed in scene 3, in fen; None where there is none.
    :param may_vary: whether the project of scene 3 still takes variations.
    """

    is_decided: bool
    fine: int | None = None
    is_noticed: bool = False
    fourth: int | None = None
    may_vary: bool = True


def read_story(connection: Connection) -> Story | None:
    """Read how far the story is; None where there is no story in the database.

    :param connection: a connection.
    """
    case, project, variation = tables.case, tables.project, tables.variation
    decided = select(case.c.state, case.c.fine_minor).where(case.c.no == _number(CASE))
    works = select(project.c.state).where(project.c.no == _number(PROJECT))
    found = connection.execute(decided).first()
    state = connection.execute(works).scalar_one_or_none()
    if found is None or state is None:
        return None
    window = FLOWS[Stream.PERMIT].step(_step(CORRECT))
    permit = select(tables.permit.c.state).where(tables.permit.c.no == _number(PERMIT))
    asked = select(func.count()).where(
        tables.act.c.stream == Stream.PERMIT.value,
        tables.act.c.matter_no == _number(PERMIT),
        tables.act.c.step == _step(CORRECT),
    )
    filed = select(variation.c.amount_minor).where(
        variation.c.project_no == _number(PROJECT), variation.c.no.not_in(_BEFORE)
    )
    sums = connection.execute(filed).scalars().all()
    states = FLOWS[Stream.ENFORCEMENT].states
    return Story(
        is_decided=states.index(found.state) >= states.index("decided"),
        fine=found.fine_minor,
        is_noticed=connection.execute(asked).scalar_one() > 1
        or window is None
        or connection.execute(permit).scalar() not in window.after,
        fourth=max(sums, default=None),
        may_vary=state == "running",
    )


def _step(path: str) -> str:
    return path.rpartition("/")[2]


def _number(path: str) -> str:
    return path.rpartition("/")[2]
