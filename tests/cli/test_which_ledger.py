"""Which ledger is meant is asked for in the reader's language."""

import pytest

from cleangov_plugin.store.connecting import connected
from cleangov_plugin.store.rulebook import save_agency
from tests.cli.log_replaying import run


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_which_ledger_is_meant_is_said_in_chinese_and_in_english(database_url: str) -> None:
    def refused(language: str, *words: str) -> str:
        done = run(database_url, "--lang", language, "persons", "list", *words)
        assert done.exit_code == 2, done.output
        return done.stderr

    assert "该数据库中没有账本。请先启动平台" in refused("zh-CN")
    assert "this database has no ledger. Start the platform once" in refused("en")
    with connected(database_url) as database, database.own_transaction() as connection:
        for log_id in ("cg", "water"):
            save_agency(connection, log_id, {"zh": "局"}, "Asia/Shanghai", "CN")
    other = ("--log-id", "roads")
    assert "--log-id：没有账本 roads。现有：cg, water。" in refused("zh-CN", *other)
    assert "--log-id: there is no ledger roads. There is: cg, water." in refused("en", *other)
    assert "请指明账本。现有：cg, water。" in refused("zh-CN")
