"""The project name under which hosts and plugins meet, and the two pluggy markers."""

from typing import Final

import pluggy

PROJECT: Final = "cleangov"
ENTRY_POINT_GROUP: Final = "smartcity.plugins"
CONTRACT_VERSION: Final = 1

hookspec: Final = pluggy.HookspecMarker(PROJECT)
hookimpl: Final = pluggy.HookimplMarker(PROJECT)
