"""What it costs that a platform is watched and does not call: no prompts, and no gate."""

from cleangov_plugin.desk.settings import Settings
from cleangov_plugin.desk.start import keys_folder
from cleangov_plugin.desk.watched.mark import FILES, read_mark
from cleangov_plugin.domain.errors import CleanGovError, SettingsError
from cleangov_plugin.store.database import Database

from .health_check import Check, State


def watched(settings: Settings, database: Database) -> list[Check]:
    """Name the views that are watched, and how far each was read.

    :param settings: the plugin's settings.
    :param database: the database that holds its tables.
    :return: a check for each view; none where nothing is watched.
    """
    try:
        folder = keys_folder(settings, database)
    except CleanGovError:
        return []
    found = []
    for path in sorted(folder.glob(FILES)):
        try:
            mark = read_mark(path)
        except SettingsError:
            values: dict[str, object] = {"file": str(path)}
            found.append(Check(key="watched.unreadable", state=State.BAD, values=values))
            continue
        if mark is not None:
            values = {
                "view": mark.view,
                "source": mark.source,
                "low": mark.low,
                "looked": mark.looked().isoformat(timespec="minutes"),
                "refused": len(mark.refused),
            }
            state = State.BAD if mark.refused else State.NOTE
            found.append(Check(key="watched", state=state, values=values))
    return found
