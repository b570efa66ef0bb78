"""The sample city for a real server: ``gunicorn tests.servers.city_app:app()``."""

import json
import os
from typing import Any

from flask import Flask, Response

from sample_host import create_app
from sample_host.city import of

#: The applications that this process, or the one it was forked from, has made.
made: list[Flask] = []


def app() -> Flask:
    """Make the city from the settings in the environment; every answer names its process."""
    found = create_app(json.loads(os.environ["CITY_SETTINGS"]))

    def named(response: Response) -> Response:
        response.headers["X-Worker"] = str(os.getpid())
        return response

    found.after_request(named)
    made.append(found)
    return found


def forked(_server: Any, _worker: Any) -> None:
    """Forget connections that were opened before the fork: what docs/install.md asks of a host."""
    for one in made:
        of(one).engine.dispose(close=False)
