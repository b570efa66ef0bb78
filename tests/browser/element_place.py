"""A host whose page shows the panel in the element, under a strict policy and a rude style."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Response, redirect, request

from cleangov_hooks import Event
from tests.plugin.day import BAND
from tests.support.small_host import SmallHost

_PAGE = """<!doctype html><html lang="{tongue}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Step</title>
<link rel="stylesheet" href="/rude.css"></head><body><main><h1>Step</h1>
<form method="post" action="/host" id="the-hosts">
  <label>Amount <input name="amount" value="2000"></label>
  {before}{panel}{after}
  <button id="hosts-button">Decide</button>
</form></main>{end}<script src="/cleangov/static/prompts.js" defer></script></body></html>"""
_RUDE = """button{text-transform:uppercase; font:9px serif; background:#f0f; padding:0}
section, details, textarea{border:9px dotted #f00; font-family:serif} h2{font-size:9px}
.far{height:5000px}"""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)


class Place:
    """The host; a test may change its attributes before a page is asked for.

    :param url: SQLAlchemy URL.
    :param folder: an empty folder.
    :param tongue: language of the page.
    """

    def __init__(self, url: str, folder: Path, tongue: str = "en", **settings: str) -> None:
        self.host = host = SmallHost(url, folder, settings)
        host.tongue = tongue
        host.start()
        assert host.plugin.desk is not None, host.plugin.inert.reason
        self.is_wrapped, self.slot, self.far = True, "step.panel", False
        self.policy = POLICY
        self.posted: list[dict[str, str]] = []
        self.event: Event | None = None
        for path, name, view, methods in (
            ("/page", "page", self.page, ["GET"]),
            ("/rude.css", "rude", self.rude, ["GET"]),
            ("/cases/<no>/<name>", "taken", self.take, ["POST"]),
            ("/host", "host", self.take, ["POST"]),
            (
                "/cases/<no>",
                "case",
                lambda no: redirect(f"/page?{request.query_string.decode()}"),
                ["GET"],
            ),
        ):
            host.app.add_url_rule(path, name, view, methods=methods)

    def heavier_fine(self) -> str:
        """Ask for a fine that is heavier than was notified; answer the prompt's id."""
        host = self.host
        host.write(host.event("enf.intent.notified", 800))
        host.write(host.event("enf.defence.received"))
        return self.ask(host.event("enf.decision.made", 2000))

    def outside_the_band(self) -> str:
        """Ask for a fine that needs a reason in words; answer the prompt's id."""
        return self.ask(self.host.event("enf.decision.made", 1_001, **BAND))

    def ask(self, event: Event) -> str:
        """Ask the gate for an event; answer the id of the prompt that holds it."""
        self.event = event
        (prompt,) = self.host.gate(event).prompts
        return prompt.id

    def page(self) -> Response:
        """Show the page of the step."""
        step = self.host.step(self.event, f"a-{self.event.case_id}") if self.event else None
        shown = {}
        for name in (self.slot, "page.end"):
            report = self.host.call("cleangov_slot", name=name, step=step, medium="html")
            shown[name] = "".join(value.content for value in report.values)
        tags = ("<cleangov-prompts>", "</cleangov-prompts>") if self.is_wrapped else ("", "")
        if self.far:
            tags = ('<div class="far"></div>' + tags[0], tags[1])
        html = _PAGE.format(
            tongue=self.host.tongue,
            before=tags[0],
            panel=shown[self.slot],
            after=tags[1],
            end=shown["page.end"],
        )
        return Response(html, headers={"Content-Security-Policy": self.policy})

    def rude(self) -> Response:
        """Answer a style that would spoil whatever it reaches."""
        return Response(_RUDE, mimetype="text/css")

    def take(self, no: str = "", name: str = "") -> str:
        """Take a step."""
        self.posted.append({"to": request.path, **request.form.to_dict()})
        return f"<title>taken</title><p>the host has it: {request.form.get('amount')}</p>"

    # ---- What the database says

    def rows(self, query: str) -> list[Any]:
        """Ask the database itself."""
        with self.host.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]

    def answers(self) -> list[str]:
        """List the kinds of answers, oldest first."""
        rows = self.rows("SELECT kind FROM cleangov_answer ORDER BY answered_at, answer_id")
        return [kind for (kind,) in rows]

    def fates(self) -> list[str]:
        """List the fates of all prompts, in order."""
        return [fate for (fate,) in self.rows("SELECT fate FROM cleangov_prompt_fate ORDER BY id")]

    def synced(self) -> list[str]:
        """List what each answer's entry says of how it came: clock and origin."""
        rows = self.rows(
            "SELECT body FROM cleangov_entry WHERE kind = 'int.prompt.answered' ORDER BY id"
        )
        return ["synced" if '"synced"' in body else "live" for (body,) in rows]


def approved(page: Any, words: str = "") -> None:
    """Open the answer that leaving the band was approved, and fill it in; it is not sent.

    :param page: the page, in English or Chinese.
    :param words: what is written besides.
    """
    page.locator("summary:visible", has_text=re.compile("已按规定批准偏离|deviation is")).click()
    box = page.locator("details[open]:visible")
    box.locator("select").select_option("head")
    box.locator("input").fill("城管批〔2026〕7 号")
    box.locator("textarea").fill(words)


def element_places(folder: Path, url: str) -> Iterator[Callable[..., Place]]:
    """Make a place, which is closed at the end: the body of a fixture.

    :param folder: an empty folder.
    :param url: SQLAlchemy URL.
    """
    made: list[Place] = []

    def make(tongue: str, **settings: str) -> Place:
        made.append(Place(url, folder, tongue, **settings))
        return made[-1]

    yield make
    for place in made:
        place.host.close()
