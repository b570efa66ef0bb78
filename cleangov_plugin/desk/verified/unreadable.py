"""COL: what is told where verifying meets a value that it cannot go on with.

SQLite keeps a value of any type in any column. Whatever somebody puts there, verifying ends with an
alarm that names it.
"""

from typing import Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.store.wrong_types import wrong_types

from .alarms import Alarm, alarm

#: What is raised by values that are not what their columns say.
UNREADABLE: Final = (
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
)
_LONGEST: Final = 200


def unreadable(connection: Connection, problem: BaseException) -> list[Alarm]:
    """Name the values that are of another type than their columns, and that verifying broke off.

    :param connection: a reading connection.
    :param problem: what it met.
    """
    found = [
        alarm("value_type", table=each.table, column=each.column, row=each.row, found=each.found)
        for each in wrong_types(connection)
    ]
    why = f"{type(problem).__name__}: {problem}"[:_LONGEST]
    return [*found, alarm("broken_off", why=why)]
