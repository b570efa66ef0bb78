"""The pages of the platform, one blueprint; the address bar speaks of cases, permits, projects."""

from flask import Flask

from . import front, lists, matters, opening, papers, payments


def register(app: Flask) -> None:
    """Add every page to an application.

    :param app: the application.
    """
    for part in (front, lists, opening, payments, papers, matters):
        app.register_blueprint(part.pages)
