"""Eight writers at once, late and corrected events among theirs, at each isolation level."""

from pathlib import Path

import pytest

from benchmarks import replayed
from benchmarks._common import metadata
from tests.plugin.conftest import on_postgresql
from tests.support.ends import opened


@on_postgresql
@pytest.mark.parametrize("level", replayed.LEVELS)
def test_the_same_comes_out_and_no_commit_of_the_host_fails(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], level: str
) -> None:
    with opened(database_url) as engine:
        metadata.create_all(engine)
    assert replayed.measure(database_url, tmp_path / "city", level, 160)
    said = capsys.readouterr().out
    assert '"share": "100.00 %"' in said
    assert '"failed_commits": [0, 0]' in said
