"""The plugin's settings as a command sees them: the environment, and the options of the line."""

import os
from pathlib import Path

from cleangov_plugin.desk.settings import PREFIX, Settings, read_settings

from .options import Options


def settings_for(options: Options, keys: Path | None = None) -> Settings:
    """Read the settings for a command.

    :param options: the options of the command line; its database goes before the environment's.
    :param keys: folder of the key files, where the line names one.
    :return: the settings.
    :raises SettingsError: where a name is unknown or a value out of range.
    """
    named = {f"{PREFIX}KEYS": str(keys)} if keys else {}
    return read_settings({f"{PREFIX}DATABASE_URL": options.url, **named}, os.environ)
