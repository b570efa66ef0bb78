"""Whether the examples of a rule notice every small change of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cleangov_plugin.rules.compiler import compile_rule
from cleangov_plugin.rules.examples import Failure, examples_of, failures_of
from cleangov_plugin.rules.model import Rule

from .fact_mutants import fact_mutants
from .mutants import Mutant, tree_mutants
from .signatures import Signature, digest_of, signatures_of, too_many, unfit
from .trials import Bench, Case, Survivor


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """What the tests of one rule found.

    :param rule: the rule.
    :param examples: how many examples it has.
    :param failures: examples and signatures that are not right.
    :param killed: changes that an example notices.
    :param equivalent: changes that make no difference anywhere on the grid.
    :param signed: changes a second person signed for.
    :param alive: changes that nothing accounts for.
    :param candidates: cases on both sides of boundaries, choices and blanks, to be made examples.
    """

    rule: Rule
    examples: int
    failures: list[Failure]
    killed: list[Mutant] = field(default_factory=list)
    equivalent: list[Mutant] = field(default_factory=list)
    signed: list[Survivor] = field(default_factory=list)
    alive: list[Survivor] = field(default_factory=list)
    candidates: list[Case] = field(default_factory=list)

    @property
    def mutants(self) -> int:
        """Answer how many changes were tried."""
        return len(self.killed) + len(self.equivalent) + len(self.signed) + len(self.alive)

    @property
    def is_good(self) -> bool:
        """Answer whether every example is right and every change accounted for."""
        return not self.failures and not self.alive


def mutants_of(rule: Rule) -> list[Mutant]:
    """Make all small changes of a rule, each with an id of its own.

    :param rule: the rule.
    """
    found: dict[str, Mutant] = {}
    for mutant in (*tree_mutants(rule), *fact_mutants(rule)):
        name, number = mutant.id, 1
        while name in found:
            number += 1
            name = f"{mutant.id} ({number})"
        found[name] = replace(mutant, id=name)
    return list(found.values())


def tried(document: Mapping[str, object], *, with_candidates: bool = False) -> Tested:
    """Test a rule: its examples, its texts, and whether they notice every small change.

    Where an example is not right, that comes first: no change is tried.

    :param document: the rule's document.
    :param with_candidates: whether cases are proposed that may become examples.
    :return: what was found.
    :raises RuleError: where it is no rule.
    """
    rule = compile_rule(document)
    examples = examples_of(document, rule)
    signatures = {signature.mutant: signature for signature in signatures_of(document, rule)}
    found = Tested(rule=rule, examples=len(examples), failures=failures_of(rule, examples))
    if found.failures:
        return found
    bench = Bench(rule, examples)
    for mutant in mutants_of(rule):
        _sort(mutant, bench, found, signatures, document)
    needed = {survivor.mutant.id for survivor in found.signed}
    found.failures.extend(unfit(document, signatures, needed))
    found.failures.extend(too_many(len(found.signed), found.mutants))
    if with_candidates:
        found.candidates.extend(bench.candidates())
    return found


def _sort(
    mutant: Mutant,
    bench: Bench,
    found: Tested,
    signatures: Mapping[str, Signature],
    document: Mapping[str, object],
) -> None:
    if bench.is_noticed(mutant):
        found.killed.append(mutant)
        return
    survivor = bench.told_apart(mutant)
    signature = signatures.get(mutant.id)
    if survivor.case is None and not bench.is_cut:
        found.equivalent.append(mutant)
    elif signature is not None and signature.digest == digest_of(document, mutant.id):
        found.signed.append(survivor)
    else:
        found.alive.append(survivor)
