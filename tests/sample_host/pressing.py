"""Somebody who presses the tour bar's buttons, as a browser without script would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import Flask

HERE = "http://localhost"
#: Presses for the whole tour, Start among them; demo.md allows as many.
MOST = 15
END = "/cleangov/"


@dataclass
class Pressed:
    """A button or a link of the bar.

    :param kind: ``"do"``, ``"following"`` or another class.
    :param form: id of the form it sends, or the number of the one around it.
    :param link: where it leads, if it is a link.
    :param name: what it adds to the form.
    :param value: the value of it.
    """

    kind: str
    form: str = ""
    link: str = ""
    name: str = ""
    value: str = ""


@dataclass
class Sent:
    """A form with what it would send.

    :param action: where.
    :param fields: names and values.
    """

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class BarPage(HTMLParser):
    """A page's forms, and the bar on it.

    :param html: the whole page.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.forms: dict[str, Sent] = {}
        self.buttons: dict[str, Pressed] = {}
        self.said = ""
        self._loose: list[tuple[str, str, str]] = []
        self._form = self._select = self._area = ""
        self._is_bar = self._is_sentence = False
        self.feed(html)
        for form, name, value in self._loose:
            if form in self.forms:
                self.forms[form].fields.append((name, value))
        self.said = " ".join(self.said.split())

    @property
    def csrf(self) -> str:
        """Answer the city's form token, if a form of the page has it."""
        every = (pair for form in self.forms.values() for pair in form.fields)
        return next((value for name, value in every if name == "csrf_token"), "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "aside" and given.get("class") == "tour":
            self._is_bar = True
        elif tag == "p" and self._is_bar:
            self._is_sentence = True
        elif tag == "form":
            self._form = given.get("id") or f"form {len(self.forms)}"
            self.forms[self._form] = Sent(given.get("action", ""))
        elif tag in ("button", "a") and self._is_bar:
            self._take_button(given)
        elif tag == "input" and given.get("type") != "submit":
            is_off = given.get("type") in ("radio", "checkbox") and "checked" not in given
            if not is_off:
                self._add(given.get("name", ""), given.get("value", ""), given.get("form"))
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and "selected" in given:
            self._add(self._select, given.get("value", ""), None)
        elif tag == "textarea":
            self._add(given.get("name", ""), "", given.get("form"))
            self._area = given.get("name", "") if "form" not in given else ""

    def _take_button(self, given: dict[str, str]) -> None:
        kind = given.get("class", "")
        self.buttons[kind] = Pressed(
            kind=kind,
            form=given.get("form") or self._form,
            link=given.get("href", ""),
            name=given.get("name", ""),
            value=given.get("value", ""),
        )

    def _add(self, name: str, value: str, form: str | None) -> None:
        self._loose.append((form or self._form, name, value))

    def handle_data(self, data: str) -> None:
        if self._is_sentence:
            self.said += data
        if self._area:
            form, name, value = self._loose[-1]
            self._loose[-1] = (form, name, (value + data).removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "aside":
            self._is_bar = False
        elif tag == "p":
            self._is_sentence = False
        elif tag == "form":
            self._form = ""
        elif tag == "textarea":
            self._area = ""


class Presser:
    """Somebody in front of the city who uses the bar.

    :param app: the city.
    :param language: of the pages.
    """

    def __init__(self, app: Flask, language: str = "zh-CN") -> None:
        self.client = app.test_client()
        self.presses = 0
        self.open(f"/?lang={language}")

    def moved_to(self, app: Flask) -> None:
        """Go on with the same browser before a city that was started anew."""
        cookie = self.client.get_cookie("yunting")
        self.client = app.test_client()
        if cookie is not None:
            self.client.set_cookie("yunting", cookie.value)

    def open(self, path: str) -> BarPage:
        """Open a page."""
        return self._shown(self.client.get(path, follow_redirects=True))

    def press(self, kind: str = "do") -> BarPage:
        """Press a button of the bar."""
        button = self.page.buttons[kind]
        self.presses += 1
        if button.link:
            return self.open(button.link)
        form = self.page.forms[button.form]
        added = [(button.name, button.value)] if button.name else []
        return self.send(form.action, [*form.fields, *added])

    def send(self, action: str, fields: list[tuple[str, str]]) -> BarPage:
        """Send a form."""
        told = {"Origin": HERE, "Referer": f"{HERE}{self.path}"}
        data: dict[str, Any] = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        answer = self.client.post(action, data=data, headers=told)
        if answer.status_code == 307:  # the form goes on as it is
            return self.send(answer.location, fields)
        return self.open(answer.location) if answer.status_code == 303 else self._shown(answer)

    def _shown(self, answer: Any) -> BarPage:
        self.status, self.path = answer.status_code, answer.request.path
        self.page = BarPage(answer.text)
        return self.page


def is_over(presser: Presser) -> bool:
    """Answer whether the bar has nothing more to press but the way to the front page."""
    page = presser.page
    return "do" not in page.buttons and (presser.path == END or "following" not in page.buttons)


def play_on(presser: Presser, most: int = MOST) -> list[str]:
    """Press [do it for me] to the end; answer what the bar said before each press."""
    said: list[str] = []
    while not is_over(presser):
        assert len(said) < most, said
        said.append(presser.page.said)
        presser.press("do" if "do" in presser.page.buttons else "following")
        assert presser.status in (200, 409), (presser.path, presser.status, said)
    return said
