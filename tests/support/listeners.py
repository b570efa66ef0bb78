"""Which of the plugin's functions listen to something of SQLAlchemy's that is the host's."""

from __future__ import annotations

from typing import Any


def of_the_plugin(place: Any) -> list[str]:
    """The plugin's listeners on a connection, an engine, a dialect or a pool, by event.

    SQLAlchemy's own flag `_has_events` would not do: it stays up in the whole process once
    anybody, another test for one, has listened to every engine.
    """
    dispatch = place.dispatch
    names = getattr(dispatch, "local", dispatch)._event_names  # a connection's joins its engine's
    return [
        f"{event}: {listener}"
        for event in names
        for listener in getattr(dispatch, event)
        if (getattr(listener, "__module__", None) or "").startswith("cleangov_plugin")
    ]
