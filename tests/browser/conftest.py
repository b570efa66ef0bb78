"""A real browser, its pages, and a server to point them at."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import element_place
from tests.support import browser as browsers
from tests.support.ends import cities_end

#: What the bar of the tour does in one language alone, but in the full counts: the tour itself is
#: played in each.
_ONCE = {
    "test_hands_and_the_bar_may_take_turns": "en",
    "test_a_scene_may_be_left_and_is_offered_later": "zh-CN",
    "test_the_tour_goes_by_keyboard": "en",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            if _is_of_the_full_count(item):
                item.add_marker(pytest.mark.slow)


def _is_of_the_full_count(item: pytest.Item) -> bool:
    """Each language, way to press, width and scheme is met once; all with all, in the full counts.

    English meets a script, a narrow screen and the dark; Chinese the others.
    """
    given = item.callspec.params if isinstance(item, pytest.Function) and _is_one(item) else {}
    language = given.get("language")
    if language != _ONCE.get(getattr(item, "originalname", ""), language):
        return True
    met = {"has_script": True, "script": True, "width": 360, "scheme": "dark"}
    axis = next((axis for axis in met if axis in given), None)
    if language is None or axis is None:
        return False
    return (given[axis] == met[axis]) != (language == "en")


def _is_one(item: pytest.Function) -> bool:
    return hasattr(item, "callspec")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A started Chromium; a machine without one fails, it does not skip."""
    from playwright import sync_api as playwright_api

    path = browsers.find(install=False)
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=browsers.arguments())
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open pages, each in a context of its own: `open_page(java_script_enabled=False)`."""
    contexts = []

    def _open(**options: Any) -> Any:
        options.setdefault("locale", "zh-CN")
        options.setdefault("viewport", {"width": 1280, "height": 800})
        context = chromium.new_context(**options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield _open
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    """A desktop page with script, in zh-CN."""
    return open_page()


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo's folder in which the story was told once, to copy."""
    from sample_host import serve as demo
    from sample_host.app import create_app
    from sample_host.city import of
    from sample_host.story import tell

    folder = tmp_path_factory.mktemp("story")
    with cities_end():
        tell(of(create_app(demo.config(folder))))
    return folder


@pytest.fixture(autouse=True)
def _cities_end() -> Iterator[None]:
    with cities_end():
        yield


@pytest.fixture
def make_place(tmp_path: Path, database_url: str) -> Iterator[Callable[..., element_place.Place]]:
    """Make hosts whose page shows the panel in the element; they are closed at the end."""
    yield from element_place.element_places(tmp_path, database_url)


@pytest.fixture
def serve() -> Iterator[Callable[[Any], str]]:
    """Serve a WSGI application on a free port: `serve(app) -> "http://127.0.0.1:49152"`."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    class QuietHandler(WSGIRequestHandler):
        def log(self, type: str, message: str, *args: Any) -> None:
            """Keep the tests' output clean."""

    running = []

    def _serve(app: Any) -> str:
        whole = _read_whole(app)
        server = make_server("127.0.0.1", 0, whole, threaded=True, request_handler=QuietHandler)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield _serve
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


def _read_whole(app: Any) -> Callable[[Any, Any], list[bytes]]:
    """Read every answer before it is sent: a browser that goes away leaves no file open here."""

    def answering(environ: Any, start: Any) -> list[bytes]:
        parts = app(environ, start)
        try:
            return [b"".join(parts)]
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return answering
