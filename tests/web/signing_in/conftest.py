"""A service with pages, once for all tests of signing in."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from cleangov_plugin.cli.wsgi import People, service
from cleangov_plugin.intake.rule_files import rulebook_folder
from tests.cli.served_calling import PLATFORM
from tests.web.signing_in.local_provider import ED, KEY, LocalProvider, providing


@pytest.fixture(scope="module")
def provider() -> Iterator[LocalProvider]:
    with providing() as found:
        yield found


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> People:
    """Tickets alone; the module about the provider has a way of its own."""
    folder = tmp_path_factory.mktemp("platforms")
    (folder / "yun-1.key").write_text(KEY.hex())
    public = Ed25519PrivateKey.from_private_bytes(ED).public_key().public_bytes_raw()
    (folder / "yun-2.pub").write_text(public.hex())
    return People(tickets=folder, origin="http://localhost")


@pytest.fixture(scope="module")
def served(
    _sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, ways: People
) -> Iterator[Flask]:
    """The service as an application."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "city.db").write_bytes(_sqlite_template.read_bytes())
    for name in ("callers", "rules"):
        (folder / name).mkdir()
    (folder / "callers/old-1.key").write_text(KEY.hex())
    (folder / "platform.json").write_text(json.dumps(PLATFORM))
    shutil.copy(rulebook_folder() / "enforcement/E08.yaml", folder / "rules")
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("CLEANGOV_RULES", str(folder / "rules"))
        environ.setenv("CLEANGOV_KEYS", str(folder / "keys"))
        url, places = f"sqlite:///{folder / 'city.db'}", (folder / "callers", folder / "seen")
        with service(url, folder / "platform.json", *places, people=ways) as app:
            yield app
