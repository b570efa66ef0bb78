"""Plugins are found by entry point, and a broken one is named instead of stopping the host."""

import logging
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pluggy
import pytest

from cleangov_hooks import (
    ENTRY_POINT_GROUP,
    PROJECT,
    Loaded,
    hookimpl,
    hookspecs,
    load,
    manager,
    unknown_hooks,
)

GROUP = "cleangov.tests"
Install = Callable[..., None]

GOOD = """
    from cleangov_hooks import Fragment, hookimpl

    class Plugin:
        @hookimpl
        def cleangov_slot(self, name):
            return Fragment(medium="html", content=name)
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install distributions for real: a dist-info folder and a module on the path."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def _install(name: str, source: str, target: str | None = None, group: str = GROUP) -> None:
        module = f"stranger_{name}"
        (tmp_path / f"{module}.py").write_text(textwrap.dedent(source), encoding="utf-8")
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n", encoding="utf-8"
        )
        line = f"[{group}]\n{name} = {target or module + ':Plugin'}\n"
        (info / "entry_points.txt").write_text(line, encoding="utf-8")
        monkeypatch.delitem(sys.modules, module, raising=False)

    return _install


@pytest.mark.parametrize(
    ("source", "target", "error"),
    [
        ("import no_such_module_anywhere", None, "ModuleNotFoundError"),
        ("def broken(:", None, "SyntaxError"),
        ("raise BaseException('no')", None, "BaseException"),
        ("Other = 1", None, "AttributeError"),
        ("class Plugin:\n    def __init__(self): 1 / 0", None, "ZeroDivisionError"),
        ("Plugin = 1", "stranger_b:Plugin:", "ValueError"),
        ("", "stranger_of_nobody:Plugin", "ModuleNotFoundError"),
    ],
)
def test_a_broken_entry_point_is_named_and_the_others_are_loaded(
    install: Install,
    source: str,
    target: str | None,
    error: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    install("a", GOOD)
    install("b", source, target)
    install("c", GOOD)
    pm = manager()
    with caplog.at_level(logging.WARNING):
        lines = {line.name: line for line in load(pm, GROUP)}
    assert [lines[name].is_registered for name in "abc"] == [True, False, True]
    assert lines["b"].error is not None
    assert lines["b"].hint
    if target != "stranger_b:Plugin:":  # how a malformed value fails is importlib's affair
        assert lines["b"].error == error
    assert "plugin b" in caplog.text
    assert len(pm.hook.cleangov_slot(name="n", step=None, medium="html")) == 2


def test_what_ends_the_process_passes_through_an_import(install: Install) -> None:
    install("a", "raise SystemExit(3)")
    with pytest.raises(SystemExit):
        load(manager(), GROUP)


def test_a_wrong_argument_name_is_refused_by_name(install: Install) -> None:
    install("a", GOOD.replace("self, name", "self, nmae").replace("content=name", "content=''"))
    (line,) = load(manager(), GROUP)
    assert (line.is_registered, line.error) == (False, "PluginValidationError")
    assert "do not fit the contract" in line.hint


def test_a_strangers_misspelt_hook_is_named_and_stops_nobody(install: Install) -> None:
    install("good", GOOD)
    install("stranger", GOOD.replace("cleangov_slot", "cleangov_slto"))
    pm = manager()
    lines = {line.name: line for line in load(pm, GROUP)}
    assert lines["good"] == Loaded(name="good", is_registered=True)
    assert lines["stranger"].error == "UnknownHook"
    assert lines["stranger"].hint == (
        "no hook is called cleangov_slto: did you mean cleangov_slot?"
    )
    with pytest.raises(pluggy.PluginValidationError):
        pm.check_pending()  # what a host would run into with pluggy's own check


def test_an_optional_hook_of_a_later_contract_is_no_mistake() -> None:
    class Newer:
        @hookimpl(optionalhook=True)
        def cleangov_hook_of_contract_two(self) -> None:
            """Not asked by this host."""

    pm, plugin = manager(), Newer()
    pm.register(plugin)
    assert unknown_hooks(pm, plugin) == []


def test_a_module_can_be_a_plugin_too(install: Install) -> None:
    module = """
        from cleangov_hooks import hookimpl

        @hookimpl
        def cleangov_slot(name):
            return None
    """
    install("m", module, "stranger_m")
    assert load(manager(), GROUP) == (Loaded(name="m", is_registered=True),)


def test_a_second_load_registers_nothing_twice(install: Install) -> None:
    install("a", GOOD)
    pm = manager(GROUP)
    assert load(pm, GROUP) == ()
    assert len(pm.get_plugins()) == 1


def test_a_blocked_plugin_stays_out(install: Install) -> None:
    install("a", GOOD)
    pm = manager()
    pm.set_blocked("a")
    assert load(pm, GROUP) == ()


def test_no_group_loads_nothing() -> None:
    assert manager().get_plugins() == set()


def test_the_group_of_the_city_platforms_is_the_default(install: Install) -> None:
    install("of_the_city", GOOD, group=ENTRY_POINT_GROUP)
    names = {line.name for line in load(manager())}
    assert "of_the_city" in names


def test_a_manager_of_another_name_finds_none_of_our_hooks() -> None:
    theirs = pluggy.PluginManager("smartcity")
    with pytest.raises(ValueError, match="did not find any 'smartcity' hooks"):
        theirs.add_hookspecs(hookspecs)
    assert manager().project_name == PROJECT


def test_a_host_with_a_manager_of_its_own_keeps_it_and_makes_ours_beside_it() -> None:
    theirs, ours = pluggy.PluginManager("smartcity"), manager()

    class Both:
        @pluggy.HookimplMarker("smartcity")
        def smartcity_started(self) -> str:
            return "theirs"

        @hookimpl
        def cleangov_event_types(self) -> list[object]:
            return []

    plugin = Both()
    theirs.register(plugin)
    ours.register(plugin)
    assert theirs.hook.smartcity_started() == ["theirs"]
    assert ours.hook.cleangov_event_types() == [[]]
