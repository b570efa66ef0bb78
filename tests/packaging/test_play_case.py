"""The player of one case notices when a step is not held, and when it is not recorded."""

import threading
from collections.abc import Callable, Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from tests.support import play_case

START = '<form method="post" action="/as"><button name="who" value="chen">陈静 执法</button></form>'
CASE = """<form method="post" action="/decide">
<input name="amount" value="800"><button>决定</button></form>"""
HELD = """<p>第四十五条</p><button form="f1">改回 800 元</button>
<form id="f1" action="/decide" method="post">
<input type="hidden" name="amount" value="800"></form>"""
GOOD = {"decide 2000": (409, HELD), "decide 800": (200, "已记录")}


class Quiet(WSGIRequestHandler):
    """Says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def serve() -> Iterator[Callable[[dict[str, tuple[int, str]]], str]]:
    servers = []

    def _serve(answers: dict[str, tuple[int, str]]) -> str:
        def app(environ, start_response):  # type: ignore[no-untyped-def]
            path, size = environ["PATH_INFO"], int(environ.get("CONTENT_LENGTH") or 0)
            sent = environ["wsgi.input"].read(size).decode()
            pages = {"/": (200, START), "/as": (200, ""), play_case.CASE: (200, CASE)}
            key = f"decide {sent.removeprefix('amount=')}"
            status, body = pages.get(path) or answers[key]
            start_response(f"{status} x", [("Content-Type", "text/html; charset=utf-8")])
            return [body.encode()]

        server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/"

    yield _serve
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_case_that_is_held_put_back_and_decided_is_played(
    serve: Callable[[dict[str, tuple[int, str]]], str],
) -> None:
    play_case.play(serve(GOOD))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"decide 2000": (200, "已记录")}, "answered 200 instead of 409"),
        ({"decide 2000": (409, HELD.replace("四十五", "一"))}, "does not say 第四十五条"),
        ({"decide 2000": (409, "第四十五条")}, "has no button 800"),
        ({"decide 800": (409, HELD)}, "answered 409 instead of 200"),
        ({"decide 800": (200, "…")}, "does not say 已记录"),
        ({"decide 2000": (500, "")}, "answered 500"),
    ],
)
def test_a_case_that_goes_otherwise_fails_with_its_reason(
    serve: Callable[[dict[str, tuple[int, str]]], str],
    change: dict[str, tuple[int, str]],
    reason: str,
) -> None:
    with pytest.raises(play_case.PlayError, match=reason):
        play_case.play(serve({**GOOD, **change}))
