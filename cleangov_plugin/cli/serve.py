"""``cleangov serve``: steps, gate, answers and events for hosts in other languages."""

import sys
from pathlib import Path
from typing import Any

import click

from .options import Options


@click.command("serve")
@click.option(
    "--platform",
    required=True,
    type=click.Path(path_type=Path),
    help="JSON file: the authority, and the kinds of event the platform sends.",
)
@click.option(
    "--callers",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder of the keys of callers, <caller>-<number>.key.",
)
@click.option(
    "--seen",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder, on this machine, that remembers nonces and Idempotency-Keys.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8790, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--gate-ms",
    default=50,
    show_default=True,
    type=click.IntRange(10, 10_000),
    metavar="MS",
    help="Milliseconds that rules may use at a gate; then the step passes, and that is recorded.",
)
@click.option(
    "--sign-in",
    "tickets",
    type=click.Path(path_type=Path),
    help="Folder of the keys of platforms that sign people in; then pages are shown, too.",
)
@click.option(
    "--oidc",
    type=click.Path(path_type=Path),
    help="JSON file: the provider of OpenID Connect at which people sign in.",
)
@click.option(
    "--origin",
    default="http://127.0.0.1:8790",
    show_default=True,
    metavar="URL",
    help="Address of this service as people see it.",
)
@click.pass_obj
def command(
    options: Options,
    /,
    host: str,
    port: int,
    tickets: Path | None,
    oidc: Path | None,
    origin: str,
    **given: Any,
) -> None:
    """Serve the API under /cleangov/api/v1 until interrupted; every caller signs.

    With --sign-in or --oidc the pages under /cleangov/ are there for people, see docs/sign-in.md.

    Without a key of a caller it refuses to start. For more than a handful of officers run it by
    gunicorn, see docs/serve.md.
    """
    from werkzeug.serving import make_server

    from .wsgi import People, service

    people = People(tickets=tickets, oidc=oidc, origin=origin)
    with service(options.url, people=people, **given) as app:
        server = make_server(host, port, app, threaded=True)
        address = f"http://{host}:{server.server_port}/cleangov/api/v1/"
        options.say({"address": address}, address)
        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            server.server_close()
