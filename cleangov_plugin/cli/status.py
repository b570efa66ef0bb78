"""``cleangov status``: what is there, what waits and what is owed, in numbers."""

from collections.abc import Iterator, Mapping

import click

from .options import Options
from .settings import settings_for


@click.command("status")
@click.pass_obj
def command(options: Options) -> None:
    """Count entries, prompts, answers, findings and gaps; for people and for monitoring."""
    from cleangov_plugin.desk.health.checks import status
    from cleangov_plugin.store.connecting import connected, require_schema

    with connected(options.url) as database:
        require_schema(database)
    numbers = status(settings_for(options))
    options.say(numbers, *_lines(numbers))


def _lines(numbers: Mapping[str, object]) -> Iterator[str]:
    for name, value in numbers.items():
        if isinstance(value, Mapping):
            told = "  ".join(f"{key} {number}" for key, number in value.items()) or "0"
            yield f"{name:<10} {told}"
        else:
            yield f"{name:<10} {value}"
