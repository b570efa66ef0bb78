"""``cleangov oversight``: the key to which everything for oversight only is sealed."""

import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

from cleangov_plugin.domain.errors import SettingsError

from .main import FOUND
from .options import NUMBER, Options

if TYPE_CHECKING:
    from cleangov_plugin.ledger.sealed_box import OpeningKey

_SECRET_FILE: Final = "oversight.secret"
_PUBLIC_FILE: Final = "oversight.pub"
#: Bytes of a key file, and of a file that is sealed, that are read.
_LONGEST_KEY: Final = 1_000
_LONGEST: Final = 1_100_000
#: zh, then en.
_MADE: Final = (
    "私钥在 {secret}（只留在监督一方，离线备份）；公钥：\n{public}",
    "the secret key is {secret} (it stays with oversight); the public key:\n{public}",
)


#: Whether it opened: zh, then en.
_NOTE: Final = (
    (
        "记录 {row}，{at}：案件 {case}，环节 {step}，规则 {rules}，{person}：\n  {words}",
        "entry {row}, {at}: case {case}, step {step}, rules {rules}, {person}:\n  {words}",
    ),
    (
        "记录 {row}，{at}：这把私钥打不开（{why}）",
        "entry {row}, {at}: this key does not open it ({why})",
    ),
)
_NO_NOTES: Final = ("没有密封的说明", "no note was sealed")

_with_keys = click.option(
    "--keys",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Oversight's folder, as 'cleangov oversight new-key' made it.",
)


@click.group("oversight")
def command() -> None:
    """Make oversight's key, seal a file to it, and open what was sealed, notes included."""


@command.command("new-key")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def new_key(options: Options, folder: Path) -> None:
    """Make a pair of keys in FOLDER; a key that is there stays. Run it on oversight's machine."""
    from cleangov_plugin.ledger.sealed_box import new_opening_key

    key, path = new_opening_key(), folder / _SECRET_FILE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(key.text + "\n")
        (folder / _PUBLIC_FILE).write_text(key.public.text + "\n", "utf-8")
    except FileExistsError:
        what = "there is a key already, and it stays: what was sealed to it needs it."
        raise SettingsError(what, where=str(path), remedy="Name another folder.") from None
    except OSError as problem:
        raise _unusable(path, problem) from problem
    told = {"secret": str(path), "public": key.public.text}
    options.say(told, _MADE[options.language == "en"].format(**told))


@command.command("seal")
@click.argument("file", type=click.File("rb"))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--key", "text", required=True, metavar="TEXT", help="Oversight's public key.")
@click.option("--purpose", default="file", show_default=True, help="It opens for no other.")
def seal(file: IO[bytes], out: Path, text: str, purpose: str) -> None:
    """Seal FILE into OUT: from then on it is oversight's alone to read."""
    from cleangov_plugin.ledger.sealed_box import read_box_key, seal_box

    box = seal_box(file.read(_LONGEST), read_box_key(text.strip()), purpose)
    try:
        out.write_bytes(box)
    except OSError as problem:
        raise _unusable(out, problem) from problem


@command.command("open")
@click.argument("file", type=click.File("rb"))
@_with_keys
@click.option("--purpose", default="file", show_default=True, help="What it was sealed for.")
def open_(file: IO[bytes], folder: Path, purpose: str) -> None:
    """Open FILE, and write what was sealed to the standard output."""
    from cleangov_plugin.ledger.sealed_box import open_box

    click.echo(open_box(file.read(_LONGEST), _opening_key(folder), purpose), nl=False)


@command.command("notes")
@_with_keys
@click.option(
    "--after", type=click.IntRange(0, NUMBER.max), default=0, help="Only notes of later entries."
)
@click.pass_obj
@click.pass_context
def notes(ctx: click.Context, options: Options, folder: Path, after: int) -> None:
    """Open what officers told oversight alone: in the agency's database, or better in a copy.

    Exit status: 1 where a note does not open with this key.
    """
    from dataclasses import asdict

    from cleangov_plugin.desk.answers.opened_notes import opened_notes
    from cleangov_plugin.store.connecting import connected, require_schema

    key = _opening_key(folder)
    with connected(options.url, is_made=False) as database:
        require_schema(database)
        with database.own_transaction(is_reading=True) as connection:
            found = list(opened_notes(connection, key, after))
    is_english = options.language == "en"
    lines = []
    for each in found:
        told = {**asdict(each), **(each.told or {}), "rules": ", ".join(_rules(each.told))}
        lines.append(_NOTE[each.told is None][is_english].format_map(_Shown(told)))
    options.say([asdict(each) for each in found], *(lines or [_NO_NOTES[is_english]]))
    if any(each.told is None for each in found):
        ctx.exit(FOUND)


class _Shown(dict[str, object]):
    """What a note tells, for a terminal; whoever sealed it may have left anything out."""

    def __missing__(self, _: str) -> str:
        return "–"


def _rules(told: "dict[str, Any] | None") -> list[str]:
    rules = (told or {}).get("rules")
    return [str(rule) for rule in rules] if isinstance(rules, list) else []


def _opening_key(folder: Path) -> "OpeningKey":
    from cleangov_plugin.ledger.sealed_box import read_opening_key

    path = folder / _SECRET_FILE
    try:
        with path.open("rb") as file:
            text = file.read(_LONGEST_KEY).decode("utf-8", "replace")
    except OSError as problem:
        raise _unusable(path, problem) from problem
    return read_opening_key(text.strip())


def _unusable(path: Path, problem: OSError) -> SettingsError:
    return SettingsError(
        f"this file cannot be used ({type(problem).__name__}).",
        where=str(path),
        remedy="Name a folder that this account can read and write.",
    )
