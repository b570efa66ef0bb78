"""Preparing and serving the demo: ``python -m sample_host.serve --folder DIR [--load [--reset]]``.

Everything the demo keeps lies in one folder: the database, keys, spool, kill switch and log.
"""

import argparse
import json
import logging
import os
import secrets
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from .administrator import is_sealing, place_of
from .app import create_app
from .city import of
from .folder import FolderInUseError, empty, forget_database, used
from .logs import replay
from .oversight_key import begin_key, end_key, public_key, reading
from .story import tell

#: The demo day: Tuesday, ten o'clock in the city.
CLOCK: Final = "2026-03-10T10:00:00+08:00"
#: Who looks a second time where a reviewer does not: of the legal department, to whom no officer of
#: the three streams reports, so that no tie to a head of theirs stands in the way.
SECOND_HEADS: Final = "rule_steward"
#: How a running demo seals what it records; nothing else does.
SEALING: Final = {"CLEANGOV_SEAL_SECONDS": "1"}
#: Seconds that preparing waits for the story to be sealed; a running demo would do the rest.
_PATIENCE: Final = 30
_LANGUAGES: Final = {"zh": "zh-CN", "en": "en"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare the demo, or serve it until it is interrupted.

    :param arguments: command line without the program's name; None takes the process's own.
    :return: exit status.
    """
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.reset and not given.load:
        parser.error("--reset goes with --load")
    given.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with used(given.folder, alone=given.reset):
            if given.reset:
                empty(given.folder)
            _run(given)
    except FolderInUseError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


def _run(given: argparse.Namespace) -> None:
    logging.basicConfig(
        filename=given.folder / "city.log",
        encoding="utf-8",
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    if given.load:
        sys.stdout.write(json.dumps(prepare(given.folder)) + "\n")
    else:
        with _opened({**config(given.folder, _LANGUAGES[given.lang]), **SEALING}) as app:
            _serve(app, given.port)


def config(folder: Path, language: str = "zh-CN") -> dict[str, Any]:
    """Answer the settings of a demo that keeps everything in one folder.

    :param folder: the folder; the key of the session cookie is made there.
    :param language: of the first visit.
    """
    folder = folder.resolve()
    key = public_key(folder)
    return {
        **({"CLEANGOV_OVERSIGHT_KEY": key} if key else {}),
        "DATABASE_URL": f"sqlite:///{folder / 'city.db'}",
        "LANGUAGE": language,
        "CLOCK": CLOCK,
        "KILL_SWITCH_FILE": folder / "supervision.off",
        "SECRET_KEY": _secret(folder / "session.key"),
        "CLEANGOV_KEYS": str(folder / "keys"),
        "CLEANGOV_SPOOL": str(folder / "spool"),
        "CLEANGOV_RECEIPTS": str(folder / "receipts"),
        "CLEANGOV_HEADS": str(folder / "heads"),
        "CLEANGOV_SECOND_HEADS": SECOND_HEADS,
        "ADMINISTRATOR": folder / "administrator.json",
    }


def prepare(folder: Path) -> dict[str, Any]:
    """Make the database, replay the public logs and tell the story; what is there stays.

    The logs are sealed as soon as they are there, the story by a running platform, on its clock.

    :param folder: the demo's folder.
    :return: how many real cases there are, and of what; the command that reads notes to
        oversight, where there is a key for them.
    """
    settings = config(folder)
    if not (folder / "city.db").exists():
        forget_database(folder)
    making = begin_key(folder)
    guests = {name: text for name, text in settings.items() if name.startswith("CLEANGOV_")}
    with _opened(settings) as app:
        told = {**replay(str(settings["DATABASE_URL"]), guests, folder), "steps": tell(of(app))}
    end_key(making)
    if public_key(folder):
        told["notes"] = reading(str(settings["DATABASE_URL"]), folder)
    if told["steps"]:
        _seal_story({**settings, **SEALING})
    return told


def _seal_story(settings: Mapping[str, Any]) -> None:
    """Run the platform until it has sealed the story, so that whoever comes first need not wait."""
    with _opened(settings) as app:
        place = place_of(of(app).settings)
        app.test_client().get("/")  # the first page begins it
        end = time.monotonic() + _PATIENCE
        while place and is_sealing(place) and time.monotonic() < end:
            time.sleep(0.1)


@contextmanager
def _opened(settings: Mapping[str, Any]) -> Iterator[Flask]:
    """Hold a city open, and close its database at the end."""
    app = create_app(settings)
    try:
        yield app
    finally:
        of(app).engine.dispose()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sample_host.serve", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the demo keeps its data")
    parser.add_argument("--load", action="store_true", help="prepare the data, and end")
    parser.add_argument("--reset", action="store_true", help="with --load: begin anew")
    parser.add_argument("--port", type=int, default=8010)
    parser.add_argument("--lang", choices=sorted(_LANGUAGES), default="zh")
    return parser


def _secret(path: Path) -> str:
    """Read the key of the session cookie, or make it, for its owner alone."""
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii")


class _Quiet(WSGIRequestHandler):
    """Writes no line a request to the terminal."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Send what the server says to the log.

        :param type: name of a level, as werkzeug gives it.
        :param message: the line, with places for the arguments.
        :param args: the arguments.
        """
        level = logging.ERROR if type == "error" else logging.DEBUG
        logging.getLogger("sample_host").log(level, message, *args)


def _serve(app: Any, port: int) -> None:
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    with suppress(KeyboardInterrupt):
        server.serve_forever()
    server.server_close()


if __name__ == "__main__":
    sys.exit(main())
