"""The page says what each role may do, and the file of guards says the same of every table."""

import re
from collections import defaultdict
from dataclasses import fields
from pathlib import Path

from cleangov_plugin.store import tables
from cleangov_plugin.store.guards import applying
from cleangov_plugin.store.guards.applying import Roles
from cleangov_plugin.store.schema import VERSION_TABLE
from cleangov_plugin.store.whole import PERSONAL

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")
SCRIPT = applying.whole("postgresql", Roles(app="app", sealer="s", eraser="e", auditor="a"))
NAMES = {"app": "app", "s": "sealer", "e": "eraser", "a": "auditor"}
WORDS = {"SELECT": "read", "INSERT": "add", "UPDATE": "change", "DELETE": "delete"}
OURS = {table.name: set(table.columns.keys()) for table in tables.metadata.sorted_tables}
OURS[VERSION_TABLE] = {"version_num"}
#: By table and role: verb, and the columns it is for; None for all of them.
Rights = dict[tuple[str, str], dict[str, set[str] | None]]


def granted() -> Rights:
    """Read what the file grants."""
    found: Rights = defaultdict(dict)
    code = re.sub(r"^--.*$", "", SCRIPT, flags=re.MULTILINE)
    for verbs, columns, on, to in re.findall(
        r"GRANT ([A-Z, ]+?)\s*(?:\(([^)]*)\))?\s+ON\s+([^;]*?)\s+TO\s+([^;]*);", code
    ):
        if verbs == "MAINTAIN":  # no right to read or to write
            continue
        if ("SCHEMA" in on and "ALL TABLES" not in on) or "SEQUENCES" in on:
            continue
        names = OURS if "ALL TABLES" in on else re.findall(r"cleangov\.(\w+)", on)
        for name in names:
            for role in re.findall(r'"(\w+)"', to):
                rights = found[name, NAMES[role]]
                for verb in verbs.replace(" ", "").split(","):
                    rights[verb] = set(re.findall(r"\w+", columns)) if columns else None
    return found


def cell(name: str, role: str, rights: Rights) -> str:
    """Write what a role may do with a table, as the page does."""
    said = []
    for verb, columns in sorted(rights[name, role].items(), key=lambda r: [*WORDS].index(r[0])):
        word = WORDS[verb]
        if columns is not None:
            left_out = sorted(OURS[name] - columns)
            few = sorted(columns)
            word += (
                " " + ", ".join(f"`{c}`" for c in few)
                if len(few) < len(left_out)
                else " all but " + ", ".join(f"`{c}`" for c in left_out)
            )
        said.append(word)
    return "; ".join(said) or "–"


def lines() -> dict[str, str]:
    """Write the rows of the page's table, those with the same rights together."""
    rights = granted()
    roles = [field.name for field in fields(Roles)]
    alike: dict[str, list[str]] = defaultdict(list)
    for name in sorted(OURS):
        alike[" | ".join(cell(name, role, rights) for role in roles)].append(
            name.removeprefix("cleangov_")
        )
    return {", ".join(f"`{name}`" for name in names): cells for cells, names in alike.items()}


def test_the_page_says_what_the_file_grants() -> None:
    guards = PAGE.partition("## Guards\n")[2].partition("\n## ")[0]
    said = dict(re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| (.*) \|$", guards, re.MULTILINE))
    assert said == lines()


def test_every_table_is_somebodys_and_the_ledger_is_only_added_to() -> None:
    rights = granted()
    for name in OURS:
        assert "SELECT" in rights[name, "app"], name
        assert "SELECT" in rights[name, "auditor"], name
    added = rights["cleangov_entry", "app"]["INSERT"]
    assert added == OURS["cleangov_entry"] - {"id", "xid"}, "a new column has to be thought of"
    assert set(rights["cleangov_entry", "app"]) == {"SELECT", "INSERT"}
    assert rights["cleangov_entry", "eraser"]["UPDATE"] == {"disc"}
    assert set(rights["cleangov_leaf", "sealer"]) == {"SELECT", "INSERT"}
    assert set(rights["cleangov_leaf", "app"]) == {"SELECT"}
    for name in OURS:
        may = set(rights[name, "auditor"])
        assert may == {"SELECT"}, f"an auditor changes nothing ({name})"


def test_an_auditor_reads_every_column_but_those_that_are_personal() -> None:
    rights = granted()
    for name, columns in OURS.items():
        may = rights[name, "auditor"]["SELECT"]
        hidden = set(PERSONAL.get(name, ())) - {"disc"}
        assert (columns - may if may is not None else set()) == hidden, name


def test_every_trigger_that_is_dropped_on_sqlite_is_one_that_is_made() -> None:
    script = applying.whole("sqlite", Roles())
    made = re.findall(r"CREATE TRIGGER (\w+)", script)
    assert sorted(re.findall(r"DROP TRIGGER IF EXISTS (\w+)", script)) == sorted(made)
    assert all(name.startswith(applying.PREFIX) for name in made)
    for name, columns in OURS.items():
        guard = f"{applying.PREFIX}{name.removeprefix('cleangov_')}_update"
        text = script.partition(f"CREATE TRIGGER {guard} ")[2].partition("END;")[0]
        if "IS NOT (OLD" in text and name in ("cleangov_entry", "cleangov_answer"):
            free = {"disc", "words"}
            assert set(re.findall(r"OLD\.(\w+)", text)) | free == columns | free, name


def test_what_is_printed_puts_guards_up_and_takes_none_down() -> None:
    assert "-- part: remove" not in SCRIPT
    assert "REVOKE ALL ON SCHEMA cleangov FROM PUBLIC" in SCRIPT
    assert ':"' not in SCRIPT.replace(':"..."', "")


if __name__ == "__main__":
    print("\n".join(f"| {names} | {cells} |" for names, cells in lines().items()))
