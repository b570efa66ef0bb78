"""Reading a workbook for tests: its rows, and the fault that ends them."""

from pathlib import Path
from typing import Any

import pytest

from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.intake.formats.log_files import LogFile
from cleangov_plugin.intake.formats.log_rows import Row
from cleangov_plugin.intake.formats.xlsx import XlsxFormat, XlsxLog

PLAIN = XlsxFormat()


def log(path: Path, format_: XlsxFormat = PLAIN, *wanted: str) -> XlsxLog:
    return XlsxLog(LogFile(path), format_, frozenset(wanted) if wanted else None)


def values(path: Path, format_: XlsxFormat = PLAIN, *wanted: str) -> list[dict[str, Any]]:
    return [dict(row.values) for row in log(path, format_, *wanted).rows()]


def fault_of(
    path: Path, format_: XlsxFormat = PLAIN, *wanted: str
) -> tuple[list[Row], IntakeError]:
    found: list[Row] = []
    with pytest.raises(IntakeError) as refused:
        found.extend(log(path, format_, *wanted).rows())
    assert refused.value.remedy
    return found, refused.value


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.xlsx"
