"""Words of the line that no table could hold are misuse, said in a sentence, and never a crash."""

import pytest
from click.testing import CliRunner

from cleangov_plugin.cli.main import main

#: One more than a signed word of 64 bits holds.
BEYOND = str(2**63)
#: A byte that is no UTF-8, as Python gives it to a program.
HALF = "YT-\udcff"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with our tables, and nothing in them."""
    path = tmp_path_factory.mktemp("line") / "city.db"
    found = f"sqlite:///{path}"
    made = CliRunner().invoke(main, ["--database", found, "db", "upgrade"])
    assert made.exit_code == 0, made.output
    return found


@pytest.mark.parametrize(
    "words",
    [
        ["receipt", "--entry", BEYOND],
        ["receipt", "--lane", "0", "--no", BEYOND],
        ["receipt", "--lane", BEYOND, "--no", "1"],
        ["receipt", "--event", HALF],
        ["evidence", "export", HALF, "--out", "x.zip"],
        ["disclose", "--entry", BEYOND, "--field", "a", "--by", "wu", "--reason", "asked"],
        ["erase", "--entry", BEYOND, "--field", "a"],
        ["erase", "--case", HALF, "--field", "a"],
        ["findings", "list", "--limit", BEYOND],
        ["terms", "--limit", BEYOND],
        ["retention", "--most", BEYOND],
        ["rules", "show", HALF],
    ],
)
def test_what_no_table_can_hold_is_misuse(url: str, words: list[str]) -> None:
    done = CliRunner().invoke(main, ["--database", url, "--lang", "en", *words])
    assert (done.exit_code, type(done.exception)) == (2, SystemExit), done.output
    assert done.stderr.count("Error: ") == 1


@pytest.mark.parametrize("words", [["findings", "list", "--limit"], ["terms", "--limit"]])
def test_the_largest_number_is_taken(url: str, words: list[str]) -> None:
    done = CliRunner().invoke(main, ["--database", url, *words, str(2**63 - 1)])
    assert done.exit_code == 0, done.output
