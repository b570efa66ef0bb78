"""How far long work is, told where somebody looks."""

import sys

import click


def tell(done: int, of: int) -> None:
    """Tell how far it is on standard error, on one line that is gone at the end.

    :param done: what is done.
    :param of: what there is to do.
    """
    if sys.stderr.isatty():
        click.echo(f"\r{done} / {of}" if done < of else "\r" + " " * 24 + "\r", nl=False, err=True)
