"""Play one case over HTTP against a running demo: `python tests/support/play_case.py ADDRESS`.

Standard library only, and as a browser without script would do it: it reads the page, fills in
the forms that stand there and sends them.
"""

import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar

OFFICER = ("陈静", "Chen Jing")
CASE = "/cases/YT-CF-2026-0417"
ARTICLE = ("第四十五条", "Art 45")
HELD = 409


class PlayError(Exception):
    """The case did not go as it should."""


@dataclass
class Control:
    """A control of a form that can be sent."""

    name: str
    value: str
    text: str = ""
    is_button: bool = False


@dataclass
class Form:
    """A form of a page with its controls, wherever on the page they stand."""

    action: str
    method: str
    controls: list[Control] = field(default_factory=list)

    def data(self, button: Control | None, changes: dict[str, str]) -> list[tuple[str, str]]:
        """Answer what a browser would send."""
        fields = [c for c in self.controls if not c.is_button and c.name]
        sent = [(c.name, changes.get(c.name, c.value)) for c in fields]
        return [*sent, *([(button.name, button.value)] if button and button.name else [])]


class Page(HTMLParser):
    """The forms, links and words of a page."""

    def __init__(self, address: str, status: int, html: str) -> None:
        super().__init__()
        self.address, self.status, self.text = address, status, html
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self._by_id: dict[str, Form] = {}
        self._waiting: list[tuple[str, Control]] = []
        self._form: Form | None = None
        self._open: Control | None = None
        self._link: str | None = None
        self._words: list[str] = []
        self.feed(html)
        for name, control in self._waiting:
            if name in self._by_id:
                self._by_id[name].controls.append(control)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take up what can be sent or followed."""
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
            self._by_id[given.get("id", "")] = self._form
        elif tag == "a":
            self._link, self._words = given.get("href", ""), []
        elif tag in ("input", "button", "textarea", "select"):
            self._take(tag, given)

    def _take(self, tag: str, given: dict[str, str]) -> None:
        kind = given.get("type", "submit" if tag == "button" else "text")
        if kind in ("radio", "checkbox") and "checked" not in given:
            return
        is_button = kind == "submit"
        control = Control(given.get("name", ""), given.get("value", ""), is_button=is_button)
        control.text = given.get("value", "") if tag == "input" else ""
        if "form" in given:
            self._waiting.append((given["form"], control))
        elif self._form:
            self._form.controls.append(control)
        if tag in ("button", "textarea"):
            self._open, self._words = control, []

    def handle_data(self, data: str) -> None:
        """Keep the words of a button, a link, a text area."""
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        words = " ".join("".join(self._words).split())
        if tag == "form":
            self._form = None
        elif tag == "a" and self._link is not None:
            self.links.append((self._link, words))
            self._link = None
        elif tag == "button" and self._open:
            self._open.text, self._open = words, None
        elif tag == "textarea" and self._open:
            self._open.value, self._open = words, None


class Visitor:
    """Somebody with a browser without script."""

    def __init__(self, address: str) -> None:
        self.base = address
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies)

    def open(self, path: str, data: list[tuple[str, str]] | None = None) -> Page:
        """Open a page, or send a form to it."""
        url = urllib.parse.urljoin(self.base, path)
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(url))
        request = urllib.request.Request(url, body, {"Origin": origin} if body else {})
        try:
            with self._opener.open(request, timeout=30) as answer:
                return Page(answer.url, answer.status, answer.read().decode())
        except urllib.error.HTTPError as problem:
            onward = problem.headers.get("Location", "")
            if problem.code == 307 and onward and data is not None:
                return self.open(urllib.parse.urljoin(url, onward), data)  # a form goes on as it is
            return Page(url, problem.code, problem.read().decode(errors="replace"))

    def send(self, page: Page, form: Form, button: Control | None, **changes: str) -> Page:
        """Press a button of a form."""
        action = urllib.parse.urljoin(page.address, form.action)
        data = form.data(button, changes)
        if form.method == "get":
            return self.open(f"{action}?{urllib.parse.urlencode(data)}")
        return self.open(action, data)


def button(page: Page, *words: str) -> tuple[Form, Control]:
    """Answer the form and the button with one of the words on it."""
    for form in page.forms:
        for control in form.controls:
            if control.is_button and any(word in control.text for word in words):
                return form, control
    raise PlayError(f"{page.address} ({page.status}) has no button {' / '.join(words)}")


def expect(page: Page, status: int, *words: str) -> Page:
    """Check a page's status, and that it says one of the words."""
    if page.status != status:
        raise PlayError(f"{page.address} answered {page.status} instead of {status}")
    if words and not any(word in page.text for word in words):
        raise PlayError(f"{page.address} does not say {' / '.join(words)}")
    return page


def sign_in(visitor: Visitor) -> None:
    """Choose the officer on the first page, by a button or a link."""
    start = expect(visitor.open("/"), 200)
    for link, words in start.links:
        if any(name in words for name in OFFICER):
            expect(visitor.open(link), 200)
            return
    form, choice = button(start, *OFFICER)
    expect(visitor.send(start, form, choice), 200)


def play(address: str) -> None:
    """Raise a fine after the owner objected, see it held, put it back, see it decided."""
    visitor = Visitor(address)
    sign_in(visitor)
    case = expect(visitor.open(CASE), 200)
    form, decide = button(case, "决定", "Decide")
    held = expect(visitor.send(case, form, decide, amount="2000"), HELD, *ARTICLE)
    form, back = button(held, "800")
    expect(visitor.send(held, form, back), 200, "已记录", "Recorded")


if __name__ == "__main__":
    try:
        play(sys.argv[1])
    except (PlayError, OSError) as problem:
        sys.exit(f"FAILED: {problem}")
    print("OK: the fine was raised, held, put back and decided")
