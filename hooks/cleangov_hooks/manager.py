"""Finding plugins: the plugin manager of the contract, and a way to load that cannot fail."""

import difflib
import logging
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

import pluggy

from . import hookspecs
from ._markers import ENTRY_POINT_GROUP, PROJECT

logger = logging.getLogger("cleangov.guard")

_NOT_OURS: Final = (KeyboardInterrupt, SystemExit, GeneratorExit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What became of one entry point.

    :param name: the entry point's name.
    :param is_registered: whether the plugin is registered.
    :param error: type name of what went wrong, or None.
    :param hint: what an operator can do about it.
    """

    name: str
    is_registered: bool
    error: str | None = None
    hint: str = ""


def manager(group: str | None = None) -> pluggy.PluginManager:
    """Make the plugin manager of this contract, and load the plugins of a group.

    A host that has a plugin manager of its own keeps it and makes this one beside it: pluggy
    knows hooks by the manager's project name, and another name finds none of ours.

    :param group: entry point group to load; None loads nothing.
    :return: a manager that knows every hook of the contract.
    """
    pm = pluggy.PluginManager(PROJECT)
    pm.add_hookspecs(hookspecs)
    if group is not None:
        load(pm, group)
    return pm


def load(pm: pluggy.PluginManager, group: str = ENTRY_POINT_GROUP) -> tuple[Loaded, ...]:
    """Register every plugin of an entry point group; a broken one is named and left out.

    :param pm: a manager made by `manager`.
    :param group: the entry point group.
    :return: one line for each entry point found.
    """
    found = []
    for entry in sorted(entry_points(group=group), key=lambda entry: entry.name):
        if pm.has_plugin(entry.name) or pm.is_blocked(entry.name):
            continue
        found.append(_load_one(pm, entry))
    for line in found:
        if line.error:
            logger.warning("plugin %s: %s. %s", line.name, line.error, line.hint)
    return tuple(found)


def _load_one(pm: pluggy.PluginManager, entry: EntryPoint) -> Loaded:
    try:
        plugin = entry.load()
        if isinstance(plugin, type):
            plugin = plugin()
    except _NOT_OURS:
        raise
    except BaseException as problem:  # an import may raise anything, and must not stop the host
        hint = f"{entry.value} cannot be imported; reinstall or remove its distribution"
        return Loaded(name=entry.name, is_registered=False, error=_name(problem), hint=hint)
    return register(pm, plugin, entry.name)


def register(pm: pluggy.PluginManager, plugin: Any, name: str) -> Loaded:
    """Register one plugin so that a mistake of it does not stop the host.

    :param pm: a manager made by `manager`.
    :param plugin: the object with the hook implementations.
    :param name: the name to register it under.
    :return: what became of it; unknown hooks are named, not refused.
    """
    try:
        pm.register(plugin, name)
    except _NOT_OURS:
        raise
    except BaseException as problem:  # a late plugin's host_ready runs inside register
        if pm.has_plugin(name):
            pm.unregister(name=name)
        hint = "its hooks do not fit the contract, or it failed at start; see its log"
        return Loaded(name=name, is_registered=False, error=_name(problem), hint=hint)
    unknown = unknown_hooks(pm, plugin)
    if unknown:
        return Loaded(name=name, is_registered=True, error="UnknownHook", hint="; ".join(unknown))
    return Loaded(name=name, is_registered=True)


def unknown_hooks(pm: pluggy.PluginManager, plugin: Any) -> list[str]:
    """List a plugin's hooks that the contract does not know, each with the nearest name.

    Unlike `pluggy.PluginManager.check_pending` it looks at one plugin and never raises: a
    stranger's misspelt hook is the stranger's affair.

    :param pm: the manager it is registered with.
    :param plugin: the registered object.
    :return: one sentence for each unknown hook.
    """
    known = [name for name in vars(hookspecs) if name.startswith(PROJECT)]
    sentences = []
    for caller in pm.get_hookcallers(plugin) or ():
        if caller.spec is not None:
            continue
        if all(i.optionalhook for i in caller.get_hookimpls() if i.plugin is plugin):
            continue
        near = difflib.get_close_matches(caller.name, known, n=1)
        hint = f": did you mean {near[0]}?" if near else ""
        sentences.append(f"no hook is called {caller.name}{hint}")
    return sentences


def announce(pm: pluggy.PluginManager, host: Any) -> tuple[Loaded, ...]:
    """Tell every plugin, present and future, that the host is ready.

    One plugin that fails is unregistered and named; the others are told all the same.

    :param pm: a manager made by `manager`.
    :param host: the services, see `Host`.
    :return: one line for each plugin that was registered already.
    """
    present = [(name, plugin) for name, plugin in pm.list_name_plugin() if plugin is not None]
    for name, _ in present:
        pm.unregister(name=name)
    pm.hook.cleangov_host_ready.call_historic(kwargs={"host": host})
    told = tuple(register(pm, plugin, name) for name, plugin in present)
    for line in told:
        if line.error:
            logger.warning("plugin %s: %s. %s", line.name, line.error, line.hint)
    return told


def _name(problem: BaseException) -> str:
    return type(problem).__name__
