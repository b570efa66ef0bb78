"""Settings are read once, and an unknown name is never ignored."""

import pytest

from cleangov_plugin.desk.settings import Settings, read_settings
from cleangov_plugin.domain.errors import SettingsError


def test_the_host_stands_before_the_environment() -> None:
    found = read_settings({"CLEANGOV_OWNER": "audit"}, {"CLEANGOV_OWNER": "other"})
    assert found.owner == "audit"


def test_names_without_the_prefix_belong_to_the_host() -> None:
    assert read_settings({"SECRET_KEY": "x"}, {"PATH": "/bin"}) == Settings()


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(SettingsError, match="Did you mean CLEANGOV_OWNER"):
        read_settings({"CLEANGOV_OWNERS": "audit"}, {})


@pytest.mark.parametrize("value", ["0", "61", "ten", ""])
def test_a_number_out_of_range_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="from 1 to 60"):
        read_settings({"CLEANGOV_PASS_MINUTES": value}, {})


def test_numbers_are_read_as_numbers() -> None:
    assert read_settings({"CLEANGOV_PASS_MINUTES": "5"}, {}).pass_minutes == 5
