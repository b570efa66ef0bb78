"""What every command is told."""

import json
from dataclasses import dataclass
from typing import Any, Final

import click

#: The number of a row, of an entry, or of a place in a lane: what a signed word of 64 bits holds.
NUMBER: Final = click.IntRange(1, 2**63 - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of the command line.

    :param url: SQLAlchemy URL of the database.
    :param is_json: whether the answer is for machines.
    :param language: BCP 47 tag of what people read.
    """

    url: str
    is_json: bool
    language: str

    def say(self, document: Any, *lines: str) -> None:
        """Print the answer of a command, as JSON or as lines.

        :param document: the answer for machines.
        :param lines: the answer for people.
        """
        if self.is_json:
            click.echo(json.dumps(document, ensure_ascii=False))
        else:
            for line in lines:
                click.echo(line)
