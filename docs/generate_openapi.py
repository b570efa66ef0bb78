"""Write docs/openapi/: what machines and people's scripts may call, as the program describes it.

Run it after a call, a status or a member has changed: `python docs/generate_openapi.py`.
"""

import json
from pathlib import Path

from cleangov_plugin.web.people_openapi import people_openapi
from cleangov_plugin.web.served.openapi import openapi

FOLDER = Path(__file__).parent / "openapi"


def documents() -> dict[str, str]:
    """Write the documents.

    :return: text by name of the file.
    """
    pages = {"machines.json": openapi(), "people.json": people_openapi("/cleangov")}
    return {
        name: json.dumps(page, ensure_ascii=False, indent=1) + "\n" for name, page in pages.items()
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in documents().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
