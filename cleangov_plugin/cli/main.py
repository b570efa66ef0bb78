"""The command ``cleangov``: one module a command, loaded when it is asked for."""

import logging
import os
import sys
from importlib import import_module
from itertools import islice
from typing import Any, Final

import click

from cleangov_plugin.domain.errors import CleanGovError

from .options import Options

#: Exit status: the command found something, or it was used wrongly.
FOUND: Final = 1
MISUSED: Final = 2
#: Command, and the module of this room whose `command` it is.
COMMANDS: Final = {
    "db": "db",
    "deputy": "deputy",
    "disclose": "disclose",
    "doctor": "doctor",
    "erase": "erase",
    "evidence": "evidence",
    "exempt": "exempt",
    "findings": "findings",
    "follow": "follow",
    "forward": "forward",
    "mode": "mode",
    "persons": "persons",
    "receipt": "receipt",
    "oversight": "oversight",
    "recover": "recover",
    "replay": "replay",
    "retention": "retention",
    "rules": "rules",
    "seal": "seal",
    "serve": "serve",
    "status": "status",
    "suppress": "suppress",
    "terms": "terms",
    "tick": "tick",
    "verify": "verify",
    "verify-mirror": "verify_mirror",
    "watch": "watch",
}
#: Options of the whole line, and whether a value follows.
_EVERYWHERE: Final = {"--database": True, "--json": False, "--lang": True}


class Commands(click.Group):
    """Commands that are loaded one by one, so that ``cleangov --help`` is quick."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the options of the whole command line wherever they stand.

        :param ctx: click's context.
        :param args: the words of the line.
        """
        for word in args:
            try:
                word.encode()
            except UnicodeEncodeError:  # it came as half characters, which no table can hold
                told = f"A word of the line is no UTF-8: {word[:40]!a}."
                raise click.UsageError(told, ctx) from None
        return super().parse_args(ctx, _to_front(args))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Answer all names.

        :param ctx: click's context.
        """
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command.

        :param ctx: click's context.
        :param cmd_name: its name.
        """
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"{__package__}.{COMMANDS[cmd_name]}")
        found: click.Command = module.command
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what it refuses is said in a sentence, with what to do.

        :param ctx: click's context.
        """
        try:
            return super().invoke(ctx)
        except CleanGovError as problem:
            language = ctx.obj.language if isinstance(ctx.obj, Options) else _language()
            click.echo(f"cleangov: {problem.said(language)}", err=True)
            ctx.exit(MISUSED)


def _to_front(words: list[str]) -> list[str]:
    """Move the options of the whole line before the command: ``replay FILE --json``."""
    front, back = [], []
    left = iter(words)
    for word in left:
        if word == "--":
            back += [word, *left]
        elif word.partition("=")[0] in _EVERYWHERE:
            is_alone = "=" in word or not _EVERYWHERE[word]
            front += [word] if is_alone else [word, *islice(left, 1)]
        else:
            back.append(word)
    return [*front, *back]


def _language() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "zh-CN" if value.lower().startswith("zh") else "en"
    return "en"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--database",
    "url",
    default="sqlite:///cleangov.db",
    show_default=True,
    envvar="CLEANGOV_DATABASE_URL",
    metavar="URL",
    help="SQLAlchemy URL of the database that holds the plugin's tables.",
)
@click.option("--json", "is_json", is_flag=True, help="Print JSON for machines.")
@click.option(
    "--lang",
    "language",
    type=click.Choice(["zh-CN", "en"]),
    default=_language,
    show_default="by LANG",
    help="Language of what people read.",
)
@click.version_option(package_name="cleangov-plugin")
@click.pass_context
def main(ctx: click.Context, url: str, is_json: bool, language: str) -> None:
    """Supervision for a city platform: prompts, gates, checkpoints and proofs.

    Exit status: 0 done, 1 the command found something, 2 it was used wrongly or could not be done;
    what to do stands in the message.
    """
    logging.basicConfig(stream=sys.stderr, format="%(name)s: %(message)s", level=logging.WARNING)
    ctx.obj = Options(url=url, is_json=is_json, language=language)


if __name__ == "__main__":
    main()
