"""OCDS: releases one a line, or in packages; each becomes rows, and none is lost without a word."""

from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from cleangov_plugin.domain.errors import IntakeError

from .json_items import JsonItems
from .json_values import cell_of, look_up
from .jsonl import json_lines, object_of
from .log_files import LogFile, bounded
from .log_rows import Cell, Row, Unread
from .ocds_steps import Step, releases_of, steps_of

#: Longest release in bytes; in a package, of all that stands beside the releases.
LONGEST: Final = 8 << 20
#: Releases that may be passed over; with more, this is not what the mapping reads.
MOST_UNREAD: Final = 1_000
#: What a step is, when it happened and which field says so, among what the release says.
STEP: Final = "ocds:step"
AT: Final = "ocds:at"
DATED_BY: Final = "ocds:dated_by"
_ARRAYS: Final = frozenset((b"releases", b"records"))


class OcdsLog:
    """Releases of the Open Contracting Data Standard, packed or not.

    A row is a step of a release (`ocds_steps`): what its section says by path, and `STEP`, `AT`
    and `DATED_BY`. What the release itself says stands as its trace, by path. What cannot be read
    is named in `unread`, and the next is read.

    :param file: the file; as ``.jsonl`` one object a line, else one document.
    :param wanted: paths that the mapping reads of a section.
    :param of_release: paths that the mapping reads of the release.
    :param is_lines: whether each line is a document.
    """

    def __init__(
        self,
        file: LogFile,
        wanted: frozenset[str],
        of_release: frozenset[str],
        *,
        is_lines: bool,
    ) -> None:
        self.file = file
        self.unread: list[Unread] = []
        self._wanted = sorted(wanted - {STEP, AT, DATED_BY})
        self._of_release = sorted(of_release)
        self._is_lines = is_lines
        self._number = 0
        self._line = 1

    def rows(self) -> Iterator[Row]:
        """Answer the steps release by release, in file order; `Row.number` numbers the releases.

        :raises IntakeError: where the file cannot be read on, or too much of it is unread.
        """
        return chain.from_iterable(self.releases())

    def releases(self) -> Iterator[list[Row]]:
        """Answer the rows of each release together; what is passed over meanwhile is this one.

        :raises IntakeError: as `rows`.
        """
        return bounded(self._releases(), self._place)

    def where(self, row: Row, case: str | None = None) -> str:
        """Answer file and line of a row, with the number of its release in a document.

        :param row: the row.
        :param case: its case; the release says enough.
        """
        del row, case
        return self._place()

    def pass_over(self, problem: IntakeError) -> None:
        """Name a release that cannot be read.

        :param problem: what is wrong with it.
        :raises IntakeError: where there have been too many.
        """
        self.unread.append(Unread(self._place(), problem.what))
        if len(self.unread) > MOST_UNREAD:
            what = f"more than {MOST_UNREAD:,} releases cannot be read; the last: {problem.what}"
            remedy = "Look whether these are OCDS releases, and whether the mapping fits them."
            raise IntakeError(what, where=self._place(), remedy=remedy)

    def _releases(self) -> Iterator[list[Row]]:
        for document in self._lines() if self._is_lines else self._document():
            for release in releases_of(document):
                self._number += 1
                if not isinstance(release, dict):
                    self.pass_over(IntakeError("this is no release."))
                    continue
                yield self._of(release)
        if self._number == 0 and not self.unread:
            remedy = "Name a file of OCDS releases."
            raise IntakeError("there is no release.", where=self._place(), remedy=remedy)

    def _of(self, release: dict[str, Any]) -> list[Row]:
        cells = ((path, look_up(release, path)) for path in self._of_release)
        trace = {path: cell for path, cell in cells if cell is not None}
        return [
            Row(self._values(step), trace, number == 1, self._number, number)
            for number, step in enumerate(steps_of(release), start=1)
        ]

    def _values(self, step: Step) -> dict[str, Cell]:
        found = chain(
            ((STEP, step.name), (AT, cell_of(step.at)), (DATED_BY, step.dated_by)),
            ((path, look_up(step.section, path)) for path in self._wanted),
        )
        return {name: cell for name, cell in found if cell is not None}

    def _lines(self) -> Iterator[dict[str, Any]]:
        with self.file.opened() as stream:
            for self._line, line in json_lines(stream, LONGEST):
                try:
                    found = object_of(line, LONGEST, self._place())
                except IntakeError as problem:
                    self.pass_over(problem)
                else:
                    yield found

    def _document(self) -> Iterator[dict[str, Any]]:
        with self.file.opened() as stream:
            items = JsonItems(stream, _ARRAYS, LONGEST, self._refused)
            for item in items.items():
                self._line = items.begun
                try:
                    found = object_of(item, LONGEST, self._place())
                except IntakeError as problem:
                    self._number += 1
                    self.pass_over(problem)
                else:
                    yield found

    def _place(self) -> str:
        number = "" if self._is_lines else f", release {max(1, self._number)}"
        return f"{self.file.name}:{self._line}{number}"

    def _refused(self, what: str) -> IntakeError:
        where = f"{self.file.name}, after release {self._number}"
        remedy = "Export the file again, or write one release a line as .jsonl."
        return IntakeError(f"{what}.", where=where, remedy=remedy)
