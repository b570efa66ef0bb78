"""The pages of the platform, one blueprint; the address bar speaks of cases, permits, projects."""

from flask import Flask

from sample_host.administrator import place_of
from sample_host.city import of

from . import administrator, front, lists, matters, opening, papers, payments


def register(app: Flask) -> None:
    """Add every page to an application.

    :param app: the application.
    """
    for part in (front, lists, opening, payments, papers, matters):
        app.register_blueprint(part.pages)
    if place_of(of(app).settings) is not None:
        app.register_blueprint(administrator.pages)
