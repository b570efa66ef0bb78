"""What must be remembered of each case while a log is read: a few bytes each, whatever its size."""

from array import array


class Cases:
    """The cases of a log, each with its count of rows and the latest time recorded so far.

    It is the one thing that grows with a log: some 150 bytes a case.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._rows = array("q")
        self._latest = array("q")
        self._derived = array("l")

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, case: str) -> int:
        """Answer the number of a case; a new one is taken up.

        :param case: its id.
        """
        number = self._numbers.get(case)
        if number is None:
            number = self._numbers[case] = len(self._numbers)
            self._rows.append(0)
            self._latest.append(-(1 << 62))
            self._derived.append(0)
        return number

    def next_row(self, number: int) -> int:
        """Count one more row of a case, and answer which it is, from 1.

        :param number: number of the case.
        """
        self._rows[number] += 1
        return self._rows[number]

    def known_at(self, number: int, moment: int) -> int:
        """Answer when a row can have been known: not before the rows that stand above it.

        :param number: number of the case.
        :param moment: when the row was recorded, microseconds since 1970.
        :return: the latest moment of the case so far, this one included.
        """
        self._latest[number] = max(self._latest[number], moment)
        return self._latest[number]

    def is_first_derived(self, number: int, place: int) -> bool:
        """Answer whether an event is derived for the first time, and take note of it.

        :param number: number of the case.
        :param place: place of the derivation in the mapping, below 20.
        """
        is_new = not self._derived[number] >> place & 1
        self._derived[number] |= 1 << place
        return is_new

    def state(self, case: str) -> tuple[int, int, int] | None:
        """Answer what is remembered of a case, for `put_back`; None where it is not known.

        :param case: its id.
        """
        number = self._numbers.get(case)
        if number is None:
            return None
        return self._rows[number], self._latest[number], self._derived[number]

    def put_back(self, case: str, state: tuple[int, int, int] | None) -> None:
        """Forget what came after a state of a case; one not known then must be the latest.

        :param case: its id.
        :param state: what `state` answered.
        """
        number = self._numbers.get(case)
        if number is None:
            return
        if state is not None:
            self._rows[number], self._latest[number], self._derived[number] = state
            return
        del self._numbers[case]
        for column in (self._rows, self._latest, self._derived):
            column.pop()
