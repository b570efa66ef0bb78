"""What the city imports: flask, sqlalchemy and pluggy with what they bring; never the plugin."""

import ast
import sys
from pathlib import Path

import sample_host

HOST = Path(sample_host.__file__).parent
ALLOWED = {
    "cleangov_hooks",
    "cleangov_migrations",
    "flask",
    "jinja2",
    "markupsafe",
    "pluggy",
    "sample_host",
    "sqlalchemy",
    "werkzeug",
}


def imported() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in HOST.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            for name in names:
                found.setdefault(name.split(".")[0], set()).add(path.name)
    return found


def test_the_city_imports_nothing_else() -> None:
    strange = set(imported()) - ALLOWED - set(sys.stdlib_module_names)
    assert strange == set()
    assert {"flask", "sqlalchemy", "pluggy"} <= set(imported())
