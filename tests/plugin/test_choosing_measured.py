"""300 planted true hits among the raw ones of a real log: nearly all are shown, for little."""

import pytest

from benchmarks import choosing
from tests.support.shared_data import shared_log


@pytest.mark.slow  # a figure of `do.py bench`, too
def test_what_is_true_is_shown_and_little_besides(capsys: pytest.CaptureFixture[str]) -> None:
    path = shared_log("receipt.xes")
    is_kept = choosing.measured("receipt", path, 1)
    assert is_kept, capsys.readouterr().out
