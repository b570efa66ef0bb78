"""``cleangov follow``: oversight copies an agency's ledger, and verifies it while copying."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleangov_plugin.domain.errors import CleanGovError

from .follow_places import Places, Progress, held
from .follow_words import WORDS
from .main import FOUND
from .options import Options
from .sealed_places import policy_of, with_policy
from .watching import until_told, watch, with_pause

if TYPE_CHECKING:
    from cleangov_plugin.ledger.policy import Policy


@click.command("follow")
@click.option(
    "--from",
    "source",
    required=True,
    metavar="SOURCE",
    help="The agency's database (SQLAlchemy URL; an account that only reads is enough), or the"
    " folder that 'cleangov seal --bundles' writes.",
)
@click.option(
    "--to",
    "target",
    required=True,
    metavar="TARGET",
    help="A folder of your own for everything, or the SQLAlchemy URL of a database of your own.",
)
@click.option(
    "--heads",
    type=click.Path(file_okay=False, path_type=Path),
    help="Your folder of cosigned heads; in or beside TARGET where left out.",
)
@click.option(
    "--keys",
    type=click.Path(file_okay=False, path_type=Path),
    help="Your folder of keys and of what only you may read; in or beside TARGET where left out.",
)
@click.option(
    "--key",
    "told",
    metavar="TEXT",
    multiple=True,
    help="The public key of the agency's log, as 'cleangov seal --json' told it.",
)
@with_policy
@click.option(
    "--trust-first",
    is_flag=True,
    help="Believe the key that the ledger's first leaf names, and from then on no other.",
)
@click.option("--watch", "is_watching", is_flag=True, help="Go on following until told to end.")
@with_pause(5.0, "is copied")
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    options: Options,
    /,
    **given: Any,
) -> None:
    """Copy an agency's sealed ledger into a database of your own, and verify it while copying.

    Every leaf is hashed anew, and nothing is kept that does not lead to a head the agency signed
    and that continues every head you have had. Then you cosign it with a key of your own. Where the
    agency's database was put back, rewritten or wiped, nothing is copied and what you have stays.
    Personal fields are never copied. Check the copy with 'cleangov verify --copy'.

    Exit status: 1 where the source contradicts the copy, or is not what was signed.
    """
    policy = policy_of(given["policy"])
    is_english = options.language == "en"
    named = (given[name] for name in ("source", "target", "heads", "keys"))
    with held(*named) as places:
        turns = _Turns(options, places, given["told"], policy, given["trust_first"])
        if given["is_watching"]:
            every = given["every"]
            with until_told() as is_over:
                click.echo(WORDS["watching"][is_english].format(every=every), err=True)
                watch(turns.tell, every, is_over)
        else:
            turns.take()
    if turns.is_refused:
        ctx.exit(FOUND)


class _Turns:
    """Turns of following all ledgers of a source."""

    def __init__(
        self,
        options: Options,
        places: Places,
        told: tuple[str, ...],
        policy: "Policy | None",
        is_trusting: bool,
    ) -> None:
        from cleangov_plugin.ledger.note_key import read_verifier_key

        self._options = options
        self._places = places
        self._keys = [read_verifier_key(text) for text in told]
        self._policy = policy
        self._is_trusting = is_trusting
        #: Whether the last turn refused anything.
        self.is_refused = False
        self._said: list[str] = []

    def take(self) -> None:
        """Follow every ledger once, and say what was done."""
        document, lines = self._followed()
        self._options.say(document, *lines)

    def tell(self) -> None:
        """Follow every ledger once; say what is new, and what failed, and go on."""
        from cleangov_plugin.store.run import Busy

        try:
            document, lines = self._followed()
        except Busy:
            return
        except CleanGovError as problem:
            self._complain(str(problem))
            return
        except Exception as problem:  # the agency's server restarts: a worker goes on
            self._complain(type(problem).__name__)
            return
        is_new = any(done.get("added") for done in document.values())
        if is_new or (self.is_refused and lines != self._said):
            self._options.say(document, *lines)
        self._said = lines

    def _complain(self, what: str) -> None:
        if self._said != [what]:
            click.echo(f"cleangov: {what}", err=True)
        self._said = [what]

    def _followed(self) -> tuple[dict[str, Any], list[str]]:
        from cleangov_plugin.desk.followed.refusing import Contradiction

        document: dict[str, Any] = {}
        lines: list[str] = []
        refused = False
        agencies = self._places.agencies()
        for log_id in sorted(agencies):
            try:
                document[log_id] = self._one(log_id, agencies[log_id])
                lines.append(self._say("done", log_id=log_id, **document[log_id]))
            except Contradiction as problem:
                refused = True
                document[log_id] = {"refused": problem.code, **problem.values}
                what = problem.said(self._options.language)
                lines += [self._say("refused", log_id=log_id, what=what), self._say("stays")]
        if not agencies:
            lines.append(self._say("nothing"))
        self.is_refused = refused
        return document, lines

    def _one(self, log_id: str, row: dict[str, Any]) -> dict[str, Any]:
        from cleangov_plugin.desk.followed.following import follow

        places = self._places
        copy = places.copy(log_id)
        believed = places.believed(log_id, self._keys, self._policy, is_trusting=self._is_trusting)
        places.keep(row)
        progress = Progress(self._options, log_id)
        done = follow(places.source, copy, believed, lambda: datetime.now(UTC), progress)
        return {**asdict(done), "witness": copy.witness.verifier.text}

    def _say(self, key: str, **values: object) -> str:
        return WORDS[key][self._options.language == "en"].format(**values)
