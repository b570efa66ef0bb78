"""Write docs/openapi/: what machines and people's scripts may call, as the program describes it.

Run it after a call, a status or a member has changed: `python docs/generate_openapi.py`.
"""

import json
from pathlib import Path

from cleangov_plugin.web.machines.openapi import openapi

FOLDER = Path(__file__).parent / "openapi"


def documents() -> dict[str, str]:
    """Write the documents.

    :return: text by name of the file.
    """
    return {"machines.json": json.dumps(openapi(), ensure_ascii=False, indent=1) + "\n"}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in documents().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
