"""``cleangov erase``: named personal fields go, on a legal basis that an entry tells for ever."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from .erase_words import copies_document, copy_lines, planned_document, planned_lines, say
from .main import FOUND
from .options import NUMBER, Options
from .own_desk import desk_of, ledger_of

if TYPE_CHECKING:
    from cleangov_hooks import Person
    from cleangov_plugin.desk.desk import Desk
    from cleangov_plugin.desk.personal.erasing import Wish


@click.command("erase")
@click.option("--log-id", metavar="ID", help="The ledger; may be left out where there is one.")
@click.option("--entry", "entries", type=NUMBER, multiple=True, metavar="N", help="An entry.")
@click.option("--case", "case_id", metavar="NO", help="All entries of a case.")
@click.option("--person", metavar="PSEUDONYM", help="All entries that name somebody.")
@click.option("--field", "codes", multiple=True, metavar="CODE", help="A field; may be repeated.")
@click.option("--identity", is_flag=True, help="The name behind the pseudonym, and no field.")
@click.option("--basis", metavar="TEXT", help="The legal basis. It is public: name no person.")
@click.option("--by", metavar="NAME", help="Who erases, as the platform knows them.")
@click.option("--yes", "is_meant", is_flag=True, help="Do it. Without, nothing is changed.")
@click.option("--again", is_flag=True, help="Do all erasures of the ledger again: after a restore.")
@click.option("--vacuum", is_flag=True, help="Write the database's files anew afterwards.")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, options: Options, /, **given: Any) -> None:
    """Erase personal fields of entries, or the name behind a pseudonym.

    Shows what would go, and never a value; --yes does it. An entry tells for ever which fields of
    which entries were erased, by whom, and on what basis; the values are gone. What holds a value
    besides is emptied or named.

    Exit status: 1 where it was erased before, or something is left.
    """
    from cleangov_plugin.desk.personal.refused import AlreadyErased

    row = ledger_of(options, given["log_id"])
    with desk_of(options, row) as desk:
        try:
            is_whole = _done(options, desk, row["log_id"], given)
        except AlreadyErased as problem:
            options.say({"already": str(problem)}, problem.said(options.language))
            is_whole = False
    if not is_whole:
        ctx.exit(FOUND)


def _done(options: Options, desk: "Desk", log_id: str, given: dict[str, Any]) -> bool:
    from cleangov_plugin.desk.personal.refused import ErasureRefused

    if given["again"]:
        return _again(options, desk, log_id, given)
    places = [given["entries"], given["case_id"], given["person"]]
    if sum(map(bool, places)) != 1 or bool(given["codes"]) == given["identity"]:
        raise ErasureRefused("which")
    if given["identity"] and not given["person"]:
        raise ErasureRefused("whose")
    if given["is_meant"] and not (given["basis"] and given["by"]):
        raise ErasureRefused("who")
    return (_name if given["identity"] else _fields)(options, desk, log_id, given)


def _fields(options: Options, desk: "Desk", log_id: str, given: dict[str, Any]) -> bool:
    from cleangov_plugin.desk.personal.erasing import erase, look

    wish = _wish(log_id, given)
    if not given["is_meant"]:
        planned = look(desk, wish)
        lines = [*planned_lines(options, planned, is_done=False), say(options, "dry")]
        options.say({"done": False, **planned_document(planned)}, *lines)
        return True
    done = erase(desk, wish, given["basis"], _person(given["by"]))
    planned = done.planned
    files, more = _files(options, desk, [field.text for field in planned.doomed], given["vacuum"])
    document = {"done": True, **planned_document(planned), "records": list(done.records), **files}
    told = say(options, "record", rows=", ".join(map(str, done.records)))
    options.say(document, *planned_lines(options, planned, is_done=True), told, *more)
    return not files["left_in"] and all(copy.is_emptied for copy in planned.copies)


def _name(options: Options, desk: "Desk", log_id: str, given: dict[str, Any]) -> bool:
    from cleangov_plugin.desk.personal.erasing_names import erase_name, look_at_name

    name = given["person"]
    if not given["is_meant"]:
        seen = look_at_name(desk, log_id, name)
        lines = [say(options, "name.goes", name=name)]
        lines += [*copy_lines(options, seen.copies, is_done=False), say(options, "dry")]
        options.say({"done": False, "copies": copies_document(seen.copies)}, *lines)
        return True
    done = erase_name(desk, log_id, name, given["basis"], _person(given["by"]))
    files, more = _files(options, desk, [], given["vacuum"])
    document = {"done": True, "copies": copies_document(done.copies), "records": [done.record]}
    lines = [say(options, "name.gone", name=name), *copy_lines(options, done.copies, is_done=True)]
    options.say({**document, **files}, *lines, say(options, "record", rows=done.record), *more)
    return not done.copies


def _again(options: Options, desk: "Desk", log_id: str, given: dict[str, Any]) -> bool:
    from cleangov_plugin.desk.personal.erasing_names import erase_again

    done = erase_again(desk, log_id)
    files, more = _files(options, desk, done.texts, given["vacuum"])
    numbers = {"fields": done.fields, "names": done.names}
    options.say({**numbers, **files}, say(options, "again", **numbers), *more)
    return not files["left_in"]


def _files(
    options: Options, desk: "Desk", texts: Sequence[str], is_vacuumed: bool
) -> tuple[dict[str, Any], list[str]]:
    """Clean the files up, and answer what is still in them."""
    from cleangov_plugin.store.wiping import empty_log, left_in_files, vacuum

    lines = []
    is_clean = empty_log(desk.database)
    if is_vacuumed and not vacuum(desk.database):
        lines.append(say(options, "vacuum"))
    left = left_in_files(desk.database, texts)
    lines += [say(options, "file", name=name) for name in left]
    if not is_clean:
        lines.append(say(options, "log"))
    if not desk.database.is_sqlite:
        lines.append(say(options, "postgresql"))
    return {"left_in": left, "log_is_empty": is_clean}, lines


def _wish(log_id: str, given: dict[str, Any]) -> "Wish":
    from cleangov_plugin.desk.personal.erasing import Wish

    return Wish(
        log_id=log_id,
        codes=tuple(dict.fromkeys(given["codes"])),
        entries=tuple(dict.fromkeys(given["entries"])),
        case_id=given["case_id"] or None,
        person=given["person"] or None,
    )


def _person(name: str) -> "Person":
    from cleangov_hooks import Person

    return Person(id=name, name=name, roles=frozenset(), unit=None)
