"""Each rule and clock has its page in the documentation, which says what the file says.

To write the pages anew: CLEANGOV_WRITE_DOCS=1 python -m pytest tests/rulebook/test_pages.py
"""

import json
import os
from pathlib import Path

import pytest

from cleangov_plugin.intake.clock_files import load_clocks
from cleangov_plugin.intake.json_schema import clock_json_schema
from cleangov_plugin.intake.rule_files import load_rulebook, rule_json_schema, rulebook_folder
from cleangov_plugin.rules.clocks import clock_page, clocks_index
from cleangov_plugin.rules.page import rule_page, rules_index

DOCS = Path(__file__).resolve().parents[2] / "docs"
DOCUMENTS = load_rulebook(rulebook_folder())
PAGES = {f"rules/{document['id']}.md": rule_page(document) for document in DOCUMENTS} | {
    "rules/index.md": rules_index(DOCUMENTS),
    "rule.schema.json": json.dumps(rule_json_schema(), indent=2, ensure_ascii=False) + "\n",
}
CLOCKS = load_clocks(None)
PAGES |= {f"clocks/{document['clock']}.md": clock_page(document) for document in CLOCKS} | {
    "clocks/index.md": clocks_index(CLOCKS),
    "clock.schema.json": json.dumps(clock_json_schema(), indent=2, ensure_ascii=False) + "\n",
}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_page_is_current(name: str) -> None:
    path = DOCS / name
    if os.environ.get("CLEANGOV_WRITE_DOCS"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGES[name], encoding="utf-8")
    told = path.read_text(encoding="utf-8") if path.exists() else ""
    assert told == PAGES[name], "write it anew: CLEANGOV_WRITE_DOCS=1, see CONTRIBUTING.md"


@pytest.mark.parametrize("room", ["rules", "clocks"])
def test_no_page_is_left_of_what_is_gone(room: str) -> None:
    found = {f"{room}/{path.name}" for path in (DOCS / room).glob("*.md")}
    assert found == {name for name in PAGES if name.startswith(f"{room}/")}
