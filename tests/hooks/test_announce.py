"""Every plugin hears that the host is ready, and one that fails hinders no other."""

import logging
from typing import Any

import pluggy
import pytest

from cleangov_hooks import announce, hookimpl, register


class Hears:
    """A plugin that remembers the host."""

    def __init__(self) -> None:
        self.host: Any = None

    @hookimpl
    def cleangov_host_ready(self, host: Any) -> None:
        self.host = host


class Stumbles:
    """A plugin whose start fails with something that is not an Exception."""

    @hookimpl
    def cleangov_host_ready(self, host: Any) -> None:
        raise BaseException("no")  # noqa: TRY002


def test_every_plugin_present_is_told_once(pm: pluggy.PluginManager) -> None:
    plugin = Hears()
    pm.register(plugin, "p")
    host = object()
    (line,) = announce(pm, host)
    assert (line.name, line.is_registered, line.error) == ("p", True, None)
    assert plugin.host is host


def test_one_that_fails_is_left_out_and_the_others_are_told(
    pm: pluggy.PluginManager, caplog: pytest.LogCaptureFixture
) -> None:
    first, last = Hears(), Hears()
    for name, plugin in (("first", first), ("bad", Stumbles()), ("last", last)):
        pm.register(plugin, name)
    with caplog.at_level(logging.WARNING):
        lines = {line.name: line for line in announce(pm, "host")}
    assert (first.host, last.host) == ("host", "host")
    assert (lines["bad"].is_registered, lines["bad"].error) == (False, "BaseException")
    assert not pm.has_plugin("bad")
    assert "plugin bad" in caplog.text


def test_plugins_keep_their_order(pm: pluggy.PluginManager) -> None:
    for name in ("a", "b", "c"):
        pm.register(Hears(), name)
    before = [name for name, _ in pm.list_name_plugin()]
    announce(pm, "host")
    assert [name for name, _ in pm.list_name_plugin()] == before


def test_a_plugin_that_comes_later_is_told_at_its_registration(pm: pluggy.PluginManager) -> None:
    announce(pm, "host")
    late = Hears()
    assert register(pm, late, "late").is_registered
    assert late.host == "host"


def test_a_late_plugin_that_fails_is_out_again_and_the_host_goes_on(
    pm: pluggy.PluginManager,
) -> None:
    announce(pm, "host")
    line = register(pm, Stumbles(), "late")
    assert (line.is_registered, line.error) == (False, "BaseException")
    assert not pm.has_plugin("late")


def test_pluggy_alone_would_let_a_late_failure_into_the_host(pm: pluggy.PluginManager) -> None:
    announce(pm, "host")
    with pytest.raises(BaseException, match="no"):
        pm.register(Stumbles())


def test_a_plugin_without_a_start_is_told_nothing_and_stays(pm: pluggy.PluginManager) -> None:
    class Quiet:
        pass

    pm.register(Quiet(), "quiet")
    (line,) = announce(pm, "host")
    assert line.is_registered


@pytest.mark.parametrize("problem", [KeyboardInterrupt, SystemExit])
def test_what_ends_the_process_passes_through(
    pm: pluggy.PluginManager, problem: type[BaseException]
) -> None:
    class Ends:
        @hookimpl
        def cleangov_host_ready(self, host: Any) -> None:
            raise problem

    pm.register(Ends(), "ends")
    with pytest.raises(problem):
        announce(pm, "host")
