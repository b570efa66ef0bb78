"""Whether the examples of a rule notice every small change of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cleangov_plugin.rules.compiler import compile_rule
from cleangov_plugin.rules.examples import examples_of, failures_of
from cleangov_plugin.rules.model import Rule

from .counting import Counted, Signers
from .fact_mutants import fact_mutants
from .mutants import Mutant, tree_mutants
from .signatures import signatures_of
from .trials import Bench, Case, Survivor


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested(Counted[Mutant, Survivor]):
    """What the tests of one rule found.

    :param rule: the rule.
    :param candidates: cases on both sides of boundaries, choices and blanks, to be made examples.
    """

    rule: Rule
    candidates: list[Case] = field(default_factory=list)


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
        found[name] = mutant if number == 1 else replace(mutant, id=name)
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
    bench = Bench(rule, examples, are_right=True)  # they are: none has failed
    signers = Signers(document, signatures)
    for mutant in mutants_of(rule):
        if bench.is_noticed(mutant):
            found.killed.append(mutant)
            continue
        survivor = bench.told_apart(mutant)
        is_equivalent = survivor.case is None and not bench.is_cut
        signers.sort(found, mutant, survivor, is_equivalent=is_equivalent)
    signers.end(found)
    if with_candidates:
        found.candidates.extend(bench.candidates())
    return found
