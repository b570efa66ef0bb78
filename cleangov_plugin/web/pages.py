"""Our own templates in our own environment: the host's filters and globals stay the host's."""

from functools import lru_cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from .words import word


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("cleangov_plugin.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(name: str, language: str, **values: Any) -> str:
    """Render one of our templates.

    :param name: file name below ``templates/cleangov/``.
    :param language: BCP 47 tag for the screens' own words.
    :param values: what the template shows; escaped by the environment.
    :return: HTML.
    """
    template = _environment().get_template(f"cleangov/{name}")
    zh = language.lower().startswith("zh")
    return template.render(language=language, zh=zh, w=partial(_word, language), **values)


def _word(language: str, key: str, **values: object) -> str:
    return word(key, language, **values)
