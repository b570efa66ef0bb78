"""What the examples of a rule or of a clock make of its small changes, counted alike for both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from cleangov_plugin.rules.examples import Failure

from .signatures import Signature, digest_of, too_many, unfit


class Change(Protocol):
    """One small change, with an id of its own."""

    @property
    def id(self) -> str:
        """Answer the id, unique in its rule or clock."""


MutantT = TypeVar("MutantT", bound=Change)
SurvivorT = TypeVar("SurvivorT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(Generic[MutantT, SurvivorT]):
    """What became of each change.

    :param examples: how many examples there are.
    :param failures: examples and signatures that are not right.
    :param killed: changes that an example notices.
    :param equivalent: changes that make no difference anywhere on the grid.
    :param signed: changes a second person signed for.
    :param alive: changes that nothing accounts for.
    """

    examples: int
    failures: list[Failure]
    killed: list[MutantT] = field(default_factory=list)
    equivalent: list[MutantT] = field(default_factory=list)
    signed: list[SurvivorT] = field(default_factory=list)
    alive: list[SurvivorT] = field(default_factory=list)

    @property
    def mutants(self) -> int:
        """Answer how many changes were tried."""
        return len(self.killed) + len(self.equivalent) + len(self.signed) + len(self.alive)

    @property
    def is_good(self) -> bool:
        """Answer whether every example is right and every change accounted for."""
        return not self.failures and not self.alive


@dataclass(frozen=True, slots=True)
class Signers:
    """The signatures in a document, and which of them were needed.

    :param document: the document of the rule or clock.
    :param signatures: by id of the change they are for.
    """

    document: Mapping[str, Any]
    signatures: Mapping[str, Signature]
    _needed: set[str] = field(default_factory=set, init=False)

    def sort(
        self,
        counted: Counted[MutantT, SurvivorT],
        mutant: MutantT,
        survivor: SurvivorT,
        *,
        is_equivalent: bool,
    ) -> None:
        """Count a change that no example notices.

        :param counted: where it is counted.
        :param mutant: the change.
        :param survivor: what tells it apart, if anything does.
        :param is_equivalent: whether the whole grid was tried and nothing does.
        """
        signature = self.signatures.get(mutant.id)
        if is_equivalent:
            counted.equivalent.append(mutant)
        elif signature is not None and signature.digest == digest_of(self.document, mutant.id):
            self._needed.add(mutant.id)
            counted.signed.append(survivor)
        else:
            counted.alive.append(survivor)

    def end(self, counted: Counted[MutantT, SurvivorT]) -> None:
        """Name the signatures that nothing needs, and whether there are too many.

        :param counted: all changes, counted.
        """
        counted.failures.extend(unfit(self.document, self.signatures, self._needed))
        counted.failures.extend(too_many(len(counted.signed), counted.mutants))
