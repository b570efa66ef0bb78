"""What every page of the sample city must be: balanced, labelled, without doubles or strangers."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
CONTROLS = {"input", "select", "textarea"}


@dataclass
class Element:
    """An element that is open, or was."""

    tag: str
    given: dict[str, str]
    text: str = ""


@dataclass
class Checked(HTMLParser):
    """A page as it was read, with what is wrong with it.

    :param html: the whole page.
    """

    html: str
    problems: list[str] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)
        self.close()
        if self._open:
            self.problems.append(f"not closed: {[element.tag for element in self._open]}")
        self._check_ids()
        self._check_labels()
        self._check_references()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.problems.append(f"<{tag}> has an attribute twice: {names}")
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag == "form" and any(outer.tag == "form" for outer in self._open):
            self.problems.append("a form stands in a form")
        if any(name.startswith("on") or name == "style" for name in names):
            self.problems.append(f"<{tag}> has inline script or style: {names}")
        for outer in self._open:
            if outer.tag == "label" and tag in CONTROLS:
                element.given.setdefault("aria-label", outer.tag)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open[-1].tag != tag:
            self.problems.append(f"</{tag}> closes {[element.tag for element in self._open[-3:]]}")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    @property
    def text(self) -> str:
        """Answer what a reader reads."""
        return next((e.text for e in self.elements if e.tag == "body"), "")

    def found(self, tag: str, **given: str) -> list[Element]:
        """Answer the elements of a tag with these attributes."""
        return [
            element
            for element in self.elements
            if element.tag == tag and given.items() <= element.given.items()
        ]

    def _check_ids(self) -> None:
        ids = [element.given["id"] for element in self.elements if "id" in element.given]
        doubles = sorted({id_ for id_ in ids if ids.count(id_) > 1})
        if doubles:
            self.problems.append(f"ids that stand twice: {doubles}")

    def _check_labels(self) -> None:
        labelled = {element.given.get("for") for element in self.found("label")}
        for element in self.elements:
            given = element.given
            if element.tag not in CONTROLS or given.get("type") == "hidden":
                continue
            if (
                not ({"aria-label", "aria-labelledby"} & set(given))
                and given.get("id") not in labelled
            ):
                self.problems.append(f"no label: <{element.tag} {given}>")
        for element in self.found("button"):
            if not element.text.strip():
                self.problems.append(f"a button without words: {element.given}")

    def _check_references(self) -> None:
        ids = {element.given.get("id") for element in self.elements}
        for element in self.elements:
            for name in ("aria-labelledby", "aria-describedby", "for", "form"):
                for target in element.given.get(name, "").split():
                    if target not in ids:
                        self.problems.append(f"<{element.tag} {name}={target!r}> leads nowhere")
            target = element.given.get("href", "")
            if element.tag in ("a", "link") and target.startswith(("http", "//", "javascript")):
                self.problems.append(f"leads elsewhere: {target}")
