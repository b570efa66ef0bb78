"""XES logs (IEEE 1849): traces of events, packed or not, one trace in memory at a time."""

from collections.abc import Iterator
from typing import Any, Final

from cleangov_plugin.domain.errors import IntakeError

from .log_files import LogFile, bounded
from .log_rows import Cell, Row, shown
from .xml_parts import Counted, parser_of, tag_of

#: Levels of elements, and elements of one trace, at the most.
DEEPEST: Final = 32
MOST: Final = 2_000_000
#: Texts that one event may have under one key.
MANY: Final = 1_000
_TRACE: Final = 2
_XES: Final = "Only plain XES elements are read; remove it from the file."


class XesLog:
    """An XES file, packed or not.

    Attributes are read by key as text, whatever their type; an attribute within an attribute
    has both keys with ``/`` between them, and a key that stands twice has several texts.

    :param file: the file.
    """

    def __init__(self, file: LogFile) -> None:
        self.file = file
        self._trace = 0

    def rows(self) -> Iterator[Row]:
        """Answer the events in file order.

        :raises IntakeError: at the first fault, with the trace it is in or after.
        """
        return bounded(self._rows(), self._place)

    def where(self, row: Row, case: str | None = None) -> str:
        """Answer file, trace and event of a row.

        :param row: the row.
        :param case: its case.
        """
        named = "" if case is None else f" ({shown(case)})"
        return f"{self.file.name}, trace {row.number}{named}, event {row.event}"

    def _rows(self) -> Iterator[Row]:
        iterparse, faults = parser_of("XES logs", "xes")
        with self.file.opened() as stream:
            counted = Counted(stream, self._refused)
            steps = iterparse(counted, events=("start", "end"), forbid_dtd=True)
            try:
                yield from self._traces(steps, counted)
            except faults[0] as problem:
                what = f"a {type(problem).__name__[:-9]} declaration is not read."
                raise IntakeError(what, where=self._place(), remedy=_XES) from None
            except faults[1] as problem:
                where = f"{self.file.name}:{problem.position[0]}, {self._so_far()}"
                what = f"this is not XML ({str(problem).partition(':')[0]})."
                remedy = "Export the file again; events read before stay staged."
                raise IntakeError(what, where=where, remedy=remedy) from None
            except (LookupError, ValueError) as problem:  # an encoding the parser does not know
                what = f"the file's encoding is not read ({type(problem).__name__})."
                raise IntakeError(what, where=self._place(), remedy="Save it as UTF-8.") from None

    def _traces(self, steps: Iterator[tuple[str, Any]], counted: Counted) -> Iterator[Row]:
        root: Any = None
        depth = size = 0
        for step, element in steps:
            counted.element()
            if step == "start":
                if depth == 0:
                    root = _checked(element, self.file.name)
                depth += 1
                size += 1
                if depth > DEEPEST or size > MOST:
                    raise self._too_much(size)
                continue
            depth -= 1
            if depth == _TRACE - 1:
                if tag_of(element) == "trace":
                    self._trace += 1
                    yield from self._events(element)
                root.clear()  # what was read is forgotten: memory holds one trace
                size = 0

    def _events(self, trace: Any) -> Iterator[Row]:
        own: dict[str, Cell] = {}
        events: list[Any] = []
        for element in trace:
            if tag_of(element) == "event":
                events.append(element)
            else:
                self._add(own, element, "")
        for number, element in enumerate(events, start=1):
            values: dict[str, Cell] = {}
            for attribute in element:
                self._add(values, attribute, "")
            yield Row(values, own, number == 1, self._trace, number)

    def _add(self, found: dict[str, Cell], element: Any, above: str) -> None:
        """Take an attribute and those within it; containers and lists lend the inner their key."""
        key = element.get("key")
        path = above if key is None else f"{above}/{key}" if above else str(key)
        value = element.get("value")
        if key is not None and value is not None:
            found[path] = self._joined(found.get(path), str(value), path)
        for inner in element:
            self._add(found, inner, path)

    def _joined(self, before: Cell | None, value: str, path: str) -> Cell:
        if before is None:
            return value
        texts = (*before, value) if isinstance(before, tuple) else (before, value)
        if len(texts) > MANY:
            what = f"more than {MANY:,} texts of {shown(path)} in trace {self._trace}."
            raise IntakeError(what, where=self._place(), remedy="This is not an event log.")
        return texts

    def _place(self) -> str:
        return f"{self.file.name}, {self._so_far()}"

    def _so_far(self) -> str:
        return f"after trace {self._trace}" if self._trace else "before the first trace"

    def _too_much(self, size: int) -> IntakeError:
        what = f"more than {MOST:,} elements in one trace."
        if size <= MOST:
            what = f"elements lie more than {DEEPEST} levels deep."
        return IntakeError(what, where=self._place(), remedy="This is not an event log.")

    def _refused(self, what: str, remedy: str) -> IntakeError:
        return IntakeError(what, where=self._place(), remedy=remedy)


def _checked(root: Any, name: str) -> Any:
    if tag_of(root) != "log":
        what = f"the file begins with {shown(tag_of(root))}, not with an XES log."
        raise IntakeError(what, where=f"{name}:1", remedy="Name an XES file.")
    return root
