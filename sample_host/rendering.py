"""What every template can use: words, sums, dates, people, slots."""

from datetime import datetime
from typing import Any

from flask import Flask, current_app, g, request
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from cleangov_hooks import AttributeValue, Money

from . import i18n, visit
from .benchmarks import BENCHMARKS
from .city import here
from .flow import Flow
from .host import csrf_field, slot
from .matter import Act, Matter
from .people import PEOPLE, holders
from .words import WORDS


def install(app: Flask) -> None:
    """Give an application's templates their functions.

    :param app: the application.
    """
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined  # a name nobody gave is a mistake, not a blank
    app.jinja_env.globals.update(
        t=t,
        money=_money,
        day=_day,
        minute=_minute,
        weekday=_weekday,
        name_of=_name_of,
        said=_said,
        detail=_detail,
        words=WORDS,
        benchmarks=BENCHMARKS,
        holders=holders,
        share=_share,
        reason_of=_reason_of,
        supervision_slot=supervision_slot,
        csrf_field=csrf_field,
        language_switch=_language_switch,
    )
    app.jinja_env.filters["who_is"] = _name_of
    app.context_processor(_page)


def t(key: str, **values: object) -> str:
    """Answer a text of the catalogue in the page's language.

    :param key: dotted key.
    :param values: what stands in its braces.
    """
    return i18n.word(key, visit.language(), **values)


def supervision_slot(name: str) -> Markup:
    """Answer what the plugins show in a slot of this page; empty without plugins.

    :param name: ``step.hint``, ``step.panel``, ``step.done``, ``person.inbox``, ``page.end``.
    """
    step = g.get("done_step") if name == "step.done" else g.get("step")
    return slot(here(), name, step)


def _page() -> dict[str, Any]:
    city = here()
    return {
        "lang": visit.language(),
        "zh": i18n.is_chinese(visit.language()),
        "who": visit.who(),
        "now": city.clock.now(),
        "clock_is_demo": city.clock.is_demo,
        "is_attached": city.is_supervised(),
        "is_off": city.is_switched_off(),
        "has_switch": city.settings.kill_switch is not None,
        "here_path": _here_path(),
        "has_administrator": "administrator" in current_app.blueprints,
    }


def _here_path() -> str:
    """Answer a path that shows this page again, for forms that come back here."""
    return request.path if request.method == "GET" else _shown_by_get(request.path)


def _shown_by_get(path: str) -> str:
    return path if path.count("/") <= 3 else "/"


def _language_switch(language: str) -> str:
    query = MultiDict((k, v) for k, v in request.args.items(multi=True) if k != "lang")
    query["lang"] = language
    return f"{_here_path()}?{'&'.join(f'{_quoted(k)}={_quoted(v)}' for k, v in query.items())}"


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


def _money(value: Money | int | None) -> str:
    if value is None:
        return "–"
    minor = value.minor if isinstance(value, Money) else value
    return i18n.money(minor, visit.language())


def _day(value: datetime) -> str:
    return i18n.day(value, visit.language())


def _minute(value: datetime) -> str:
    return i18n.minute(value, visit.language())


def _weekday(value: datetime) -> str:
    return i18n.weekday(value, visit.language())


def _name_of(person: str) -> str:
    official = PEOPLE.get(person)
    return official.name(visit.language()) if official else person


def _share(part: int, whole: int) -> str:
    """Write a share to the hundredth of a percent, cut off, without any float."""
    sign = "%" if visit.language().startswith("zh") else " %"
    hundredths = part * 10_000 // whole if whole else 0
    return f"{hundredths // 100}.{hundredths % 100:02d}{sign}"


def _reason_of(matter: Matter, no: str) -> str:
    """Answer why a variation was asked for, in the page's language."""
    asked = (act for act in matter.acts if act.details.get("reason") is not None)
    act = next((act for act in asked if act.details.get("variation_no") == no), None)
    return _shown(act, "reason") if act else ""


def _said(text: Any) -> str:
    return str(text.said(visit.language()))


def _detail(flow: Flow, act: Act) -> list[tuple[str, str]]:
    """List what was filled in at a step, labelled, in the order of its form."""
    step = flow.step(act.step)
    codes = [field.name for field in step.fields if field.is_sent] if step else []
    codes += ["variation_no"] if "variation_no" not in codes else []
    codes += ["article", "tier_chosen", "band_min", "band_max"] if act.step == "decide" else []
    return [(t(f"field.{code}"), _shown(act, code)) for code in codes if code in act.details]


def _shown(act: Act, code: str) -> str:
    translated: AttributeValue = act.details.get(f"{code}@en")
    value = act.details[code]
    if translated is not None and not i18n.is_chinese(visit.language()):
        return str(translated)
    if isinstance(value, Money):
        return _money(value)
    if code == "article":
        return next(
            (_said(row.article) for row in BENCHMARKS.values() if row.article.zh == value),
            str(value),
        )
    key = f"choice.{code}.{value}"
    return t(key) if key in WORDS else str(value)
