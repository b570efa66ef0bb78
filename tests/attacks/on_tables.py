"""Attacks 31 to 37: what is done to the tables themselves."""

import sqlalchemy as sa

from cleangov_plugin.store.database import Database
from cleangov_plugin.store.guards import applying
from tests.attacks import forging
from tests.attacks.catalogue import Attack, Elsewhere, Finding, Row, found
from tests.attacks.on_sealed import victim
from tests.attacks.scene import Scene

_ENTRY = "cleangov.cleangov_entry"
_EARLY = "tests/desk/verified/test_attacks_before_sealing.py"


def _trigger(scene: Scene, on_sqlite: str, on_postgresql: str) -> list[Finding]:
    if scene.is_sqlite:
        scene.raw(f"CREATE TRIGGER meddles {on_sqlite}")
        return [found("SCHEMA", code="schema_added", thing="trigger meddles")]
    scene.raw(
        "CREATE FUNCTION public.meddled() RETURNS trigger LANGUAGE plpgsql"
        f" AS $$ BEGIN {on_postgresql} END $$",
        f"CREATE TRIGGER meddles BEFORE INSERT ON {_ENTRY}"
        " FOR EACH ROW EXECUTE FUNCTION public.meddled()",
    )
    return [found("SCHEMA", code="schema_added", thing="trigger cleangov_entry.meddles")]


def _swallows(scene: Scene) -> list[Finding]:
    return _trigger(
        scene,
        "BEFORE INSERT ON cleangov_entry WHEN NEW.subject = 'C-1é' BEGIN SELECT RAISE(IGNORE); END",
        "IF NEW.subject = 'C-1é' THEN RETURN NULL; END IF; RETURN NEW;",
    )


def _rule(scene: Scene) -> list[Finding]:
    scene.raw(f"CREATE RULE meddles AS ON INSERT TO {_ENTRY} DO INSTEAD NOTHING")
    return [found("SCHEMA", code="schema_added", thing="rule cleangov_entry.meddles")]


def _rewrites(scene: Scene) -> list[Finding]:
    return _trigger(
        scene,
        "AFTER INSERT ON cleangov_entry BEGIN UPDATE cleangov_entry"
        " SET body = replace(body, 'u-1', 'u-2') WHERE id = NEW.id; END",
        "NEW.body := replace(NEW.body, 'u-1', 'u-2'); RETURN NEW;",
    )


def _guarded(scene: Scene) -> None:
    database = Database(sa.make_url(scene.url), patience_ms=5_000)
    with database.own_transaction() as connection:
        applying.apply(connection, applying.Roles())
    database.dispose()
    scene.seal()


def _guards_passed(scene: Scene) -> list[Finding]:
    """Take one guard down and change a sealed body: superusers and file owners can."""
    leaf, row = victim(scene)
    if scene.is_sqlite:
        query = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'cleangov_entry'"
        )
        names = scene.ask(query)
        assert names
        scene.raw(*(f"DROP TRIGGER {name}" for name in names))
        says = [found("SCHEMA", code="schema_gone", thing=f"trigger {name}") for name in names]
    else:
        scene.raw(f"ALTER TABLE {_ENTRY} DISABLE TRIGGER USER")
        says = [found("SCHEMA", code="schema_changed")]
    scene.put(row, body=forging.swapped(scene, row))
    return [*says, found("LEAF", entry=row, leaf=leaf)]


def _replaced(scene: Scene) -> list[Finding]:
    leaf, row = victim(scene)
    text = forging.swapped(scene, row)
    if scene.is_sqlite:
        columns = [name for _, name, *_ in scene.ask("PRAGMA table_info(cleangov_entry)")]
        values = ", ".join(":body" if name == "body" else name for name in columns)
        scene.edit(
            f"INSERT OR REPLACE INTO cleangov_entry ({', '.join(columns)}) SELECT {values}"
            " FROM cleangov_entry WHERE id = :row",
            body=text,
            row=row,
        )
    else:
        scene.edit(
            f"INSERT INTO {_ENTRY} SELECT * FROM {_ENTRY} WHERE id = :row"
            " ON CONFLICT (log_id, lane, no, part) DO UPDATE SET body = :body",
            body=text,
            row=row,
        )
    return [found("LEAF", entry=row, leaf=leaf)]


def _emptied(scene: Scene) -> list[Finding]:
    leaves = [leaf for leaf, _ in scene.sealed()]
    scene.raw(("DELETE FROM " if scene.is_sqlite else "TRUNCATE ") + "{s}cleangov_entry")
    return [found("LEAF", code="entry_gone", leaf=leaf) for leaf in leaves]


def _all_emptied(scene: Scene) -> list[Finding]:
    for table in ("entry", "leaf", "tile", "tree_head", "case_index", "index_tile", "index_state"):
        scene.edit(f"DELETE FROM {{s}}cleangov_{table}")
    return [
        found("ANCH", code="outside_size", size=scene.size, leaves=0),
        found("RCPT", code="receipt_gone"),
    ]


def _made_anew(scene: Scene) -> list[Finding]:
    leaf, row = victim(scene)
    if scene.is_sqlite:
        scene.raw(
            f"CREATE TABLE other AS SELECT * FROM cleangov_entry WHERE id <> {row}",
            "DROP TABLE cleangov_entry",
            "ALTER TABLE other RENAME TO cleangov_entry",
        )
        thing = "table cleangov_entry"
    else:
        scene.raw(
            f"CREATE TABLE cleangov.other (LIKE {_ENTRY})",
            f"INSERT INTO cleangov.other SELECT * FROM {_ENTRY} WHERE id <> {row}",
            "ALTER SEQUENCE cleangov.cleangov_entry_id_seq OWNED BY NONE",
            f"DROP TABLE {_ENTRY}",
            "ALTER TABLE cleangov.other RENAME TO cleangov_entry",
        )
        thing = "constraint cleangov_entry.pk_cleangov_entry"
    return [found("LEAF", code="entry_gone", leaf=leaf), found("SCHEMA", thing=thing)]


def _view(scene: Scene) -> list[Finding]:
    leaf, row = victim(scene)
    scene.raw(
        "ALTER TABLE {s}cleangov_entry RENAME TO before_it",
        f"CREATE VIEW {{s}}cleangov_entry AS SELECT * FROM {{s}}before_it WHERE id <> {row}",
    )
    gone = found("LEAF", code="entry_gone", leaf=leaf)
    return [gone, found("SCHEMA", thing="view cleangov_entry")]


def _heir(scene: Scene) -> list[Finding]:
    scene.raw(f"CREATE TABLE public.heir () INHERITS ({_ENTRY})")
    scene.copy(scene.tail()[-1], "public.heir", id=90_000, lane=77, event_key="forged")
    return [found("SCHEMA", code="schema_added", thing="table public.heir")]


def _shadow(scene: Scene) -> list[Finding]:
    scene.raw(f"CREATE VIEW public.cleangov_entry AS SELECT * FROM {_ENTRY} LIMIT 3")
    return [found("SCHEMA", code="schema_added", thing="shadow public.cleangov_entry")]


def _policy(scene: Scene) -> list[Finding]:
    scene.raw(
        f"CREATE POLICY narrow ON {_ENTRY} USING (no <> 7)",
        f"ALTER TABLE {_ENTRY} ENABLE ROW LEVEL SECURITY",
    )
    return [found("SCHEMA", code="schema_added", thing="policy cleangov_entry.narrow")]


_OF_POSTGRESQL = {
    "31b": "SQLite has no rules",
    "36a": "SQLite has no inheritance",
    "36b": "SQLite has no search path",
    "37": "SQLite has no row security",
}


def _on_tables(number: str, title: str, by: str, names: str, do: object, **more: object) -> Attack:
    why_not = _OF_POSTGRESQL.get(number)
    if why_not:
        more |= {"on": ("postgresql",), "why_not": why_not}
    named = {"number": number, "title": title, "by": tuple(by.split()), "names": names, "do": do}
    return Attack(**named, **more)  # type: ignore[arg-type]


ROWS: tuple[Row, ...] = (
    _on_tables("31a", "a trigger swallows entries of a case", "SCHEMA", "thing", _swallows),
    _on_tables("31b", "a rule swallows every entry", "SCHEMA", "thing", _rule),
    Elsewhere(
        number="31c",
        title="and the platform goes on writing",
        by=("an error at once, and a gap that is counted",),
        tests=(
            f"{_EARLY}::test_31_a_trigger_that_swallows_an_entry_is_an_error_at_once",
            (
                "tests/plugin/test_before_sealing_at_work.py::"
                "test_31_an_event_whose_entry_is_swallowed_becomes_a_gap_and_is_not_lost"
            ),
        ),
    ),
    _on_tables("32a", "a trigger rewrites bodies", "SCHEMA", "thing", _rewrites),
    Elsewhere(
        number="32b",
        title="and the platform goes on writing",
        by=("MAC",),
        tests=(f"{_EARLY}::test_32_a_trigger_rewrites_what_is_written",),
    ),
    _on_tables(
        "33",
        "the guards are switched off, and then a body is changed",
        "SCHEMA LEAF",
        "entry, leaf, thing",
        _guards_passed,
        prepare=_guarded,
    ),
    _on_tables(
        "34", "INSERT OR REPLACE, or ON CONFLICT DO UPDATE", "LEAF", "entry, leaf", _replaced
    ),
    _on_tables("35a", "the table of entries is emptied", "LEAF", "leaf", _emptied),
    _on_tables(
        "35b", "all tables of the ledger are emptied", "ANCH RCPT", "head, number", _all_emptied
    ),
    _on_tables(
        "35c", "the table is made anew without an entry", "LEAF SCHEMA", "leaf, thing", _made_anew
    ),
    _on_tables(
        "35d", "a view without an entry takes its place", "LEAF SCHEMA", "leaf, thing", _view
    ),
    _on_tables(
        "36a", "a table that inherits puts rows among the entries", "SCHEMA", "thing", _heir
    ),
    _on_tables(
        "36b", "a view stands where a careless query looks first", "SCHEMA", "thing", _shadow
    ),
    _on_tables("37", "row security hides an entry", "SCHEMA", "thing", _policy),
)
