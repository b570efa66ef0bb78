"""The examples of every shipped rule notice every small change of it."""

import pytest

from cleangov_plugin.intake.rule_files import load_rulebook, rulebook_folder
from cleangov_plugin.rules.mutation.survivors import tried

DOCUMENTS = {document["id"]: document for document in load_rulebook(rulebook_folder())}


@pytest.mark.parametrize("id_", sorted(DOCUMENTS))
def test_every_change_of_a_shipped_rule_is_noticed(id_: str) -> None:
    found = tried(DOCUMENTS[id_])
    assert [survivor.mutant.id for survivor in found.alive] == []
    assert [mutant.id for mutant in found.equivalent] == []
    assert found.failures == []
    assert found.signed == []
    assert found.mutants == len(found.killed) >= 4
